"""What happens when nobody does anything: on the page of the person concerned, and in the inboxes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from appraisal.assessments.actions import invite_raters
from appraisal.assessments.states import RequestState
from appraisal.cycles.states import Step
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import PlanState
from appraisal.interviews.states import Answer
from appraisal.people.post import desk_of
from tests.factories.cycles import launch_one, walk_to
from tests.journeys.pages import Stage, moment
from tests.journeys.shortcuts import running_plan

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def test_the_review_begins_by_itself_when_the_period_has_ended(stage: Stage) -> None:
    stage.travels_to(moment(3, 2))
    appraisal = launch_one(stage.cast)
    employee = stage.person("employee").has_nothing_to_do(Step.SELF_REVIEW.label)
    employee.goes("home:appraisal", appraisal.pk).stands_at(Step.TRACKING.label)
    stage.travels_to(moment(4, 1, 8))
    employee.goes("home:appraisal", appraisal.pk).stands_at(Step.SELF_REVIEW.label)
    employee.opens(Step.SELF_REVIEW.label).reads("Hand in the self-review")


def test_without_a_self_review_the_manager_goes_on_and_the_page_says_that_none_was_given(stage: Stage) -> None:
    stage.travels_to(moment(3, 2))
    appraisal = launch_one(stage.cast)
    stage.travels_to(moment(4, 1, 8))
    employee = stage.person("employee")
    employee.has_to_do(Step.SELF_REVIEW.label)
    stage.travels_to(moment(4, 3, 23, 30))
    employee.has_to_do(Step.SELF_REVIEW.label)
    stage.travels_to(moment(4, 7, 8))
    employee.has_nothing_to_do(Step.SELF_REVIEW.label)
    employee.goes("home:appraisal", appraisal.pk).stands_at(Step.SCORING.label)
    stage.person("manager").opens(Step.SCORING.label, stage.name_of("employee"))
    employee.goes("assessments:self_review_detail", appraisal.pk).reads("No self-review has been handed in")


def test_a_rating_that_does_not_come_is_no_longer_asked_for(stage: Stage) -> None:
    stage.travels_to(moment(3, 2))
    appraisal = launch_one(stage.cast)
    now = stage.travels_to(moment(4, 3, 12), sweep=False)
    appraisal = walk_to(appraisal, Step.SCORING, stage.cast)
    raters = [member.user for member in stage.cast.colleagues]
    asked = invite_raters(
        acting_user=stage.cast.manager.user, appraisal=appraisal, input_key="teamwork", raters=raters, at=now
    )
    colleague = stage.person("colleague_one").goes("assessments:rating_list")
    colleague.follows("Rate").reads("Hand in the rating")
    stage.travels_to(moment(5, 6))
    colleague.goes("assessments:rating_list").reads("Nobody waits for a rating from you")
    row = colleague.page.get_by_role("row").filter(has_text=stage.name_of("employee"))
    expect(row).to_contain_text(stage.t(RequestState.EXPIRED.label))
    mine = next(one for one in asked if one.rater_id == stage.cast.colleague_one.user.pk)
    colleague.goes("assessments:rating_edit", mine.pk)
    colleague.reads("This request is over; nothing is asked of you any more.")


def test_the_right_to_appeal_ends_with_its_window(stage: Stage) -> None:
    stage.travels_to(moment(3, 2))
    appraisal = launch_one(stage.cast)
    stage.travels_to(moment(4, 15, 11), sweep=False)
    walk_to(appraisal, Step.APPEAL_WINDOW, stage.cast)
    employee = stage.person("employee").goes("appeals:appeal_lodge", appraisal.pk).reads("Lodge the appeal")
    stage.travels_to(moment(4, 20, 23, 30))
    employee.goes("appeals:appeal_lodge", appraisal.pk).reads("Lodge the appeal")
    stage.travels_to(moment(4, 21, 8))
    employee.goes("appeals:appeal_lodge", appraisal.pk).reads("No appeal can be lodged now")
    employee.is_archived(appraisal.pk).has_nothing_to_do(Step.APPEAL_WINDOW.label)
    answers = employee.goes("interviews:result_acknowledge", appraisal.pk).page.locator(".outcomes")
    expect(answers).to_contain_text(stage.t(Answer.WINDOW_PASSED.label))


def test_a_plan_whose_time_is_over_waits_for_its_conclusion(stage: Stage) -> None:
    plan = running_plan(stage)
    employee = stage.person("employee").goes("improvement:plan_detail", plan.pk).reads(PlanState.ACTIVE.label)
    stage.travels_to(moment(7, 23, 8))
    employee.goes("improvement:plan_detail", plan.pk).reads(PlanState.REVIEWING.label)
    conclude = desk_of(ImprovementPlan).duties[PlanState.REVIEWING]
    stage.person("hr").opens(conclude, stage.name_of("employee")).reads("Conclude the plan")
    employee.goes("home:appraisal", plan.appraisal_id).stands_at(Step.IMPROVING.label)
