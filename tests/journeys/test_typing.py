"""What is typed while the page waits for an answer, or for its own scripts, is not lost and not refused."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from appraisal.assessments.models import Review, Submission
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from tests.factories.cycles import launch_one, walk_to, write_manager_review, write_self_review
from tests.journeys.pages import Stage, moment

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
FIRST, LAST = "展会名片跟进不及时。", "展会名片跟进不及时，已改为两日内回访。"
REFUSED_AS_STALE = 409


class Wire:
    """Holds back the requests that match until they are let go, and hears the answers to the others."""

    def __init__(self, page: Page, held: str | re.Pattern[str]) -> None:
        self.waiting: list[Route] = []
        self.answers: list[tuple[str, str, int]] = []
        page.route(held, self._hold)
        page.on("response", lambda one: self.answers.append((one.request.method, one.url, one.status)))

    def _hold(self, route: Route) -> None:
        self.waiting.append(route)

    def lets_go(self) -> None:
        while self.waiting:
            self.waiting.pop(0).continue_()

    def posts(self, address: str) -> int:
        return len([url for method, url, _status in self.answers if method == "POST" and url.endswith(address)])

    @property
    def statuses(self) -> set[int]:
        return {status for _method, _url, status in self.answers}


def in_step(stage: Stage, step: Step) -> Appraisal:
    stage.travels_to(moment(3, 2))
    appraisal = launch_one(stage.cast)
    stage.travels_to(moment(4, 2), sweep=False)
    return walk_to(appraisal, step, stage.cast)


def test_a_self_review_is_handed_in_after_the_save_that_is_under_way(stage: Stage) -> None:
    appraisal = in_step(stage, Step.SELF_REVIEW)
    write_self_review(appraisal, moment(4, 2, 9))
    employee = stage.person("employee").goes("assessments:self_review_edit", appraisal.pk)
    save = reverse("assessments:self_review_save", args=[appraisal.pk])
    wire = Wire(employee.page, f"**{save}")
    with employee.page.expect_request(f"**{save}"):
        employee.fills("Summary", FIRST).page.keyboard.press("Tab")
    employee.fills("Summary", LAST).presses("Hand in the self-review").confirms("Hand in")
    assert wire.posts("/edit/") == 0
    wire.lets_go()
    employee.stands_at(Step.SCORING.label)
    assert Submission.objects.get(appraisal=appraisal).content["summary"] == LAST
    assert (wire.posts(save), wire.posts("/edit/")) == (1, 1)
    assert REFUSED_AS_STALE not in wire.statuses


def test_a_score_is_handed_in_after_the_save_that_is_under_way(stage: Stage) -> None:
    appraisal = in_step(stage, Step.SCORING)
    write_manager_review(appraisal, moment(4, 2, 9))
    manager = stage.person("manager").goes("assessments:score_edit", appraisal.pk)
    save = reverse("assessments:score_save", args=[appraisal.pk])
    wire = Wire(manager.page, f"**{save}")
    with manager.page.expect_request(f"**{save}"):
        manager.fills("Strengths", FIRST).page.keyboard.press("Tab")
    manager.fills("Strengths", LAST).presses("Save")
    assert Review.objects.get(appraisal=appraisal, writer="manager").strengths == "客户跟进及时。"
    wire.lets_go()
    manager.reads("Your score is saved. It has not been handed in yet.")
    expect(manager.field("Strengths")).to_have_value(LAST)
    assert Review.objects.get(appraisal=appraisal, writer="manager").strengths == LAST
    assert REFUSED_AS_STALE not in wire.statuses


def test_a_kept_draft_does_not_cover_what_was_typed_before_it_came(stage: Stage) -> None:
    appraisal = in_step(stage, Step.INTERVIEWING)
    manager = stage.person("manager").goes("interviews:interview_detail", appraisal.pk)
    record = manager.awake.locator("#record")
    record.locator("summary").click()
    manager.fills("What went well", "客户跟进及时。", record).fills("What should improve", FIRST, record)
    wire = Wire(manager.page, re.compile(r"/js/cases[^/]*\.js"))
    manager.page.reload(wait_until="commit")
    asleep = manager.page.locator("#record")
    asleep.locator("summary").click()
    manager.fills("What should improve", LAST, asleep)
    expect(manager.page.locator("html[data-awake]")).to_have_count(0)
    wire.lets_go()
    expect(manager.field("What went well", record)).to_have_value("客户跟进及时。")
    expect(manager.field("What should improve", record)).to_have_value(LAST)


def test_a_dialog_opens_before_the_scripts_have_come(stage: Stage) -> None:
    appraisal = in_step(stage, Step.SELF_REVIEW)
    employee = stage.person("employee")
    wire = Wire(employee.page, re.compile(r"/js/frame[^/]*\.js"))
    employee.page.goto(reverse("assessments:self_review_edit", args=[appraisal.pk]), wait_until="commit")
    employee.page.get_by_role("button", name=stage.t("Hand in the self-review"), exact=True).click()
    dialog = employee.page.locator("dialog[open]")
    expect(dialog).to_contain_text(stage.t("Hand in the self-review?"))
    expect(employee.page.locator("html[data-awake]")).to_have_count(0)
    wire.lets_go()
    expect(employee.awake.locator("dialog[open]")).to_be_visible()
    employee.presses("Go on writing", dialog)
    expect(dialog).to_have_count(0)
