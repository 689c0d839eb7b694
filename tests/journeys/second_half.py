"""The second half of a cycle: calibration, release, interview, appeal, improvement plan, end."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import expect

from appraisal.appeals.states import Ground, Ruling
from appraisal.cycles.models import AppraisalCycle
from appraisal.cycles.process import scheme_of
from appraisal.cycles.states import Step
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import PlanState
from appraisal.interviews.states import Answer
from tests.journeys.first_half import in_words, the_appraisal
from tests.journeys.pages import Stage


def hr_calibrates(stage: Stage) -> None:
    """A worse grade, refused without reasons; then with them."""
    appraisal = the_appraisal(stage, "employee")
    hr = stage.person("hr").goes("calibration:decision_edit", appraisal.pk)
    hr.page.get_by_role("radio", name=re.compile("^B")).check()
    hr.presses("Confirm and pass on").reads("A changed grade needs this reason.")
    hr.page.get_by_role("radio", name=re.compile("^B")).check()
    hr.fills("Reason for the record", "校准会比较了同组的转化率。")
    hr.fills("Reason for the employee", "与同组相比，线索转化率偏低。").presses("Confirm and pass on")
    hr.goes("home:appraisal", appraisal.pk).stands_at(Step.DECIDED.label)


def hr_releases_in_one_go(stage: Stage) -> None:
    hr = stage.person("hr").goes("cycles:cycle_detail", AppraisalCycle.objects.get().pk)
    for part in ("employee", "colleague_one", "colleague_two"):
        hr.page.get_by_role("row").filter(has_text=stage.name_of(part)).get_by_role("checkbox").check()
    hr.presses("Release results").sees(stage.name_of("colleague_two"))
    hr.page.locator("main form button[type=submit]").first.click()
    hr.goes("home:appraisal", the_appraisal(stage, "employee").pk).stands_at(Step.INTERVIEWING.label)


def the_manager_sets_the_appointment(stage: Stage, day: str) -> None:
    manager = stage.person("manager").opens(Step.INTERVIEWING.label, stage.name_of("employee"))
    manager.fills("Day", day).fills("Begins at", "14:00").fills("Minutes", "30").fills("Place", "三楼会议室")
    manager.presses("Set the appointment").sees("三楼会议室")


def the_manager_records_the_interview(stage: Stage, day: str) -> None:
    manager = stage.person("manager").goes("interviews:interview_detail", the_appraisal(stage, "employee").pk)
    record = manager.awake.locator("#record")
    manager.fills("Held on", day, record).fills("Began at", "14:00", record).fills("Ended at", "14:25", record)
    manager.fills("What went well", "客户跟进及时。", record).fills("What should improve", "线索两日内回访。", record)
    manager.fills("Action", "每月两次深度回访", record)
    manager.presses("Keep the record and ask for confirmation", record)
    manager.reads("The interview lasted %(held)d minutes; the scheme asks for at least %(needed)d.", held=25, needed=30)
    expect(manager.field("What went well", record)).to_have_value("客户跟进及时。")
    manager.fills("Ended at", "14:30", record).presses("Keep the record and ask for confirmation", record)
    manager.reads("waits for the employee's confirmation")


def the_employee_confirms_and_agrees(stage: Stage) -> None:
    employee, appraisal = stage.person("employee"), the_appraisal(stage, "employee")
    employee.goes("interviews:interview_detail", appraisal.pk).sees("每月两次深度回访").presses("Confirm the record")
    employee.goes("home:appraisal", appraisal.pk).stands_at(Step.APPEAL_WINDOW.label)
    employee.goes("interviews:result_acknowledge", appraisal.pk).presses("I agree with the result")
    employee.goes("home:appraisal", appraisal.pk)
    expect(employee.page.locator(".result-letter")).to_have_text("B")
    employee.reads("Why calibration changed the grade").sees("与同组相比").sees("客户跟进及时")
    expect(employee.page.locator(".answers .is-given").last).to_contain_text(stage.t(Answer.AGREED.label))


def the_employee_reads_the_explanation(stage: Stage) -> None:
    employee = stage.person("employee").goes("home:appraisal", the_appraisal(stage, "employee").pk)
    employee.page.locator(".result-score a").first.click()
    dialog = employee.page.locator("dialog[open]")
    expect(dialog).to_contain_text("87.3")
    employee.page.keyboard.press("Escape")
    employee.goes("assessments:explanation", the_appraisal(stage, "employee").pk).sees("87.3")


def a_colleague_appeals(stage: Stage) -> None:
    colleague, appraisal = stage.person("colleague_one"), the_appraisal(stage, "colleague_one")
    colleague.goes("home:appraisal", appraisal.pk)
    expect(colleague.page.locator(".result-letter")).to_have_text("B")
    colleague.goes("appeals:appeal_lodge", appraisal.pk)
    leaf = next(leaf for leaf in scheme_of(appraisal.track).all_indicators if leaf.key == "lead_conversion")
    contest = colleague.page.locator(".contest").filter(has_text=in_words(stage, leaf))
    contest.get_by_role("checkbox").check()
    contest.get_by_role("combobox").select_option(label=stage.t(Ground.FACTS.label))
    contest.get_by_role("textbox").fill("三月签约的十家客户没有计入。")
    colleague.fills("Your statement", "请按合同台账复核签约客户数。").presses("Lodge the appeal")
    colleague.reads("Where it stands")
    colleague.goes("home:appraisal", appraisal.pk).stands_at(Step.APPEALED.label)


def the_panel_upholds_it(stage: Stage) -> None:
    """40 instead of 30 signed customers: conversion 100 points instead of 75, 3.75 more in the total."""
    appraisal = the_appraisal(stage, "colleague_one")
    hr_two = stage.person("hr_two").goes("appeals:appeal_current", appraisal.pk)
    hr_two.presses("Take up the case").sees("三月签约的十家客户没有计入。")
    decision = hr_two.awake.locator("#decision")
    decision.get_by_role("radio", name=stage.t(Ruling.UPHELD.label), exact=True).check()
    hr_two.fills("Reason", "合同台账显示签约 40 家。", decision)
    decision.locator("input[name$=new_value]").fill("40")
    hr_two.fills("Answer to the employee", "经复核，签约客户数更正为 40 家。", decision)
    hr_two.presses("Keep the decision").presses("Sign this text")
    hr_two.goes("home:appraisal", appraisal.pk).stands_at(Step.APPEALED.label)
    director = stage.person("sales_director").goes("appeals:appeal_current", appraisal.pk)
    director.sees("经复核，签约客户数更正为 40 家。").presses("Sign this text").reads("Result after")
    colleague = stage.person("colleague_one").goes("home:appraisal", appraisal.pk)
    expect(colleague.page.locator(".result-letter")).to_have_text("A")
    colleague.sees("87.55").reads("The result was decided on appeal.")


def the_plan(stage: Stage) -> ImprovementPlan:
    return ImprovementPlan.objects.get(appraisal=the_appraisal(stage, "colleague_two"))


def a_plan_is_drafted_approved_and_handed_over(stage: Stage, starts_on: date) -> None:
    appraisal = the_appraisal(stage, "colleague_two")
    hr = stage.person("hr").goes("improvement:plan_current", appraisal.pk).follows("Write the draft")
    hr.fills("Concerns, each with a recent example", "3 月 12 日的客户询价五天后才回复。")
    hr.fills("Help that is given", "每周一次陪访；谈判技巧培训。").fills("Mentor (employee number)", "1007")
    hr.fills("Starts on", starts_on.isoformat()).presses("Save the draft")
    hr.goes("improvement:plan_detail", the_plan(stage).pk).presses("Approve the plan").reads(PlanState.APPROVED.label)
    manager = stage.person("manager").goes("improvement:plan_detail", the_plan(stage).pk)
    manager.presses("Hand over the plan").reads(PlanState.DELIVERED.label)
    employee = stage.person("colleague_two").goes("improvement:plan_detail", the_plan(stage).pk)
    employee.sees("3 月 12 日的客户询价五天后才回复。").presses("I have received the plan")
    employee.reads(PlanState.ACTIVE.label)


def the_manager_checks_in(stage: Stage, day: date) -> None:
    manager = stage.person("manager").goes("improvement:plan_detail", the_plan(stage).pk)
    manager.fills("Held on", day.isoformat()).fills("How it stands", "回复时间已缩短到一天。")
    manager.presses("Record the check-in").sees("回复时间已缩短到一天。")


def hr_concludes_the_plan(stage: Stage) -> None:
    hr = stage.person("hr").goes("improvement:plan_detail", the_plan(stage).pk).reads(PlanState.REVIEWING.label)
    for number, reached in enumerate(("85", "3.3")):
        hr.awake.locator(".target").nth(number).get_by_role("button").click()
        dialog = hr.page.locator("dialog[open]")
        hr.fills("Reached", reached, dialog).presses("Record it", dialog)
        expect(hr.page.locator(".target").nth(number).locator(".target-reached")).to_be_visible()
    hr.page.get_by_role("radio", name=stage.t(PlanState.MET.label)).check()
    hr.fills("Conclusion", "各项目标均已达成。").presses("Conclude the plan")
    assert the_plan(stage).state == PlanState.MET
    stage.person("colleague_two").is_archived(the_appraisal(stage, "colleague_two").pk)


def hr_closes_the_cycle(stage: Stage) -> None:
    cycle = AppraisalCycle.objects.get()
    hr = stage.person("hr").goes("cycles:cycle_detail", cycle.pk).follows("Close the cycle")
    hr.reads("Everything is finished").presses("Close the cycle")
    hr.goes("cycles:cycle_detail", cycle.pk).reads("Ended")
