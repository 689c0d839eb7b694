"""The kinds of rule that turn inputs into points. Each is known by the key that names its input.

To add a kind: a class here and in `ScoreRule`, and its computation in `appraisal.scoring.kinds`.
"""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Tag

from appraisal.schemes.spec.base import Document, Key, Number, Text

ZERO = Number(value=Decimal(0))
HUNDRED = Number(value=Decimal(100))


class Rule(Document):
    kind: ClassVar[str]
    # The fields that name an input, with the kinds of input they accept.
    reads: ClassVar[dict[str, tuple[str, ...]]]


class Attainment(Rule):
    """Actual as a percentage of the target; nothing below the gate, no more than the cap."""

    kind = "attainment"
    reads: ClassVar = {"attainment": ("measure",)}
    attainment: Key
    gate: Number | None = None
    cap: Number | None = None
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


class Deductions(Rule):
    """Points taken off for each confirmed incident by its severity; some severities leave nothing at all."""

    kind = "deductions"
    reads: ClassVar = {"deductions": ("incident",)}
    deductions: Key
    start: Number = HUNDRED
    floor: Number = ZERO
    each: dict[Key, Number] = {}
    leaves_nothing: dict[Key, Literal["stated", "assumed"]] = {}


class Mean(Rule):
    """The mean of what the raters gave, on a scale of 100."""

    kind = "mean"
    reads: ClassVar = {"mean": ("rating",)}
    mean: Key


class SurveyScore(Rule):
    """The figure of a survey, on a scale of 100."""

    kind = "survey"
    reads: ClassVar = {"survey": ("survey",)}
    survey: Key


def kind_of(rule: Any) -> str | None:
    """The tag of the kind; in angle brackets, so that it is never taken for a key of the document."""
    if isinstance(rule, Rule):
        return f"<{rule.kind}>"
    if isinstance(rule, dict):
        return next((f"<{key}>" for key in rule if key in KINDS), None)
    return None


ScoreRule = Annotated[
    Annotated[Attainment, Tag("<attainment>")]
    | Annotated[Ratio, Tag("<ratio>")]
    | Annotated[Growth, Tag("<growth>")]
    | Annotated[Deductions, Tag("<deductions>")]
    | Annotated[Mean, Tag("<mean>")]
    | Annotated[SurveyScore, Tag("<survey>")],
    Discriminator(kind_of),
]

RULES: tuple[type[Rule], ...] = (Attainment, Ratio, Growth, Deductions, Mean, SurveyScore)
KINDS: dict[str, type[Rule]] = {rule.kind: rule for rule in RULES}
