"""What formulas reckon with: numbers, yes and no, words and dates; and where they read them from."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from appraisal.scoring.refusals import Refused

Value = Decimal | bool | str | date
Row = Mapping[str, Value | None]


class Names(Protocol):
    """What a formula reads from."""

    def value(self, name: str) -> Value: ...

    def rows(self, name: str) -> Sequence[Row]: ...

    def of_input(self, function: str, name: str, argument: str | None) -> Value: ...

    def look_up(self, function: str, name: str, value: Value) -> Value: ...

    def working_days(self, function: str, *arguments: Value) -> Value: ...


class NoValueError(ArithmeticError):
    """There is no number: nothing to divide by, no row of a table that fits. `reason` and what it is about."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(f"{reason}: {about}" if about else reason)
        self.reason = reason
        self.about = about


class NotGivenError(LookupError):
    """Nobody gave the figure."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class WrongKindError(Refused, TypeError):
    """A formula that adds words or compares a date with a number."""


class InRow:
    """The names of one row before those around it."""

    __slots__ = ("around", "row")

    def __init__(self, row: Row, around: Names) -> None:
        self.row = row
        self.around = around

    def value(self, name: str) -> Value:
        if name in self.row:
            found = self.row[name]
            if found is None:
                raise NotGivenError(name)
            return found
        return self.around.value(name)

    def rows(self, name: str) -> Sequence[Row]:
        return self.around.rows(name)

    def of_input(self, function: str, name: str, argument: str | None) -> Value:
        if function == "given" and name in self.row:
            return self.row[name] is not None
        return self.around.of_input(function, name, argument)

    def look_up(self, function: str, name: str, value: Value) -> Value:
        return self.around.look_up(function, name, value)

    def working_days(self, function: str, *arguments: Value) -> Value:
        return self.around.working_days(function, *arguments)


def number(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise WrongKindError("a number is expected, not '{written}'", written=value)


def truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    raise WrongKindError("yes or no is expected, not '{written}'", written=value)


def day(value: Value) -> date:
    if isinstance(value, date):
        return value
    raise WrongKindError("a date is expected, not '{written}'", written=value)


def same(left: Value, right: Value) -> bool:
    if type(left) is not type(right):
        raise WrongKindError("'{left}' cannot be compared with '{right}'", left=left, right=right)
    return left == right


def whole(value: Value) -> int:
    found = number(value)
    if found != found.to_integral_value() or abs(found) > 100_000:
        raise WrongKindError("a whole number is expected, not '{written}'", written=value)
    return int(found)
