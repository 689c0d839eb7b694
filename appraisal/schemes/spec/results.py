"""What a scheme works out beside the score. A result is read by the formulas of others and by outcomes."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from appraisal.schemes.spec.base import Document, Expr, Flag, Key, Number, Text, Unit, Words
from appraisal.schemes.spec.grades import Rounding
from appraisal.schemes.spec.rules.base import Pick


class Result(Document):
    kind: ClassVar[str]
    # The ways of reckoning that a field may choose between.
    ways: ClassVar[dict[str, tuple[str, ...]]] = {}
    label: Text
    clause: Words | None = None
    unit: Unit | None = None
    note: Text | None = None
    # Shown to the person: a step on the way can be kept out of the statement.
    shown: Flag = True

    def formulas_written(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """The field, its formula, and the tables whose columns it reads."""
        yield from ()

    def adds(self) -> dict[str, str]:
        """The columns that it adds, where the result is a table."""
        return {}

    @property
    def rows_of(self) -> str | None:
        return None


class Worked(Result):
    """A formula: a number, a yes or no, a word or a date. Money is rounded half up to the cent."""

    kind = "expr"
    expr: Expr
    round: Rounding | None = None
    money: Flag = False

    def formulas_written(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        yield "expr", self.expr, ()


class ColumnResult(Document):
    label: Text
    expr: Expr
    unit: Unit | None = None
    round: Rounding | None = None
    money: Flag = False


class Rows(Result):
    """For each row of a table some more columns, in their order; later ones may read earlier ones."""

    kind = "rows"
    rows: Key
    columns: Annotated[dict[Key, ColumnResult], Field(min_length=1)]

    def formulas_written(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for name, column in self.columns.items():
            yield f"columns.{name}", column.expr, (self.rows,)

    def adds(self) -> dict[str, str]:
        return dict.fromkeys(self.columns, "number")

    @property
    def rows_of(self) -> str | None:
        return self.rows


class Ranking(Result):
    """Rows in order, best first; ties share a place. Adds `place`, and `triggered` (top, bottom or empty)."""

    kind = "rank"
    ways: ClassVar = {"ties": ("gap", "dense")}
    rank: Key
    by: Expr
    order: Literal["highest", "lowest"] = "highest"
    # gap: 1-1-3, dense: 1-1-2.
    ties: Pick = Pick(word="gap")
    # Percent of the rows, rounded down, at least one; ties at the cut are all in.
    top: Number | None = None
    bottom: Number | None = None

    def formulas_written(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        yield "by", self.by, (self.rank,)

    def adds(self) -> dict[str, str]:
        return {"value": "number", "place": "number", "triggered": "text"}

    @property
    def rows_of(self) -> str | None:
        return self.rank


class Lights(Result):
    """A traffic light for each row: green beyond the target, yellow at it, red short of it, none without a figure."""

    kind = "lights"
    ways: ClassVar = {"zero_met": ("yellow", "green")}
    lights: Key
    actual: Expr
    target: Expr
    better: Literal["higher", "lower"] = "higher"
    # green: a target of zero that is met is green, not yellow.
    zero_met: Pick = Pick(word="yellow")

    def formulas_written(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        yield "actual", self.actual, (self.lights,)
        yield "target", self.target, (self.lights,)

    def adds(self) -> dict[str, str]:
        return {"light": "text"}

    @property
    def rows_of(self) -> str | None:
        return self.lights


class Mark(Document):
    label: Text
    clause: Words | None = None
    when: Expr
    effect: Literal["reward", "penalty", "note"] = "note"


class Marks(Result):
    """Everything of the list that is true: triggers of reward and penalty, classes of a customer."""

    kind = "marks"
    marks: Annotated[dict[Key, Mark], Field(min_length=1)]

    def formulas_written(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for name, mark in self.marks.items():
            yield f"marks.{name}", mark.when, ()


class Split(Result):
    """An amount divided between rows by their shares. The last one, by number, takes what rounding left."""

    kind = "split"
    split: Key
    amount: Expr
    share: Expr
    # The shares are percentages that must come to 100; otherwise they are parts of their sum.
    percent: Flag = False

    def formulas_written(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        yield "amount", self.amount, ()
        yield "share", self.share, (self.split,)

    def adds(self) -> dict[str, str]:
        return {"portion": "number"}

    @property
    def rows_of(self) -> str | None:
        return self.split


class Account(Result):
    """Quarter after quarter: a base to reach, shortfalls to make up (oldest first), an excess carried on.

    Reads the columns `actual`, `target` and, where the table has them, `coefficient`, `exempt` and `new_year`.
    """

    kind = "account"
    ways: ClassVar = {"back_pay": ("paying", "original"), "year_end": ("close", "keep")}
    account: Key
    base_percent: Number
    rate_percent: Number
    # What is taken off the fixed salary of a quarter below its base.
    below_base: Number
    # From here on the source is cut.
    whole_from: Number
    fixed_part: Number
    # Coefficient of the quarter in which a shortfall is made up, or of the one it came from.
    back_pay: Pick = Pick(word="paying")
    # What becomes of open shortfalls at the end of a year.
    year_end: Pick = Pick(word="close")

    def adds(self) -> dict[str, str]:
        numbers = ("x", "base", "accrued", "back_pay", "shortfall", "carry", "deduction", "paid")
        return dict.fromkeys(numbers, "number") | {"floating": "flag"}

    @property
    def rows_of(self) -> str | None:
        return self.account


RESULTS: tuple[type[Result], ...] = (Worked, Rows, Ranking, Lights, Marks, Split, Account)
RESULT_KINDS: dict[str, type[Result]] = {result.kind: result for result in RESULTS}


def result_kind(result: Any) -> str | None:
    if isinstance(result, Result):
        return f"<{result.kind}>"
    if isinstance(result, dict):
        return next((f"<{key}>" for key in result if key in RESULT_KINDS), None)
    return None


AnyResult = Annotated[
    Annotated[Worked, Tag("<expr>")]
    | Annotated[Rows, Tag("<rows>")]
    | Annotated[Ranking, Tag("<rank>")]
    | Annotated[Lights, Tag("<lights>")]
    | Annotated[Marks, Tag("<marks>")]
    | Annotated[Split, Tag("<split>")]
    | Annotated[Account, Tag("<account>")],
    Discriminator(result_kind),
]
