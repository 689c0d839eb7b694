"""What must be true of an improvement plan."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.improvement.models import CheckIn, ImprovementPlan, Milestone
from appraisal.improvement.states import EDITABLE, ENDED, FollowUp, PlanState
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused

PLANNABLE = (Step.INTERVIEWING, Step.APPEAL_WINDOW, Step.APPEALED, Step.IMPROVING)


def load_plan_parts(plans: Sequence[ImprovementPlan]) -> None:
    """Hangs milestones and check-ins on each plan (`plan_milestones`, `plan_check_ins`), in two queries."""
    milestones = list(Milestone.objects.filter(plan__in=plans).order_by("position", "pk"))
    check_ins = list(CheckIn.objects.filter(plan__in=plans).select_related("by").order_by("held_on", "pk"))
    for plan in plans:
        plan.plan_milestones = [m for m in milestones if m.plan_id == plan.pk]
        plan.plan_check_ins = [c for c in check_ins if c.plan_id == plan.pk]


def plan_complete(attempt: Attempt) -> Verdict:
    """Concerns, at least one usable target, help, a mentor and a time: nobody is sent off alone."""
    plan: ImprovementPlan = attempt.subject
    milestones = plan.plan_milestones
    lacking = (
        (
            not plan.concerns.strip() or not plan.support.strip(),
            _("Write the concerns with recent examples and the help that is given."),
        ),
        (not milestones, _("Set at least one measurable target.")),
        (
            any(milestone.target is None for milestone in milestones),
            _("Every target needs a value; to improve by per cent or points it also needs a start that is not zero."),
        ),
        (plan.starts_on is None or plan.ends_on is None, _("Say when the plan starts.")),
        (plan.mentor_id is None, _("Name a mentor for the time of the plan.")),
        (
            plan.mentor_id == plan.appraisal.employee_id,
            _("The mentor must be somebody else than the employee."),
        ),
    )
    return next((refused(words) for is_lacking, words in lacking if is_lacking), ALLOWED)


def result_is_out(attempt: Attempt) -> Verdict:
    """A plan rests on a result that the employee knows."""
    if attempt.subject.appraisal.state in PLANNABLE:
        return ALLOWED
    return refused(_("A plan can be drafted between the release of the result and its archiving."))


def result_is_final(attempt: Attempt) -> Verdict:
    """A plan begins when the result can no longer change by appeal."""
    if attempt.subject.appraisal.state == Step.IMPROVING:
        return ALLOWED
    return refused(_("The plan begins when the appeal window has ended and no appeal is open."))


def only_a_draft_by_itself(attempt: Attempt) -> Verdict:
    """The system takes back what nobody has agreed to yet; a plan that runs is ended by people."""
    if attempt.user is not None or attempt.subject.state in EDITABLE:
        return ALLOWED
    return refused(_("The plan is running; HR decides about it."))


def time_is_over(attempt: Attempt) -> Verdict:
    plan: ImprovementPlan = attempt.subject
    today = attempt.at.astimezone(ZoneInfo(plan.appraisal.zone)).date()
    if attempt.reason or (plan.ends_on is not None and today >= plan.ends_on):
        return ALLOWED
    return refused(
        gettext("The plan runs until %(day)s; ending it earlier needs a reason.")
        % {"day": date_format(plan.ends_on) if plan.ends_on else "–"}
    )


def targets_judged(attempt: Attempt) -> Verdict:
    plan: ImprovementPlan = attempt.subject
    if any(milestone.met is None for milestone in plan.plan_milestones):
        return refused(_("Every target needs its result: reached or not reached."))
    if not plan.plan_check_ins:
        return refused(
            _("No check-in was held; without one the plan cannot be concluded."), _("Hold and record a check-in.")
        )
    return ALLOWED


def outcome_fits_targets(attempt: Attempt) -> Verdict:
    """What was reached is not called missed, and what was missed is not called reached."""
    outcome = attempt.data.get("outcome")
    all_met = all(milestone.met for milestone in attempt.subject.plan_milestones)
    if outcome == PlanState.MET and not all_met:
        return refused(_("A target was not reached; the plan is then extended or not met."))
    if outcome == PlanState.NOT_MET and all_met:
        return refused(_("Every target was reached; the plan is then met."))
    return ALLOWED


def adverse_step_justified(attempt: Attempt) -> Verdict:
    """A transfer or dismissal follows only from targets that were not met, with a reason that the employee reads."""
    if attempt.data.get("follow_up", FollowUp.NONE) == FollowUp.NONE:
        return ALLOWED
    if attempt.data.get("outcome") != PlanState.NOT_MET:
        return refused(_("A transfer or dismissal can only follow when the targets were not met."))
    if not attempt.reason:
        return refused(_("A transfer or dismissal needs a reason, which the employee reads."))
    return ALLOWED


def second_person_concludes(attempt: Attempt) -> Verdict:
    """Nobody sends anybody away alone."""
    plan: ImprovementPlan = attempt.subject
    if attempt.data.get("follow_up", plan.follow_up) == FollowUp.NONE:
        return ALLOWED
    if plan.proposed_by_id is None:
        return refused(_("A transfer or dismissal is proposed first; a second person of HR then decides."))
    if attempt.user is not None and attempt.user.pk == plan.proposed_by_id:
        return refused(_("You have proposed it; a second person of HR decides."))
    return ALLOWED


def proposal_waits(attempt: Attempt) -> Verdict:
    if attempt.subject.proposed_by_id is not None:
        return ALLOWED
    return refused(_("Nobody has proposed a transfer or dismissal."))


def no_proposal_waits(attempt: Attempt) -> Verdict:
    if attempt.subject.proposed_by_id is None:
        return ALLOWED
    return refused(_("A proposal already waits for a second person of HR."))


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
