"""Plans that a result asks for: drafted, taken back, or noted on a plan that already runs. Many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from appraisal.cycles.models import Appraisal
from appraisal.improvement.actions import Target
from appraisal.improvement.models import ImprovementPlan, Milestone
from appraisal.improvement.states import EDITABLE, ENDED, PlanState, PlanVerb
from workflow import copying, engine

if TYPE_CHECKING:
    from appraisal.people.models import User


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that is asked for. `trigger` names the rule of the scheme and the grades that met it."""

    appraisal: Appraisal
    trigger: dict[str, Any] = field(default_factory=dict)
    months: int = 3
    targets: Sequence[Target] = ()
    extends: ImprovementPlan | None = None


def draft_plan(*, acting_user: User | None, at: datetime, draft: Draft) -> ImprovementPlan:
    """The plan of one appraisal. Asked again, it gives back the one that is there."""
    live = _live([draft.appraisal.pk]).get(draft.appraisal.pk)
    if live is not None:
        return live
    return draft_plans(acting_user=acting_user, at=at, drafts=[draft], running={})[0]


def draft_plans(
    *,
    acting_user: User | None,
    at: datetime,
    drafts: Sequence[Draft],
    running: dict[int, ImprovementPlan] | None = None,
) -> list[ImprovementPlan]:
    """Drafts what is not there yet, in a constant number of queries. `running` are the live plans by appraisal,
    where the caller has read them."""
    live = _live([draft.appraisal.pk for draft in drafts]) if running is None else running
    wanted = [draft for draft in drafts if draft.appraisal.pk not in live]
    plans = [
        ImprovementPlan(appraisal=draft.appraisal, trigger=draft.trigger, months=draft.months, extends=draft.extends)
        for draft in wanted
    ]
    engine.begin(plans, PlanVerb.DRAFT.value, acting_user=acting_user, at=at)
    milestones = [
        Milestone(
            plan=plan, text=target.text, unit=target.unit, operator=target.operator, start_value=target.start_value,
            change=target.change, position=position,
        )
        for plan, draft in zip(plans, wanted, strict=True)
        for position, target in enumerate(draft.targets)
    ]  # fmt: skip
    copying.insert(milestones, keys=False)
    return plans


def _live(appraisal_ids: Iterable[int]) -> dict[int, ImprovementPlan]:
    rows = ImprovementPlan.objects.filter(appraisal_id__in=list(appraisal_ids)).exclude(state__in=ENDED)
    return {plan.appraisal_id: plan for plan in rows}


def plans_for(employee_ids: Collection[int], appraisal_ids: Collection[int]) -> list[ImprovementPlan]:
    """The plans of these people that have not ended, and those of these appraisals whatever became of them, except
    what was cancelled: a cancelled plan may be asked for again. One query."""
    return list(
        ImprovementPlan.objects.filter(
            (Q(appraisal__employee_id__in=employee_ids) & ~Q(state__in=ENDED)) | Q(appraisal_id__in=appraisal_ids)
        )
        .exclude(state=PlanState.CANCELLED)
        .select_related("appraisal")
        .order_by("pk")
    )


def take_back(*, at: datetime, plans: Sequence[ImprovementPlan], reason: str) -> list[ImprovementPlan]:
    """Cancels the drafts that their result no longer asks for; what runs already is left to people."""
    drafts = [plan for plan in plans if plan.state in EDITABLE]
    return engine.perform_many(drafts, PlanVerb.CANCEL.value, acting_user=None, at=at, reason=reason).moved


def note_again(*, at: datetime, plans: Sequence[ImprovementPlan], triggers: dict[int, dict[str, Any]]) -> None:
    """Notes on a running plan that a later result asks for one too. `triggers` by plan; once for each appraisal."""
    new = [plan for plan in plans if triggers[plan.pk] not in plan.trigger.get("again", [])]
    for plan in new:
        plan.trigger = {**plan.trigger, "again": [*plan.trigger.get("again", []), triggers[plan.pk]]}
    if new:
        ImprovementPlan.objects.bulk_update(new, ["trigger"])
        engine.record_many(
            new, "plan.triggered_again", acting_user=None, at=at, data=lambda plan: {"trigger": triggers[plan.pk]}
        )


def extend(*, at: datetime, plans: Sequence[ImprovementPlan], acting_user: User | None) -> None:
    """The further plan by which an extended one goes on, with the targets that were not reached."""
    for plan in plans:
        open_targets = [
            Target(each.text, each.change, each.operator, each.start_value, each.unit)
            for each in plan.milestones.order_by("position", "pk")
            if not each.met
        ]
        draft = Draft(plan.appraisal, {"rule": "extension"}, plan.months, open_targets, extends=plan)
        further = draft_plan(acting_user=acting_user, at=at, draft=draft)
        ImprovementPlan.objects.filter(pk=further.pk, state=PlanState.DRAFTED).update(
            concerns=plan.concerns, support=plan.support, mentor=plan.mentor, starts_on=None
        )
