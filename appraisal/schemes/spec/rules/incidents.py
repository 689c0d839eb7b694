"""Rules that take points off: for what happened, for what was not done."""

from typing import ClassVar, Literal

from appraisal.schemes.spec.base import Key, Number
from appraisal.schemes.spec.rules.base import HUNDRED, ZERO, Bound, Gives, Pick, Rule


class Deductions(Rule):
    """Points taken off for each confirmed incident by its severity; some severities leave nothing at all."""

    kind = "deductions"
    reads: ClassVar = {"deductions": ("incident",)}
    deductions: Key
    # In points the weight is what is taken from, unless something else is written.
    start: Number | None = None
    floor: Bound = ZERO
    each: dict[Key, Number] = {}
    leaves_nothing: dict[Key, Literal["stated", "assumed"]] = {}

    @property
    def begins_with(self) -> Number | None:
        return HUNDRED if self.start is None and self.gives == "percent" else self.start


class Items(Rule):
    """Work items, each with its own value and its status: a share of the value, or points, taken off by status."""

    kind = "items"
    reads: ClassVar = {"items": ("ledger",)}
    ways: ClassVar = {"without": ("full", "left_out")}
    gives: Gives = "points"
    items: Key
    status: Key
    # The column with the points of each item. Without it the items are taken off the weight.
    value: Key | None = None
    off: dict[Key, Number]
    takes: Literal["share", "points"] = "share"
    most: Number | None = None
    # What a period without items leaves: the full weight, or the indicator is left out and the others share it.
    without: Pick = Pick(word="full")
    floor: Bound = ZERO
