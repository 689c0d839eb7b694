"""Periods of figures: as they are written in tables and addresses, and as they are read aloud."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
QUARTERS = (_("Q1 %(year)s"), _("Q2 %(year)s"), _("Q3 %(year)s"), _("Q4 %(year)s"))
CHINESE_DIGITS = str.maketrans("一二三四", "1234")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    starts_on: date
    ends_on: date

    @property
    def months(self) -> int:
        """How many whole months of one calendar it is: 1, 3, 6 or 12; 0 for any other stretch of days."""
        first, last = self.starts_on, self.ends_on
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
        return count if whole and count in {1, 3, 6, 12} and (first.month - 1) % count == 0 else 0

    @property
    def code(self) -> str:
        """As addresses and tables have it: 2026-03, 2026Q1, 2026H1, 2026, 2026-01-05..2026-02-04."""
        year, month = self.starts_on.year, self.starts_on.month
        return {
            1: f"{year}-{month:02}",
            3: f"{year}Q{month // 3 + 1}",
            6: f"{year}H{month // 6 + 1}",
            12: f"{year}",
        }.get(self.months, f"{self.starts_on}..{self.ends_on}")

    def __str__(self) -> str:
        year, month = self.starts_on.year, self.starts_on.month
        if self.months == 1:
            return date_format(self.starts_on, pgettext("date format: month and year", "F Y"))
        if self.months == 3:
            return QUARTERS[month // 3] % {"year": year}
        if self.months == 6:
            half = _("First half of %(year)s") if month == 1 else _("Second half of %(year)s")
            return half % {"year": year}
        if self.months == 12:
            return _("Year %(year)s") % {"year": year}
        return _("%(first)s to %(last)s") % {"first": self.starts_on, "last": self.ends_on}


def months_from(year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(date(year, month, 1), date(year, last, monthrange(year, last)[1]))


def month_of(day: date) -> Period:
    return months_from(day.year, day.month, 1)


def quarter_of(day: date) -> Period:
    return months_from(day.year, (day.month - 1) // 3 * 3 + 1, 3)


def year_of(day: date) -> Period:
    return months_from(day.year, 1, 12)


def before(period: Period) -> Period:
    """The calendar period of the same length right before a whole one."""
    day = period.starts_on - timedelta(days=1)
    first = (day.month - 1) // period.months * period.months + 1
    return months_from(day.year, first, period.months)


def recent_periods(day: date) -> list[Period]:
    """What one may want to enter figures for on a day: 13 months, 6 quarters, 2 years, the latest first."""
    found: list[Period] = []
    for newest, count in ((quarter_of(day), 6), (month_of(day), 13), (year_of(day), 2)):
        period = newest
        for _number in range(count):
            found.append(period)
            period = before(period)
    return found


def _range(match: re.Match[str]) -> Period:
    numbers = [int(part) for part in match.groups()]
    return Period(date(*numbers[:3]), date(*numbers[3:]))


SPELLINGS: tuple[tuple[str, Callable[[re.Match[str]], Period]], ...] = (
    (r"(\d{4})年?(?:度|全年|年度)?", lambda found: months_from(int(found[1]), 1, 12)),
    (r"(\d{4})[-/.年]?第?Q?([1-4])(?:季度|季)", lambda found: months_from(int(found[1]), int(found[2]) * 3 - 2, 3)),
    (r"(\d{4})[-/.年]?Q([1-4])", lambda found: months_from(int(found[1]), int(found[2]) * 3 - 2, 3)),
    (r"Q([1-4])[-/. ]?(\d{4})", lambda found: months_from(int(found[2]), int(found[1]) * 3 - 2, 3)),
    (r"(\d{4})[-/.年]?H([12])", lambda found: months_from(int(found[1]), int(found[2]) * 6 - 5, 6)),
    (r"(\d{4})年?上半年", lambda found: months_from(int(found[1]), 1, 6)),
    (r"(\d{4})年?下半年", lambda found: months_from(int(found[1]), 7, 6)),
    (r"(\d{4})(?:[-/.年](1[0-2]|0?[1-9])月?|(?=\d{2}$)(1[0-2]|0[1-9]))",
     lambda found: months_from(int(found[1]), int(found[2] or found[3]), 1)),
    (rf"{DAY}(?:\.\.|~|-|–|—|至|到|to){DAY}", _range),
)  # fmt: skip


def period_from(text: str) -> Period:
    """Raises ValueError for what is no period."""
    plain = unicodedata.normalize("NFKC", text).upper().replace(" ", "").translate(CHINESE_DIGITS).replace("TO", "to")
    for pattern, made in SPELLINGS:
        match = re.fullmatch(pattern, plain)
        if match:
            period = made(match)
            if period.starts_on <= period.ends_on and 2000 <= period.starts_on.year <= 2100:
                return period
    raise ValueError(_("This is not a period. Please write it as 2026-03, 2026Q1 or 2026."))


def read_period(value: Any) -> Period:
    """A cell of a table. A spreadsheet makes the first of March out of “2026-03”."""
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        if day.day == 1:
            return month_of(day)
        raise ValueError(_("This is not a period. Please write it as 2026-03, 2026Q1 or 2026."))
    return period_from("" if value is None else str(value))
