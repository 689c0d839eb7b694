"""The calibration of the demo's running quarter: one grade is changed, the others are confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from appraisal.calibration.actions import confirm, decide, open_session, prepare_session
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.demo.staffing import Staff

if TYPE_CHECKING:
    from appraisal.demo.running import Standing
    from appraisal.demo.season import Cast


def calibrate(cast: Cast, through: Sequence[Standing], staff: Staff, *, at: datetime) -> None:
    """Decides and confirms those who are through by today; the others wait for their session."""
    hr = staff.user("4001")
    for standing in through:
        appraisal: Appraisal = cast[standing.person]
        grade, reason, words = appraisal.review_grade, "", ""
        if (standing.step, standing.turn, grade) == (Step.APPEAL_WINDOW, 0, "A"):
            grade = "B"
            reason = "与同组其他 A 级员工相比，客户满意度和线索转化偏低。"
            words = "校准会比较了全组业绩：您的客户满意度和线索转化与其他 A 级同事有差距。"
        decide(acting_user=hr, appraisal=appraisal, grade=grade, reason=reason, reason_for_employee=words, at=at)
        confirm(acting_user=hr, appraisal=cast[standing.person], at=at)


def open_the_session(cast: Cast, staff: Staff, *, at: datetime) -> None:
    """Those who still wait are looked at together; the first two are confirmed already."""
    hr = staff.user("4001")
    session = prepare_session(
        acting_user=hr, cycle=cast.cycle, name="销售部校准会", at=at, org_unit=staff.units["SALES"]
    )
    session = open_session(acting_user=hr, session=session, at=at)
    for appraisal in cast.in_step(Step.CALIBRATING)[:2]:
        decide(acting_user=hr, appraisal=appraisal, grade=appraisal.review_grade, session=session, at=at)
