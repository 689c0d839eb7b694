"""When mail may reach a person: working hours in their own zone, on days their calendar calls working days."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

MORNING = time(8, 30)
EVENING = time(20, 0)
LONGEST_CLOSURE_IN_DAYS = 60
SHANGHAI = ZoneInfo("Asia/Shanghai")

NextQuietEnd = Callable[[Collection[int], datetime], Mapping[int, datetime]]


def quiet_end(at: datetime, *, zone: tzinfo, is_working_day: Callable[[date], bool]) -> datetime:
    """The moment from which mail may go, in `zone`: `at` itself in working hours, else the next working morning."""
    local = at.astimezone(zone)
    first = local.date()
    if is_working_day(first) and MORNING <= local.time() < EVENING:
        return local
    if local.time() >= MORNING:
        first += timedelta(days=1)
    for days in range(LONGEST_CLOSURE_IN_DAYS):
        day = first + timedelta(days=days)
        if is_working_day(day):
            return datetime.combine(day, MORNING, tzinfo=zone)
    raise ValueError(f"The calendar knows no working day within {LONGEST_CLOSURE_IN_DAYS} days of {first}.")


def monday_to_friday(day: date) -> bool:
    return day.weekday() < 5


def weekdays_in_shanghai(user_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    return dict.fromkeys(user_ids, quiet_end(at, zone=SHANGHAI, is_working_day=monday_to_friday))


class _Registered:
    next_quiet_end: NextQuietEnd = staticmethod(weekdays_in_shanghai)


def register(next_quiet_end: NextQuietEnd) -> None:
    """The calendars' owner answers for many people at once, each moment in the person's own zone."""
    _Registered.next_quiet_end = staticmethod(next_quiet_end)


def next_quiet_end(user_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    return weekdays_in_shanghai(user_ids, at) | dict(_Registered.next_quiet_end(user_ids, at))
