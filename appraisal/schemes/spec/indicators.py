"""The indicator tree: groups and indicators with their weights."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from appraisal.schemes.spec.base import Document, Expr, Flag, Key, Number, Text, Words
from appraisal.schemes.spec.rules import ScoreRule


class Indicator(Document):
    indicator: Key
    label: Text
    weight: Number
    clause: Words | None = None
    definition: Text | None = None
    # Only for those of whom this is true.
    when: Expr | None = None
    # What becomes of the weight otherwise: the others share it, it is given in full, or it is lost.
    otherwise: Literal["left_out", "full", "zero"] = "left_out"
    score: ScoreRule

    @property
    def key(self) -> str:
        return self.indicator


class Group(Document):
    group: Key
    label: Text
    weight: Number
    clause: Words | None = None
    when: Expr | None = None
    # Of what stands below only the first that applies counts; each has the whole weight.
    alternatives: Flag = False
    # In points, on the sum of what stands below.
    floor: Number | None = None
    cap: Number | None = None
    # The floor holds only while this is true: a parameter may switch it.
    floor_when: Expr | None = None
    # Weights inside are shares of the whole (and add up to this weight) or of the group (and add up to 100).
    weights: Literal["of_total", "of_group"] = "of_total"
    of: Annotated[tuple["Branch", ...], Field(min_length=1)]

    @property
    def key(self) -> str:
        return self.group


def branch_kind(branch: Any) -> str | None:
    if isinstance(branch, dict):
        return "<group>" if "group" in branch else "<indicator>"
    return "<group>" if isinstance(branch, Group) else "<indicator>"


Branch = Annotated[
    Annotated[Group, Tag("<group>")] | Annotated[Indicator, Tag("<indicator>")],
    Discriminator(branch_kind),
]


def indicators_below(branches: tuple[Group | Indicator, ...]) -> list[Indicator]:
    """Every indicator of the tree, in the order of the document."""
    found: list[Indicator] = []
    for branch in branches:
        found += indicators_below(branch.of) if isinstance(branch, Group) else [branch]
    return found
