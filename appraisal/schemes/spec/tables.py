"""Lookup tables: from a number or a word to a number or a word. Formulas read them by name."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appraisal.schemes.spec.base import Document, Key, Number, Setting, Span, Text, Unit, Words, one_of


class Row(Span):
    """A span of numbers, each bound saying whether it belongs; or one word. What it gives may be a number or a word."""

    equals: Key | None = None
    gives: Number | None = None
    says: Key | None = None
    label: Text | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        return one_of(self, "gives", "says")


class Lookup(Document):
    label: Text
    clause: Words | None = None
    unit: Unit | None = None
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        words = [row.equals is not None for row in self.rows]
        if any(words) != all(words):
            raise PydanticCustomError("one_of", "exactly one of {fields}", {"fields": "equals, bounds"})
        return self

    @property
    def of_words(self) -> bool:
        return self.rows[0].equals is not None


class Variant(Document):
    """Parameters set another way: another reading of the source, or the numbers of one company."""

    label: Text
    sets: Annotated[dict[Key, Setting], Field(min_length=1)]
