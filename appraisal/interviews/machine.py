"""The interview's machine: scheduled, held, confirmed."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.process import rule_of
from appraisal.cycles.rules import is_employee, is_hr, is_manager
from appraisal.cycles.states import Step
from appraisal.cycles.timing import clock_for
from appraisal.interviews.models import Interview
from appraisal.interviews.rules import (
    appraisal_is_interviewing,
    held_or_missed,
    long_enough,
    no_interview_yet,
    plan_agreed,
    planned_long_enough,
)
from appraisal.interviews.states import DONE, InterviewState, InterviewVerb
from appraisal.people import ladder
from workflow import facts
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Duty, Machine, Role, Transition, register

facts.register(
    FactType("interview.scheduled", _("Interview scheduled"), _("%(actor)s set the interview for %(start)s")),
    FactType("interview.moved", _("Interview moved"), _("%(actor)s moved the interview to %(start)s")),
    FactType(
        "interview.recorded", _("Interview recorded"), _("%(actor)s recorded an interview of %(minutes)s minutes")
    ),
    FactType("interview.confirmed", _("Interview record confirmed"), _("%(actor)s confirmed the interview record")),
    FactType(
        "interview.returned", _("Correction asked"), _("%(actor)s asked for a correction of the interview record")
    ),
    FactType(
        "interview.closed_unconfirmed", _("Interview closed without confirmation"),
        _("%(actor)s closed the interview without the employee's confirmation"),
    ),
    FactType("interview.lapsed", _("Interview lapsed"), _("The interview lapsed because the result was taken back")),
)  # fmt: skip


def duties(interview: Interview, at: datetime) -> Sequence[Duty]:
    """The employee owes an answer to the record, the conductor its correction when it came back.

    The first record is the manager's work on the appraisal itself.
    """
    appraisal = interview.appraisal
    if interview.state == InterviewState.HELD:
        rule = rule_of(appraisal.track, ACKNOWLEDGING) or rule_of(appraisal.track, Step.INTERVIEWING)
        clock = clock_for(appraisal, rule, at=at, expires=False) if rule else None
        return (Duty("employee", holder_id=appraisal.employee_account_id, pool="hr", clock=clock),)
    if interview.state == InterviewState.SCHEDULED and interview.started_at is not None:
        rule = rule_of(appraisal.track, Step.INTERVIEWING)
        clock = clock_for(appraisal, rule, at=at, expires=False) if rule else None
        return (Duty("manager", holder_id=appraisal.manager_account_id, pool="hr", clock=clock),)
    return ()


# Not a state of the appraisal: how long the employee has to answer.
ACKNOWLEDGING = "acknowledging"
CONDUCTOR = ("manager", "hr")
MACHINE = register(
    Machine(
        name="interview",
        label=_("Feedback interview"),
        model=Interview,
        states=InterviewState,
        roles=(
            Role("employee", _("the employee"), lambda interview, user: is_employee(interview.appraisal, user)),
            Role("manager", _("the direct manager"), lambda interview, user: is_manager(interview.appraisal, user)),
            Role("hr", _("HR"), lambda interview, user: is_hr(interview.appraisal, user)),
        ),
        final=frozenset(DONE),
        transitions=(
            Transition(
                InterviewVerb.SCHEDULE, InterviewVerb.SCHEDULE.label, (START,), CONDUCTOR, "interview.scheduled",
                (InterviewState.SCHEDULED,), guards=(appraisal_is_interviewing, no_interview_yet, planned_long_enough),
            ),
            Transition(
                InterviewVerb.RESCHEDULE, InterviewVerb.RESCHEDULE.label, (InterviewState.SCHEDULED,), CONDUCTOR,
                "interview.moved", guards=(appraisal_is_interviewing, planned_long_enough),
            ),
            # From the start too: an interview may be held without an appointment.
            Transition(
                InterviewVerb.RECORD, InterviewVerb.RECORD.label,
                (START, InterviewState.SCHEDULED, InterviewState.HELD), CONDUCTOR, "interview.recorded",
                (InterviewState.HELD,), guards=(appraisal_is_interviewing, no_interview_yet, long_enough, plan_agreed),
            ),
            Transition(
                InterviewVerb.RETURN_RECORD, InterviewVerb.RETURN_RECORD.label, (InterviewState.HELD,), ("employee",),
                "interview.returned", (InterviewState.SCHEDULED,), guards=(appraisal_is_interviewing,),
                needs_reason=True,
            ),
            Transition(
                InterviewVerb.CONFIRM, InterviewVerb.CONFIRM.label, (InterviewState.HELD,), ("employee",),
                "interview.confirmed", (InterviewState.CONFIRMED,), guards=(appraisal_is_interviewing,),
            ),
            Transition(
                InterviewVerb.CLOSE_UNCONFIRMED, InterviewVerb.CLOSE_UNCONFIRMED.label,
                (InterviewState.SCHEDULED, InterviewState.HELD), ("hr",), "interview.closed_unconfirmed",
                (InterviewState.UNCONFIRMED,), guards=(appraisal_is_interviewing, held_or_missed), needs_reason=True,
            ),
            Transition(
                InterviewVerb.LAPSE, InterviewVerb.LAPSE.label, (InterviewState.SCHEDULED, InterviewState.HELD),
                (SYSTEM,), "interview.lapsed", (InterviewState.UNCONFIRMED,),
            ),
        ),
        duties=duties,
        on_alarms=ladder.speak,
        related=("appraisal__track", "appraisal__cycle__calendar", "appraisal__employee"),
        shared=("appraisal__track", "appraisal__cycle__calendar"),
        parent="appraisal",
        title=lambda interview: f"{interview.appraisal.title} · {interview.appraisal.cycle}",
    )
)  # fmt: skip
