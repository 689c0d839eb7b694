"""Totals in classes of one width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from appraisal.templatetags.ui_words import figure

MOST = 12
STEPS = [Decimal(step).scaleb(power) for power in range(-1, 9) for step in (1, 2, 5)]


@dataclass(frozen=True, slots=True)
class Bin:
    """From the first number on, below the second."""

    start: Decimal
    end: Decimal
    cells: tuple[int, ...]

    @property
    def label(self) -> str:
        return f"{figure(self.start)}\u2013{figure(self.end)}"


def bins_of(series: Sequence[Sequence[Decimal]]) -> list[Bin]:
    """The same classes for every series, at most twelve."""
    every = [value for values in series for value in values]
    if not every:
        return []
    low, high = min(every), max(every)
    step = next((one for one in STEPS if _place(high, one) - _place(low, one) < MOST), STEPS[-1])
    first, last = _place(low, step), _place(high, step)
    counted = [Counter(_place(value, step) for value in values) for values in series]
    return [
        Bin(place * step, (place + 1) * step, tuple(one[place] for one in counted)) for place in range(first, last + 1)
    ]


def _place(value: Decimal, step: Decimal) -> int:
    return int((value / step).to_integral_value(ROUND_FLOOR))
