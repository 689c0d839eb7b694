"""When a step is due, when its ladder speaks, and the rule that both were made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from workflow.calendars import DayBook, due_at

MORNING = time(9, 30)
REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long a step may take and who is told when. Offsets are working days from the due day."""

    count: int
    unit: str = "working"
    remind: tuple[int, ...] = ()
    escalate: Mapping[int, str] = field(default_factory=dict)
    expires: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A due moment, the rungs still to come (slot and moment, in order) and the rule, as stored with the row."""

    due_at: datetime
    rungs: tuple[tuple[str, datetime], ...]
    rule: dict[str, Any]


def set_clock(rule: ClockRule, *, anchor: datetime, days: DayBook, zone: str) -> Clock:
    """Counts from the anchor; rungs at or before the anchor are left out."""
    return _remembered(rule, None, anchor, days, zone)


def clock_due(rule: ClockRule, due: datetime, *, anchor: datetime, days: DayBook, zone: str) -> Clock:
    """The same with the due moment given, for extensions and dates that HR set."""
    return _remembered(rule, due, anchor, days, zone)


def _remembered(rule: ClockRule, due: datetime | None, anchor: datetime, days: DayBook, zone: str) -> Clock:
    """Clocks never change, so that those who enter a step at the same moment share one."""
    key = (rule.count, rule.unit, rule.remind, tuple(rule.escalate.items()), rule.expires, due, anchor, zone)
    clock: Clock | None = days.clocks.get(key)
    if clock is None:
        if len(days.clocks) >= REMEMBERED:
            days.clocks.clear()
        end = due_at(anchor, rule.count, rule.unit, days, ZoneInfo(zone)) if due is None else due
        clock = days.clocks[key] = _clock(rule, end, anchor, days, zone)
    return clock


def _clock(rule: ClockRule, due: datetime, anchor: datetime, days: DayBook, zone: str) -> Clock:
    rungs = tuple(rung for rung in _rungs(rule, due, days, zone) if rung[1] > anchor)
    kept = {
        **asdict(rule),
        "escalate": {str(k): v for k, v in rule.escalate.items()},
        "anchor": anchor.isoformat(),
        "zone": zone,
        "calendar": days.calendar_id,
        "revision": days.revision,
        "rungs": [[slot, moment.isoformat()] for slot, moment in rungs],
    }
    return Clock(due_at=due, rungs=rungs, rule=kept)


def rule_of(stored: Mapping[str, Any]) -> ClockRule:
    """The rule from what `Clock.rule` stored."""
    return ClockRule(
        count=stored["count"],
        unit=stored["unit"],
        remind=tuple(stored["remind"]),
        escalate={int(offset): role for offset, role in stored["escalate"].items()},
        expires=stored["expires"],
    )


def stored_rungs(stored: Mapping[str, Any]) -> list[tuple[str, datetime]]:
    return [(slot, datetime.fromisoformat(moment)) for slot, moment in stored.get("rungs", [])]


def _rungs(rule: ClockRule, due: datetime, days: DayBook, zone: str) -> list[tuple[str, datetime]]:
    due_day = due.astimezone(ZoneInfo(zone)).date()
    rungs = [(f"remind:{offset}", _morning(due_day, offset, days, zone)) for offset in rule.remind]
    rungs += [
        (f"escalate:{offset}:{role}", _morning(due_day, offset, days, zone)) for offset, role in rule.escalate.items()
    ]
    if rule.expires:
        rungs.append(("expire", due))
    return sorted(rungs, key=lambda rung: rung[1])


def _morning(due_day: date, offset: int, days: DayBook, zone: str) -> datetime:
    day = days.add_working_days(due_day, offset) if offset else due_day
    return datetime.combine(day, MORNING, tzinfo=ZoneInfo(zone))
