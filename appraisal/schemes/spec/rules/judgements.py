"""Rules over what people judge."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from appraisal.schemes.spec.base import Document, Key, Number
from appraisal.schemes.spec.rules.base import Rule

JUDGED = ("rating", "survey", "measure")


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


class Share(Document):
    of: Key
    weight: Number


class Mix(Rule):
    """Several groups of raters by their weights; the weight of a group without an answer goes to the others."""

    kind = "mix"
    mix: Annotated[tuple[Share, ...], Field(min_length=2)]
    absent: Literal["respread", "missing"] = "respread"

    def inputs_named(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for number, share in enumerate(self.mix, start=1):
            yield f"mix[{number}].of", share.of, JUDGED
