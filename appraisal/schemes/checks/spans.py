"""Spans of numbers that must follow each other without a gap and without an overlap."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from appraisal.schemes.checks.numbers import value_of
from appraisal.schemes.spec import Band, Row, Scheme


@dataclass(frozen=True, slots=True)
class Span:
    """From its lower to its upper bound. No bound: it runs on for ever."""

    name: str
    lower: Decimal | None
    lower_belongs: bool
    upper: Decimal | None
    upper_belongs: bool

    @property
    def empty(self) -> bool:
        if self.lower is None or self.upper is None:
            return False
        return self.lower > self.upper or (self.lower == self.upper and not (self.lower_belongs and self.upper_belongs))


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Literal["gap", "overlap"]
    at: Decimal


def span_of(scheme: Scheme, part: Band | Row, name: str) -> Span | None:
    """Nothing while a bound is missing: that is reported for itself."""
    lower, upper = value_of(scheme, part.lower), value_of(scheme, part.upper)
    if (part.lower and lower is None) or (part.upper and upper is None):
        return None
    return Span(name, lower, part.above is None, upper, part.below is None)


def meeting(upper: Span, lower: Span, step: Decimal | None = None) -> Fault | None:
    """What is wrong where the upper span should begin just as the lower one ends."""
    if upper.lower is None or lower.upper is None:
        at = next((bound for bound in (upper.lower, lower.upper) if bound is not None), Decimal(0))
        return Fault("overlap", at)
    low, high = upper.lower, lower.upper
    both, neither = upper.lower_belongs and lower.upper_belongs, not (upper.lower_belongs or lower.upper_belongs)
    if low < high or (low == high and both):
        return Fault("overlap", low)
    # Figures that come in steps: 81 to 90 and 91 to 100 leave nothing out.
    if step is not None and both and low - high == step:
        return None
    return Fault("gap", high) if low > high or neither else None
