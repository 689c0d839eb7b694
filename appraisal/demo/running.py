"""The running quarter of the demo: launched twelve working days ago, with somebody in every step today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from appraisal.cycles.states import Step
from appraisal.demo import plays
from appraisal.demo.calibrating import calibrate, open_the_session
from appraisal.demo.figures import late_quotation
from appraisal.demo.plays import WEAK, Talent
from appraisal.demo.season import (
    Cast,
    Play,
    When,
    bind,
    days_from,
    draft,
    entering,
    quarter_before,
    rating,
    specialists,
    talent_of,
)  # fmt: skip
from appraisal.demo.staffing import Staff
from appraisal.people.models import Person
from appraisal.procedure.actions import launch_cycle, release_many, send_back, withdraw

# How many specialists stand where, in the order of their numbers within the three teams.
STANDING: tuple[tuple[str, int], ...] = (
    ("self_review", 7), ("scoring", 8), ("calibrating", 6), ("decided", 3), ("interviewing", 4), ("appeal_window", 2),
    ("appealed", 1), ("improving", 1), ("closed", 2), ("withdrawn", 1), ("self_review", 1),
)  # fmt: skip
ORDER = [step.value for step in Step]


@dataclass(frozen=True, slots=True)
class Standing:
    person: Person
    step: str
    turn: int
    talent: Talent

    def beyond(self, step: Step) -> bool:
        return self.step != "withdrawn" and ORDER.index(self.step) > ORDER.index(step)


def standings(people: list[Person]) -> Iterator[Standing]:
    """The teams are mixed, so that every manager has people in several steps; 李娜 still writes her self-review."""
    mixed = sorted(people, key=lambda person: (person.number != "1102", person.number[-2:], person.number))
    steps = [(step, turn) for step, count in STANDING for turn in range(count)]
    for place, (person, (step, turn)) in enumerate(zip(mixed, steps, strict=True)):
        yield Standing(person, step, turn, WEAK if step == "improving" else talent_of(place))


def running_quarter(staff: Staff, *, today: datetime) -> None:
    period = quarter_before(today.date(), 1)
    when = days_from(today)
    hr = staff.user("4001")
    cycle = draft(
        staff,
        period,
        at=when(-13, 9),
        steps={"self_review": {"on": True, "days": 14}, "calibrating": {"on": True, "days": 10}},
    )
    cast, play = Cast(cycle, staff), Play()
    everybody = list(standings(specialists(staff)))
    play.add(when(-12, 10), lambda at: launch_cycle(acting_user=hr, at=at, cycle=cycle))
    for place, standing in enumerate(everybody):
        play.add(when(-13, 11), entering(standing.person, standing.talent, period, staff))
        _walk(play, cast, standing, place, when)
    play.add(
        when(-7, 16), lambda at: calibrate(cast, [s for s in everybody if s.beyond(Step.CALIBRATING)], staff, at=at)
    )
    play.add(when(-2, 11), lambda at: open_the_session(cast, staff, at=at))
    ready = [s.person.pk for s in everybody if s.beyond(Step.DECIDED)]
    play.add(
        when(-6, 10),
        lambda at: release_many(
            acting_user=hr, at=at, appraisals=[row for row in cast.in_step(Step.DECIDED) if row.employee_id in ready]
        ),
    )
    play.add(when(-13, 12), lambda at: late_quotation(everybody[10].person, staff, at=at))
    for standing in everybody:
        _end(play, cast, standing, staff, when)
    play.perform(today)


def _walk(play: Play, cast: Cast, s: Standing, place: int, when: When) -> None:
    """From the self-review to the interview, as far as the person has come."""
    if s.step == "withdrawn":
        hr = cast.staff.user("4001")
        play.add(when(-9, 9), lambda at: withdraw(acting_user=hr, at=at, appraisal=cast[s.person], reason="长期病假"))
        return
    if s.step == "self_review":
        if s.turn % 3 != 2:
            play.add(
                when(-3, 15, place), lambda at: plays.write_self_review(cast[s.person], s.talent, at=at, part=True)
            )
        return
    play.add(when(-11 if s.turn % 2 else -10, 10, place), bind(plays.hand_in_self_review, cast, s.person, s.talent))
    if s.step == "scoring" and s.turn == 0:
        play.add(when(-9, 15), _returned(cast, s))
        return
    play.add(when(-9, 10, place), rating(cast, s.person, s.talent, answering=s.turn % 3 if s.step == "scoring" else 3))
    if s.step == "scoring":
        if s.turn % 2:
            play.add(when(-2, 9, place), lambda at: plays.write_score(cast[s.person], s.talent, at=at))
        return
    play.add(when(-8, 11, place), bind(plays.hand_in_score, cast, s.person, s.talent))


def _returned(cast: Cast, s: Standing) -> Callable[[datetime], object]:
    def act(at: datetime) -> None:
        appraisal = cast[s.person]
        send_back(
            acting_user=plays.own(appraisal.manager_account), at=at, appraisal=appraisal,
            reason="新客户一项缺少合同编号，请补充后重新提交。",
        )  # fmt: skip

    return act


def _end(play: Play, cast: Cast, s: Standing, staff: Staff, when: When) -> None:
    """What follows the release."""
    if s.step == "interviewing":
        if s.turn == 0:
            play.add(
                when(-1, 9),
                lambda at: plays.appoint_interview(cast[s.person], at=at, start=at + timedelta(days=2, hours=5)),
            )
        if s.turn == 1:
            play.add(when(-1, 16), bind(plays.hold_interview, cast, s.person))
        return
    if not s.beyond(Step.INTERVIEWING):
        return
    late = s.step in {"appeal_window", "appealed"}
    play.add(when(-2 if late else -6, 15, s.turn), bind(plays.hold_interview, cast, s.person))
    play.add(when(-2 if late else -6, 17, s.turn), bind(plays.confirm_interview, cast, s.person))
    if s.step == "appealed":
        play.add(when(-1, 10), bind(plays.appeal, cast, s.person))
        play.add(when(-1, 16), lambda at: plays.take_up_appeal(cast[s.person], staff, at=at))
    elif s.step == "improving":
        play.add(
            when(-2, 10),
            lambda at: plays.run_plan(cast[s.person], staff, approved=at, accepted=at + timedelta(hours=5)),
        )
        play.add(when(-1, 15), lambda at: plays.note_check_in(cast[s.person], at=at))
    else:
        play.add(when(-5, 9, s.turn), lambda at: plays.answer(cast[s.person], "agreed", at=at))


def next_quarters(staff: Staff, *, today: datetime) -> None:
    """The quarter that is running is tracked until its end; the one after it is a draft."""
    hr = staff.user("4001")
    when = days_from(today)
    present = draft(staff, quarter_before(today.date(), 0), at=when(-5, 9), steps={})
    launch_cycle(acting_user=hr, at=when(-5, 10), cycle=present)
    draft(staff, quarter_before(today.date(), -1), at=when(-1, 9), steps={})
