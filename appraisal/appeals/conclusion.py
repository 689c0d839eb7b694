"""The end of an appeal: the result computed anew where something was upheld, and released again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from appraisal.appeals.models import Appeal, AppealItem
from appraisal.appeals.states import AppealVerb, Ruling
from appraisal.assessments import results
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.process import scheme_of
from appraisal.cycles.states import Origin, Verb
from workflow import engine

if TYPE_CHECKING:
    from appraisal.people.models import User


def conclude(appeal: Appeal, *, signer: User, at: datetime) -> None:
    """Runs in the transaction of the last signature.

    1. Compute the result anew and say so, before the appraisal moves: what follows from the new grade (an improvement
       plan that starts or falls away) decides where it goes.
    2. Conclude the case with the result after it.
    3. Release the result again and take the appraisal on.
    """
    rows = Appraisal.objects.select_related("track", "cycle__calendar", "employee", "manager")
    appraisal = rows.get(pk=appeal.appraisal_id)
    items = appeal.case_items
    if _put_right(appraisal, [item for item in items if item.ruling == Ruling.UPHELD], signer, at):
        engine.record(appraisal, "result.recomputed", acting_user=signer, at=at, data={"appeal": appeal.pk})

    def keep_result(locked: Appeal) -> None:
        locked.score_after, locked.grade_after, locked.decided_at = appraisal.final_score, appraisal.final_grade, at

    engine.perform(appeal, AppealVerb.CONCLUDE, acting_user=None, at=at, change=keep_result)

    def release_again(locked: Appraisal) -> None:
        locked.released_at = at
        locked.window_days_left = None

    engine.perform(appraisal, Verb.DECIDE_APPEAL, acting_user=signer, at=at, change=release_again)


def _put_right(appraisal: Appraisal, upheld: list[AppealItem], signer: User, at: datetime) -> bool:
    """Whether the upheld items changed anything; a flaw of procedure alone changes no figure."""
    reason = "\n".join(item.ruling_reason for item in upheld)
    overrides = {item.indicator: item.new_value for item in upheld if item.indicator and item.new_value is not None}
    if overrides:
        results.recompute(appraisal, overrides, origin=Origin.APPEAL, acting_user=signer, at=at, reason=reason)
    chosen = next((item.new_grade for item in upheld if item.new_grade), "")
    better = bool(chosen) and _is_better(appraisal, chosen)
    if better:
        _set_grade(appraisal, chosen, signer, at, reason)
    return better or bool(overrides)


def _is_better(appraisal: Appraisal, grade: str) -> bool:
    grades = scheme_of(appraisal.track).grades
    names = grades.names if grades else ()
    return grade in names and (
        appraisal.final_grade not in names or names.index(grade) < names.index(appraisal.final_grade)
    )


def _set_grade(appraisal: Appraisal, grade: str, signer: User, at: datetime, reason: str) -> None:
    """The score and its explanation stand; the panel puts right the grade that a calibration had changed."""
    latest = Result.objects.filter(appraisal=appraisal).order_by("at", "pk").last()
    assert appraisal.final_score is not None
    appraisal.final_grade, appraisal.final_origin = grade, Origin.APPEAL
    Result.objects.create(
        appraisal=appraisal, origin=Origin.APPEAL, score=appraisal.final_score, grade=grade, by=signer, at=at,
        explanation=latest.explanation if latest else {}, reason=reason,
    )  # fmt: skip
    Appraisal.objects.filter(pk=appraisal.pk).update(final_grade=grade, final_origin=Origin.APPEAL)
