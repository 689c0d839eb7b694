from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from notifications import clock

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
# Around the Spring Festival of 2026: Sunday 15 to Monday 23 February are days off, Saturday the 14th is worked.
HOLIDAYS = {date(2026, 2, day) for day in range(15, 24)}
MADE_UP = {date(2026, 2, 14), date(2026, 2, 28)}


def worked(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-03T10:00", "2026-03-03T10:00"),
        ("2026-03-03T08:29", "2026-03-03T08:30"),
        ("2026-03-03T08:30", "2026-03-03T08:30"),
        ("2026-03-03T19:59", "2026-03-03T19:59"),
        ("2026-03-03T20:00", "2026-03-04T08:30"),
        ("2026-03-06T21:00", "2026-03-09T08:30"),
        ("2026-03-07T12:00", "2026-03-09T08:30"),
        ("2026-02-14T12:00", "2026-02-14T12:00"),
        ("2026-02-14T20:30", "2026-02-24T08:30"),
        ("2026-02-28T07:00", "2026-02-28T08:30"),
    ],
)
def test_mail_goes_in_working_hours_and_else_the_next_working_morning(at, expected):
    moment = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    found = clock.quiet_end(moment, zone=SHANGHAI, is_working_day=worked)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # Clocks in Berlin go forward on Sunday 29 March 2026 and back on Sunday 25 October.
        ("2026-03-27T21:00+01:00", "2026-03-30T08:30+02:00"),
        ("2026-10-23T21:00+02:00", "2026-10-26T08:30+01:00"),
        # Morning in Shanghai is night in Berlin.
        ("2026-03-03T10:00+08:00", "2026-03-03T08:30+01:00"),
    ],
)
def test_the_hours_are_those_of_the_persons_own_zone(at, expected):
    found = clock.quiet_end(datetime.fromisoformat(at), zone=BERLIN, is_working_day=clock.monday_to_friday)
    assert found == datetime.fromisoformat(expected)
    assert found.tzinfo == BERLIN


def test_a_calendar_without_working_days_is_an_error_and_not_an_endless_search(at):
    with pytest.raises(ValueError, match="no working day"):
        clock.quiet_end(at.replace(hour=22), zone=SHANGHAI, is_working_day=lambda day: False)


def test_whom_the_registered_calendar_does_not_know_has_the_usual_week(at):
    friday_night = at.replace(day=6, hour=22)
    clock.register(lambda user_ids, moment: {1: moment})
    assert clock.next_quiet_end([1, 2], friday_night) == {1: friday_night, 2: at.replace(day=9, hour=8, minute=30)}
