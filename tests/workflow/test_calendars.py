"""Working days, due moments and the synchronisation with the published holidays."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from types import MappingProxyType
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from django.core.management import CommandError, call_command

from workflow import calendars
from workflow.calendars import CALENDAR, WORKING, DayBook, due_at
from workflow.models import CalendarDay, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAIN = DayBook(0, 1, date(2026, 12, 31), MappingProxyType({}))


@pytest.fixture
def mainland(db: None) -> WorkCalendar:
    return calendars.ensure_mainland()


@pytest.fixture
def days(mainland: WorkCalendar) -> DayBook:
    return calendars.day_book(mainland.pk)


def shanghai(year: int, month: int, day: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("delivered", "count", "last"),
    [
        (date(2026, 3, 31), 3, date(2026, 4, 3)),
        (date(2026, 3, 31), 5, date(2026, 4, 8)),
        (date(2026, 4, 3), 5, date(2026, 4, 13)),
        (date(2026, 4, 14), 3, date(2026, 4, 17)),
        (date(2026, 4, 17), 5, date(2026, 4, 24)),
        # Sat 9 May is a make-up workday; Thu 30 April is followed by five days off.
        (date(2026, 4, 30), 4, date(2026, 5, 9)),
        (date(2026, 5, 8), 1, date(2026, 5, 9)),
        (date(2026, 5, 9), -1, date(2026, 5, 8)),
        (date(2026, 5, 6), -1, date(2026, 4, 30)),
        (date(2026, 5, 2), 0, date(2026, 5, 2)),
        # Leap day.
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, date(2028, 3, 1)),
    ],
)
def test_working_days_are_added_as_in_the_worked_examples(
    days: DayBook, delivered: date, count: int, last: date
) -> None:
    assert days.add_working_days(delivered, count) == last


def test_without_the_calendar_the_tomb_sweeping_holiday_would_be_missed() -> None:
    assert PLAIN.add_working_days(date(2026, 4, 3), 5) == date(2026, 4, 10)


@pytest.mark.parametrize("count", [-40, -5, -1, 1, 2, 3, 30, 200])
def test_counting_is_the_inverse_of_adding(days: DayBook, count: int) -> None:
    for start in (date(2026, 1, 1), date(2026, 2, 14), date(2026, 5, 9), date(2026, 9, 30)):
        assert days.working_days_between(start, days.add_working_days(start, count)) == count


def test_a_day_is_no_working_day_away_from_itself(days: DayBook) -> None:
    assert days.working_days_between(date(2026, 3, 31), date(2026, 3, 31)) == 0


@pytest.mark.parametrize(
    ("today", "left"),
    [(date(2026, 11, 19), 1), (date(2026, 11, 20), 0), (date(2026, 11, 22), 0), (date(2026, 11, 23), -1)],
)
def test_a_deadline_of_friday_is_overdue_by_one_working_day_on_monday(days: DayBook, today: date, left: int) -> None:
    assert days.working_days_left(today, date(2026, 11, 20)) == left


def test_the_next_working_day_skips_the_long_holiday(days: DayBook) -> None:
    assert days.next_working_day(date(2026, 4, 30)) == date(2026, 5, 6)
    assert days.working_day_from(date(2026, 5, 1)) == date(2026, 5, 6)
    assert days.working_day_from(date(2026, 5, 9)) == date(2026, 5, 9)


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_agrees_with_chinesecalendar(days: DayBook, year: int) -> None:
    every_day = [date(year, 1, 1) + timedelta(n) for n in range(365)]
    assert every_day[-1] == date(year, 12, 31)
    assert [d for d in every_day if days.is_working(d) != chinese_calendar.is_workday(d)] == []


def test_the_unpublished_year_is_provisional(days: DayBook) -> None:
    assert not days.is_provisional(date(2026, 12, 31))
    assert days.is_provisional(date(2027, 1, 1))
    assert not days.is_working(date(2027, 10, 1))


def test_a_year_without_data_follows_the_week(days: DayBook) -> None:
    assert days.is_working(date(2031, 10, 1))
    assert not days.is_working(date(2031, 10, 4))
    assert days.is_provisional(date(2031, 10, 1))


@pytest.mark.parametrize(
    ("delivered", "count", "unit", "last"),
    [
        (shanghai(2026, 4, 14), 3, WORKING, date(2026, 4, 17)),
        (shanghai(2026, 4, 14, 18), 3, WORKING, date(2026, 4, 17)),
        (shanghai(2026, 4, 14, 18, 0, 1), 3, WORKING, date(2026, 4, 20)),
        (shanghai(2026, 4, 14, 23, 59), 3, WORKING, date(2026, 4, 20)),
        # Friday night counts for Monday, Saturday is a day 0 of its own.
        (shanghai(2026, 4, 17, 20), 1, WORKING, date(2026, 4, 21)),
        (shanghai(2026, 4, 18), 1, WORKING, date(2026, 4, 20)),
        (shanghai(2026, 4, 14), 0, WORKING, date(2026, 4, 14)),
        (shanghai(2026, 4, 18), 0, WORKING, date(2026, 4, 20)),
        (shanghai(2026, 4, 14), 3, CALENDAR, date(2026, 4, 17)),
        # The fifth day is a Sunday: the window stays open on Monday.
        (shanghai(2026, 4, 14), 5, CALENDAR, date(2026, 4, 20)),
        # The fourth day is the make-up Saturday.
        (shanghai(2026, 5, 5), 4, CALENDAR, date(2026, 5, 9)),
        (shanghai(2028, 2, 28), 1, WORKING, date(2028, 2, 29)),
    ],
)
def test_a_window_ends_with_the_last_working_day(
    days: DayBook, delivered: datetime, count: int, unit: str, last: date
) -> None:
    due = due_at(delivered, count, unit, days, SHANGHAI)
    assert due.astimezone(SHANGHAI) == datetime(last.year, last.month, last.day, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    assert due.tzinfo is UTC


def test_the_employees_zone_decides_what_day_it_is(days: DayBook) -> None:
    anchor = datetime(2026, 4, 14, 22, 0, tzinfo=UTC)  # Wed 06:00 in Shanghai, Tue 18:00 in New York
    assert due_at(anchor, 1, WORKING, days, SHANGHAI) == datetime(2026, 4, 16, 15, 59, 59, 999999, tzinfo=UTC)
    new_york = ZoneInfo("America/New_York")
    assert due_at(anchor, 1, WORKING, days, new_york) == datetime(2026, 4, 16, 3, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "anchor", "expected"),
    [
        # The clocks go forward on Sunday 29 March 2026: Friday is +1, Monday +2.
        ("Europe/Berlin", datetime(2026, 3, 26, 9, tzinfo=UTC), datetime(2026, 3, 27, 22, 59, 59, 999999, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 3, 30, 21, 59, 59, 999999, tzinfo=UTC)),
        # In Beirut that Sunday begins at 01:00: Saturday, here a working day, ends where the clocks change.
        ("Asia/Beirut", datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 3, 28, 21, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_the_day_ends_at_local_midnight_when_the_clocks_change(zone: str, anchor: datetime, expected: datetime) -> None:
    exceptions = {date(2026, 3, 28): True} if zone == "Asia/Beirut" else {}
    book = DayBook(0, 1, date(2026, 12, 31), MappingProxyType(exceptions))
    assert due_at(anchor, 1, WORKING, book, ZoneInfo(zone)) == expected


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnights"):
        due_at(shanghai(2026, 4, 14), 1, "fortnights", PLAIN, SHANGHAI)
    with pytest.raises(ValueError, match="before it opens"):
        due_at(shanghai(2026, 4, 14), -1, WORKING, PLAIN, SHANGHAI)


def test_a_book_is_read_once_per_revision(mainland: WorkCalendar, django_assert_num_queries) -> None:
    calendars.forget_daybooks()
    with django_assert_num_queries(1):
        first = calendars.daybook_of(mainland)
        second = calendars.daybook_of(mainland)
    assert second is first


def test_a_book_read_in_a_transaction_that_changed_it_is_not_kept(mainland: WorkCalendar) -> None:
    calendars.set_day(mainland.pk, date(2026, 6, 18), is_working=False, name="公司日")
    inside = calendars.day_book(mainland.pk)
    assert not inside.is_working(date(2026, 6, 18))
    assert calendars.day_book(mainland.pk) is not inside


def test_seeding_twice_changes_nothing(mainland: WorkCalendar) -> None:
    change = calendars.synchronise(mainland, years=calendars.default_years(mainland))
    assert (change.days, change.first, change.last) == ((), None, None)


def test_synchronising_mends_what_differs_and_leaves_what_was_set_by_hand(mainland: WorkCalendar) -> None:
    calendars.set_day(mainland.pk, date(2026, 5, 9), is_working=False, name="公司放假")
    mainland.days.filter(day=date(2026, 10, 1)).update(is_working=True)
    mainland.days.filter(day=date(2026, 10, 2)).delete()
    CalendarDay.objects.create(calendar=mainland, day=date(2026, 7, 1), is_working=False, name="误")
    before = WorkCalendar.objects.get(pk=mainland.pk).revision

    change = calendars.synchronise(mainland, years=[2026])

    assert [(c.day, c.before, c.after) for c in sorted(change.days, key=lambda c: c.day)] == [
        (date(2026, 7, 1), False, None),
        (date(2026, 10, 1), True, False),
        (date(2026, 10, 2), None, False),
    ]
    assert change.calendar.revision == before + 1
    assert (change.first, change.last) == (date(2026, 7, 1), date(2026, 10, 2))
    book = calendars.day_book(mainland.pk)
    assert not book.is_working(date(2026, 5, 9))
    assert book.is_working(date(2026, 7, 1))


def test_confirming_a_year_ends_its_provisional_days(mainland: WorkCalendar) -> None:
    change = calendars.synchronise(mainland, years=[], confirm=2027)
    assert not calendars.day_book(mainland.pk).is_provisional(date(2027, 12, 31))
    assert (change.first, change.last) == (date(2027, 1, 1), date(2027, 12, 31))


def test_what_was_set_by_hand_can_be_taken_back(mainland: WorkCalendar) -> None:
    calendars.set_day(mainland.pk, date(2026, 5, 9), is_working=False, name="公司放假")
    calendars.set_day(mainland.pk, date(2026, 6, 18), is_working=False, name="司庆")
    for day in (date(2026, 5, 9), date(2026, 6, 18)):
        assert not calendars.day_book(mainland.pk).is_working(day)
        calendars.restore_day(mainland.pk, day)
        assert calendars.day_book(mainland.pk).is_working(day)
    assert calendars.restore_day(mainland.pk, date(2026, 6, 18)).days == ()


def test_the_command_prints_the_difference(mainland: WorkCalendar) -> None:
    mainland.days.filter(day=date(2026, 10, 1)).delete()
    out, err = StringIO(), StringIO()
    call_command("sync_calendar", "--year", "2026", stdout=out, stderr=err)
    lines = out.getvalue().splitlines()
    assert lines[0] == "CN 2026-10-01 as its weekday → day off 国庆节"
    assert lines[1].startswith("CN: 1 days changed between 2026-10-01 and 2026-10-01; revision 3, ")
    assert lines[1].endswith("confirmed through 2026-12-31. 0 open deadlines moved.")
    assert err.getvalue() == ""


def test_the_command_warns_when_a_year_is_confirmed_whose_plan_is_not_known(mainland: WorkCalendar) -> None:
    out, err = StringIO(), StringIO()
    call_command("sync_calendar", "--confirm", "2027", stdout=out, stderr=err)
    assert "No make-up workdays of 2027 are known" in err.getvalue()
    with pytest.raises(CommandError, match="no year may be left out"):
        call_command("sync_calendar", "--confirm", "2029", stdout=out, stderr=err)


def test_the_command_seeds_an_empty_database(db: None) -> None:
    call_command("sync_calendar", stdout=StringIO())
    assert WorkCalendar.objects.get().confirmed_through == date(2026, 12, 31)
    assert CalendarDay.objects.filter(day__year=2025, is_working=True).count() == 5
