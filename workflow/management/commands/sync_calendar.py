"""Brings the work calendars up to the published holidays."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from workflow import calendars, deadlines
from workflow.calendars import CalendarChange, DayChange
from workflow.models import WorkCalendar

WORDS = {True: "working day", False: "day off", None: "as its weekday"}


class Command(BaseCommand):
    help = (
        "Refreshes the days of the work calendars from the published holidays, without touching days that were set "
        "by hand, and prints the difference. Without options: every calendar, all published years and the next."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calendar", help="Code of one calendar.")
        parser.add_argument("--year", type=int, help="Refresh this year only.")
        parser.add_argument("--confirm", type=int, metavar="YEAR", help="The plan up to this year is published.")

    def handle(self, *args: Any, **options: Any) -> None:
        calendars.ensure_mainland()
        chosen = WorkCalendar.objects.order_by("code")
        if options["calendar"]:
            chosen = chosen.filter(code=options["calendar"])
            if not chosen:
                raise CommandError(f"There is no calendar {options['calendar']!r}.")
        for calendar in chosen:
            self._synchronise(calendar, options["year"], options["confirm"])

    def _synchronise(self, calendar: WorkCalendar, year: int | None, confirm: int | None) -> None:
        if confirm is not None and confirm > calendar.confirmed_through.year + 1:
            raise CommandError(
                f"{calendar.code} is confirmed through {calendar.confirmed_through}: no year may be left out."
            )
        years = [year] if year else calendars.default_years(calendar)
        with transaction.atomic():
            result = calendars.synchronise(calendar, years=years, confirm=confirm)
            moved = deadlines.recount(calendar.pk, at=timezone.now()) if result.days else 0
        if confirm is not None and calendar.country == "CN" and not _has_make_up_days(confirm):
            self.stderr.write(self.style.WARNING(f"No make-up workdays of {confirm} are known: update `holidays`."))
        self._print(result, moved)

    def _print(self, result: CalendarChange, moved: int) -> None:
        calendar = result.calendar
        for change in result.days:
            self.stdout.write(f"{calendar.code} {_line(change)}")
        if result.first is None:
            self.stdout.write(f"{calendar.code}: nothing has changed (revision {calendar.revision}).")
        else:
            self.stdout.write(
                f"{calendar.code}: {len(result.days)} days changed between {result.first} and {result.last}; "
                f"revision {calendar.revision}, confirmed through {calendar.confirmed_through}. "
                f"{moved} open deadlines moved."
            )


def _line(change: DayChange) -> str:
    return f"{change.day} {WORDS[change.before]} → {WORDS[change.after]} {change.name}".rstrip()


def _has_make_up_days(year: int) -> bool:
    days = calendars.published_days("CN", [year])
    return any(is_working for day, (is_working, _name) in days.items() if day >= date(year, 1, 1))
