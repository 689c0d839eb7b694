"""Two people, or one person twice, at the same moment: nothing is lost and nothing happens twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from tests.factories.cycles import launch_one, walk_to
from tests.journeys.pages import Stage, moment
from workflow.models import Fact

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def in_step(stage: Stage, step: Step) -> Appraisal:
    stage.travels_to(moment(3, 2))
    appraisal = launch_one(stage.cast)
    stage.travels_to(moment(4, 3), sweep=False)
    return walk_to(appraisal, step, stage.cast)


@pytest.mark.parametrize("stage", ["zh-hans", "en"], indirect=True)
def test_who_comes_second_reads_what_happened_and_keeps_the_words(stage: Stage) -> None:
    appraisal = in_step(stage, Step.SCORING)
    manager, other = stage.person("manager"), stage.second_window("manager")
    for window in (manager, other):
        window.goes("procedure:appraisal_send_back", appraisal.pk)
    manager.fills("Reason", "请补充线索转化的说明。").presses("Send back").stands_at(Step.SELF_REVIEW.label)
    other.fills("Reason", "第二个窗口里写的很长的理由。").presses("Send back")
    other.reads("What you typed")
    expect(other.page.locator("main textarea[readonly]")).to_have_value("第二个窗口里写的很长的理由。")
    appraisal.refresh_from_db()
    assert appraisal.state == Step.SELF_REVIEW
    assert Fact.objects.filter(object_id=appraisal.pk, name="appraisal.sent_back").count() == 1


def test_two_people_of_hr_withdraw_the_same_person(stage: Stage) -> None:
    appraisal = in_step(stage, Step.SELF_REVIEW)
    hr, hr_two = stage.person("hr"), stage.person("hr_two")
    for person in (hr, hr_two):
        person.goes("procedure:appraisal_withdraw", appraisal.pk)
    hr.fills("Reason", "长期病假。").presses("Withdraw from the cycle").stands_at(Step.WITHDRAWN.label)
    hr_two.fills("Reason", "产假。").presses("Withdraw from the cycle").reads("What you typed").sees("产假。")


def test_a_double_click_has_one_effect(stage: Stage) -> None:
    appraisal = in_step(stage, Step.DECIDED)
    hr = stage.person("hr").goes("procedure:result_release", appraisal.pk)
    facts = Fact.objects.filter(object_id=appraisal.pk).count()
    hr.button("Release the result", hr.page.locator("main form")).dblclick()
    hr.stands_at(Step.INTERVIEWING.label)
    assert Fact.objects.filter(object_id=appraisal.pk, name="result.released").count() == 1
    assert Fact.objects.filter(object_id=appraisal.pk).count() == facts + 1
