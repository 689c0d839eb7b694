"""The first half of a cycle: the wizard, figures and incidents, the self-review, raters and the score."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from appraisal.assessments.states import RequestState
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.process import scheme_of
from appraisal.cycles.states import Step
from appraisal.schemes.spec import Indicator
from tests.journeys.pages import Person, Stage
from tests.journeys.papers import figures_xlsx, picture


def in_words(stage: Stage, leaf: Indicator) -> str:
    return leaf.label.en if stage.language == "en" else leaf.label.zh


def the_appraisal(stage: Stage, part: str) -> Appraisal:
    rows = Appraisal.objects.select_related("track__scheme_version", "cycle", "employee")
    return rows.get(employee=stage.cast.members[part].person)


def hr_draws_up_and_launches(stage: Stage) -> None:
    hr, east = stage.person("hr"), stage.name_of("colleague_three")
    hr.goes("cycles:cycle_list").follows("New cycle")
    hr.fills("name", "2026年第一季度").fills("English name", "Q1 2026")
    hr.fills("first day", "2026-01-01").fills("last day", "2026-03-31").presses("Continue")
    hr.follows("Add a track").fills("Name of the track", "销售专员")
    hr.chooses("Scheme", re.compile("銷售專員|Sales specialist"))
    hr.presses("Add")
    calibrating = hr.page.get_by_role("checkbox", name=stage.t(Step.CALIBRATING.label), exact=True)
    expect(calibrating).not_to_be_checked()
    calibrating.check()
    hr.presses("Save").follows("Continue")
    hr.ticks(re.compile("华东销售组|Sales East")).ticks(re.compile("销售专员|Sales sp"))
    hr.fills("Without these people", "1007 产假中").presses("Save")
    expect(hr.page.locator(".big-count strong")).to_have_text("3")
    hr.sees(east).sees("产假中").follows("Continue")
    hr.does_not_see(stage.t("Stops the launch")).follows("Continue")
    timeline = hr.page.get_by_role("row").filter(has_text=stage.t(Step.SELF_REVIEW.label)).first
    expect(timeline).to_contain_text("3")
    hr.follows("Continue").presses("Launch now")
    cycle = AppraisalCycle.objects.get()
    assert cycle.state == "open"
    assert cycle.appraisals.count() == 3
    hr.goes("cycles:cycle_detail", cycle.pk).reads("Running")
    stage.person("employee").goes("home:appraisal_mine").page.locator("a.own-card").click()
    stage.person("employee").stands_at(Step.TRACKING.label)


def an_incident_is_reported_and_confirmed(stage: Stage) -> None:
    manager, legal = stage.person("manager"), stage.person("legal")
    manager.goes("records:incident_report").fills("Employee number", "1004").fills("Day", "2026-02-27")
    manager.chooses("Severity", re.compile("輕微|Minor")).fills("Kind", "合同附件缺失")
    manager.fills("What happened", "2 月 27 日的合同缺少附件二。").presses("Report it")
    legal.goes("records:incident_list")
    legal.follows("Open", legal.page.get_by_role("row").filter(has_text="合同附件缺失"))
    legal.presses("Confirm the incident").confirms("Confirm", "与法务存档一致，附件缺失。").reads("Confirmed")


def hr_imports_the_figures(stage: Stage) -> None:
    hr = stage.person("hr").goes("records:figure_import", query="?period=2026Q1")
    hr.field("Table").set_input_files(figures_xlsx("1004", "1005", "1006", poor="1006"))
    hr.presses("Show the difference").reads("This is the difference. It is written when you confirm it.")
    hr.presses("Import all of it").sees("21")


def the_employee_writes_and_hands_in(stage: Stage) -> None:
    employee = stage.person("employee")
    employee.opens(Step.SELF_REVIEW.label)
    words = own_words(stage, employee)
    employee.has_saved()
    employee.page.reload()
    for label, text in words.items():
        expect(employee.field("Your words on “%(indicator)s”", indicator=label)).to_have_value(text)
    employee.presses("Hand in the self-review").confirms("Hand in")
    employee.reads("It was saved but not handed in: something is still missing.")
    employee.reads("Attach at least one piece of evidence, such as a CRM screenshot.")
    attach(employee)
    employee.presses("Hand in the self-review").confirms("Hand in").stands_at(Step.SCORING.label)


def own_words(stage: Stage, employee: Person) -> dict[str, str]:
    leaves = scheme_of(the_appraisal(stage, "employee").track).all_indicators
    words = {in_words(stage, leaf): f"{leaf.label.zh}：按计划完成。" for leaf in leaves}
    for label, text in words.items():
        employee.fills("Your words on “%(indicator)s”", text, indicator=label)
    employee.fills("Summary", "完成了季度目标。")
    employee.page.keyboard.press("Tab")
    return words


def attach(employee: Person) -> None:
    place = employee.page.locator("#evidence .files.is-live")
    place.locator("input[type=file]").first.set_input_files(picture())
    expect(place.locator(".file")).to_contain_text("crm.png")
    expect(place.locator(".file")).to_contain_text(employee.t("Uploaded"))


def the_manager_asks_colleagues_and_sends_back(stage: Stage) -> None:
    manager, appraisal = stage.person("manager"), the_appraisal(stage, "employee")
    manager.goes("assessments:raters_invite", appraisal.pk)
    for part in ("colleague_one", "colleague_two", "colleague_three"):
        manager.ticks(stage.name_of(part))
    manager.presses("Ask them").sees("3")
    manager.goes("home:appraisal", appraisal.pk).follows("Send back")
    manager.fills("Reason", "请补充线索转化的说明。").presses("Send back").stands_at(Step.SELF_REVIEW.label)


def the_employee_hands_in_again(stage: Stage) -> None:
    employee = stage.person("employee")
    employee.opens(Step.SELF_REVIEW.label).sees("请补充线索转化的说明。")
    employee.fills("Summary", "线索转化：展会名片跟进不及时，已改为两日内回访。").page.keyboard.press("Tab")
    employee.has_saved()
    employee.presses("Hand in the self-review").confirms("Hand in").stands_at(Step.SCORING.label)


def colleagues_rate(stage: Stage) -> None:
    for part, points in (("colleague_one", "80"), ("colleague_two", "90"), ("colleague_three", "100")):
        rater = stage.person(part).goes("assessments:rating_list").follows("Rate")
        rater.fills("Your points", points).fills("Comment", "乐于分享经验。").presses("Hand in the rating")
        row = rater.page.get_by_role("row").filter(has_text=stage.name_of("employee"))
        expect(row).to_contain_text(stage.t(RequestState.SUBMITTED.label))


def the_manager_scores(stage: Stage) -> None:
    """90 × 15 + 80 × 15 + 95 × 15 + 75 × 15 + 88 × 10 + 95 × 10 + 90 × 10 + 90 × 10, over 100."""
    manager = stage.person("manager")
    manager.opens(Step.SCORING.label, stage.name_of("employee")).sees("展会名片跟进不及时")
    manager.page.locator("input[name=points-learning]").fill("90")
    manager.fills("Strengths", "客户跟进及时，回款好。").fills("Points to improve", "线索转化需要提高。")
    manager.page.keyboard.press("Tab")
    manager.has_saved()
    expect(manager.page.locator("#preview .preview-value")).to_have_text("87.3")
    expect(manager.page.locator("#preview .grade")).to_have_text("A")
    manager.presses("Hand in the score").confirms("Hand in")
    manager.goes("home:appraisal", the_appraisal(stage, "employee").pk).stands_at(Step.CALIBRATING.label)
