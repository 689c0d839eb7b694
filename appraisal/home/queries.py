"""What stands on the home page: open work, what waits for others, what is done. A constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from appraisal.appeals.models import Appeal
from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import STEP_PAGES, step_page
from appraisal.cycles.states import OPEN, Step
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import PlanState
from appraisal.interviews.models import Interview
from appraisal.outcomes.states import OutcomeState
from appraisal.people import post
from appraisal.people.roles import roles_of
from workflow import queries as engine
from workflow.calendars import day_book
from workflow.machine import SYSTEM, machine_of
from workflow.models import Subject, WorkItem

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from appraisal.people.models import User

# What the employee reads of a changed grade.
CHANGED = ("from_grade", "to_grade", "reason_for_employee")


class Documents(TypedDict):
    has_interview: bool
    has_appeal: bool
    has_plan: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what is to be done, about whom, until when, and the page for it."""

    what: str
    whom: str
    about: str
    url: str
    due_at: datetime | None
    days_left: int | None
    optional: bool
    holder: str = ""
    done_at: datetime | None = None


def to_do(user: User) -> QuerySet[WorkItem]:
    items = engine.inbox(user, roles_of(user).pools).select_related("holder")
    # While a plan runs, what is owed stands with the plan.
    plans = Q(content_type=ContentType.objects.get_for_model(Appraisal), state=Step.IMPROVING)
    return items.exclude(plans).exclude(pool=SYSTEM).order_by(F("due_at").asc(nulls_last=True), "pk")


def waiting(user: User) -> QuerySet[WorkItem]:
    """What others hold of the user's own appraisal and of those of the people the user leads."""
    mine = Appraisal.objects.filter(Q(employee_account=user) | Q(manager_account=user), state__in=OPEN)
    return (
        WorkItem.objects.filter(
            content_type=ContentType.objects.get_for_model(Appraisal), object_id__in=mine.values("pk"),
            closed_at__isnull=True, optional=False,
        )
        .exclude(engine.held_by(user, roles_of(user).pools))
        .exclude(pool=SYSTEM)
        .select_related("holder")
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )  # fmt: skip


def rows(items: Iterable[WorkItem], user: User, *, at: datetime) -> list[Row]:
    """One query for each kind of subject among the items, and one for each calendar."""
    listed = list(items)
    subjects = _subjects(listed)
    left = days_left(listed, at=at)
    found = []
    for item in listed:
        subject = subjects[item.content_type_id].get(item.object_id)
        if subject is None:
            continue
        found.append(_row(item, subject, user, left.get(item.pk)))
    return found


def days_left(items: Iterable[WorkItem], *, at: datetime) -> dict[int, int]:
    """The working days until each is due, by its key; one query for each calendar."""
    due = [item for item in items if item.due_at and "calendar" in item.due_rule]
    books = {calendar: day_book(calendar) for calendar in {item.due_rule["calendar"] for item in due}}
    today = timezone.localdate(at)
    return {
        item.pk: books[item.due_rule["calendar"]].working_days_left(today, timezone.localdate(item.due_at))
        for item in due
    }


def _row(item: WorkItem, subject: Any, user: User, days_left: int | None) -> Row:
    desk = post.desk_of(type(subject))
    language = "en" if get_language() == "en" else "zh"
    place = 1 if language == "en" else 0
    words = post.duty_words(desk, item.state)
    own = desk.employee(subject) == user.pk
    return Row(
        what=words[f"step_{language}"],
        whom="" if own else desk.name(subject)[place],
        about=desk.bundle_name(subject)[place],
        url=_page(item, subject, desk, user),
        due_at=item.due_at,
        days_left=days_left,
        optional=item.optional,
        holder=str(item.holder) if item.holder else "",
        done_at=item.closed_at,
    )


def _page(item: WorkItem, subject: Any, desk: post.Desk, user: User) -> str:
    """Straight to the work where the reader holds it, else to the appraisal."""
    held = item.holder_id == user.pk or (item.holder_id is None and item.pool in roles_of(user).pools)
    mine = item.closed_at is None and held
    if isinstance(subject, Appraisal) and mine and not item.optional and subject.state in STEP_PAGES:
        return step_page(subject.pk, subject.state)
    return desk.page(subject)


def _subjects(items: Iterable[WorkItem]) -> dict[int, dict[int, Any]]:
    ids: dict[int, set[int]] = defaultdict(set)
    for item in items:
        ids[item.content_type_id].add(item.object_id)
    found: dict[int, dict[int, Any]] = defaultdict(dict)
    for content_type_id, pks in ids.items():
        model = cast("type[Subject]", ContentType.objects.get_for_id(content_type_id).model_class())
        found[content_type_id] = model._base_manager.select_related(*machine_of(model).related).in_bulk(pks)
    return found


def own_appraisals(user: User) -> QuerySet[Appraisal]:
    return (
        Appraisal.objects.filter(employee_account=user)
        .select_related("cycle", "track", "manager", "employee")
        .order_by("-cycle__ends_on", "-pk")
    )


def led_by(user: User) -> QuerySet[Appraisal]:
    """The appraisals of whom the user leads, directly or at the second level."""
    return (
        Appraisal.objects.filter(Q(manager_account=user) | Q(second_level_account=user))
        .exclude(state=Step.WITHDRAWN)
        .select_related("cycle", "track", "employee", "org_unit", "manager")
        .order_by("employee__number")
    )


def with_documents(appraisals: QuerySet[Appraisal]) -> QuerySet[WithAnnotations[Appraisal, Documents]]:
    """With what there is to open beside the reviews."""
    there = OuterRef("pk")
    return appraisals.annotate(
        has_interview=Exists(Interview.objects.filter(appraisal=there)),
        has_appeal=Exists(Appeal.objects.filter(appraisal=there)),
        has_plan=Exists(ImprovementPlan.objects.filter(appraisal=there).exclude(state=PlanState.DRAFTED)),
    )


def decided_about(appraisal: Appraisal) -> tuple[dict[str, str] | None, list[tuple[str, Decimal | None]]]:
    """How calibration changed the grade, and the rule and amount of each approved outcome; one query."""
    current = FilteredRelation("calibration_decisions", condition=Q(calibration_decisions__is_current=True))
    approved = FilteredRelation("outcomes", condition=Q(outcomes__state=OutcomeState.APPROVED))
    rows = list(
        Appraisal.objects.filter(pk=appraisal.pk)
        .annotate(current=current, approved=approved)
        .order_by("approved")
        .values_list(*(f"current__{field}" for field in CHANGED), "approved__rule", "approved__amount")
    )
    words = dict(zip(CHANGED, rows[0], strict=False))
    changed = words["from_grade"] is not None and words["from_grade"] != words["to_grade"]
    outcomes = [(rule, amount) for *_words, rule, amount in rows if rule is not None] if appraisal.released_at else []
    return words if changed else None, outcomes


def open_items_of(appraisals: Sequence[Appraisal]) -> dict[int, WorkItem]:
    """The open duty of each appraisal; one query."""
    items = WorkItem.objects.filter(
        content_type=ContentType.objects.get_for_model(Appraisal), object_id__in=[row.pk for row in appraisals],
        closed_at__isnull=True, optional=False,
    ).select_related("holder")  # fmt: skip
    return {item.object_id: item for item in items}
