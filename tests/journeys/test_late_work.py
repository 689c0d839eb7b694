"""Deadlines that pass where nothing may go on by itself: the work waits for its holder, and those above are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from appraisal.appeals.models import Appeal
from appraisal.appeals.states import AppealState
from appraisal.cycles.states import Step
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import PlanState
from appraisal.interviews.actions import AgreedAction, Appointment, Record, record_interview, schedule_interview
from appraisal.interviews.models import Interview
from appraisal.interviews.states import InterviewState
from appraisal.people.post import desk_of
from tests.factories.cycles import launch_one, walk_to
from tests.journeys.pages import ZONE, Stage, Words, moment
from tests.journeys.shortcuts import delivered_plan, running_plan

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


@dataclass(frozen=True)
class Wait:
    """Who holds the work, its last day, a day by which its ladder has spoken, and who of those above is told."""

    holder: str
    last_day: date
    later: date
    told: tuple[str, ...] = ()


# Counted by hand: 4-6 April and 1-5 May are holidays, 9 May is a working Saturday.
WAITS = {
    Step.PLANNING: Wait("employee", date(2026, 3, 9), date(2026, 3, 13), ("manager", "hr_partner")),
    Step.SCORING: Wait("manager", date(2026, 4, 13), date(2026, 4, 20), ("second_level", "hr_partner")),
    Step.COUNTERSIGNING: Wait("second_level", date(2026, 4, 17), date(2026, 4, 23), ("hr_partner",)),
    Step.CALIBRATING: Wait("hr", date(2026, 4, 24), date(2026, 4, 30)),
    Step.DECIDED: Wait("hr", date(2026, 4, 17), date(2026, 4, 21)),
    Step.INTERVIEWING: Wait("manager", date(2026, 4, 21), date(2026, 4, 24), ("second_level",)),
    Step.APPEALED: Wait("hr", date(2026, 4, 23), date(2026, 4, 29)),
}
SWITCHED_ON = {Step.PLANNING, Step.COUNTERSIGNING, Step.CALIBRATING}


def on(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZONE)


def becomes_late(stage: Stage, wait: Wait, words: Words) -> None:
    """On its last evening it is not late, on the next morning it is; later the holder and those above have letters."""
    name, holder = stage.name_of("employee"), stage.person(wait.holder)
    whom, about = ("", "2026年第一季度") if wait.holder == "employee" else (name, name)
    stage.travels_to(on(wait.last_day, 23))
    expect(holder.has_to_do(words, whom).locator(".due-late")).to_have_count(0)
    stage.travels_to(on(wait.last_day + timedelta(days=1), 8))
    expect(holder.has_to_do(words, whom).locator(".due-late")).to_be_visible()
    stage.travels_to(on(wait.later, 12))
    for part in wait.told:
        above = stage.person(part).goes("notifications:notice_list")
        above.reads("Late: %(step)s, %(whom)s", step=stage.t(words), whom=name)
    letter = "Others were told: %(step)s, %(whom)s" if wait.told else "Overdue: %(step)s, %(whom)s"
    holder.goes("notifications:notice_list").reads(letter, step=stage.t(words), whom=about)
    holder.has_to_do(words, whom)


@pytest.mark.parametrize("step", WAITS)
def test_a_late_step_waits_for_its_holder(stage: Stage, step: Step) -> None:
    wait = WAITS[step]
    stage.travels_to(moment(3, 2))
    appraisal = launch_one(stage.cast, steps={step.value: {"on": True}} if step in SWITCHED_ON else None)
    if step != Step.PLANNING:
        stage.travels_to(moment(4, 1, 8), sweep=False)
    walk_to(appraisal, step, stage.cast)
    becomes_late(stage, wait, desk_of(Appeal).duties[AppealState.LODGED] if step == Step.APPEALED else step.label)
    stage.person("employee").goes("home:appraisal", appraisal.pk).stands_at(step.label)
    hr = stage.person("hr").goes("cycles:cycle_detail", appraisal.cycle_id, query="?late=1")
    expect(hr.page.get_by_role("row").filter(has_text=stage.name_of("employee"))).to_be_visible()


def test_a_record_that_nobody_confirms_is_not_confirmed_for_the_employee(stage: Stage) -> None:
    stage.travels_to(moment(3, 2))
    appraisal = walk_to(launch_one(stage.cast), Step.INTERVIEWING, stage.cast)
    start, manager = moment(4, 15, 14), stage.cast.manager.user
    stage.travels_to(moment(4, 15, 15), sweep=False)
    schedule_interview(acting_user=manager, appraisal=appraisal, appointment=Appointment(start, 30), at=start)
    record = Record(start, start + timedelta(minutes=40), [AgreedAction("每月两次深度回访")])
    record_interview(acting_user=manager, appraisal=appraisal, record=record, at=moment(4, 15, 15))
    confirm = desk_of(Interview).duties[InterviewState.HELD]
    becomes_late(stage, Wait("employee", date(2026, 4, 20), date(2026, 4, 22)), confirm)
    employee = stage.person("employee").goes("home:appraisal", appraisal.pk).stands_at(Step.INTERVIEWING.label)
    employee.goes("interviews:interview_detail", appraisal.pk).reads("waits for the employee's confirmation")
    stage.person("hr").goes("interviews:interview_detail", appraisal.pk).presses("Close without confirmation")
    stage.person("hr").confirms("Close the interview", "员工三日内未确认，已电话告知。")
    employee.goes("home:appraisal", appraisal.pk).stands_at(Step.APPEAL_WINDOW.label)


def test_a_plan_that_nobody_acknowledges_does_not_begin(stage: Stage) -> None:
    plan = delivered_plan(stage)
    acknowledge = desk_of(ImprovementPlan).duties[PlanState.DELIVERED]
    becomes_late(stage, Wait("employee", date(2026, 4, 24), date(2026, 4, 28), ("hr",)), acknowledge)
    plan.refresh_from_db()
    assert plan.state == PlanState.DELIVERED


def test_a_check_in_that_is_not_held_is_told_to_the_hr_partner(stage: Stage) -> None:
    plan = running_plan(stage)
    check_in = desk_of(ImprovementPlan).duties[PlanState.ACTIVE]
    becomes_late(stage, Wait("manager", date(2026, 5, 8), date(2026, 5, 13), ("hr_partner",)), check_in)
    stage.person("employee").goes("improvement:plan_detail", plan.pk).reads(PlanState.ACTIVE.label)


def test_a_plan_that_nobody_concludes_cannot_lapse(stage: Stage) -> None:
    plan = running_plan(stage)
    stage.travels_to(moment(7, 21, 10))
    conclude = desk_of(ImprovementPlan).duties[PlanState.REVIEWING]
    becomes_late(stage, Wait("hr", date(2026, 7, 28), date(2026, 7, 30)), conclude)
    plan.refresh_from_db()
    assert plan.state == PlanState.REVIEWING
    stage.person("employee").goes("home:appraisal", plan.appraisal_id).stands_at(Step.IMPROVING.label)
