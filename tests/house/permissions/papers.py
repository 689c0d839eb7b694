"""Ledgers and documents: kept, handed in and judged while the score of their period is not handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from appraisal.cycles.states import Step
from appraisal.people.models import User
from appraisal.records.models import Deliverable, DocumentVersion, Ledger
from appraisal.records.states import DocumentState, LedgerState
from tests.cast import Cast, Member
from tests.factories.cycles import at, launch, walk_to
from tests.house.permissions.tables import HR, Case, Row, Table
from workflow.engine import begin, perform

NOW = at(4, 3)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def kept_by(people: str) -> Table:
    return {
        "begin_ledger": Row("start", people),
        "lock_ledger": Row("open", people),
        "unlock_ledger": Row("locked", people, reasoned=True),
    }


# The contracts are finance's. Nobody keeps a ledger about themselves where the scheme does not say so.
LEDGER = kept_by(f"{HR} finance")
OWN_LEDGER = kept_by(f"{HR} employee manager")
ABOUT_FINANCE = kept_by(HR)
CLOSED = "The score of this period has been handed in"
CLOSED_LEDGER = LEDGER | {"lock_ledger": Row("open", f"{HR} finance", {"open": CLOSED})}

IN_HAND = "handed_in accepted late rejected"
AUTHORS = f"{HR} employee"
JUDGES = f"{HR} manager second_level"
DELIVERABLE = {
    "expect_document": Row("start", f"{AUTHORS} manager second_level"),
    "hand_in": Row(f"expected {IN_HAND}", AUTHORS),
    "accept_document": Row(IN_HAND, JUDGES),
    "reject_document": Row(IN_HAND, JUDGES, reasoned=True),
}
BY_HR = DELIVERABLE | {
    "accept_document": Row(IN_HAND, JUDGES, {"handed_in hr": "Whoever handed"}),
    "reject_document": Row(IN_HAND, JUDGES, {"handed_in hr": "Whoever handed"}, reasoned=True),
}
# HR's own paper: the colleague judges it, never its author.
OF_HR = DELIVERABLE | {
    "expect_document": Row("start", HR),
    "hand_in": Row(f"expected {IN_HAND}", HR),
    "accept_document": Row(IN_HAND, "hr_two"),
    "reject_document": Row(IN_HAND, "hr_two", reasoned=True),
}
CLOSED_DELIVERABLE = DELIVERABLE | {
    "hand_in": Row(f"expected {IN_HAND}", AUTHORS, {"handed_in": CLOSED}),
    "accept_document": Row(IN_HAND, JUDGES, {"handed_in": CLOSED}),
    "reject_document": Row(IN_HAND, JUDGES, {"handed_in": CLOSED}, reasoned=True),
}


def ledger(cast: Cast, state: str, owners: Sequence[str] = ("finance",), about: Member | None = None) -> Case:
    person, hr = (about or cast.employee).person, cast.hr.user
    found = Ledger(
        person=person, period_start=FIRST, period_end=LAST, input_key="contracts", owners=list(owners), state=""
    )
    if state:
        keeper = cast.hr_two.user if person.user_id == hr.pk else hr
        begin([found], "begin_ledger", acting_user=keeper, at=NOW)
        if state == LedgerState.LOCKED:
            perform(found, "lock_ledger", acting_user=keeper, at=NOW)
        found = Ledger.objects.select_related("person").get()
    return Case(found, NOW)


def deliverable(cast: Cast, state: str, author: str = "employee", about: Member | None = None) -> Case:
    person, by, judge = (about or cast.employee).person, cast.members[author].user, cast.hr_two.user
    found = Deliverable(
        person=person, period_start=FIRST, period_end=LAST, input_key="reports", name="swot", by="employee", state="",
        due_on=date(2026, 4, 2) if state == DocumentState.LATE else None,
    )  # fmt: skip
    if state:
        begin([found], "expect_document", acting_user=by, at=NOW)
    if state not in {"", DocumentState.EXPECTED}:
        _hand_in(found, by)
    if state in {DocumentState.ACCEPTED, DocumentState.LATE}:
        perform(found, "accept_document", acting_user=judge, at=NOW)
    if state == DocumentState.REJECTED:
        perform(found, "reject_document", acting_user=judge, at=NOW, reason="缺数据")
    return Case(Deliverable.objects.select_related("person").get() if state else found, NOW)


def _hand_in(document: Deliverable, by: User) -> None:
    def keep(locked: Deliverable) -> None:
        locked.number, locked.handed_in_on = 1, NOW.date()
        DocumentVersion.objects.create(
            deliverable=locked, number=1, name="SWOT.pdf", file="documents/swot.pdf", size=64, sha256="0" * 64,
            content_type="application/pdf", handed_in_by=by, handed_in_at=NOW,
        )  # fmt: skip

    perform(document, "hand_in", acting_user=by, at=NOW, data={"number": 1}, change=keep)


def hand_in_score_of_march(cast: Cast) -> None:
    month = launch(cast, name="2026年3月", name_en="March 2026", period_kind="month", starts_on=FIRST)
    walk_to(month[0], Step.DECIDED, cast)
