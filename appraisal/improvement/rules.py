"""What must be true of an improvement plan."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.improvement.models import CheckIn, ImprovementPlan, Milestone
from appraisal.improvement.states import ENDED, FollowUp, PlanState
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused


def load_plan_parts(plans: Sequence[ImprovementPlan]) -> None:
    """Hangs milestones and check-ins on each plan (`plan_milestones`, `plan_check_ins`), in two queries."""
    milestones = list(Milestone.objects.filter(plan__in=plans).order_by("position", "pk"))
    check_ins = list(CheckIn.objects.filter(plan__in=plans).order_by("held_on", "pk"))
    for plan in plans:
        plan.plan_milestones = [m for m in milestones if m.plan_id == plan.pk]  # type: ignore[attr-defined]
        plan.plan_check_ins = [c for c in check_ins if c.plan_id == plan.pk]  # type: ignore[attr-defined]


def plan_complete(attempt: Attempt) -> Verdict:
    """Concerns, at least one measurable target, help and a mentor: nobody is sent off alone."""
    plan: ImprovementPlan = attempt.subject
    if not plan.concerns.strip() or not plan.support.strip():
        return refused(_("Write the concerns with recent examples and the help that is given."))
    if not plan.plan_milestones:  # type: ignore[attr-defined]
        return refused(_("Set at least one measurable target."))
    if plan.mentor_id is None:
        return refused(_("Name a mentor for the time of the plan."))
    if plan.mentor_id == plan.appraisal.employee_id:
        return refused(_("The mentor must be somebody else than the employee."))
    return ALLOWED


def result_is_final(attempt: Attempt) -> Verdict:
    """A plan begins when the result can no longer change by appeal."""
    if attempt.subject.appraisal.state == Step.IMPROVING:
        return ALLOWED
    return refused(_("The plan begins when the appeal window has ended and no appeal is open."))


def time_is_over(attempt: Attempt) -> Verdict:
    plan: ImprovementPlan = attempt.subject
    if plan.ends_on is not None and attempt.at.date() >= plan.ends_on:
        return ALLOWED
    if attempt.reason:
        return ALLOWED
    return refused(_("The plan runs until %(day)s; ending it earlier needs a reason.") % {"day": plan.ends_on})


def targets_judged(attempt: Attempt) -> Verdict:
    plan: ImprovementPlan = attempt.subject
    if not plan.conclusion.strip() and not attempt.data.get("conclusion"):
        return refused(_("Write the conclusion first."))
    if any(milestone.met is None for milestone in plan.plan_milestones):  # type: ignore[attr-defined]
        return refused(_("Every target needs its result: reached or not reached."))
    if not plan.plan_check_ins:  # type: ignore[attr-defined]
        return refused(
            _("No check-in was held; without one the plan cannot be concluded."), _("Hold and record a check-in.")
        )
    return ALLOWED


def adverse_step_justified(attempt: Attempt) -> Verdict:
    """A transfer or dismissal follows only from targets that were not met, and not by the writer's own approval."""
    follow_up = attempt.data.get("follow_up", FollowUp.NONE)
    if follow_up == FollowUp.NONE:
        return ALLOWED
    if attempt.data.get("outcome") != PlanState.NOT_MET:
        return refused(_("A transfer or dismissal can only follow when the targets were not met."))
    if not attempt.reason:
        return refused(_("A transfer or dismissal needs a reason, which the employee reads."))
    return ALLOWED


def conclusion_of(attempt: Attempt) -> str:
    return str(attempt.data["outcome"])


def load_plans(appraisals: Sequence[Appraisal]) -> None:
    """Hangs the running plan and whether one has ended on each appraisal, in one query."""
    rows = list(ImprovementPlan.objects.filter(appraisal__in=appraisals).order_by("pk"))
    for appraisal in appraisals:
        own = [plan for plan in rows if plan.appraisal_id == appraisal.pk]
        appraisal.running_plan = next((p for p in own if p.state not in ENDED), None)  # type: ignore[attr-defined]
        appraisal.plans = own  # type: ignore[attr-defined]


def plans_ended(attempt: Attempt) -> Verdict:
    if getattr(attempt.subject, "running_plan", None) is None:
        return ALLOWED
    return refused(_("The improvement plan is still running."), _("Conclude or cancel it first."))
