"""What is done with an interview (appointment, record, confirmation), and the employee's answer to the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from appraisal.interviews.models import Acknowledgement, Interview, NextAction
from appraisal.interviews.rules import is_third_person, minutes_between, release_of
from appraisal.interviews.states import OPINIONS, ActionOwner, Answer, InterviewVerb
from workflow import visits
from workflow.engine import begin, perform
from workflow.errors import GuardRefused

if TYPE_CHECKING:
    from appraisal.people.models import User


@dataclass(frozen=True, slots=True)
class Appointment:
    start: datetime
    minutes: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """One line of the plan for the next period."""

    text: str
    owner: str = ActionOwner.EMPLOYEE
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    started_at: datetime
    ended_at: datetime
    actions: Sequence[AgreedAction]
    strengths: str = ""
    improvements: str = ""
    notes: str = ""

    def facts(self) -> dict[str, Any]:
        """What the gates and the log read; the words stay with the record."""
        return {
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat(),
            "minutes": minutes_between(self.started_at, self.ended_at),
            "actions": len(self.actions),
        }


@transaction.atomic
def schedule_interview(*, acting_user: User, appraisal: Appraisal, appointment: Appointment, at: datetime) -> Interview:
    interview = _new(_locked(appraisal), acting_user, appointment)
    begin(
        [interview],
        InterviewVerb.SCHEDULE,
        acting_user=acting_user,
        at=at,
        data=_words(interview.appraisal, appointment),
    )
    return interview


def reschedule_interview(
    *,
    acting_user: User,
    interview: Interview,
    appointment: Appointment,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Interview:
    """Moves the appointment; its sequence grows, so that calendar programs replace what they have."""

    def move(locked: Interview) -> None:
        _put_appointment(locked, appointment)
        locked.sequence += 1

    return perform(
        interview, InterviewVerb.RESCHEDULE, acting_user=acting_user, at=at, version=version, key=key, change=move,
        data=_words(interview.appraisal, appointment),
    ).subject  # fmt: skip


@transaction.atomic
def record_interview(
    *,
    acting_user: User,
    appraisal: Appraisal,
    record: Record,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Interview:
    """Writes down what was said and agreed; the employee is asked to confirm. Also without an appointment."""
    locked = _locked(appraisal)
    interview = Interview.objects.filter(appraisal=locked, released_at=release_of(locked)).first()
    if interview is None:
        minutes = record.facts()["minutes"]
        interview = _new(locked, acting_user, Appointment(record.started_at, max(minutes, 0)))
        _put_record(interview, record)
        begin([interview], InterviewVerb.RECORD, acting_user=acting_user, at=at, data=record.facts())
        _replace_actions(interview, record.actions)
    else:

        def write(row: Interview) -> None:
            row.conductor = acting_user
            _put_record(row, record)
            _replace_actions(row, record.actions)

        perform(
            interview, InterviewVerb.RECORD, acting_user=acting_user, at=at, version=version, key=key, change=write,
            data=record.facts(),
        )  # fmt: skip
    _conductor_is_done(locked, acting_user, at)
    return interview


@transaction.atomic
def confirm_record(
    *,
    acting_user: User,
    interview: Interview,
    at: datetime,
    comment: str = "",
    version: int | None = None,
    key: str | None = None,
) -> Interview:
    """The employee confirms, perhaps with a comment, and the appraisal goes on to its appeal window."""

    def note(row: Interview) -> None:
        row.employee_comment = comment.strip()

    done = perform(
        interview, InterviewVerb.CONFIRM, acting_user=acting_user, at=at, version=version, key=key, change=note
    )
    if not done.replayed:
        _go_on(done.subject, acting_user, at)
    return done.subject


def return_record(
    *,
    acting_user: User,
    interview: Interview,
    reason: str,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Interview:
    """The employee asks for a correction; the record stays as written until the conductor writes it anew."""
    return perform(
        interview, InterviewVerb.RETURN_RECORD, acting_user=acting_user, at=at, version=version, key=key, reason=reason
    ).subject


@transaction.atomic
def close_without_confirmation(
    *,
    acting_user: User,
    interview: Interview,
    reason: str,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Interview:
    """HR goes on without the employee's confirmation; the record says so, and nobody has signed."""
    done = perform(
        interview, InterviewVerb.CLOSE_UNCONFIRMED, acting_user=acting_user, at=at, version=version, key=key,
        reason=reason,
    )  # fmt: skip
    if not done.replayed:
        _go_on(done.subject, acting_user, at, reason)
    return done.subject


@transaction.atomic
def acknowledge(
    *,
    acting_user: User,
    appraisal: Appraisal,
    answer: str,
    at: datetime,
    comment: str = "",
    witness: str = "",
    version: int | None = None,
    key: str | None = None,
) -> Appraisal:
    """One answer to the present release. None is ever given in somebody else's name."""

    def write(row: Appraisal) -> None:
        if answer == Answer.REFUSED and not is_third_person(row, acting_user, witness):
            raise GuardRefused(_("The witness is a third person, neither the employee nor who records the refusal."))
        Acknowledgement.objects.create(
            appraisal=row, answer=answer, comment=comment.strip(), witness=witness.strip(), by=acting_user, at=at,
            released_at=release_of(row),
        )  # fmt: skip

    done = perform(
        appraisal, Verb.ACKNOWLEDGE, acting_user=acting_user, at=at, version=version, key=key, change=write,
        reason=comment, data={"answer": answer, "witness": bool(witness.strip())},
        personal={"witness": witness.strip()},
    )  # fmt: skip
    if answer in OPINIONS and appraisal.state == Step.INTERVIEWING:
        # Only there is the answer a piece of work; in the window the open item is the right to appeal.
        visits.open_items([appraisal]).filter(role="employee", optional=True).update(
            closed_at=at, closed_by=acting_user, outcome=Verb.ACKNOWLEDGE, alarm_at=None
        )
    return done.subject


def _go_on(interview: Interview, user: User, at: datetime, reason: str = "") -> None:
    def open_full_window(appraisal: Appraisal) -> None:
        appraisal.window_days_left = None

    perform(interview.appraisal, Verb.RECORD_INTERVIEW, acting_user=user, at=at, reason=reason, change=open_full_window)


def _locked(appraisal: Appraisal) -> Appraisal:
    rows = Appraisal.objects.select_related("track", "cycle__calendar", "employee").select_for_update(of=("self",))
    return rows.get(pk=appraisal.pk)


def _new(appraisal: Appraisal, conductor: User, appointment: Appointment) -> Interview:
    interview = Interview(appraisal=appraisal, conductor=conductor, released_at=release_of(appraisal))
    _put_appointment(interview, appointment)
    return interview


def _put_appointment(interview: Interview, appointment: Appointment) -> None:
    interview.planned_start = appointment.start
    interview.planned_minutes = appointment.minutes
    interview.place = appointment.place.strip()


def _put_record(interview: Interview, record: Record) -> None:
    interview.started_at, interview.ended_at = record.started_at, record.ended_at
    interview.strengths = record.strengths.strip()
    interview.improvements = record.improvements.strip()
    interview.notes = record.notes.strip()


def _replace_actions(interview: Interview, actions: Sequence[AgreedAction]) -> None:
    NextAction.objects.filter(interview=interview).delete()
    NextAction.objects.bulk_create(
        NextAction(
            interview=interview, text=action.text.strip(), owner=action.owner, due_on=action.due_on, position=position
        )
        for position, action in enumerate(actions)
    )


def _conductor_is_done(appraisal: Appraisal, user: User, at: datetime) -> None:
    """From here on it is the employee's turn: nobody reminds the manager of what lies with somebody else."""
    visits.open_items([appraisal]).filter(role="manager").update(
        closed_at=at, closed_by=user, outcome=InterviewVerb.RECORD, alarm_at=None
    )


def _words(appraisal: Appraisal, appointment: Appointment) -> dict[str, Any]:
    start = appointment.start.astimezone(ZoneInfo(appraisal.zone))
    return {
        "start": f"{start:%Y-%m-%d %H:%M}",
        "starts_at": appointment.start.isoformat(),
        "minutes": appointment.minutes,
        "place": appointment.place.strip(),
    }
