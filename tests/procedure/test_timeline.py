"""Dates and messages before the launch. The dates are those of catalogue B-22, and of the State Council's plan."""

from datetime import date

import pytest

from appraisal.cycles.models import Track
from appraisal.cycles.states import Step
from appraisal.procedure.timeline import Message, last_day, preview_timeline
from tests.cast import Cast
from tests.factories.cycles import LAUNCHED, at, launch_one, make_cycle
from workflow.models import WorkItem


@pytest.fixture
def track(cast: Cast) -> Track:
    return make_cycle(cast).tracks.get()


def test_the_quarter_that_ends_on_31_march_2026(track: Track) -> None:
    planned = {row.step: row for row in preview_timeline(track, at=LAUNCHED)}
    assert {step: row.due for step, row in planned.items() if row.is_on} == {
        Step.TRACKING: date(2026, 3, 31),
        Step.SELF_REVIEW: date(2026, 4, 3),
        # 6 April is the Tomb-sweeping holiday.
        Step.SCORING: date(2026, 4, 13),
        Step.DECIDED: date(2026, 4, 20),
        Step.INTERVIEWING: date(2026, 4, 27),
        Step.APPEAL_WINDOW: date(2026, 4, 30),
        # 1 to 5 May are holidays, Saturday 9 May is worked.
        Step.APPEALED: date(2026, 5, 11),
    }
    assert [step for step, row in planned.items() if not row.is_on] == [
        Step.PLANNING, Step.COUNTERSIGNING, Step.CALIBRATING,
    ]  # fmt: skip
    assert last_day(track, at=LAUNCHED) == date(2026, 5, 11)


def test_every_reminder_has_its_day_and_whom_it_goes_to(track: Track) -> None:
    planned = {row.step: row for row in preview_timeline(track, at=LAUNCHED)}
    assert planned[Step.SELF_REVIEW].messages == (
        Message(Step.SELF_REVIEW, "remind", date(2026, 4, 2), "employee"),
        Message(Step.SELF_REVIEW, "remind", date(2026, 4, 3), "employee"),
        Message(Step.SELF_REVIEW, "expire", date(2026, 4, 3), "employee"),
    )
    assert [(row.kind, row.day, row.role) for row in planned[Step.SCORING].messages] == [
        ("remind", date(2026, 4, 8), "manager"),
        ("remind", date(2026, 4, 10), "manager"),
        ("remind", date(2026, 4, 13), "manager"),
        ("escalate", date(2026, 4, 14), "manager"),
        ("escalate", date(2026, 4, 15), "second_level"),
        ("escalate", date(2026, 4, 17), "hr_partner"),
    ]


def test_a_step_that_is_switched_on_moves_what_follows(cast: Cast) -> None:
    track = make_cycle(cast, steps={"calibrating": {"on": True, "days": 3}}).tracks.get()
    planned = {row.step: row for row in preview_timeline(track, at=LAUNCHED)}
    assert planned[Step.CALIBRATING].due == date(2026, 4, 16)
    assert planned[Step.DECIDED].due == date(2026, 4, 23)


def test_after_the_period_nothing_is_left_to_track(track: Track) -> None:
    planned = {row.step: row for row in preview_timeline(track, at=at(4, 2))}
    assert not planned[Step.TRACKING].is_on
    assert planned[Step.SELF_REVIEW].due == date(2026, 4, 8)


def test_the_preview_and_the_real_clocks_agree(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    due = WorkItem.objects.get(object_id=appraisal.pk, state=Step.SCORING, closed_at__isnull=True).due_at
    planned = {row.step: row for row in preview_timeline(appraisal.track, at=LAUNCHED)}
    assert due is not None
    assert due.astimezone(LAUNCHED.tzinfo).date() == planned[Step.SCORING].due == date(2026, 4, 13)
