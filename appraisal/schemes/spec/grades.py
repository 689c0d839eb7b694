"""How a total becomes a grade, and a year's total comes from its periods."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from appraisal.schemes.spec.base import Document, Expr, Grade, Number, PeriodKind, Span, Text, Whole, Words, one_of


class Rounding(Document):
    places: Annotated[Whole, Field(ge=0, le=6)] = 0
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"


class Band(Span):
    grade: Grade
    label: Text


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


class Veto(Document):
    """A red line: when it is crossed the grade is this one, or the total no more than that, whatever was scored."""

    label: Text
    clause: Words | None = None
    when: Expr
    grade: Grade | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        return one_of(self, "grade", "at_most")


class Check(Document):
    """Something that must be true of the scheme's own numbers: parts that add up to a whole which is written too."""

    label: Text
    clause: Words | None = None
    # Over parameters and the rows of lookup tables.
    that: Expr


class Total(Document):
    """How the whole is reckoned beyond the sum: full marks, bounds, and what it is multiplied by."""

    label: Text | None = None
    clause: Words | None = None
    out_of: Number = Number(value=Decimal(100))
    times: Expr | None = None
    floor: Number | None = None
    cap: Number | None = None
