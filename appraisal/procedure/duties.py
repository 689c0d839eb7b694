"""Who holds an appraisal in each step, until when, as its scheme says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of
from appraisal.cycles.states import Step
from appraisal.cycles.timing import clock_for
from workflow.calendars import daybook_of
from workflow.clocks import Clock, ClockRule, clock_due
from workflow.machine import SYSTEM, Duty

# Steps in which the scheme names no holder because only HR can act.
HELD_BY_HR = frozenset({Step.DECIDED, Step.CALIBRATING, Step.IMPROVING})
# What only one role can do is theirs, whoever else the scheme names (“the executives”).
DONE_BY: Mapping[str, str] = {Step.PLANNING: "employee", Step.SCORING: "manager"}


def duties(appraisal: Appraisal, at: datetime) -> Sequence[Duty]:
    step = appraisal.state
    if step in {Step.CLOSED, Step.WITHDRAWN}:
        return ()
    rule = rule_of(appraisal.track, step)
    if step == Step.TRACKING:
        return (Duty(SYSTEM, pool=SYSTEM, clock=_period_clock(appraisal, at)),)
    if step == Step.APPEALED:
        # The panel's work items stand on the appeal; here only the due moment is kept.
        clock = clock_for(appraisal, rule, at=at, expires=False) if rule else None
        return (Duty(SYSTEM, pool=SYSTEM, clock=clock),)
    if step == Step.APPEAL_WINDOW:
        clock = clock_for(appraisal, rule, at=at, expires=True, days_left=appraisal.window_days_left) if rule else None
        return (Duty("employee", holder_id=appraisal.employee_account_id, pool="hr", clock=clock, optional=True),)
    clock = clock_for(appraisal, rule, at=at) if rule is not None and step != Step.IMPROVING else None
    holders: Sequence[str] = rule.holder if rule is not None and rule.holder and step not in HELD_BY_HR else ("hr",)
    if step in DONE_BY and DONE_BY[step] not in holders:
        holders = (DONE_BY[step],)
    found = [_held(appraisal, role, clock) for role in holders if role != SYSTEM]
    if step == Step.INTERVIEWING:
        found.append(_answer(appraisal, clock))
    return found


def _held(appraisal: Appraisal, role: str, clock: Clock | None) -> Duty:
    """A named holder without an account leaves the work with HR, never with nobody."""
    accounts = {
        "employee": appraisal.employee_account_id,
        "manager": appraisal.manager_account_id,
        "second_level": appraisal.second_level_account_id or appraisal.manager_account_id,
        # Of a department the head answers; above the head stand the executives.
        "department": appraisal.employee_account_id,
        "executives": appraisal.manager_account_id,
    }
    if role in accounts:
        return Duty(role, holder_id=accounts[role], pool="hr", clock=clock)
    if role == "hr_partner":
        return Duty(role, pool=f"hr_partner:{appraisal.org_unit_id}", clock=clock)
    return Duty(role, pool=role, clock=clock)


def _answer(appraisal: Appraisal, clock: Clock | None) -> Duty:
    return Duty("employee", holder_id=appraisal.employee_account_id, pool="hr", clock=clock, optional=True)


def _period_clock(appraisal: Appraisal, at: datetime) -> Clock:
    """The review starts by itself when the last day of the period is over."""
    end = datetime.combine(appraisal.cycle.ends_on, time.max, tzinfo=ZoneInfo(appraisal.zone))
    days = daybook_of(appraisal.cycle.calendar)
    return clock_due(ClockRule(0, expires=True), max(end, at), anchor=at, days=days, zone=appraisal.zone)
