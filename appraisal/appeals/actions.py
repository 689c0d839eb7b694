"""What the employee and the panel do with an appeal until it is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.appeals.conclusion import conclude
from appraisal.appeals.machine import MACHINE
from appraisal.appeals.models import Appeal, AppealDraft, AppealItem, PanelSeat
from appraisal.appeals.rules import load_case, seat_to_sign, value_fits
from appraisal.appeals.states import AppealVerb, Ruling
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of
from appraisal.cycles.rules import is_employee, panel_roles
from appraisal.cycles.states import Step, Verb
from workflow import clocks, deadlines, queries, visits
from workflow.calendars import WORKING, DayBook, daybook_of, end_of_day
from workflow.engine import begin, perform
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.machine import Duty
from workflow.models import WorkItem

if TYPE_CHECKING:
    from appraisal.people.models import User


@dataclass(frozen=True, slots=True)
class Contested:
    """What is contested (an indicator's key, or nothing for the result as a whole), on which ground, in which words."""

    ground: str
    text: str
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class ItemRuling:
    ruling: str
    reason: str
    new_value: Decimal | None = None
    new_grade: str = ""


def save_appeal_draft(
    *, acting_user: User, appraisal: Appraisal, content: Mapping[str, Any], number: int, at: datetime
) -> AppealDraft:
    """Keeps what is typed; `number` is the draft that the page was drawn from. Raises Conflict if another is newer."""
    if not is_employee(appraisal, acting_user):
        raise NotAllowed(_("An appeal is written by the person appraised."))
    if appraisal.state != Step.APPEAL_WINDOW:
        raise NotInThisState(_("The appeal window is not open."))
    kept = {"content": dict(content), "saved_at": at}
    AppealDraft.objects.get_or_create(appraisal=appraisal, defaults={"saved_at": at})
    mine = AppealDraft.objects.filter(appraisal=appraisal, number=number)
    if not mine.update(**kept, number=number + 1):
        raise Conflict
    return AppealDraft.objects.get(appraisal=appraisal)


@transaction.atomic
def lodge_appeal(
    *,
    acting_user: User,
    appraisal: Appraisal,
    items: Sequence[Contested],
    statement: str,
    at: datetime,
    wanted: str = "",
    key: str | None = None,
) -> Appeal:
    """The appeal with its panel's seats; the window stops, and the days that are left of it are kept."""

    def lodge(locked: Appraisal) -> None:
        appeal = Appeal(
            appraisal=locked, statement=statement.strip(), wanted=wanted.strip(), lodged_at=at,
            score_before=locked.final_score, grade_before=locked.final_grade,
        )  # fmt: skip
        begin([appeal], AppealVerb.LODGE, acting_user=acting_user, at=at, data={"items": len(items)})
        _contest(appeal, items)
        PanelSeat.objects.bulk_create(PanelSeat(appeal=appeal, role=role) for role in panel_roles(locked))
        locked.window_days_left = days_left_of_window(locked, at)

    perform(appraisal, Verb.LODGE_APPEAL, acting_user=acting_user, at=at, key=key, change=lodge)
    AppealDraft.objects.filter(appraisal=appraisal).delete()
    return Appeal.objects.filter(appraisal=appraisal).latest("pk")


def _contest(appeal: Appeal, items: Sequence[Contested]) -> None:
    AppealItem.objects.bulk_create(
        AppealItem(appeal=appeal, indicator=item.indicator, ground=item.ground, text=item.text.strip(), position=number)
        for number, item in enumerate(items)
    )


def days_left_of_window(appraisal: Appraisal, at: datetime) -> int | None:
    """The days after today until the window ends, counted as the scheme counts them; None without an end."""
    visit, rule = queries.open_visit(appraisal), rule_of(appraisal.track, Step.APPEAL_WINDOW)
    if visit is None or visit.due_at is None or rule is None or rule.within is None:
        return None
    zone = ZoneInfo(appraisal.zone)
    today, last = at.astimezone(zone).date(), visit.due_at.astimezone(zone).date()
    left = _days(appraisal).working_days_between(today, last) if rule.within.unit == WORKING else (last - today).days
    return max(left, 0)


def take_up(
    *, acting_user: User, appeal: Appeal, at: datetime, version: int | None = None, key: str | None = None
) -> Appeal:
    return perform(appeal, AppealVerb.TAKE_UP, acting_user=acting_user, at=at, version=version, key=key).subject


def write_decision(
    *,
    acting_user: User,
    appeal: Appeal,
    rulings: Mapping[int, ItemRuling],
    answer: str,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Appeal:
    """Rulings by the items' keys, and the answer. A decision written anew has to be signed anew by everybody."""

    def write(locked: Appeal) -> None:
        for item in AppealItem.objects.filter(appeal=locked).select_related("appeal"):
            if item.pk in rulings:
                _rule(locked, item, rulings[item.pk])
        locked.answer = answer.strip()
        locked.decision_number += 1
        _ask_for_signatures_again(locked, at)

    return perform(
        appeal, AppealVerb.DECIDE_ITEMS, acting_user=acting_user, at=at, version=version, key=key, change=write
    ).subject


def _rule(appeal: Appeal, item: AppealItem, given: ItemRuling) -> None:
    upheld = given.ruling == Ruling.UPHELD
    item.ruling, item.ruling_reason = given.ruling, given.reason.strip()
    item.new_value = given.new_value if upheld else None
    item.new_grade = given.new_grade if upheld else ""
    verdict = value_fits(appeal.appraisal, item, item.new_value, item.new_grade)
    if not verdict:
        raise GuardRefused(str(verdict.reason))
    item.save()


def _ask_for_signatures_again(appeal: Appeal, at: datetime) -> None:
    """Who had signed the earlier text finds the case among the things to do again, until the same moment as before."""
    signed = list(PanelSeat.objects.filter(appeal=appeal, signed_by__isnull=False))
    if not signed:
        return
    PanelSeat.objects.filter(pk__in=[seat.pk for seat in signed]).update(
        signed_by=None, signed_at=None, signed_number=None
    )
    visit = queries.open_visit(appeal)
    clock = None
    if visit is not None and visit.due_at is not None:
        clock = clocks.Clock(visit.due_at, tuple(clocks.stored_rungs(visit.due_rule)), visit.due_rule)
    WorkItem.objects.bulk_create(
        visits.work_item(MACHINE, appeal, Duty("panel", pool=seat.role, clock=clock), at) for seat in signed
    )


@transaction.atomic
def extend_decision(
    *,
    acting_user: User,
    appeal: Appeal,
    days: int,
    reason: str,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Appeal:
    """Puts the decision off once, by at most five working days; the employee is told, with the reason."""
    visit = queries.open_visit(appeal)
    if visit is None or visit.due_at is None:
        raise GuardRefused(_("This decision has no deadline that could be extended."))
    zone = ZoneInfo(appeal.appraisal.zone)
    until = _days(appeal.appraisal).add_working_days(visit.due_at.astimezone(zone).date(), max(days, 0))
    due = end_of_day(until, zone)

    def put_off(locked: Appeal) -> None:
        locked.extended_to = due

    done = perform(
        appeal, AppealVerb.EXTEND, acting_user=acting_user, at=at, version=version, key=key, reason=reason,
        data={"days": days, "until": until.isoformat()}, change=put_off,
    )  # fmt: skip
    if not done.replayed:
        for subject in (appeal, appeal.appraisal):
            deadlines.extend([subject], lambda item: due, acting_user=acting_user, at=at, reason=reason)
    return done.subject


@transaction.atomic
def sign_decision(
    *, acting_user: User, appeal: Appeal, decision: int, at: datetime, role: str = "", key: str | None = None
) -> Appeal:
    """A signature under the text number `decision`. The last one concludes the case, in the same transaction.

    No version is asked for: two members signing the same text at once do not stand in each other's way.
    """

    def put(locked: Appeal) -> None:
        seat = seat_to_sign(locked, acting_user, role)
        assert seat is not None
        seat.signed_by, seat.signed_at, seat.signed_number = acting_user, at, locked.decision_number
        seat.save()
        visits.open_items([locked]).filter(role="panel", pool=seat.role).update(
            closed_at=at, closed_by=acting_user, outcome=AppealVerb.SIGN, alarm_at=None
        )

    done = perform(
        appeal, AppealVerb.SIGN, acting_user=acting_user, at=at, key=key, data={"decision": decision, "role": role},
        change=put,
    )  # fmt: skip
    load_case([appeal])
    if not done.replayed and all(seat.signed_by_id for seat in appeal.case_seats):
        conclude(appeal, signer=acting_user, at=at)
    return done.subject


@transaction.atomic
def withdraw_appeal(
    *, acting_user: User, appeal: Appeal, at: datetime, version: int | None = None, key: str | None = None
) -> Appeal:
    """The window goes on with the days that were left of it."""
    done = perform(appeal, AppealVerb.WITHDRAW, acting_user=acting_user, at=at, version=version, key=key)
    if not done.replayed:
        perform(appeal.appraisal, Verb.WITHDRAW_APPEAL, acting_user=acting_user, at=at)
    return done.subject


def _days(appraisal: Appraisal) -> DayBook:
    return daybook_of(appraisal.cycle.calendar)
