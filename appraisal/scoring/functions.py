"""The functions that a formula may call."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from appraisal.scoring.decimals import CONTEXT, ZERO, rounded
from appraisal.scoring.plans import plan_end
from appraisal.scoring.values import InRow, Names, NoValueError, Value, WrongKindError, day, number, truth, whole

Worked = Callable[[Names], Value]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def nth_weekday(inside: Value, count: Value, weekday: Value) -> date:
    """The first, second … such day of the month that the given day lies in."""
    first = day(inside).replace(day=1)
    ahead = (_weekday(weekday) - first.weekday()) % 7
    found = first + timedelta(days=ahead + 7 * (whole(count) - 1))
    if found.month != first.month:
        raise NoValueError("no_such_day", str(weekday))
    return found


def weekdays_in_month(inside: Value, weekday: Value) -> Decimal:
    first = day(inside).replace(day=1)
    length = monthrange(first.year, first.month)[1]
    return Decimal(sum((first + timedelta(days=n)).weekday() == _weekday(weekday) for n in range(length)))


def _weekday(name: Value) -> int:
    if name not in WEEKDAYS:
        raise WrongKindError("a day of the week is expected, not '{written}'", written=name)
    return WEEKDAYS.index(str(name))


def _clamp(value: Value, low: Value, high: Value) -> Value:
    return min(max(number(value), number(low)), number(high))


PLAIN: dict[str, Callable[..., Value]] = {
    "min": lambda *values: min(number(value) for value in values),
    "max": lambda *values: max(number(value) for value in values),
    "abs": lambda value: abs(number(value)),
    "floor": lambda value: number(value).to_integral_value(ROUND_FLOOR),
    "ceil": lambda value: number(value).to_integral_value(ROUND_CEILING),
    "round": lambda value, places: rounded(number(value), whole(places), "half_up"),
    "clamp": _clamp,
    "add_days": lambda start, days: day(start) + timedelta(days=whole(days)),
    "add_weeks": lambda start, weeks: day(start) + timedelta(weeks=whole(weeks)),
    "add_months": lambda start, months: plan_end(day(start), months=whole(months)),
    "days_between": lambda start, end: Decimal((day(end) - day(start)).days),
    "week_of": lambda start, moment: Decimal((day(moment) - day(start)).days // 7 + 1),
    "nth_weekday": nth_weekday,
    "weekdays_in_month": weekdays_in_month,
}


def _kept(rows: list[InRow], conditions: list[Worked]) -> Iterator[InRow]:
    return (row for row in rows if all(truth(condition(row)) for condition in conditions))


def _numbers(rows: list[InRow], inner: list[Worked]) -> list[Decimal]:
    return [number(inner[0](row)) for row in _kept(rows, inner[1:])]


def _sum(rows: list[InRow], inner: list[Worked]) -> Decimal:
    total = ZERO
    for value in _numbers(rows, inner):
        total = CONTEXT.add(total, value)
    return total


def _mean(rows: list[InRow], inner: list[Worked]) -> Decimal:
    values = _numbers(rows, inner)
    if not values:
        raise NoValueError("no_rows")
    total = ZERO
    for value in values:
        total = CONTEXT.add(total, value)
    return CONTEXT.divide(total, Decimal(len(values)))


def _extreme(choose: Callable[[list[Decimal]], Decimal]) -> Callable[[list[InRow], list[Worked]], Decimal]:
    def worked(rows: list[InRow], inner: list[Worked]) -> Decimal:
        values = _numbers(rows, inner)
        if not values:
            raise NoValueError("no_rows")
        return choose(values)

    return worked


AGGREGATES: dict[str, Callable[[list[InRow], list[Worked]], Value]] = {
    "sum": _sum,
    "mean": _mean,
    "count": lambda rows, inner: Decimal(sum(1 for _ in _kept(rows, inner))),
    "largest": _extreme(max),
    "smallest": _extreme(min),
    "any": lambda rows, inner: any(truth(inner[0](row)) for row in rows),
    "all": lambda rows, inner: all(truth(inner[0](row)) for row in rows),
}
