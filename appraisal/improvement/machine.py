"""The improvement plan's machine. Changing a running plan pauses it until it is acknowledged again."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.process import rule_of
from appraisal.cycles.rules import is_employee, is_hr, is_hr_partner, is_manager
from appraisal.cycles.states import Step
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.rules import (
    adverse_step_justified,
    conclusion_of,
    load_plan_parts,
    no_proposal_waits,
    only_a_draft_by_itself,
    outcome_fits_targets,
    plan_complete,
    proposal_waits,
    result_is_final,
    result_is_out,
    second_person_concludes,
    targets_judged,
    time_is_over,
)
from appraisal.improvement.states import CONCLUSIONS, EDITABLE, ENDED, RUNNING, PlanState, PlanVerb
from appraisal.people import ladder
from workflow import facts
from workflow.calendars import daybook_of
from workflow.clocks import Clock, ClockRule, clock_due, set_clock
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Duty, Machine, Role, Transition, register

facts.register(
    FactType("plan.drafted", _("Plan drafted"), _("An improvement plan was drafted")),
    FactType("plan.revised", _("Draft revised"), _("%(actor)s revised the draft of the plan")),
    FactType("plan.approved", _("Plan approved"), _("%(actor)s approved the plan")),
    FactType("plan.delivered", _("Plan handed over"), _("%(actor)s handed the plan over")),
    FactType("plan.accepted", _("Plan acknowledged"), _("%(actor)s acknowledged the plan")),
    FactType("plan.refused", _("Acknowledgement refused"), _("%(actor)s recorded that acknowledgement was refused")),
    FactType("plan.amended", _("Plan changed"), _("%(actor)s changed the plan; it waits for acknowledgement")),
    FactType("plan.checked_in", _("Check-in held"), _("%(actor)s recorded a check-in")),
    FactType("plan.milestone_judged", _("Result of a target"), _("%(actor)s recorded what was reached")),
    FactType("plan.triggered_again", _("Asked for again"), _("A later result asks for a plan too; this one goes on")),
    FactType("plan.review_started", _("Conclusion begun"), _("The time of the plan is over")),
    FactType(
        "plan.conclusion_proposed", _("Conclusion proposed"), _("%(actor)s proposed how the plan is to be concluded")
    ),
    FactType("plan.conclusion_returned", _("Proposal returned"), _("%(actor)s returned the proposal")),
    FactType("plan.concluded", _("Plan concluded"), _("%(actor)s concluded the plan")),
    FactType("plan.cancelled", _("Plan cancelled"), _("%(actor)s cancelled the plan")),
)

ACKNOWLEDGE = ClockRule(count=3, remind=(-1,), escalate={1: "hr"})
PREPARE = ClockRule(count=5, remind=(-1, 0), escalate={3: "hr"})
CONCLUDE = ClockRule(count=5, remind=(-3, -1, 0), escalate={1: "hr"})
CHECK_IN = ClockRule(count=10, remind=(-2, 0), escalate={1: "manager", 3: "hr_partner"})


def duties(plan: ImprovementPlan, at: datetime) -> Sequence[Duty]:
    """Who owes the next act: HR the draft, approval and hand-over, the employee the answer, the manager check-ins."""
    appraisal = plan.appraisal
    if plan.state in ENDED:
        return ()
    if plan.state in {PlanState.DELIVERED, PlanState.PAUSED}:
        clock = _clock(plan, ACKNOWLEDGE, at)
        return (Duty("employee", holder_id=appraisal.employee_account_id, pool="hr", clock=clock),)
    if plan.state == PlanState.ACTIVE:
        return (
            Duty("manager", holder_id=appraisal.manager_account_id, pool="hr", clock=_check_in_clock(plan, at)),
            Duty(SYSTEM, pool=SYSTEM, clock=_end_clock(plan, at)),
        )
    return (Duty("hr", pool="hr", clock=_clock(plan, CONCLUDE if plan.state == PlanState.REVIEWING else PREPARE, at)),)


def _clock(plan: ImprovementPlan, rule: ClockRule, at: datetime) -> Clock:
    return set_clock(rule, anchor=at, days=daybook_of(plan.appraisal.cycle.calendar), zone=plan.appraisal.zone)


def _check_in_clock(plan: ImprovementPlan, at: datetime) -> Clock:
    rule = rule_of(plan.appraisal.track, Step.IMPROVING)
    every = rule.check_in_every.count if rule is not None and rule.check_in_every is not None else CHECK_IN.count
    return _clock(plan, ClockRule(every, remind=CHECK_IN.remind, escalate=CHECK_IN.escalate), at)


def _end_clock(plan: ImprovementPlan, at: datetime) -> Clock | None:
    """The conclusion begins on the last day, at once where that has passed while the plan was paused."""
    if plan.ends_on is None:
        return None
    end = datetime.combine(plan.ends_on, time(9), tzinfo=ZoneInfo(plan.appraisal.zone))
    days = daybook_of(plan.appraisal.cycle.calendar)
    due = max(end, at + timedelta(minutes=1))
    return clock_due(ClockRule(0, expires=True), due, anchor=at, days=days, zone=plan.appraisal.zone)


KEEPERS = ("hr", "hr_partner")
MACHINE = register(
    Machine(
        name="improvement_plan",
        label=_("Improvement plan"),
        model=ImprovementPlan,
        states=PlanState,
        roles=(
            Role("employee", _("the employee"), lambda plan, user: is_employee(plan.appraisal, user)),
            Role("manager", _("the direct manager"), lambda plan, user: is_manager(plan.appraisal, user)),
            Role("hr", _("HR"), lambda plan, user: is_hr(plan.appraisal, user)),
            Role("hr_partner", _("the HR partner of the unit"), lambda plan, user: is_hr_partner(plan.appraisal, user)),
        ),
        final=frozenset(ENDED),
        transitions=(
            Transition(
                PlanVerb.DRAFT, PlanVerb.DRAFT.label, (START,), (*KEEPERS, SYSTEM), "plan.drafted",
                (PlanState.DRAFTED,), guards=(result_is_out,),
            ),
            Transition(
                PlanVerb.REVISE, PlanVerb.REVISE.label, EDITABLE, (*KEEPERS, "manager"), "plan.revised",
                (PlanState.DRAFTED,),
            ),
            Transition(
                PlanVerb.APPROVE, PlanVerb.APPROVE.label, (PlanState.DRAFTED,), ("hr",), "plan.approved",
                (PlanState.APPROVED,), guards=(result_is_final, plan_complete), prefetch=load_plan_parts,
            ),
            Transition(
                PlanVerb.DELIVER, PlanVerb.DELIVER.label, (PlanState.APPROVED,), (*KEEPERS, "manager"),
                "plan.delivered", (PlanState.DELIVERED,),
            ),
            Transition(
                PlanVerb.ACCEPT, PlanVerb.ACCEPT.label, (PlanState.DELIVERED, PlanState.PAUSED), ("employee",),
                "plan.accepted", (PlanState.ACTIVE,),
            ),
            Transition(
                PlanVerb.RECORD_REFUSAL, PlanVerb.RECORD_REFUSAL.label, (PlanState.DELIVERED, PlanState.PAUSED),
                KEEPERS, "plan.refused", (PlanState.ACTIVE,), needs_reason=True,
            ),
            Transition(
                PlanVerb.AMEND, PlanVerb.AMEND.label, RUNNING, KEEPERS, "plan.amended", (PlanState.PAUSED,),
                needs_reason=True,
            ),
            Transition(
                # To itself: the check-in that was due is done, and the next one begins to count.
                PlanVerb.CHECK_IN, PlanVerb.CHECK_IN.label, (PlanState.ACTIVE,), (*KEEPERS, "manager"),
                "plan.checked_in", (PlanState.ACTIVE,),
            ),
            Transition(
                PlanVerb.JUDGE, PlanVerb.JUDGE.label, (PlanState.ACTIVE, PlanState.REVIEWING), (*KEEPERS, "manager"),
                "plan.milestone_judged",
            ),
            Transition(
                PlanVerb.START_REVIEW, PlanVerb.START_REVIEW.label, (PlanState.ACTIVE,), (*KEEPERS, SYSTEM),
                "plan.review_started", (PlanState.REVIEWING,), guards=(time_is_over,),
            ),
            Transition(
                PlanVerb.PROPOSE_CONCLUSION, PlanVerb.PROPOSE_CONCLUSION.label, (PlanState.REVIEWING,), ("hr",),
                "plan.conclusion_proposed",
                guards=(no_proposal_waits, targets_judged, outcome_fits_targets, adverse_step_justified),
                prefetch=load_plan_parts,
            ),
            Transition(
                PlanVerb.RETURN_CONCLUSION, PlanVerb.RETURN_CONCLUSION.label, (PlanState.REVIEWING,), ("hr",),
                "plan.conclusion_returned", guards=(proposal_waits,), needs_reason=True,
            ),
            Transition(
                PlanVerb.CONCLUDE, PlanVerb.CONCLUDE.label, (PlanState.REVIEWING,), ("hr",), "plan.concluded",
                CONCLUSIONS, target=conclusion_of, prefetch=load_plan_parts,
                guards=(targets_judged, second_person_concludes, outcome_fits_targets, adverse_step_justified),
            ),
            Transition(
                PlanVerb.CANCEL, PlanVerb.CANCEL.label, (*EDITABLE, PlanState.DELIVERED, *RUNNING),
                ("hr", SYSTEM), "plan.cancelled", (PlanState.CANCELLED,), guards=(only_a_draft_by_itself,),
                needs_reason=True,
            ),
        ),
        duties=duties,
        on_alarms=ladder.speak,
        related=("appraisal__track", "appraisal__cycle__calendar", "appraisal__employee"),
        shared=("appraisal__track", "appraisal__cycle__calendar"),
        parent="appraisal",
        title=lambda plan: f"{plan.appraisal.title} · {plan.appraisal.cycle}",
        on_expiry=lambda plan: PlanVerb.START_REVIEW if plan.state == PlanState.ACTIVE else None,
    )
)  # fmt: skip
