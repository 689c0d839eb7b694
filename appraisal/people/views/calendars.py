"""The work calendars: a year at a glance, and days that HR sets by hand."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appraisal.people import actions, rules
from appraisal.people.forms import DayForm
from appraisal.people.views.access import only, user_of
from workflow.calendars import DayBook, day_name, daybook_of
from workflow.models import CalendarDay, WorkCalendar

YEARS = range(2020, 2101)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day as the year shows it: `look` is work, rest, holiday, make-up; `name` says why it differs."""

    day: date
    look: str
    name: str
    overridden: bool


@only(rules.may_read_people)
@require_GET
def calendar_list(request: HttpRequest) -> HttpResponse:
    calendars = list(WorkCalendar.objects.order_by("code"))
    year = timezone.localdate(timezone.now()).year
    if len(calendars) == 1:
        return redirect("people:calendar_year", calendars[0].pk, year)
    return render(request, "appraisal/people/calendar_list.html", {"calendars": calendars, "year": year})


@only(rules.may_read_people)
@require_GET
def calendar_year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    if year not in YEARS:
        raise Http404
    calendar = get_object_or_404(WorkCalendar, pk=pk)
    book = daybook_of(calendar)
    rows = {row.day: row for row in calendar.days.filter(day__year=year)}
    chosen = _chosen(request, year)
    context = {
        "calendar": calendar,
        "year": year,
        "months": [_month(year, month, calendar, book, rows) for month in range(1, 13)],
        "weekdays": list(zip(WEEKDAYS.values(), _short_weekdays(), strict=True)),
        "changes": [_cell(day, calendar, book, rows) for day in sorted(rows)],
        "workdays": sum(book.is_working(date(year, month, day)) for month, day in _days(year)),
        "provisional": book.is_provisional(date(year, 12, 31)),
        "chosen": _cell(chosen, calendar, book, rows) if chosen else None,
        "form": DayForm(initial=_initial(rows.get(chosen) if chosen else None, chosen)),
        "today": timezone.localdate(timezone.now()),
        "may_keep": rules.may_keep_calendars(user_of(request)),
    }
    return render(request, "appraisal/people/calendar_year.html", context)


def _chosen(request: HttpRequest, year: int) -> date | None:
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        return None
    return day if day and day.year == year else None


def _initial(row: CalendarDay | None, chosen: date | None) -> dict[str, object]:
    if row is None or not row.overridden:
        return {"day": chosen}
    return {"day": chosen, "is_working": "yes" if row.is_working else "no", "name": row.name}


def _short_weekdays() -> list[str]:
    return [
        pgettext("weekday, as short as can be", "Mo"),
        pgettext("weekday, as short as can be", "Tu"),
        pgettext("weekday, as short as can be", "We"),
        pgettext("weekday, as short as can be", "Th"),
        pgettext("weekday, as short as can be", "Fr"),
        pgettext("weekday, as short as can be", "Sa"),
        pgettext("weekday, as short as can be", "Su"),
    ]


def _days(year: int) -> list[tuple[int, int]]:
    return [(month, day) for month in range(1, 13) for day in range(1, months.monthrange(year, month)[1] + 1)]


def _month(
    year: int, month: int, calendar: WorkCalendar, book: DayBook, rows: dict[date, CalendarDay]
) -> tuple[date, list[list[Cell | None]]]:
    weeks = months.Calendar().monthdatescalendar(year, month)
    return date(year, month, 1), [
        [_cell(day, calendar, book, rows) if day.month == month else None for day in week] for week in weeks
    ]


def _cell(day: date, calendar: WorkCalendar, book: DayBook, rows: dict[date, CalendarDay]) -> Cell:
    row, working, weekend = rows.get(day), book.is_working(day), day.weekday() >= 5
    look = ("make-up" if weekend else "work") if working else ("rest" if weekend else "holiday")
    return Cell(day, look, _name(row, calendar) if row else "", row.overridden if row else False)


def _name(row: CalendarDay, calendar: WorkCalendar) -> str:
    if row.overridden:
        return row.name
    if row.is_working:
        return _("Make-up workday")
    return day_name(calendar.country, row.day, get_language() or "") or row.name


@only(rules.may_keep_calendars)
@require_POST
def day_set(request: HttpRequest, pk: int) -> HttpResponse:
    calendar, form = get_object_or_404(WorkCalendar, pk=pk), DayForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Please give the day, what it is, and a name."))
        return redirect("people:calendar_list")
    actions.set_calendar_day(
        acting_user=user_of(request), at=timezone.now(), calendar_id=calendar.pk, **form.cleaned_data
    )
    messages.success(request, _("Saved. Open deadlines are counted again."))
    return redirect("people:calendar_year", pk, form.cleaned_data["day"].year)


@only(rules.may_keep_calendars)
@require_POST
def day_restore(request: HttpRequest, pk: int, day: date) -> HttpResponse:
    calendar = get_object_or_404(WorkCalendar, pk=pk)
    actions.restore_calendar_day(acting_user=user_of(request), at=timezone.now(), calendar_id=calendar.pk, day=day)
    messages.success(request, _("The day follows the official calendar again."))
    return redirect("people:calendar_year", pk, day.year)
