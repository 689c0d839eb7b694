"""Rules over figures that are measured."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from appraisal.schemes.spec.base import Document, Expr, Key, Number, Text
from appraisal.schemes.spec.rules.base import HUNDRED, ZERO, Bound, Gives, Pick, Rule


class Attainment(Rule):
    """Actual as a percentage of the target; nothing below the gate, no more than the cap."""

    kind = "attainment"
    reads: ClassVar = {"attainment": ("measure",)}
    attainment: Key
    gate: Number | None = None
    cap: Number | None = None
    floor: Number = ZERO


class Inverse(Rule):
    """Target as a percentage of the actual, where less is better; no more than the cap."""

    kind = "inverse"
    reads: ClassVar = {"inverse": ("measure",)}
    inverse: Key
    # Where the input itself carries no target.
    target: Number | None = None
    cap: Number | None = HUNDRED
    floor: Number = ZERO


class Ratio(Rule):
    """One measure as a percentage of another; with a target, that percentage measured against the target."""

    kind = "ratio"
    reads: ClassVar = {"ratio": ("measure",), "over": ("measure",)}
    ratio: Key
    over: Key
    target: Number | None = None
    cap: Number | None = None
    floor: Number = ZERO
    # What is left to 100 %, where the source asks to watch it.
    remainder: Text | None = None


class Growth(Rule):
    """By how many percent a measure is above an earlier one; with a target, measured against the target."""

    kind = "growth"
    reads: ClassVar = {"growth": ("measure",), "over": ("measure",)}
    growth: Key
    over: Key
    target: Number | None = None
    cap: Number | None = None
    floor: Number = ZERO


class Plain(Rule):
    """The figure itself, on a scale of its own; no more than the cap."""

    kind = "figure"
    reads: ClassVar = {"figure": ("measure", "rating", "survey")}
    figure: Key
    out_of: Number = HUNDRED
    cap: Number | None = None
    floor: Bound = ZERO


class Within(Rule):
    """All of it while the figure stays between two bounds, both included; otherwise what `outside` says."""

    kind = "within"
    reads: ClassVar = {"within": ("measure",)}
    within: Key
    least: Number
    most: Number
    outside: Number = ZERO


class Step(Rule):
    """From the weight, so much less for each step on the worse side of the target, so much more on the better one.

    Beyond the line of `zero_beyond`, on the worse side, nothing is left.
    """

    kind = "step"
    reads: ClassVar = {"step": ("measure",)}
    ways: ClassVar = {"partial": ("whole", "up", "pro_rata")}
    gives: Gives = "points"
    step: Key
    # Without one the target that comes with the figure.
    target: Number | None = None
    per: Number
    minus: Number
    plus: Number | None = None
    zero_beyond: Number | None = None
    # whole: a step counts when it is full; up: when it is begun; pro_rata: by its part.
    partial: Pick = Pick(word="whole")
    # Without a cap: the weight.
    cap: Bound = None
    floor: Bound = ZERO


class Completeness(Rule):
    """The weight by the share that is complete, less so much for each error."""

    kind = "completeness"
    reads: ClassVar = {"completeness": ("measure",), "of": ("measure",), "errors": ("measure",)}
    gives: Gives = "points"
    completeness: Key
    of: Key
    errors: Key | None = None
    each_error: Number = ZERO
    floor: Bound = None


class Way(Document):
    """One of the ways in which the whole weight can be earned."""

    label: Text
    of: Expr
    reach: Expr
    per: Number
    minus: Number


class Either(Rule):
    """Several ways to the full weight; what is missing costs by steps, on the better way for the employee or on all."""

    kind = "either"
    ways: ClassVar = {"combine": ("best", "sum")}
    gives: Gives = "points"
    either: Annotated[tuple[Way, ...], Field(min_length=2)]
    combine: Pick = Pick(word="best")
    floor: Bound = ZERO

    def formulas_written(self) -> Iterator[tuple[str, str]]:
        for number, way in enumerate(self.either, start=1):
            yield f"either[{number}].of", way.of
            yield f"either[{number}].reach", way.reach
