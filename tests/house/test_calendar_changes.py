"""Whatever changes a calendar counts the open deadlines again, in the same step."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from appraisal.people.actions import restore_calendar_day, set_calendar_day
from appraisal.people.models import PeopleRegister
from tests.cast import Cast
from workflow import calendars
from workflow.clocks import ClockRule, set_clock
from workflow.models import WorkCalendar, WorkItem

NOW = datetime(2026, 9, 29, 2, tzinfo=UTC)


def end_of(day: int) -> datetime:
    """Of a day of October 2026, in Shanghai."""
    return datetime(2026, 10, day, 15, 59, 59, 999999, tzinfo=UTC)


@pytest.fixture
def item(cast: Cast) -> WorkItem:
    """Three working days from Tuesday 29 September, before the National day was published: until Friday 2 October."""
    calendar = WorkCalendar.objects.get()
    calendar.days.filter(day__range=(date(2026, 10, 1), date(2026, 10, 7))).delete()
    calendars.forget_daybooks()
    clock = set_clock(ClockRule(3), anchor=NOW, days=calendars.daybook_of(calendar), zone="Asia/Shanghai")
    assert clock.due_at == end_of(2)
    return WorkItem.objects.create(
        content_type=ContentType.objects.get_for_model(PeopleRegister), object_id=1, state="kept", role="hr", pool="hr",
        opened_at=NOW, due_at=clock.due_at, due_rule=clock.rule,
    )  # fmt: skip


def test_publishing_the_year_moves_what_is_open(item: WorkItem) -> None:
    with time_machine.travel(NOW, tick=False):
        out = StringIO()
        call_command("sync_calendar", "--year", "2026", stdout=out)
    item.refresh_from_db()
    # 30 September, then Thursday the 8th and Friday the 9th after the holiday.
    assert item.due_at == end_of(9)
    assert "1 open deadlines moved" in out.getvalue()


def test_a_day_off_set_by_hr_moves_what_is_open_and_a_restored_day_shortens_nothing(cast: Cast, item: WorkItem) -> None:
    day = {"calendar_id": WorkCalendar.objects.get().pk, "day": date(2026, 10, 1)}
    set_calendar_day(acting_user=cast.hr.user, at=NOW, **day, is_working=False, name="国庆节")
    item.refresh_from_db()
    assert item.due_at == end_of(5)
    restore_calendar_day(acting_user=cast.hr.user, at=NOW, **day)
    item.refresh_from_db()
    assert item.due_at == end_of(5)


def test_what_has_already_ended_does_not_move(item: WorkItem) -> None:
    with time_machine.travel(datetime(2026, 10, 3, tzinfo=UTC), tick=False):
        call_command("sync_calendar", "--year", "2026", stdout=StringIO())
    item.refresh_from_db()
    assert item.due_at == end_of(2)
