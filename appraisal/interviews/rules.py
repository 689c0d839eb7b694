"""What must be true of an interview, of its record, and of the employee's answer to a result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of
from appraisal.cycles.rules import is_employee, is_hr, is_hr_partner
from appraisal.cycles.states import Step
from appraisal.interviews.models import Acknowledgement, Interview
from appraisal.interviews.states import DONE, OPINIONS, OWN_ANSWERS, Answer, InterviewState
from workflow.errors import GuardRefused
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User


def minutes_needed(appraisal: Appraisal) -> int:
    """The least length of the interview in minutes (S003-01 結果溝通: 30); 0 where the scheme sets none."""
    rule = rule_of(appraisal.track, Step.INTERVIEWING)
    return (rule.minutes or 0) if rule is not None else 0


def minutes_between(start: datetime, end: datetime) -> int:
    return int((end - start) / timedelta(minutes=1))


def release_of(appraisal: Appraisal) -> datetime:
    """The release that interviews and answers are about."""
    if appraisal.released_at is None:
        raise GuardRefused(gettext("The result has not been released."))
    return appraisal.released_at


def appraisal_is_interviewing(attempt: Attempt) -> Verdict:
    if attempt.subject.appraisal.state == Step.INTERVIEWING:
        return ALLOWED
    return refused(_("The feedback interview belongs to the step after release, before the appeal window."))


def no_interview_yet(attempt: Attempt) -> Verdict:
    """One interview for each release; asked of a row that is about to be created."""
    interview: Interview = attempt.subject
    same = Interview.objects.filter(appraisal=interview.appraisal_id, released_at=interview.released_at)
    if not same.exclude(pk=interview.pk).exists():
        return ALLOWED
    return refused(
        _("There is already an appointment for this interview."), _("Open the page again to move or record it.")
    )


def planned_long_enough(attempt: Attempt) -> Verdict:
    needed = minutes_needed(attempt.subject.appraisal)
    if int(attempt.data.get("minutes", needed)) >= needed:
        return ALLOWED
    return refused(_("Plan at least %(needed)d minutes: the scheme asks for them.") % {"needed": needed})


def long_enough(attempt: Attempt) -> Verdict:
    """`started_at` and `ended_at` come with the attempt: the gate looks at what is about to be recorded."""
    start, end = attempt.data.get("started_at"), attempt.data.get("ended_at")
    if not start or not end:
        return refused(_("Enter when the interview began and when it ended."))
    if datetime.fromisoformat(str(end)) > attempt.at:
        return refused(_("The interview cannot end in the future."))
    needed = minutes_needed(attempt.subject.appraisal)
    held = minutes_between(datetime.fromisoformat(str(start)), datetime.fromisoformat(str(end)))
    if held >= needed and held > 0:
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


def held_or_missed(attempt: Attempt) -> Verdict:
    """HR closes what the employee leaves unanswered, or an appointment to which nobody came; never one to come."""
    interview: Interview = attempt.subject
    if interview.state == InterviewState.HELD or planned_end(interview) <= attempt.at:
        return ALLOWED
    return refused(_("The appointment is still to come."))


def planned_end(interview: Interview) -> datetime:
    return interview.planned_start + timedelta(minutes=interview.planned_minutes)


def load_interview(appraisals: Sequence[Appraisal]) -> None:
    """Hangs the interview about the present release on each appraisal (`latest_interview`, or None), in one query."""
    rows = Interview.objects.filter(appraisal__in=appraisals)
    found = {(row.appraisal_id, row.released_at): row for row in rows}
    for appraisal in appraisals:
        appraisal.latest_interview = found.get((appraisal.pk, appraisal.released_at))  # type: ignore[attr-defined, arg-type]


def interview_done(attempt: Attempt) -> Verdict:
    """Confirmed by the employee, or closed by HR with a reason; a signature is never invented."""
    interview: Interview | None = getattr(attempt.subject, "latest_interview", None)
    if interview is not None and interview.state in DONE:
        return ALLOWED
    if interview is None or interview.state == InterviewState.SCHEDULED:
        return refused(_("The interview has not been recorded yet."), _("The manager records it after it was held."))
    return refused(
        _("The employee has not confirmed the interview record yet."),
        _("HR can go on without it by giving a reason, which is kept."),
    )


def load_answers(appraisals: Sequence[Appraisal]) -> None:
    """Hangs the answers to the present release on each appraisal (`answers`), in one query."""
    found: dict[int, dict[str, Acknowledgement]] = defaultdict(dict)
    released = {appraisal.pk: appraisal.released_at for appraisal in appraisals}
    for row in Acknowledgement.objects.filter(appraisal__in=appraisals).select_related("by"):
        if row.released_at == released[row.appraisal_id]:
            found[row.appraisal_id][row.answer] = row
    for appraisal in appraisals:
        appraisal.answers = found[appraisal.pk]  # type: ignore[attr-defined]


def answer_fits_the_person(attempt: Attempt) -> Verdict:
    """Only the employee has read or has an opinion; only HR or its partner writes down a refusal, with a witness.

    Asked without an answer, whether there is anything left for this person to say.
    """
    given: dict[str, Acknowledgement] = attempt.subject.answers
    answer = attempt.data.get("answer")
    own = attempt.user is not None and is_employee(attempt.subject, attempt.user)
    if answer is None:
        return _something_left(given, own=own)
    if answer in given:
        return refused(_("This answer has already been recorded for this result."))
    if answer in OWN_ANSWERS:
        return _own_answer(given, answer, own=own, comment=attempt.reason)
    if answer == Answer.REFUSED:
        return _refusal(attempt, given)
    return refused(_("Delivery and the end of the window are recorded by the system alone."))


def _own_answer(given: dict[str, Acknowledgement], answer: str, *, own: bool, comment: str) -> Verdict:
    if not own:
        return refused(_("Only the employee can give this answer; nobody signs for somebody else."))
    if answer == Answer.DISAGREED and not comment:
        return refused(_("Say what you disagree with."))
    if answer in OPINIONS and any(opinion in given for opinion in OPINIONS):
        return refused(_("You have already answered this result."), _("What you disagree with can be appealed."))
    return ALLOWED


def _refusal(attempt: Attempt, given: dict[str, Acknowledgement]) -> Verdict:
    user, appraisal = attempt.user, attempt.subject
    if user is None or not (is_hr(appraisal, user) or is_hr_partner(appraisal, user)):
        return refused(_("A refusal is recorded by HR, with a witness."))
    if any(opinion in given for opinion in OPINIONS):
        return refused(_("The employee has already answered this result."))
    if not attempt.data.get("witness"):
        return refused(_("A refusal needs the name of a witness."))
    return ALLOWED


def is_third_person(appraisal: Appraisal, user: User, witness: str) -> bool:
    """Neither the employee nor who records the refusal can witness it."""
    known = {str(user), appraisal.employee.name, appraisal.employee.name_en}
    return witness.strip().casefold() not in {name.casefold() for name in known}


def _something_left(given: dict[str, Acknowledgement], *, own: bool) -> Verdict:
    if any(opinion in given for opinion in OPINIONS) or (not own and Answer.REFUSED in given):
        return refused(_("This result has already been answered."))
    return ALLOWED
