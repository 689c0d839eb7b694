"""How an improvement plan ends: what was reached, the conclusion, and a second person where it is adverse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from appraisal.improvement.actions import act
from appraisal.improvement.models import ImprovementPlan, Milestone
from appraisal.improvement.states import CONCLUSIONS, FollowUp, PlanState, PlanVerb
from workflow.errors import GuardRefused

if TYPE_CHECKING:
    from appraisal.people.models import User

KEPT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Conclusion:
    outcome: str
    text: str
    follow_up: str = FollowUp.NONE
    reason: str = ""


def judge_milestone(
    *,
    acting_user: User,
    at: datetime,
    milestone: Milestone,
    reached: Decimal | None,
    met: bool | None = None,
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    """What was reached. A target that is a number judges itself; for another one `met` says it."""
    target = milestone.target
    if target is not None and reached is None:
        raise GuardRefused(_("Enter the value that was reached."))
    verdict = met if target is None or reached is None else reached >= target
    if verdict is None:
        raise GuardRefused(_("Say whether the target was reached."))

    # Judged as measured, kept rounded down: what was missed never reads as reached.
    kept = None if reached is None else reached.quantize(KEPT, ROUND_FLOOR)

    def change(locked: ImprovementPlan) -> None:
        Milestone.objects.filter(pk=milestone.pk, plan=locked).update(reached=kept, met=verdict)

    return act(
        milestone.plan, PlanVerb.JUDGE, acting_user=acting_user, at=at, version=version, key=key,
        data={"milestone": milestone.pk, "met": verdict}, change=change,
    )  # fmt: skip


def start_review(
    *,
    acting_user: User | None,
    at: datetime,
    plan: ImprovementPlan,
    reason: str = "",
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    """Begins the conclusion: when the plan's time is over, or earlier with a reason."""
    verb = PlanVerb.START_REVIEW
    return act(plan, verb, acting_user=acting_user, at=at, version=version, key=key, reason=reason)


def conclude(
    *,
    acting_user: User,
    at: datetime,
    plan: ImprovementPlan,
    conclusion: Conclusion,
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    """Concludes the plan, or, where a transfer or dismissal is to follow, proposes it to a second person of HR."""
    _refuse_incomplete(conclusion)
    data = {"outcome": conclusion.outcome, "follow_up": conclusion.follow_up}
    if conclusion.follow_up != FollowUp.NONE:
        return act(
            plan, PlanVerb.PROPOSE_CONCLUSION, acting_user=acting_user, at=at, version=version, key=key,
            reason=conclusion.reason, data=data, change=lambda locked: _keep_proposal(locked, conclusion, acting_user),
        )  # fmt: skip

    def change(locked: ImprovementPlan) -> None:
        locked.conclusion, locked.concluded_by, locked.proposed_by = conclusion.text.strip(), acting_user, None
        locked.follow_up, locked.follow_up_reason, locked.proposed_outcome = FollowUp.NONE, "", ""

    return act(
        plan, PlanVerb.CONCLUDE, acting_user=acting_user, at=at, version=version, key=key, reason=conclusion.reason,
        data=data, change=change,
    )  # fmt: skip


def _refuse_incomplete(conclusion: Conclusion) -> None:
    if conclusion.outcome not in CONCLUSIONS:
        raise GuardRefused(_("Say how the plan ended."))
    if not conclusion.text.strip():
        raise GuardRefused(_("Write the conclusion first."))


def _keep_proposal(plan: ImprovementPlan, conclusion: Conclusion, user: User) -> None:
    plan.proposed_outcome, plan.conclusion, plan.proposed_by = conclusion.outcome, conclusion.text.strip(), user
    plan.follow_up, plan.follow_up_reason = conclusion.follow_up, conclusion.reason.strip()


def approve_conclusion(
    *, acting_user: User, at: datetime, plan: ImprovementPlan, version: int | None = None, key: str | None = None
) -> ImprovementPlan:
    """A second person of HR agrees to what the first has proposed."""
    data = {"outcome": plan.proposed_outcome or PlanState.NOT_MET.value, "follow_up": plan.follow_up}

    def change(locked: ImprovementPlan) -> None:
        locked.concluded_by = acting_user

    return act(
        plan, PlanVerb.CONCLUDE, acting_user=acting_user, at=at, version=version, key=key,
        reason=plan.follow_up_reason, data=data, change=change,
    )  # fmt: skip


def return_conclusion(
    *,
    acting_user: User,
    at: datetime,
    plan: ImprovementPlan,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> ImprovementPlan:
    """The proposal goes back, by the second person or by the first who thinks better of it."""

    def change(locked: ImprovementPlan) -> None:
        locked.proposed_by, locked.proposed_outcome = None, ""
        locked.follow_up, locked.follow_up_reason = FollowUp.NONE, ""

    return act(
        plan, PlanVerb.RETURN_CONCLUSION, acting_user=acting_user, at=at, version=version, key=key, reason=reason,
        change=change,
    )  # fmt: skip
