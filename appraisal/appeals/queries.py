"""Reading cases: one with its papers, and the desk of those who hear them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from appraisal.appeals.models import Appeal, AppealItem, PanelSeat
from appraisal.appeals.rules import conflict_of, items_loaded, seats_loaded
from appraisal.appeals.states import DECIDED, OPEN, AppealState
from appraisal.assessments.models import Evidence
from appraisal.assessments.rules import APPEAL_EVIDENCE, indicators_of
from appraisal.assessments.sheet import text
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.people.models import User
from appraisal.people.roles import members_of, roles_of
from appraisal.people.states import Role
from workflow.calendars import DayBook, daybook_of
from workflow.models import Visit

if TYPE_CHECKING:
    from workflow.verdicts import Text

# Under which tab of the desk a case stands.
TABS = {
    **dict.fromkeys(OPEN, "open"), **dict.fromkeys(DECIDED, "decided"), AppealState.WITHDRAWN: "withdrawn",
}  # fmt: skip
SEES_EVERY_CASE = frozenset({Role.HR.value, Role.AUDITOR.value})


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of the panel: who signed, or who could; who is kept from it, and why."""

    row: PanelSeat
    label: str
    signed: bool
    able: list[str] = field(default_factory=list)
    conflicted: list[tuple[str, Text]] = field(default_factory=list)

    @property
    def able_words(self) -> str:
        return _(", ").join(self.able)


def role_label(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def appeal_of(appraisal: Appraisal) -> Appeal | None:
    """The latest appeal on this appraisal, read with what it contests: there is no appeal that contests nothing."""
    rows = AppealItem.objects.filter(appeal__appraisal=appraisal).select_related("appeal")
    items = list(rows.order_by("-appeal", "position", "pk"))
    if not items:
        return None
    appeal = items[0].appeal
    appeal.appraisal = appraisal
    appeal.case_items = [row for row in items if row.appeal_id == appeal.pk]
    return appeal


def labels_of(appraisal: Appraisal) -> dict[str, str]:
    """What can be contested, in the order of the scheme and the reader's language; first the result as a whole."""
    indicators = {leaf.key: text(leaf.label) for leaf in indicators_of(appraisal)}
    return {"": _("The result as a whole"), **indicators}


def items_of(appeal: Appeal) -> list[tuple[AppealItem, str]]:
    labels = labels_of(appeal.appraisal)
    return [(item, labels.get(item.indicator, item.indicator)) for item in items_loaded(appeal)]


def seats_of(appeal: Appeal) -> list[Seat]:
    """In two queries, whatever the number of seats and of people; in one where nobody can sign any more."""
    rows = seats_loaded(appeal)
    members = members_of({row.role for row in rows}) if appeal.state in OPEN else {}
    return [_seat(appeal, row, members.get(row.role, ())) for row in rows]


def _seat(appeal: Appeal, row: PanelSeat, holders: Sequence[User]) -> Seat:
    conflicts = [(name_of(user), conflict_of(appeal.appraisal, user.pk)) for user in holders]
    return Seat(
        row=row,
        label=role_label(row.role),
        signed=row.signed_by_id is not None and row.signed_number == appeal.decision_number,
        able=[name for name, reason in conflicts if not reason],
        conflicted=[(name, reason) for name, reason in conflicts if reason],
    )


def name_of(user: User | None) -> str:
    return str(user or "")


def evidence_of(appraisal: Appraisal) -> QuerySet[Evidence]:
    return Evidence.objects.filter(appraisal=appraisal, indicator=APPEAL_EVIDENCE, removed_at=None).order_by("pk")


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """As it stands in the address: the state, the cycle, part of a name."""

    show: str = "open"
    cycle: int | None = None
    text: str = ""


def has_desk(user: User) -> bool:
    """HR, auditors, HR partners, and whoever holds a function that sits on panels."""
    roles = roles_of(user)
    return bool(roles.names & SEES_EVERY_CASE or roles.partner_unit_ids or roles.names & {Role.SALES_DIRECTOR.value})


def desk_of(user: User) -> QuerySet[Appeal]:
    """The cases of others that this user hears or may read; the own case has its own page."""
    roles = roles_of(user)
    mine = Q(seats__role__in=roles.names) | Q(appraisal__org_unit__in=roles.partner_unit_ids)
    seen = Appeal.objects.all() if roles.names & SEES_EVERY_CASE else Appeal.objects.filter(mine)
    return seen.exclude(appraisal__employee_account=user).distinct()


def cases(user: User, chosen: DeskFilter) -> QuerySet[Appeal]:
    """The desk narrowed and in the order of urgency, with signatures counted and the due moment of open cases."""
    rows = desk_of(user)
    if states := [state for state, tab in TABS.items() if tab == chosen.show]:
        rows = rows.filter(state__in=states)
    if chosen.cycle is not None:
        rows = rows.filter(appraisal__cycle=chosen.cycle)
    if words := chosen.text.strip():
        person = "appraisal__employee__"
        rows = rows.filter(
            Q(**{f"{person}name__icontains": words})
            | Q(**{f"{person}name_en__icontains": words})
            | Q(**{f"{person}number": words})
        )
    return (
        Appeal.objects.filter(pk__in=rows.values("pk"))
        .select_related("appraisal__employee", "appraisal__cycle__calendar", "appraisal__org_unit", "appraisal__track")
        .annotate(
            due_at=Subquery(_open_visits().values("due_at")[:1]),
            seats_count=Count("seats", distinct=True),
            signed_count=Count("seats", filter=Q(seats__signed_number=F("decision_number")), distinct=True),
        )
        .order_by(F("due_at").asc(nulls_last=True), "-pk")
    )


def _open_visits() -> QuerySet[Visit]:
    content_type = ContentType.objects.get_for_model(Appeal)
    return Visit.objects.filter(content_type=content_type, object_id=OuterRef("pk"), closed_at=None)


@dataclass(frozen=True, slots=True)
class Overview:
    """What lies on a desk: how many cases under each tab, and from which cycles."""

    counts: Mapping[str, int]
    cycles: list[AppraisalCycle]


def overview_of(user: User) -> Overview:
    """In one query."""
    cycle = "appraisal__cycle"
    found = Appeal.objects.filter(pk__in=desk_of(user).values("pk")).values_list(
        cycle, f"{cycle}__name", f"{cycle}__name_en", "state"
    )
    counts: Counter[str] = Counter()
    cycles: dict[int, AppraisalCycle] = {}
    for pk, name, name_en, state, cases_there in found.annotate(cases=Count("pk")).order_by(f"-{cycle}__ends_on"):
        counts[TABS[state]] += cases_there
        cycles.setdefault(pk, AppraisalCycle(pk=pk, name=name, name_en=name_en))
    return Overview(counts, list(cycles.values()))


def with_days_left(found: Iterable[Appeal], at: datetime) -> list[tuple[Appeal, int | None]]:
    """Each of the `cases` with the working days until it is due; every calendar is read once."""
    rows = list(found)
    calendars = {row.appraisal.cycle.calendar_id: row.appraisal.cycle.calendar for row in rows}
    books = {pk: daybook_of(calendar) for pk, calendar in calendars.items()}
    return [(row, _days_left(row, books[row.appraisal.cycle.calendar_id], at)) for row in rows]


def _days_left(row: Appeal, days: DayBook, at: datetime) -> int | None:
    due: datetime | None = row.due_at  # type: ignore[attr-defined]
    zone = ZoneInfo(row.appraisal.zone)
    return None if due is None else days.working_days_left(at.astimezone(zone).date(), due.astimezone(zone).date())
