"""What the appraisal's own way causes here: proofs of delivery, windows that passed, interviews that lapsed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from appraisal.interviews.models import Acknowledgement, Interview
from appraisal.interviews.rules import load_answers
from appraisal.interviews.states import OPINIONS, Answer, InterviewState, InterviewVerb
from workflow import copying, facts
from workflow.engine import perform_many
from workflow.machine import Happened


@facts.subscribe("result.released", "appeal.decided")
def record_delivery(happened: Sequence[Happened]) -> None:
    """The result and its notice lie in the employee's account from the moment of release."""
    _record(Answer.DELIVERED, [event for event in happened if event.subject.employee_account_id])


@facts.subscribe("window.closed")
def record_passed_windows(happened: Sequence[Happened]) -> None:
    """Says that nobody answered; it is not an answer."""
    load_answers([event.subject for event in happened])
    _record(
        Answer.WINDOW_PASSED,
        [event for event in happened if not event.subject.answers.keys() & {*OPINIONS, Answer.REFUSED}],
    )


@facts.subscribe("result.recalled", "appraisal.withdrawn")
def let_interviews_lapse(happened: Sequence[Happened]) -> None:
    pending = Interview.objects.filter(
        appraisal__in=[event.subject for event in happened],
        state__in=[InterviewState.SCHEDULED, InterviewState.HELD],
    )
    perform_many(list(pending), InterviewVerb.LAPSE, acting_user=None, at=happened[0].fact.at)


def _record(answer: Answer, events: Sequence[Happened]) -> None:
    rows = [
        copying.fresh(
            Acknowledgement,
            {"appraisal": event.subject},
            appraisal_id=event.subject.pk,
            answer=answer,
            at=event.fact.at,
            released_at=_release(event),
        )
        for event in events
    ]
    copying.insert(rows, ignore_conflicts=True)


def _release(event: Happened) -> datetime:
    released: datetime | None = event.subject.released_at
    return released or event.fact.at
