"""Reading the procedure: where a cycle stands, who is late, what is stuck and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appraisal.appeals.models import Appeal
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.pages import holder_words
from appraisal.cycles.queries import visible_to
from appraisal.cycles.states import Step
from appraisal.improvement.models import ImprovementPlan
from appraisal.interviews.models import Interview
from appraisal.procedure.models import Correction
from appraisal.procedure.rules import appraisal_type
from workflow.calendars import DayBook
from workflow.machine import SYSTEM
from workflow.models import Visit, WorkItem

if TYPE_CHECKING:
    from appraisal.people.models import User


def windows_over(cycle: AppraisalCycle, at: datetime) -> list[Appraisal]:
    """Appeal windows whose time has passed and that the sweep has not closed yet."""
    over = Visit.objects.filter(
        content_type=appraisal_type(), state=Step.APPEAL_WINDOW, closed_at__isnull=True, due_at__lt=at
    )
    rows = Appraisal.objects.filter(cycle=cycle, state=Step.APPEAL_WINDOW, pk__in=over.values("object_id"))
    return list(rows.order_by("pk"))


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a cycle's people is asked for; as it stands in the address."""

    step: str = ""
    unit: int | None = None
    late: bool = False
    text: str = ""

    def q(self) -> Q:
        wanted = Q()
        if self.step:
            wanted &= Q(state=self.step)
        if self.unit is not None:
            wanted &= Q(org_unit=self.unit)
        if self.late:
            wanted &= Q(is_late=True)
        if self.text:
            name = Q(employee__name__icontains=self.text) | Q(employee__name_en__icontains=self.text)
            wanted &= name | Q(employee__number__icontains=self.text)
        return wanted


@dataclass
class Tally:
    """How many stand somewhere, and how many of them are late."""

    key: Any
    label: str
    count: int = 0
    late: int = 0
    steps: dict[str, int] = field(default_factory=dict)


@dataclass
class Funnel:
    """A cycle in numbers. `shown` is how many the filters leave."""

    steps: list[Tally]
    units: list[Tally]
    total: int = 0
    late: int = 0
    shown: int = 0
    corrections: int = 0

    def count(self, *steps: Step) -> int:
        return sum(row.count for row in self.steps if row.key in steps)


def of_cycle(cycle: AppraisalCycle, user: User, at: datetime) -> QuerySet[Appraisal]:
    """The cycle's appraisals that the user may see, each with whether its step is overdue (`is_late`)."""
    overdue = WorkItem.objects.filter(
        content_type=appraisal_type(), object_id=OuterRef("pk"), closed_at__isnull=True, optional=False, due_at__lt=at
    ).exclude(state=Step.TRACKING)
    return visible_to(user).filter(cycle=cycle).annotate(is_late=Exists(overdue))


def funnel(cycle: AppraisalCycle, user: User, filters: Filters, *, at: datetime) -> Funnel:
    """By step and by department, in one query."""
    name = "org_unit__name_en" if get_language() == "en" else "org_unit__name"
    waiting = Correction.objects.filter(appraisal=OuterRef("pk"), approved_at__isnull=True, declined_at__isnull=True)
    rows = (
        of_cycle(cycle, user, at)
        .select_related(None)
        .annotate(corrected=Exists(waiting))
        .values("state", "org_unit", name, "org_unit__name")
        .annotate(
            count=Count("pk"), late=Count("pk", filter=Q(is_late=True)), shown=Count("pk", filter=filters.q()),
            corrections=Count("pk", filter=Q(corrected=True)),
        )
        .order_by("org_unit__code")
    )  # fmt: skip
    steps = {step.value: Tally(step.value, str(step.label)) for step in Step}
    units: dict[int, Tally] = {}
    found = Funnel([], [])
    for row in rows:
        unit = units.setdefault(row["org_unit"], Tally(row["org_unit"], row[name] or row["org_unit__name"]))
        unit.steps[row["state"]] = row["count"]
        for tally in (steps[row["state"]], unit):
            tally.count += row["count"]
            tally.late += row["late"]
        found.total += row["count"]
        found.late += row["late"]
        found.shown += row["shown"]
        found.corrections += row["corrections"]
    found.steps = [tally for tally in steps.values() if tally.count]
    found.units = list(units.values())
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the cycle's page: who holds the step, until when, and what stands in the way."""

    appraisal: Appraisal
    holder: str
    due_at: datetime | None
    days_left: int | None
    why: str


def lines(appraisals: Sequence[Appraisal], days: DayBook, *, at: datetime) -> list[Line]:
    """One query for any number of rows."""
    items: dict[int, list[WorkItem]] = {row.pk: [] for row in appraisals}
    for item in _work_on(list(items)):
        items[item.appraisal].append(item)
    return [_line(row, items[row.pk], days, at) for row in appraisals]


# What hangs on an appraisal and carries work of its own while the appraisal waits.
BELOW: tuple[type[Interview | Appeal | ImprovementPlan], ...] = (Interview, Appeal, ImprovementPlan)


def _work_on(appraisal_ids: Sequence[int]) -> QuerySet[WorkItem, Any]:
    """Open duties on the appraisals and on what hangs on them, each with its appraisal's key (`appraisal`)."""
    own = appraisal_type()
    wanted = Q(content_type=own, object_id__in=appraisal_ids)
    owners = [When(content_type=own, then=F("object_id"))]
    for model in BELOW:
        kind = ContentType.objects.get_for_model(model)
        rows = model._base_manager.filter(appraisal__in=appraisal_ids)
        wanted |= Q(content_type=kind, object_id__in=rows.values("pk"))
        owner = model._base_manager.filter(pk=OuterRef("object_id")).values("appraisal")
        owners.append(When(content_type=kind, then=Subquery(owner)))
    found = WorkItem.objects.filter(wanted, closed_at__isnull=True, optional=False)
    owned = found.annotate(appraisal=Case(*owners, output_field=BigIntegerField()))
    return owned.select_related("holder").order_by("due_at", "pk")


def _line(row: Appraisal, items: Sequence[WorkItem], days: DayBook, at: datetime) -> Line:
    held = [item for item in items if item.pool != SYSTEM]
    due = next((item.due_at for item in held if item.due_at is not None), None)
    left = days.working_days_left(timezone.localdate(at), timezone.localdate(due)) if due is not None else None
    holder = _(", ").join(dict.fromkeys(holder_words(item) for item in held))
    return Line(row, holder, due, left, _why(row, items))


def _why(row: Appraisal, items: Sequence[WorkItem]) -> str:
    """Why nothing moves, where it is not just somebody's turn."""
    if any(item.alarm_failures for item in items):
        return _("Its time is over, but going on was refused; open it to see why.")
    if row.state == Step.SCORING and row.manager_account_id is None:
        return _("Nobody can score: there is no manager with an account.")
    if any(item.holder is not None and not item.holder.is_active for item in items):
        return _("The account of who holds it is closed.")
    if row.state == Step.DECIDED and not (row.final_grade or row.final_origin):
        return _("There is no result yet.")
    return ""
