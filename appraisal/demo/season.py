"""Two quarters of the demo company, dated from the day of loading: one finished, one in every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.states import PeriodKind, Step
from appraisal.demo import plays
from appraisal.demo.figures import enter_figures, late_quotation
from appraisal.demo.plays import WEAK, Talent
from appraisal.demo.staffing import Staff
from appraisal.people.models import Person, User
from appraisal.procedure.actions import add_track, close_cycle, draft_cycle, launch_cycle, release_many
from appraisal.records.periods import Period
from appraisal.schemes.queries import published_versions
from workflow import deadlines
from workflow.calendars import day_book, ensure_mainland

LIST = ("cycle__calendar", "track", "employee", "manager", "second_level", "org_unit")
# Reached in per cent and points, so that all five grades occur.
TALENTS = (
    (104, 96), (99, 93), (95, 91), (92, 88), (88, 86), (86, 90), (84, 82), (82, 85), (79, 80), (76, 84), (74, 78),
    (63, 68),
)  # fmt: skip


@dataclass
class Play:
    """Acts with their moments; performed in the order of time, with the deadlines swept between the days."""

    acts: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)

    def add(self, at: datetime, act: Callable[[datetime], object]) -> None:
        self.acts.append((at, len(self.acts), act))

    def perform(self, until: datetime) -> None:
        swept: date | None = None
        for at, _place, act in sorted(self.acts, key=lambda row: row[:2]):
            if at.date() != swept:
                deadlines.sweep(at=at)
                swept = at.date()
            act(at)
        deadlines.sweep(at=until)


def quarter_before(day: date, back: int) -> Period:
    """The quarter that ended `back` quarters before the one of the day."""
    index = day.year * 4 + (day.month - 1) // 3 - back
    year, quarter = divmod(index, 4)
    following = date(year + (quarter == 3), (quarter * 3 + 3) % 12 + 1, 1)
    return Period(date(year, quarter * 3 + 1, 1), following - timedelta(days=1))


def talent_of(place: int) -> Talent:
    reached, points = TALENTS[place % len(TALENTS)]
    return Talent(Decimal(reached), points, place)


def specialists(staff: Staff) -> list[Person]:
    return [person for unit in ("SALES-E", "SALES-S", "SALES-N") for person in staff.in_unit(unit)]


def draft(staff: Staff, period: Period, *, at: datetime, steps: dict[str, dict[str, object]]) -> AppraisalCycle:
    number = (period.starts_on.month + 2) // 3
    hr = staff.user("4001")
    cycle = draft_cycle(
        acting_user=hr, at=at, name=f"{period.starts_on.year}年第{'一二三四'[number - 1]}季度",
        name_en=f"Q{number} {period.starts_on.year}", period_kind=PeriodKind.QUARTER, starts_on=period.starts_on,
        ends_on=period.ends_on, calendar=staff.entity.calendar,
    )  # fmt: skip
    add_track(
        acting_user=hr, at=at, cycle=cycle, name="销售专员",
        scheme_version=published_versions().get(key="sales-specialist"),
        population={"units": [staff.units["SALES"].pk], "positions": [specialists(staff)[0].position_id]}, steps=steps,
    )  # fmt: skip
    return cycle


class Cast:
    """The appraisals of one cycle by employee number, always as they stand now."""

    def __init__(self, cycle: AppraisalCycle, staff: Staff) -> None:
        self.cycle, self.staff = cycle, staff

    def __getitem__(self, person: Person) -> Appraisal:
        return Appraisal.objects.select_related(*LIST).get(cycle=self.cycle, employee=person)

    def peers(self, person: Person) -> list[User]:
        same = [other for other in self.staff.in_unit(person.org_unit.code) if other.pk != person.pk]
        return [self.staff.user(other.number) for other in same[:3]]

    def in_step(self, step: Step) -> list[Appraisal]:
        return list(Appraisal.objects.select_related(*LIST).filter(cycle=self.cycle, state=step))


class When(Protocol):
    def __call__(self, days: int, hour: int, minute: int = 0) -> datetime: ...


def days_from(start: datetime) -> When:
    """`when(3, 10)`: ten o'clock, three working days after the start."""
    book = day_book(ensure_mainland().pk)

    def when(days: int, hour: int, minute: int = 0) -> datetime:
        return plays.day(book.add_working_days(start.date(), days), hour, minute, start)

    return when


def finished_quarter(staff: Staff, *, today: datetime) -> None:
    """Everybody is through: grades from S to D, answers of several kinds, one appeal upheld and one dismissed."""
    period = quarter_before(today.date(), 2)
    end = plays.day(period.ends_on, 10, 0, today)
    when = days_from(end)
    play = Play()
    hr = staff.user("4001")
    cycle = draft(staff, period, at=end - timedelta(days=20), steps={})
    cast = Cast(cycle, staff)
    people = specialists(staff)
    play.add(end - timedelta(days=18), lambda at: launch_cycle(acting_user=hr, at=at, cycle=cycle))
    for place, person in enumerate(people):
        talent = WEAK if place == 30 else talent_of(place)
        play.add(end - timedelta(days=1), entering(person, talent, period, staff))
        play.add(when(2, 9, place), bind(plays.hand_in_self_review, cast, person, talent))
        play.add(when(3, 9, place), rating(cast, person, talent))
        play.add(when(5, 10, place), bind(plays.hand_in_score, cast, person, talent))
        play.add(when(8, 11, place), bind(plays.hold_interview, cast, person))
        play.add(when(9, 9, place), bind(plays.confirm_interview, cast, person))
        play.add(when(9, 14, place), _answering(cast, person, place))
    play.add(end - timedelta(days=10), lambda at: late_quotation(people[8], staff, at=at))
    play.add(when(7, 16), lambda at: release_many(acting_user=hr, at=at, appraisals=cast.in_step(Step.DECIDED)))
    for person, value in ((people[6], Decimal(10)), (people[20], None)):
        play.add(when(10, 10), bind(plays.appeal, cast, person))
        play.add(when(12, 10), _hearing(cast, person, staff, value))
    _weak_one(play, cast, people[30], staff, when)
    play.add(when(56, 16), lambda at: close_cycle(acting_user=hr, at=at, cycle=AppraisalCycle.objects.get(pk=cycle.pk)))
    play.perform(when(56, 23))


def _weak_one(play: Play, cast: Cast, person: Person, staff: Staff, when: When) -> None:
    checks = [when(25 + 9 * turn, 15, 0) for turn in range(3)]
    play.add(
        when(16, 10, 0),
        lambda at: plays.run_plan(cast[person], staff, approved=at, accepted=at + timedelta(days=1)),
    )
    for moment in checks:
        play.add(moment, lambda at: plays.note_check_in(cast[person], at=at))
    play.add(when(54, 10, 0), lambda at: plays.conclude_plan(cast[person], staff, at=at))


def bind(act: Callable[..., object], cast: Cast, person: Person, *rest: object) -> Callable[[datetime], object]:
    return lambda at: act(cast[person], *rest, at=at)


def entering(person: Person, talent: Talent, period: Period, staff: Staff) -> Callable[[datetime], object]:
    return lambda at: enter_figures(person, talent, period, staff, at=at)


def rating(cast: Cast, person: Person, talent: Talent, answering: int = 3) -> Callable[[datetime], object]:
    return lambda at: plays.rate(cast[person], cast.peers(person), talent, at=at, answering=answering)


def _hearing(cast: Cast, person: Person, staff: Staff, value: Decimal | None) -> Callable[[datetime], object]:
    return lambda at: plays.hear_appeal(cast[person], staff, at=at, new_value=value)


def _answering(cast: Cast, person: Person, place: int) -> Callable[[datetime], object]:
    """Most agree, some only read it, one disagrees in words, one never answers."""
    if place == 6:
        return lambda at: plays.answer(cast[person], "disagreed", at=at, comment="新客户数量与台账不一致。")
    if place == 11:
        return lambda at: None
    kind = "read" if place % 5 == 4 else "agreed"
    return lambda at: plays.answer(cast[person], kind, at=at)
