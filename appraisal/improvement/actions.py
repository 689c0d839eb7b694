"""What is done with an improvement plan until it is concluded: write, approve, hand over, answer, follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from appraisal.improvement.models import CheckIn, ImprovementPlan, Milestone
from appraisal.improvement.states import Operator, PlanVerb
from appraisal.scoring.plans import plan_end
from workflow import engine
from workflow.errors import GuardRefused

if TYPE_CHECKING:
    from appraisal.people.models import Person, User


@dataclass(frozen=True, slots=True)
class Target:
    """A milestone as it is written; `pk` is that of the one it changes."""

    text: str
    change: Decimal | None
    operator: str = Operator.ABSOLUTE
    start_value: Decimal | None = None
    unit: str = ""
    due_on: date | None = None
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a plan says."""

    concerns: str
    support: str
    mentor: Person | None
    starts_on: date | None
    months: int = 3
    targets: Sequence[Target] = field(default_factory=tuple)


def act(
    plan: ImprovementPlan,
    verb: PlanVerb,
    *,
    acting_user: User | None,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    change: Callable[[ImprovementPlan], None] | None = None,
) -> ImprovementPlan:
    """Through the door, with a key of the verb's own."""
    named = f"{verb}:{key}" if key else None
    return engine.perform(
        plan, verb.value, acting_user=acting_user, at=at, version=version, key=named, reason=reason, data=data,
        personal=personal, change=change,
    ).subject  # fmt: skip


def revise(
    *,
    acting_user: User,
    at: datetime,
    plan: ImprovementPlan,
    content: Content,
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    """Writes the draft. An approved plan that is revised has to be approved again."""
    return act(
        plan, PlanVerb.REVISE, acting_user=acting_user, at=at, version=version, key=key,
        change=lambda locked: _write(locked, content),
    )  # fmt: skip


def amend(
    *,
    acting_user: User,
    at: datetime,
    plan: ImprovementPlan,
    content: Content,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    """Changes a running plan: it pauses until the employee has acknowledged the change. The log keeps what it said."""
    return act(
        plan, PlanVerb.AMEND, acting_user=acting_user, at=at, version=version, key=key, reason=reason,
        personal={"before": said(plan)}, change=lambda locked: _write(locked, content),
    )  # fmt: skip


def said(plan: ImprovementPlan) -> dict[str, Any]:
    """The words and numbers of the plan as they stand."""
    return {
        "concerns": plan.concerns,
        "support": plan.support,
        "mentor": plan.mentor_id,
        "starts_on": plan.starts_on,
        "months": plan.months,
        "targets": list(
            plan.milestones.order_by("position", "pk").values(
                "text", "unit", "operator", "start_value", "change", "due_on"
            )
        ),
    }


def _write(plan: ImprovementPlan, content: Content) -> None:
    plan.concerns, plan.support, plan.mentor = content.concerns.strip(), content.support.strip(), content.mentor
    plan.starts_on, plan.months = content.starts_on, content.months
    plan.ends_on = plan_end(content.starts_on, months=content.months) if content.starts_on else None
    kept = {target.pk for target in content.targets if target.pk is not None}
    known = {milestone.pk: milestone for milestone in plan.milestones.all()}
    plan.milestones.exclude(pk__in=kept).delete()
    for position, target in enumerate(content.targets):
        milestone = known.get(target.pk or 0) or Milestone(plan=plan)
        milestone.text, milestone.unit, milestone.operator = target.text.strip(), target.unit.strip(), target.operator
        milestone.start_value, milestone.change, milestone.due_on = target.start_value, target.change, target.due_on
        milestone.position = position
        milestone.save()


def approve(
    *, acting_user: User, at: datetime, plan: ImprovementPlan, version: int | None = None, key: str | None = None
) -> ImprovementPlan:
    def change(locked: ImprovementPlan) -> None:
        locked.approved_by = acting_user

    return act(plan, PlanVerb.APPROVE, acting_user=acting_user, at=at, version=version, key=key, change=change)


def deliver(
    *, acting_user: User, at: datetime, plan: ImprovementPlan, version: int | None = None, key: str | None = None
) -> ImprovementPlan:
    """Hands the plan over: from now on the employee sees it."""

    def change(locked: ImprovementPlan) -> None:
        locked.delivered_at = at

    return act(plan, PlanVerb.DELIVER, acting_user=acting_user, at=at, version=version, key=key, change=change)


def accept(
    *, acting_user: User, at: datetime, plan: ImprovementPlan, version: int | None = None, key: str | None = None
) -> ImprovementPlan:
    """The employee has taken note; that is not consent."""

    def change(locked: ImprovementPlan) -> None:
        locked.acknowledged_at, locked.refusal_witness = at, ""

    return act(plan, PlanVerb.ACCEPT, acting_user=acting_user, at=at, version=version, key=key, change=change)


def record_refusal(
    *,
    acting_user: User,
    at: datetime,
    plan: ImprovementPlan,
    witness: str,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    """The plan was handed over before a witness and not acknowledged. No signature is put in its place."""
    if not witness.strip():
        raise GuardRefused(_("Name who was present when acknowledgement was refused."))

    def change(locked: ImprovementPlan) -> None:
        locked.acknowledged_at, locked.refusal_witness = None, witness.strip()

    return act(
        plan, PlanVerb.RECORD_REFUSAL, acting_user=acting_user, at=at, version=version, key=key, reason=reason,
        change=change,
    )  # fmt: skip


def check_in(
    *,
    acting_user: User,
    at: datetime,
    plan: ImprovementPlan,
    held_on: date,
    progress: str,
    help_given: str = "",
    employee_comment: str = "",
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    """Records a talk about the plan. The one that was due is done; the next one's time begins."""
    if held_on > at.astimezone(ZoneInfo(plan.appraisal.zone)).date():
        raise GuardRefused(_("A check-in is recorded once it has been held."))
    if not progress.strip():
        raise GuardRefused(_("Write how it stands with the targets."))

    def change(locked: ImprovementPlan) -> None:
        CheckIn.objects.create(
            plan=locked, held_on=held_on, progress=progress.strip(), help_given=help_given.strip(),
            employee_comment=employee_comment.strip(), by=acting_user, at=at,
        )  # fmt: skip

    return act(
        plan, PlanVerb.CHECK_IN, acting_user=acting_user, at=at, version=version, key=key, data={"held_on": held_on},
        change=change,
    )  # fmt: skip


def cancel(
    *,
    acting_user: User | None,
    at: datetime,
    plan: ImprovementPlan,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    return act(plan, PlanVerb.CANCEL, acting_user=acting_user, at=at, version=version, key=key, reason=reason)
