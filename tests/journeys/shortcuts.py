"""What a journey needs but does not look at: the same acts without pages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from appraisal.assessments.actions import invite_raters, save_rating, submit_rating, submit_score, submit_self_review
from appraisal.calibration.actions.decisions import decide_and_confirm
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.improvement.actions import Content, Target, accept, approve, deliver, revise
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import Operator
from tests.cast import Cast
from tests.factories.cycles import WAYS, launch_one, loaded, walk_to, write_manager_review, write_self_review
from tests.journeys.pages import Stage, moment

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


def delivered_plan(stage: Stage) -> ImprovementPlan:
    """The employee's plan for three months, handed over on 21 April."""
    cast = stage.cast
    stage.travels_to(moment(3, 2))
    appraisal = launch_one(cast)
    now = stage.travels_to(moment(4, 21, 8), sweep=False)
    walk_to(appraisal, Step.IMPROVING, cast, score="50", grade="D")
    plan = ImprovementPlan.objects.get(appraisal=appraisal)
    targets = [Target("询价一天内回复", Decimal(95), Operator.ABSOLUTE, unit="%")]
    content = Content("询价回复慢。", "每周陪访。", cast.colleague_three.person, date(2026, 4, 21), 3, targets)
    plan = revise(acting_user=cast.hr.user, at=now, plan=plan, content=content)
    plan = approve(acting_user=cast.hr.user, at=now, plan=plan)
    return deliver(acting_user=cast.manager.user, at=now, plan=plan)


def running_plan(stage: Stage) -> ImprovementPlan:
    plan = delivered_plan(stage)
    return accept(acting_user=stage.cast.employee.user, at=moment(4, 21, 8), plan=plan)
