"""How a total becomes a grade, and a year's total comes from its periods."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appraisal.schemes.spec.base import Document, Grade, Number, PeriodKind, Text, Whole, Words


class Rounding(Document):
    places: Annotated[Whole, Field(ge=0, le=6)] = 0
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"


class Band(Document):
    """From its lower to its upper bound; each bound says whether it belongs to the band."""

    grade: Grade
    label: Text
    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _one_bound_a_side(self) -> Self:
        if (self.at_least and self.above) or (self.at_most and self.below):
            raise PydanticCustomError("two_bounds", "one bound for each side")
        return self

    @property
    def lower(self) -> Number | None:
        return self.at_least or self.above

    @property
    def upper(self) -> Number | None:
        return self.at_most or self.below


class Grades(Document):
    """Best band first. Without rounding the exact total decides."""

    clause: Words | None = None
    round: Rounding | None = None
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(band.grade for band in self.bands)


class RollUp(Document):
    """The total of a longer period from the totals of shorter ones."""

    into: PeriodKind
    of: PeriodKind
    clause: Words | None = None
    weights: Annotated[tuple[Number, ...], Field(min_length=2)]
    # What a period without a total does to the sum: it is left out, or nothing can be said yet.
    absent: Literal["leave_out", "missing"] = "missing"
