"""When everything would happen on a track if everybody acted on the last day: dates and messages, before the launch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from appraisal.assessments.naming import role_words
from appraisal.cycles.models import Appraisal, Track
from appraisal.cycles.process import route, rule_of
from appraisal.cycles.states import ROUTE, Step
from appraisal.cycles.timing import clock_for
from appraisal.schemes.spec import Step as StepRule
from workflow.calendars import DayBook, daybook_of, one_reading
from workflow.clocks import Clock

NOON = time(12)
ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Message:
    """One rung: `kind` is remind, escalate or expire; `role` is who is told."""

    step: Step
    kind: str
    day: date
    role: str

    @property
    def to(self) -> str:
        return role_words(self.role)


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of the typical path. `is_on` False: passed over, with nothing to do and nobody told."""

    step: Step
    is_on: bool
    holders: tuple[str, ...]
    begins: date | None = None
    due: date | None = None
    days: int | None = None
    unit: str = ""
    expires: bool = False
    assumed: tuple[str, ...] = ()
    provisional: bool = False
    messages: tuple[Message, ...] = ()

    @property
    def held_by(self) -> str:
        return _(", ").join(role_words(role) for role in self.holders)


@one_reading()
def preview_timeline(track: Track, *, at: datetime, zone: str = ZONE) -> list[PlannedStep]:
    """The route of somebody launched at `at` where each step ends on its due day, and an appeal on its last day."""
    typical = Appraisal(cycle=track.cycle, track=track, zone=zone)
    book = daybook_of(track.cycle.calendar)
    planned: dict[Step, PlannedStep] = {}
    now = at
    for step in route(track):
        rule = rule_of(track, step)
        if step == Step.TRACKING and now.astimezone(ZoneInfo(zone)).date() > track.cycle.ends_on:
            planned[step] = PlannedStep(step, is_on=False, holders=())
            continue
        planned[step] = _plan(typical, step, rule, now, book)
        due = planned[step].due
        now = datetime.combine(due, NOON, tzinfo=ZoneInfo(zone)) if due else now
    planned[Step.APPEALED] = _plan(typical, Step.APPEALED, rule_of(track, Step.APPEALED), now, book)
    off = [PlannedStep(step, is_on=False, holders=()) for step in ROUTE if step not in planned]
    return sorted([*planned.values(), *off], key=lambda row: list(Step).index(row.step))


def last_day(track: Track, *, at: datetime) -> date:
    """The latest deadline of the typical path."""
    days = [row.due for row in preview_timeline(track, at=at) if row.due]
    return max(days, default=track.cycle.ends_on)


def _plan(typical: Appraisal, step: Step, rule: StepRule | None, now: datetime, book: DayBook) -> PlannedStep:
    if step == Step.TRACKING:
        ends = typical.cycle.ends_on
        return PlannedStep(step, is_on=True, holders=("system",), begins=now.date(), due=ends, expires=True)
    if rule is None:
        return PlannedStep(step, is_on=True, holders=("hr",), begins=now.date())
    clock = clock_for(typical, rule, at=now)
    if clock is None:
        return PlannedStep(step, is_on=True, holders=rule.holder, begins=now.date(), assumed=rule.assumed)
    zone = ZoneInfo(typical.zone)
    due = clock.due_at.astimezone(zone).date()
    return PlannedStep(
        step, is_on=True, holders=rule.holder, begins=now.astimezone(zone).date(), due=due,
        days=rule.within.count if rule.within else None, unit=rule.within.unit if rule.within else "",
        expires=rule.on_expiry != "wait", assumed=rule.assumed, provisional=book.is_provisional(due),
        messages=_messages(step, rule, clock, zone),
    )  # fmt: skip


def _messages(step: Step, rule: StepRule, clock: Clock, zone: ZoneInfo) -> tuple[Message, ...]:
    found = []
    for slot, moment in clock.rungs:
        kind, *rest = slot.split(":")
        roles = [rest[1]] if kind == "escalate" else list(rule.holder)
        found += [Message(step, kind, moment.astimezone(zone).date(), role) for role in roles]
    return tuple(found)
