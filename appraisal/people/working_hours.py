"""When mail may reach people: in their own zone, on the days that their employer's calendar calls working days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from appraisal.people.models import Person
from notifications import clock
from workflow.calendars import daybook_of
from workflow.models import WorkCalendar


def next_quiet_end(user_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    """Two queries for any number of people, and one for a calendar that this process has not read yet."""
    places = _places(user_ids)
    calendars = WorkCalendar.objects.in_bulk({calendar_id for _zone, calendar_id in places.values()})
    books = {pk: daybook_of(calendar) for pk, calendar in calendars.items()}
    moments = {
        (zone, calendar_id): clock.quiet_end(at, zone=ZoneInfo(zone), is_working_day=books[calendar_id].is_working)
        for zone, calendar_id in set(places.values())
    }
    return {user_id: moments[place] for user_id, place in places.items()}


def zones_of(user_ids: Collection[int]) -> dict[int, tzinfo]:
    """The zone of each of these people; Shanghai for an account that is nobody's."""
    known = _places(user_ids)
    return {user_id: ZoneInfo(known[user_id][0]) if user_id in known else clock.SHANGHAI for user_id in user_ids}


def _places(user_ids: Collection[int]) -> dict[int, tuple[str, int]]:
    rows = Person.objects.filter(user_id__in=user_ids).values_list("user_id", "time_zone", "legal_entity__calendar_id")
    return {user_id: (zone, calendar_id) for user_id, zone, calendar_id in rows if user_id is not None}
