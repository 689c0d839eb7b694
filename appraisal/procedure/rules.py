"""Where an appraisal goes next, and the conditions that are the procedure's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.process import next_step, route, rule_of, scheme_of
from appraisal.cycles.rules import is_hr, is_hr_partner, is_manager, is_second_level
from appraisal.cycles.states import OPEN, CycleState, Step, Verb
from appraisal.improvement.rules import load_plans
from appraisal.interviews.rules import load_interview
from appraisal.people.roles import roles_of
from appraisal.people.states import Role
from appraisal.procedure.models import Correction
from workflow.errors import NotAllowed
from workflow.machine import Attempt
from workflow.models import Fact, Visit
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User


def keeps_cycles(user: User) -> bool:
    return Role.HR in roles_of(user).names


def may_keep_cycles(user: User | AnonymousUser) -> Verdict:
    return ALLOWED if Role.HR in roles_of(user).names else refused(_("Only HR can do this."))


def may_read_cycles(user: User | AnonymousUser) -> Verdict:
    """HR and auditors see whole cycles, HR partners the people of their units in them."""
    roles = roles_of(user)
    if roles.names & {Role.HR, Role.AUDITOR} or roles.is_partner:
        return ALLOWED
    return refused(_("Only HR can do this."))


def may_act_on_people(user: User) -> bool:
    """Auditors read a cycle and move nobody."""
    roles = roles_of(user)
    return Role.HR in roles.names or roles.is_partner


def demand_hr(user: User) -> None:
    if not keeps_cycles(user):
        raise NotAllowed(gettext("Only HR can do this."))


def keeps(appraisal: Appraisal, user: User) -> bool:
    """HR and the HR partner of the unit, never for themselves."""
    return is_hr(appraisal, user) or is_hr_partner(appraisal, user)


def may_nudge(appraisal: Appraisal, user: User) -> bool:
    return keeps(appraisal, user) or is_manager(appraisal, user) or is_second_level(appraisal, user)


def is_running(appraisal: Appraisal) -> bool:
    return appraisal.state in OPEN


def may_extend(appraisal: Appraisal) -> bool:
    """The period's end is no deadline of anybody's, and the panel extends its own."""
    return appraisal.state in OPEN and appraisal.state not in {Step.TRACKING, Step.APPEALED, Step.IMPROVING}


def reminded_already(last: Fact) -> str:
    return gettext("Already reminded at %(time)s; once in 24 hours is enough.") % {
        "time": date_format(localtime(last.at), "H:i")
    }


def appraisal_type() -> ContentType:
    return ContentType.objects.get_for_model(Appraisal)


def load_interview_and_plans(appraisals: Sequence[Appraisal]) -> None:
    load_interview(appraisals)
    load_plans(appraisals)


def first_step(attempt: Attempt) -> str:
    return _unless_past(attempt, next_step(attempt.subject.track, None))


def following_step(attempt: Attempt) -> str:
    """The next step that is on; past the last one, archived or the improvement plan that waits."""
    step = _unless_past(attempt, next_step(attempt.subject.track, attempt.subject.state))
    return after_window(attempt) if step == Step.CLOSED else step


def _unless_past(attempt: Attempt, step: Step) -> Step:
    """Nothing is left to track once the period has ended: the review begins at once."""
    if step == Step.TRACKING and period_over(attempt.subject, attempt.at):
        return next_step(attempt.subject.track, Step.TRACKING)
    return step


def period_over(appraisal: Appraisal, at: datetime) -> bool:
    return at.astimezone(ZoneInfo(appraisal.zone)).date() > appraisal.cycle.ends_on


def after_window(attempt: Attempt) -> str:
    return Step.IMPROVING if getattr(attempt.subject, "running_plan", None) is not None else Step.CLOSED


def sent_back_to(attempt: Attempt) -> str:
    """One step back: the manager to the employee, those above to the manager."""
    return Step.SELF_REVIEW if attempt.subject.state == Step.SCORING else Step.SCORING


def load_left_steps(appraisals: Sequence[Appraisal]) -> None:
    """Hangs the step that each was withdrawn from on it (`left_step`), in one query."""
    withdrawn = Fact.objects.filter(
        content_type=appraisal_type(), object_id__in=[row.pk for row in appraisals], name="appraisal.withdrawn"
    ).order_by("seq")
    left = dict(withdrawn.values_list("object_id", "from_state"))
    for appraisal in appraisals:
        appraisal.left_step = left.get(appraisal.pk, "")  # type: ignore[attr-defined]


def reinstated_to(attempt: Attempt) -> str:
    """Back to where it was; what was tracked when the period ended goes on with the review."""
    return _unless_past(attempt, Step(attempt.subject.left_step))


def self_review_is_on(attempt: Attempt) -> Verdict:
    if attempt.subject.state != Step.SCORING or Step.SELF_REVIEW in route(attempt.subject.track):
        return ALLOWED
    return refused(_("This scheme has no self-review to send back to."))


def holder_sends_back(attempt: Attempt) -> Verdict:
    """Only who holds the step sends it back: the manager's score, the countersignature, the calibration."""
    holds = {Step.SCORING: is_manager, Step.COUNTERSIGNING: is_second_level, Step.CALIBRATING: is_hr}
    if attempt.user is not None and holds[Step(attempt.subject.state)](attempt.subject, attempt.user):
        return ALLOWED
    return refused(_("It is sent back by the one who holds the step now."))


def grade_decided(attempt: Attempt) -> Verdict:
    appraisal = attempt.subject
    graded = scheme_of(appraisal.track).grades is not None
    if appraisal.final_grade or (appraisal.final_origin and not graded):
        return ALLOWED
    return refused(_("There is no result to release yet."))


def cycle_takes_people(attempt: Attempt) -> Verdict:
    cycle: AppraisalCycle = attempt.subject.cycle
    if cycle.state in {CycleState.DRAFT, CycleState.OPEN}:
        return ALLOWED
    return refused(_("The cycle is closed."))


def cycle_is_open(attempt: Attempt) -> Verdict:
    if attempt.subject.cycle.state == CycleState.OPEN:
        return ALLOWED
    return refused(_("The cycle is closed."))


def period_is_over(attempt: Attempt) -> Verdict:
    """By itself it begins when the last day is over; HR may begin on the last day."""
    if attempt.at.astimezone(ZoneInfo(attempt.subject.zone)).date() >= attempt.subject.cycle.ends_on:
        return ALLOWED
    return refused(_("The period has not ended yet."))


def second_person_approves(attempt: Attempt) -> Verdict:
    """A correction is proposed by one HR person and approved by another."""
    proposal = open_correction(attempt.subject)
    if proposal is None:
        return refused(_("Nobody has proposed a correction."))
    if attempt.user is not None and proposal.proposed_by_id != attempt.user.pk:
        return ALLOWED
    return refused(_("A correction is approved by a second person of HR."))


def open_correction(appraisal: Appraisal) -> Correction | None:
    return Correction.objects.filter(appraisal=appraisal, approved_at__isnull=True, declined_at__isnull=True).first()


def load_due(appraisals: Sequence[Appraisal]) -> None:
    """Hangs the due moment of the open step on each (`step_due`, or None), in one query."""
    open_visits = Visit.objects.filter(
        content_type=appraisal_type(), object_id__in=[row.pk for row in appraisals], closed_at__isnull=True
    )
    due = dict(open_visits.values_list("object_id", "due_at"))
    for appraisal in appraisals:
        appraisal.step_due = due.get(appraisal.pk)  # type: ignore[attr-defined]


def time_has_passed(attempt: Attempt) -> Verdict:
    """Nobody's time for a self-review is cut short."""
    due: datetime | None = attempt.subject.step_due
    if due is None or attempt.at > due or attempt.user is None:
        return ALLOWED
    return refused(
        gettext("There is time for the self-review until %(day)s.")
        % {"day": date_format(localtime(due), "DATE_FORMAT")},
        _("Remind the employee; when the time has passed, the step can be passed over."),
    )


WITHDRAWABLE = tuple(step for step in OPEN if step not in {Step.APPEALED, Step.IMPROVING})


def on_expiry(appraisal: Appraisal) -> str | None:
    """The verb that the end of the step's time fires; None where the scheme waits."""
    if appraisal.state == Step.TRACKING:
        return Verb.START_REVIEW
    if appraisal.state == Step.APPEAL_WINDOW:
        return Verb.CLOSE_WINDOW
    rule = rule_of(appraisal.track, appraisal.state)
    return Verb.PASS_OVER_SELF_REVIEW if rule is not None and rule.on_expiry == "pass_over" else None
