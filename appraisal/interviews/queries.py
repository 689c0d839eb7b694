"""Reading interviews and answers, for people who may already see the appraisal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appraisal.cycles.models import Appraisal
from appraisal.cycles.rules import is_hr, is_manager
from appraisal.cycles.states import Step
from appraisal.interviews.models import Acknowledgement, Interview
from appraisal.interviews.rules import load_answers
from appraisal.interviews.states import Answer

if TYPE_CHECKING:
    from appraisal.people.models import User


def interview_of(appraisal: Appraisal) -> Interview | None:
    """The interview about the present release; after an appeal the one that was held before it."""
    rows = Interview.objects.filter(appraisal=appraisal).select_related("conductor")
    interview = rows.order_by("-released_at", "-pk").first()
    if interview is None or (appraisal.state == Step.INTERVIEWING and interview.released_at != appraisal.released_at):
        return None
    interview.appraisal = appraisal
    return interview


def conducts(appraisal: Appraisal, user: User) -> bool:
    """Who arranges the interview and writes its record."""
    return appraisal.state == Step.INTERVIEWING and (is_manager(appraisal, user) or is_hr(appraisal, user))


def answers_of(appraisal: Appraisal) -> list[tuple[Answer, Acknowledgement | None]]:
    """The six outcomes in order, each with its record to the present release."""
    if not hasattr(appraisal, "answers"):
        load_answers([appraisal])
    given: dict[str, Acknowledgement] = appraisal.answers  # type: ignore[attr-defined]
    return [(answer, given.get(answer)) for answer in Answer]
