"""Which days are worked, how working days are counted, and when something is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from types import MappingProxyType
from typing import Any

import holidays
from django.db import transaction

from workflow.models import CalendarDay, WorkCalendar

WORKING = "working"
CALENDAR = "calendar"
# What is delivered later than this counts as delivered on the next working day.
DELIVERY_CLOSES = time(18, 0)
ONE_DAY = timedelta(days=1)
FIRST_YEAR = 2025
# The last year whose plan the State Council had published when this list was written.
MAINLAND_CONFIRMED_THROUGH = date(2026, 12, 31)


@dataclass(frozen=True, slots=True)
class DayBook:
    """A calendar in memory. It never changes: another revision is another book."""

    calendar_id: int
    revision: int
    confirmed_through: date
    exceptions: Mapping[date, bool]
    # The clocks that were set by this book lately: thousands of subjects enter a step at the same moment.
    clocks: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def is_provisional(self, day: date) -> bool:
        """The plan of its year is not published yet, so the day may still change."""
        return day > self.confirmed_through

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after the day (before it, if negative); the day itself is day 0."""
        step = ONE_DAY if count >= 0 else -ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """The inverse of add_working_days: negative when `end` lies before `start`; `start` is not counted."""
        if end < start:
            return -sum(map(self.is_working, _days(end, start - ONE_DAY)))
        return sum(map(self.is_working, _days(start + ONE_DAY, end)))

    def working_days_left(self, today: date, due: date) -> int:
        """Until the day of a deadline; once it is over, how many working days have begun since, below zero."""
        if today <= due:
            return self.working_days_between(today, due)
        return -sum(map(self.is_working, _days(due + ONE_DAY, today)))

    def next_working_day(self, day: date) -> date:
        """The first working day after the day."""
        return self.add_working_days(day, 1)

    def working_day_from(self, day: date) -> date:
        """The day itself if it is worked, otherwise the next that is."""
        return day if self.is_working(day) else self.next_working_day(day)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * ONE_DAY


def due_at(anchor: datetime, days: int, unit: str, daybook: DayBook, tz: tzinfo) -> datetime:
    """The last microsecond, in UTC, of the day on which a window ends that was opened by a delivery at `anchor`.

    The day of delivery is day 0. A window never ends on a day off, also when its days are counted by the calendar.
    """
    if unit not in (WORKING, CALENDAR):
        raise ValueError(f"Days are counted in {WORKING!r} or {CALENDAR!r}, not in {unit!r}.")
    if days < 0:
        raise ValueError("A window cannot end before it opens.")
    local = anchor.astimezone(tz)
    delivered = local.date() if local.time() <= DELIVERY_CLOSES else daybook.next_working_day(local.date())
    last = daybook.add_working_days(delivered, days) if unit == WORKING else delivered + days * ONE_DAY
    return end_of_day(daybook.working_day_from(last), tz)


def end_of_day(day: date, tz: tzinfo) -> datetime:
    """23:59:59.999999 local, in UTC, also on the days on which the clocks change."""
    return datetime.combine(day + ONE_DAY, time.min, tzinfo=tz).astimezone(UTC) - timedelta(microseconds=1)


# One book per calendar: the newest that this process has read. A book read in a transaction that has changed its
# calendar is not kept, because a rollback would give the same revision to other days.
_kept: dict[int, DayBook] = {}
_unsettled: set[int] = set()


_reading: ContextVar[dict[int, DayBook] | None] = ContextVar("reading", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Within it each calendar is read once, so that everything in one act is counted by the same book."""
    if _reading.get() is not None:
        yield
        return
    token = _reading.set({})
    try:
        yield
    finally:
        _reading.reset(token)


def daybook_of(calendar: WorkCalendar) -> DayBook:
    """One query, or none if this revision has been read before."""
    read = _reading.get()
    for kept in (_kept.get(calendar.pk), read.get(calendar.pk) if read is not None else None):
        if kept is not None and kept.revision == calendar.revision:
            return kept
    rows = CalendarDay.objects.filter(calendar_id=calendar.pk).values_list("day", "is_working")
    book = DayBook(calendar.pk, calendar.revision, calendar.confirmed_through, MappingProxyType(dict(rows)))
    if calendar.pk not in _unsettled:
        _kept[calendar.pk] = book
    if read is not None:
        read[calendar.pk] = book
    return book


def day_book(calendar_id: int) -> DayBook:
    read = _reading.get()
    if read is not None and calendar_id in read:
        return read[calendar_id]
    book = daybook_of(WorkCalendar.objects.get(pk=calendar_id))
    if read is not None:
        read[calendar_id] = book
    return book


def forget_daybooks() -> None:
    """For tests, whose databases begin anew while the process goes on."""
    _kept.clear()
    _unsettled.clear()


@dataclass(frozen=True, slots=True)
class DayChange:
    """How one day changed; None: there was no row, or there is none any more, and the day follows its weekday."""

    day: date
    before: bool | None
    after: bool | None
    name: str


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What a synchronisation did. `first` and `last` bound the days whose meaning has changed."""

    calendar: WorkCalendar
    days: tuple[DayChange, ...]
    first: date | None
    last: date | None


@transaction.atomic
def ensure_mainland() -> WorkCalendar:
    """The calendar of mainland China, with its days seeded when it is new."""
    calendar, created = WorkCalendar.objects.get_or_create(
        code="CN",
        defaults={"name": "中国大陆 Mainland China", "country": "CN", "confirmed_through": MAINLAND_CONFIRMED_THROUGH},
    )
    if created:
        synchronise(calendar, years=default_years(calendar))
    return calendar


def default_years(calendar: WorkCalendar) -> range:
    """All published years and one more, whose days are provisional."""
    return range(FIRST_YEAR, calendar.confirmed_through.year + 2)


@transaction.atomic
def synchronise(calendar: WorkCalendar, *, years: Iterable[int], confirm: int | None = None) -> CalendarChange:
    """Brings the days of the years up to what `holidays` knows; days that HR has set stay as they are."""
    calendar = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
    wanted = {*years} if confirm is None else {*years, confirm}
    changes = tuple(_refresh(calendar, sorted(wanted)))
    touched = [change.day for change in changes]
    if confirm is not None and date(confirm, 12, 31) > calendar.confirmed_through:
        touched += [calendar.confirmed_through + ONE_DAY, date(confirm, 12, 31)]
        calendar.confirmed_through = date(confirm, 12, 31)
    if not touched:
        return CalendarChange(calendar, changes, None, None)
    _revise(calendar)
    return CalendarChange(calendar, changes, min(touched), max(touched))


def _refresh(calendar: WorkCalendar, years: list[int]) -> Iterator[DayChange]:
    published = published_days(calendar.country, years)
    rows = {row.day: row for row in calendar.days.filter(day__year__in=years)}
    fresh, changed = [], []
    for day, (is_working, name) in published.items():
        row = rows.get(day)
        if row is None:
            fresh.append(CalendarDay(calendar=calendar, day=day, is_working=is_working, name=name))
            yield DayChange(day, None, is_working, name)
        elif not row.overridden and (row.is_working, row.name) != (is_working, name):
            yield DayChange(day, row.is_working, is_working, name)
            row.is_working, row.name = is_working, name
            changed.append(row)
    gone = [row for row in rows.values() if row.day not in published and not row.overridden]
    yield from (DayChange(row.day, row.is_working, None, row.name) for row in gone)
    CalendarDay.objects.bulk_create(fresh)
    CalendarDay.objects.bulk_update(changed, ["is_working", "name"])
    CalendarDay.objects.filter(pk__in=[row.pk for row in gone]).delete()


def published_days(country: str, years: Iterable[int], language: str | None = None) -> dict[date, tuple[bool, str]]:
    """The days that differ from their weekday, with the name of the holiday (none for a make-up workday)."""
    # Without a language the library would follow the locale of the process.
    language = language or getattr(holidays, country).default_language
    return {day: known for year in years for day, known in _published(country, year, language).items()}


LANGUAGES = {"zh-hans": "zh_CN", "en": "en_US"}


def day_name(country: str, day: date, language: str) -> str:
    """The holiday's name in a language of the site, or nothing where the library does not know it."""
    wanted = LANGUAGES.get(language, "")
    known = wanted if wanted in getattr(holidays, country).supported_languages else None
    return published_days(country, [day.year], known).get(day, (False, ""))[1]


@cache
def _published(country: str, year: int, language: str) -> Mapping[date, tuple[bool, str]]:
    official = holidays.country_holidays(country, years=year, language=language)
    return {
        day: (official.is_working_day(day), official.get(day, ""))
        for day in _days(date(year, 1, 1), date(year, 12, 31))
        if official.is_working_day(day) != (day.weekday() < 5)
    }


def _revise(calendar: WorkCalendar) -> None:
    calendar.revision += 1
    calendar.save(update_fields=["revision", "confirmed_through"])
    _unsettled.add(calendar.pk)
    transaction.on_commit(lambda: _unsettled.discard(calendar.pk))


@transaction.atomic
def set_day(calendar_id: int, day: date, *, is_working: bool, name: str) -> CalendarChange:
    """Sets a day by hand; synchronising leaves it alone from then on. Permission is the calling action's to check."""
    calendar = WorkCalendar.objects.select_for_update().get(pk=calendar_id)
    before = calendar.days.filter(day=day).values_list("is_working", flat=True).first()
    calendar.days.update_or_create(day=day, defaults={"is_working": is_working, "name": name, "overridden": True})
    _revise(calendar)
    return CalendarChange(calendar, (DayChange(day, before, is_working, name),), day, day)


@transaction.atomic
def restore_day(calendar_id: int, day: date) -> CalendarChange:
    """Takes back what was set by hand."""
    calendar = WorkCalendar.objects.select_for_update().get(pk=calendar_id)
    row = calendar.days.filter(day=day, overridden=True).first()
    if row is None:
        return CalendarChange(calendar, (), None, None)
    before, official = row.is_working, published_days(calendar.country, [day.year]).get(day)
    if official is None:
        row.delete()
    else:
        row.is_working, row.name, row.overridden = *official, False
        row.save(update_fields=["is_working", "name", "overridden"])
    _revise(calendar)
    change = DayChange(day, before, official[0] if official else None, official[1] if official else "")
    return CalendarChange(calendar, (change,), day, day)


def is_mainland_working_day(day: date) -> bool:
    """By the published plan of mainland China, without any company's own days."""
    published = published_days("CN", (day.year,)).get(day)
    return day.weekday() < 5 if published is None else published[0]
