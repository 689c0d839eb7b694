"""What a journey needs but does not look at: the same acts without pages."""

from __future__ import annotations

from datetime import datetime

from appraisal.assessments.actions import invite_raters, save_rating, submit_rating, submit_score, submit_self_review
from appraisal.calibration.actions.decisions import decide_and_confirm
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from tests.cast import Cast
from tests.factories.cycles import WAYS, loaded, write_manager_review, write_self_review

COLLEAGUES = ("employee", "colleague_one", "colleague_two", "colleague_three")


def fresh(appraisal: Appraisal) -> Appraisal:
    found: Appraisal = loaded().get(pk=appraisal.pk)
    return found


def score(cast: Cast, appraisal: Appraisal, now: datetime, *, peers: str, learning: str) -> Appraisal:
    """From the self-review to calibration, with these points of each colleague and of the manager."""
    if appraisal.state == Step.SELF_REVIEW:
        write_self_review(appraisal, now)
        submit_self_review(acting_user=appraisal.employee_account, appraisal=appraisal, at=now)
    appraisal = fresh(appraisal)
    raters = [cast.members[part].user for part in COLLEAGUES]
    raters = [rater for rater in raters if rater.pk != appraisal.employee_account_id]
    asked = invite_raters(
        acting_user=appraisal.manager_account, appraisal=appraisal, input_key="teamwork", raters=raters, at=now
    )
    for one in asked:
        save_rating(acting_user=one.rater, request=one, points=peers, comment="", draft=0, at=now)
        one.refresh_from_db()
        submit_rating(acting_user=one.rater, request=one, at=now)
    write_manager_review(appraisal, now, learning)
    appraisal = fresh(appraisal)
    submit_score(acting_user=appraisal.manager_account, appraisal=appraisal, at=now)
    return fresh(appraisal)


def calibrate(cast: Cast, appraisal: Appraisal, now: datetime, grade: str) -> None:
    appraisal = fresh(appraisal)
    why = "与同组相比，转化率偏低。" if grade != appraisal.review_grade else ""
    decide_and_confirm(
        acting_user=cast.hr.user, appraisal=appraisal, grade=grade, at=now, reason=why, reason_for_employee=why
    )


def interview(cast: Cast, appraisal: Appraisal, now: datetime) -> None:
    WAYS[Step.INTERVIEWING](fresh(appraisal), cast, now, "", "")
