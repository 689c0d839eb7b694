"""What all kinds of rule have in common."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from appraisal.schemes.spec.base import Document, Key, Number

ZERO = Number(value=Decimal(0))
HUNDRED = Number(value=Decimal(100))

# An indicator scores in percent of its weight, or directly in the points that its weight counts.
Gives = Literal["percent", "points"]


class Pick(Document):
    """One of several ways of reckoning, or the parameter that chooses it."""

    word: Key | None = None
    parameter: Key | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return {"word": data} if isinstance(data, str) else data


def null_is_none(value: Any) -> Any:
    return None if value == "none" else value


# Where a bound can be written away: `floor: none`.
Bound = Annotated[
    Number | None,
    BeforeValidator(null_is_none),
    WithJsonSchema({"anyOf": [Number.model_json_schema(), {"const": "none"}, {"type": "number"}]}),
]


class Rule(Document):
    kind: ClassVar[str]
    # The fields that name an input, with the kinds of input they accept.
    reads: ClassVar[dict[str, tuple[str, ...]]] = {}
    # The fields that hold formulas.
    formulas: ClassVar[tuple[str, ...]] = ()
    # The ways of reckoning that a field may choose between.
    ways: ClassVar[dict[str, tuple[str, ...]]] = {}
    gives: Gives = "percent"

    def inputs_named(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """The field, the input it names, and the kinds of input that fit."""
        for field, kinds in self.reads.items():
            named = getattr(self, field)
            if named is not None:
                yield field, named, kinds

    def formulas_written(self) -> Iterator[tuple[str, str]]:
        for field in self.formulas:
            written = getattr(self, field)
            if written is not None:
                yield field, written

    def picks(self) -> Iterator[tuple[str, Pick]]:
        for field in type(self).model_fields:
            pick = getattr(self, field)
            if isinstance(pick, Pick):
                yield field, pick
