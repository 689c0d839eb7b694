"""Lookup tables of a scheme, made ready: which row a number or a word falls into."""

from dataclasses import dataclass
from decimal import Decimal

from appraisal.schemes.spec import Lookup, Row, Scheme
from appraisal.scoring.decimals import CONTEXT, ZERO
from appraisal.scoring.explanation import Figure, Said
from appraisal.scoring.leaf import Numbers, said
from appraisal.scoring.values import NotGivenError, NoValueError, Value, number


@dataclass(frozen=True, slots=True)
class Line:
    lower: Figure | None
    lower_belongs: bool
    upper: Figure | None
    upper_belongs: bool
    word: str | None
    gives: Figure | None

    def holds(self, value: Decimal) -> bool:
        low, high = self.lower, self.upper
        above = low is None or value > low.value or (self.lower_belongs and value == low.value)
        return above and (high is None or value < high.value or (self.upper_belongs and value == high.value))


class Lookups:
    def __init__(self, scheme: Scheme, numbers: Numbers) -> None:
        self.tables = {name: (table, _lines(name, table, numbers)) for name, table in scheme.tables.items()}

    def look_up(self, function: str, name: str, value: Value) -> tuple[list[Figure], Value]:
        """What the table gives for the value, and the figures of the row that it fell into."""
        table, lines = self.tables[name]
        if function == "marginal":
            return self._marginal(lines, number(value))
        line = self._line(table, lines, value)
        if line is None:
            raise NoValueError("no_row", name)
        if line.gives is None:
            raise NotGivenError(name)
        bounds = [figure for figure in (line.lower, line.upper) if figure is not None]
        return [line.gives, *bounds], line.gives.word if line.gives.word is not None else line.gives.value

    def _line(self, table: Lookup, lines: list[Line], value: Value) -> Line | None:
        if table.of_words:
            return next((line for line in lines if line.word == value), None)
        amount = number(value)
        return next((line for line in lines if line.holds(amount)), None)

    def _marginal(self, lines: list[Line], value: Decimal) -> tuple[list[Figure], Decimal]:
        """Each part of the amount at the rate of its own bracket."""
        total, figures = ZERO, []
        for line in lines:
            low = ZERO if line.lower is None else line.lower.value
            high = value if line.upper is None else min(line.upper.value, value)
            if line.gives is not None and high > low:
                total = CONTEXT.add(total, CONTEXT.multiply(CONTEXT.subtract(high, low), line.gives.value))
                figures += [line.gives, *(bound for bound in (line.lower, line.upper) if bound is not None)]
        return figures, total


def _lines(name: str, table: Lookup, numbers: Numbers) -> list[Line]:
    return [_line(name, table, row, place, numbers) for place, row in enumerate(table.rows, start=1)]


def _line(name: str, table: Lookup, row: Row, place: int, numbers: Numbers) -> Line:
    gives: Figure | None
    # A row of words is called by its word, a span by its place.
    called = f"{name}.={row.equals}" if row.equals else f"{name}.{place}"
    label = said(row.label) if row.label else said(table.label)
    if row.says is not None:
        gives = Figure(called, ZERO, "stated", None, label, table.clause, row.says, "word")
    else:
        assert row.gives is not None
        gives = numbers.figure(called, row.gives)
        if gives is not None:
            gives.label = Said(f"{label.zh}", f"{label.en}")
    return Line(
        lower=None if row.lower is None else numbers.figure(f"{name}.{place}.lower", row.lower),
        lower_belongs=row.above is None,
        upper=None if row.upper is None else numbers.figure(f"{name}.{place}.upper", row.upper),
        upper_belongs=row.below is None,
        word=row.equals,
        gives=gives,
    )
