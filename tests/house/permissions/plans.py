"""Improvement plans (绩效改进计划): HR drafts, approves, concludes; the manager accompanies, the employee answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from appraisal.cycles.states import Step
from appraisal.improvement.actions import accept, amend, approve, cancel, check_in, deliver, revise
from appraisal.improvement.conclusions import Conclusion, conclude, judge_milestone, start_review
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import FollowUp, PlanState
from tests.cast import Cast
from tests.factories.cycles import at, launch_one
from tests.house.permissions.tables import HR, KEEPERS, SYSTEM, Case, Row
from tests.improvement.conftest import content

APRIL, JULY = at(4, 22), at(7, 21)
RUNNING = "The plan is running"
TABLE = {
    "draft": Row("start", f"{KEEPERS} {SYSTEM}"),
    "revise": Row("drafted approved", f"{KEEPERS} manager"),
    "approve": Row("drafted", HR),
    "deliver": Row("approved", f"{KEEPERS} manager"),
    "accept": Row("delivered paused", "employee"),
    "record_refusal": Row("delivered paused", KEEPERS, reasoned=True),
    "amend": Row("active paused", KEEPERS, reasoned=True),
    "check_in": Row("active", f"{KEEPERS} manager"),
    "judge_milestone": Row("active reviewing", f"{KEEPERS} manager"),
    "start_plan_review": Row("active", f"{KEEPERS} {SYSTEM}"),
    "propose_conclusion": Row("reviewing", HR),
    "return_conclusion": Row("reviewing", HR, {"reviewing": "Nobody has proposed"}),
    "conclude_plan": Row("reviewing", HR),
    "cancel": Row(
        "drafted approved delivered active paused", f"{HR} {SYSTEM}",
        {f"{state} {SYSTEM}": RUNNING for state in ("delivered", "active", "paused")}, reasoned=True,
    ),
}  # fmt: skip

# A dismissal that hr has proposed waits for a second person.
PROPOSED = TABLE | {
    "propose_conclusion": Row("reviewing", HR, {"reviewing": "already waits"}),
    "return_conclusion": Row("reviewing", HR, reasoned=True),
    "conclude_plan": Row("reviewing", HR, {"reviewing hr": "a second person"}),
}


def case(cast: Cast, state: str) -> Case:
    """One target of two was missed, and the plan's time is over where it has been concluded."""
    appraisal = launch_one(cast, Step.IMPROVING)
    plan = _loaded()
    if not state:
        return Case(ImprovementPlan(appraisal=appraisal, state=""), APRIL)
    revise(acting_user=cast.manager.user, at=APRIL, plan=plan, content=content(cast))
    if state == PlanState.CANCELLED:
        cancel(acting_user=cast.hr.user, at=APRIL, plan=plan, reason="不再需要")
    else:
        _walk(cast, plan, state)
    return Case(_loaded(), JULY, {"outcome": "not_met"})


def proposed(cast: Cast) -> Case:
    found = case(cast, PlanState.REVIEWING)
    leaving = Conclusion("not_met", "满意度未达标。", FollowUp.DISMISSAL, "两项目标未全部完成。")
    conclude(acting_user=cast.hr.user, at=JULY, plan=found.subject, conclusion=leaving)
    plan = _loaded()
    assert plan.proposed_by == cast.hr.user
    return Case(plan, JULY, {"outcome": "not_met", "follow_up": FollowUp.DISMISSAL.value})


def _loaded() -> ImprovementPlan:
    return ImprovementPlan.objects.select_related("appraisal__cycle__calendar", "appraisal__track").order_by("pk")[0]


def _walk(cast: Cast, plan: ImprovementPlan, state: str) -> None:
    hr, manager = cast.hr.user, cast.manager.user
    ways = {
        PlanState.APPROVED: lambda: approve(acting_user=hr, at=APRIL, plan=plan),
        PlanState.DELIVERED: lambda: deliver(acting_user=manager, at=APRIL, plan=plan),
        PlanState.ACTIVE: lambda: accept(acting_user=cast.employee.user, at=APRIL, plan=plan),
        PlanState.REVIEWING: lambda: _review(cast, plan, "85" if state == PlanState.MET else "84"),
    }
    for way in ways.values():
        if plan.state == state:
            return
        if state == PlanState.PAUSED and plan.state == PlanState.ACTIVE:
            amend(acting_user=hr, at=APRIL, plan=plan, content=content(cast, support="每周两次。"), reason="加强辅导")
            return
        way()
        plan.refresh_from_db()
    if state != PlanState.REVIEWING:
        conclude(acting_user=hr, at=JULY, plan=plan, conclusion=Conclusion(state, "见各项目标。"))


def _review(cast: Cast, plan: ImprovementPlan, satisfaction: str) -> None:
    check_in(acting_user=cast.manager.user, at=APRIL, plan=plan, held_on=date(2026, 4, 21), progress="已回访五家。")
    start_review(acting_user=None, at=JULY, plan=plan)
    for milestone, reached in zip(plan.milestones.order_by("position"), (satisfaction, "13.2"), strict=True):
        judge_milestone(acting_user=cast.hr.user, at=JULY, milestone=milestone, reached=Decimal(reached))
