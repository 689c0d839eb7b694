"""The dates and targets of an improvement plan."""

from calendar import monthrange
from datetime import date
from decimal import Decimal, localcontext

from appraisal.scoring.decimals import CONTEXT, HUNDRED

OPERATORS = ("absolute", "relative", "points")


class UnusableTargetError(ValueError):
    """A rise by percent of nothing is no target."""


def plan_end(start: date, *, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def target_value(operator: str, amount: Decimal, *, start: Decimal | None = None) -> Decimal:
    """What has to be reached: the amount, or the start raised by so many percent of itself, or by so many points."""
    if operator not in OPERATORS:
        raise ValueError(f"a target is one of {', '.join(OPERATORS)}, not {operator!r}")
    if operator == "absolute":
        return amount
    if start is None or (operator == "relative" and start == 0):
        raise UnusableTargetError(f"a target of the kind {operator!r} needs a start above zero")
    with localcontext(CONTEXT):
        return start + amount if operator == "points" else start + start * amount / HUNDRED


def is_met(actual: Decimal, *, target: Decimal) -> bool:
    return actual >= target
