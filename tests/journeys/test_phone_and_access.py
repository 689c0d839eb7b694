"""The main pages on a phone and for everybody: nothing sticks out, nothing that axe calls serious."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Page, expect

from appraisal.appeals.models import Appeal
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from tests.factories.cycles import launch, walk_to
from tests.journeys.pages import WIDE, Person, Stage, moment
from tests.journeys.papers import picture
from tests.journeys.shortcuts import COLLEAGUES

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}


def company(stage: Stage) -> dict[str, int]:
    """One appraisal in each of four steps."""
    cast = stage.cast
    stage.travels_to(moment(3, 2))
    people = (cast.employee, cast.colleague_one, cast.colleague_two, cast.colleague_three)
    rows = launch(cast, *people)
    stage.travels_to(moment(4, 15, 11), sweep=False)
    steps = (Step.SELF_REVIEW, Step.SCORING, Step.APPEAL_WINDOW, Step.APPEALED)
    for row, step in zip(rows, steps, strict=True):
        walk_to(row, step, cast)
    assert Appeal.objects.count() == 1
    return {part: row.pk for part, row in zip(COLLEAGUES, rows, strict=True)}


def pages(rows: Mapping[str, int], cycle: int) -> dict[str, list[tuple[str, list[Any]]]]:
    return {
        "employee": [
            ("home:inbox", []), ("home:appraisal_mine", []), ("home:appraisal", [rows["employee"]]),
            ("home:visibility", [rows["employee"]]), ("assessments:self_review_edit", [rows["employee"]]),
            ("notifications:notice_list", []),
        ],
        "manager": [
            ("home:inbox", []), ("home:team_overview", []), ("assessments:score_edit", [rows["colleague_one"]]),
            ("assessments:raters_invite", [rows["colleague_one"]]),
            ("interviews:interview_detail", [rows["colleague_two"]]),
        ],
        "colleague_two": [
            ("home:appraisal", [rows["colleague_two"]]), ("appeals:appeal_lodge", [rows["colleague_two"]]),
            ("interviews:result_acknowledge", [rows["colleague_two"]]),
        ],
        "hr": [
            ("cycles:cycle_list", []), ("cycles:cycle_detail", [cycle]), ("cycles:cycle_new", []),
            ("appeals:appeal_list", []), ("appeals:appeal_current", [rows["colleague_three"]]),
            ("records:figure_list", []), ("records:figure_import", []), ("improvement:plan_list", []),
            ("people:person_list", []), ("schemes:catalogue_simulate", ["presales-general", "2020-01-01"]),
        ],
    }  # fmt: skip


def too_wide(page: Page) -> bool:
    return bool(page.evaluate(WIDE))


@pytest.mark.parametrize("stage", ["zh-hans", "en"], indirect=True)
def test_no_page_is_wider_than_a_phone(stage: Stage) -> None:
    rows = company(stage)
    found = []
    for name, addresses in pages(rows, cycle_of(rows)).items():
        person = stage.person(name, width=390)
        for address, args in addresses:
            person.goes(address, *args)
            if too_wide(person.page):
                found.append(f"{name} {address}")
    assert found == []


def test_self_review_and_score_can_be_written_on_a_phone(stage: Stage) -> None:
    rows = company(stage)
    employee = stage.person("employee", width=390).goes("assessments:self_review_edit", rows["employee"])
    for field in employee.page.locator("#review-form textarea").all():
        field.fill("按计划完成。")
    employee.page.locator("#evidence input[type=file]").first.set_input_files(picture())
    expect(employee.page.locator("#evidence .file")).to_contain_text(stage.t("Uploaded"))
    employee.has_saved()
    employee.presses("Hand in the self-review").confirms("Hand in").stands_at(Step.SCORING.label)
    manager = stage.person("manager", width=390).goes("assessments:score_edit", rows["employee"])
    manager.page.locator("input[name=points-learning]").fill("90")
    manager.fills("Strengths", "客户跟进及时。").fills("Points to improve", "线索转化。")
    manager.page.locator("#id_strengths").focus()
    manager.has_saved()
    assert not too_wide(manager.page)


@pytest.mark.parametrize("stage", ["zh-hans", "en"], indirect=True)
def test_the_main_pages_have_no_serious_fault_of_access(stage: Stage) -> None:
    rows = company(stage)
    found = []
    for name, addresses in pages(rows, cycle_of(rows)).items():
        person = stage.person(name, bypass_csp=True)
        for address, args in addresses:
            person.goes(address, *args)
            found += [f"{name} {address}: {fault}" for fault in faults(person)]
    assert found == []


def cycle_of(rows: Mapping[str, int]) -> int:
    return Appraisal.objects.get(pk=rows["employee"]).cycle_id


def faults(person: Person) -> Iterable[str]:
    person.page.evaluate(AXE)
    result: Any = person.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    for one in result["violations"]:
        if one["impact"] in SERIOUS:
            yield f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
