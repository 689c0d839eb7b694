"""What a final result leads to. Every outcome ends in a proposal that a human approves."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from appraisal.schemes.spec.base import (
    Document,
    Expr,
    Flag,
    Grade,
    Key,
    Number,
    PeriodKind,
    Roles,
    Text,
    Whole,
    Words,
    one_of,
)


class GradePredicate(Document):
    """A grade, or one at least (at most) as good."""

    equals: Grade | None = None
    at_least: Grade | None = None
    at_most: Grade | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        return one_of(self, "equals", "at_least", "at_most")

    @property
    def grade(self) -> str:
        return self.equals or self.at_least or self.at_most or ""


class Streak(GradePredicate):
    """So many periods in a row. A gap breaks the row or is stepped over; a row that fired is used up or runs on."""

    length: Annotated[Whole, Field(ge=2, le=24)]
    gap: Literal["break", "skip"] = "break"
    consume: Flag = True


class IndicatorPredicate(Document):
    indicator: Key
    at_least: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        return one_of(self, "at_least", "below")


class Condition(Document):
    """Holds when everything that is stated holds."""

    of: PeriodKind
    grade: GradePredicate | None = None
    streak: Streak | None = None
    indicator: IndicatorPredicate | None = None
    # A formula over the results, the indicators, the total and the grade of the period.
    holds: Expr | None = None
    first_period: Flag = False


class Outcome(Document):
    label: Text
    clause: Words | None = None


class Plus(Document):
    months_of_salary: Number


class Pay(Outcome):
    """An amount of money times the multiplier of the grade, and for some grades something on top.

    Without multipliers: the amount that a result of the scheme comes to.
    """

    kind: Literal["pay"]
    of: Key
    each: PeriodKind
    times: dict[Grade, Number] = {}
    plus: dict[Grade, Plus] = {}


class CommissionLevel(Document):
    label: Text
    percent: Number


class Commission(Outcome):
    """A percentage of sales that stands at one of several levels."""

    kind: Literal["commission"]
    of: Key
    normal: Key
    levels: Annotated[dict[Key, CommissionLevel], Field(min_length=1)]


class PlanTarget(Document):
    """What a plan asks for: a figure, a rise by percent of the start, or a rise by percentage points."""

    label: Text
    of: Key
    operator: Literal["absolute", "relative", "points"]
    amount: Number


class PlanTemplate(Document):
    months: Number
    mentor: Literal["required", "optional", "off"] = "optional"
    owners: Roles
    targets: tuple[PlanTarget, ...] = ()
    if_not_met: tuple[Text, ...] = ()


class Proposal(Outcome):
    """Something to be decided by people when one of the conditions holds."""

    kind: Literal["proposal"]
    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    propose: Key
    # The commission level proposed, where that is what changes.
    level: Key | None = None
    or_level: Key | None = None
    approved_by: Roles
    # Pay, post or employment may suffer: needs a reason and HR.
    adverse: Flag = False
    plan: PlanTemplate | None = None


AnyOutcome = Annotated[Pay | Commission | Proposal, Field(discriminator="kind")]
