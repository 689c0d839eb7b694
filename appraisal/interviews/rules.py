"""What must be true of an interview and its record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of
from appraisal.cycles.states import Step
from appraisal.interviews.models import Interview
from appraisal.interviews.states import InterviewState
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused


def minutes_needed(appraisal: Appraisal) -> int:
    """The least length of the interview in minutes (S003-01 結果溝通: 30); 0 where the scheme sets none."""
    rule = rule_of(appraisal.track, Step.INTERVIEWING)
    return (rule.minutes or 0) if rule is not None else 0


def minutes_between(start: datetime, end: datetime) -> int:
    return int((end - start) / timedelta(minutes=1))


def appraisal_is_interviewing(attempt: Attempt) -> Verdict:
    if attempt.subject.appraisal.state == Step.INTERVIEWING:
        return ALLOWED
    return refused(_("The feedback interview belongs to the step after release, before the appeal window."))


def long_enough(attempt: Attempt) -> Verdict:
    """`started_at` and `ended_at` come with the attempt: the gate looks at what is about to be recorded."""
    start, end = attempt.data.get("started_at"), attempt.data.get("ended_at")
    if not start or not end:
        return refused(_("Enter when the interview began and when it ended."))
    needed = minutes_needed(attempt.subject.appraisal)
    held = minutes_between(datetime.fromisoformat(str(start)), datetime.fromisoformat(str(end)))
    if datetime.fromisoformat(str(end)) > attempt.at:
        return refused(_("The interview cannot end in the future."))
    if held >= needed:
        return ALLOWED
    return refused(
        _("The interview lasted %(held)d minutes; the scheme asks for at least %(needed)d.")
        % {"held": held, "needed": needed},
        _("Go on with the interview, or correct the times."),
    )


def plan_agreed(attempt: Attempt) -> Verdict:
    if attempt.data.get("actions"):
        return ALLOWED
    return refused(_("Write down at least one action agreed for the next period."))


def load_interview(appraisals: Sequence[Appraisal]) -> None:
    """Hangs the latest interview on each appraisal (`latest_interview`, or None), in one query."""
    rows = Interview.objects.filter(appraisal__in=appraisals).order_by("pk")
    found = {row.appraisal_id: row for row in rows}
    for appraisal in appraisals:
        appraisal.latest_interview = found.get(appraisal.pk)  # type: ignore[attr-defined]


def interview_done(attempt: Attempt) -> Verdict:
    """Confirmed by the employee, or held and closed by HR with a reason; a signature is never invented."""
    interview = getattr(attempt.subject, "latest_interview", None)
    if interview is None or interview.state == InterviewState.SCHEDULED:
        return refused(_("The interview has not been recorded yet."), _("The manager records it after it was held."))
    if interview.state == InterviewState.CONFIRMED:
        return ALLOWED
    if attempt.user is not None and attempt.user.pk != attempt.subject.employee_account_id and attempt.reason:
        return ALLOWED
    return refused(
        _("The employee has not confirmed the interview record yet."),
        _("HR can go on without it by giving a reason, which is kept."),
    )
