"""Clocks of an appraisal's steps, from the scheme's rule and the cycle's calendar."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.schemes.spec import Step as StepRule
from workflow.calendars import DayBook, daybook_of
from workflow.clocks import MORNING, Clock, ClockRule, set_clock

NOON = time(12)


def clock_for(
    appraisal: Appraisal, rule: StepRule, *, at: datetime, expires: bool | None = None, days_left: int | None = None
) -> Clock | None:
    """The step's clock from its entry at `at`, or None where the rule sets no time.

    A step counted from the end of the period still gets its full time when it is entered later than that, as it is
    after a late launch or a return. `days_left` replaces the number of days (an appeal window that goes on).
    """
    if rule.within is None:
        return None
    days = daybook_of(appraisal.cycle.calendar)
    anchor = period_anchor(appraisal.cycle, appraisal.zone, at, days) if rule.of == "period_end" else at
    ladder = ClockRule(
        count=rule.within.count if days_left is None else days_left,
        unit=rule.within.unit,
        remind=rule.remind,
        escalate=rule.escalate,
        expires=rule.on_expiry != "wait" if expires is None else expires,
    )
    return set_clock(ladder, anchor=anchor, days=days, zone=appraisal.zone)


def period_end(appraisal: Appraisal) -> datetime:
    """Noon of the period's last day where the employee is: that day is day 0 of what is counted from it."""
    return _last_noon(appraisal.cycle, appraisal.zone)


def _last_noon(cycle: AppraisalCycle, zone: str) -> datetime:
    return datetime.combine(cycle.ends_on, NOON, tzinfo=ZoneInfo(zone))


def period_anchor(cycle: AppraisalCycle, zone: str, at: datetime, days: DayBook) -> datetime:
    """The period's end for all who enter before the first working morning after it: no working hour is lost yet."""
    end = _last_noon(cycle, zone)
    first_morning = datetime.combine(days.next_working_day(end.date()), MORNING, tzinfo=ZoneInfo(zone))
    return end if at <= first_morning else at
