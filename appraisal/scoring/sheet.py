"""The sheet of one appraisal: everything a formula may name, and a record of what it read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from appraisal.schemes.spec import PeriodKind, Scheme
from appraisal.scoring.decimals import ZERO, plain
from appraisal.scoring.explanation import Figure, Node, Said, Used
from appraisal.scoring.inputs import Absent, Given, Inputs
from appraisal.scoring.leaf import Numbers, said
from appraisal.scoring.reading_inputs import FIGURES, answers, rows_of
from appraisal.scoring.values import NotGivenError, NoValueError, Row, Value, WrongKindError, day, whole

if TYPE_CHECKING:
    from appraisal.scoring.lookups import Lookups

WorkingDay = Callable[[date], bool]
BUILT_IN = {"as_of": Said("日期", "Date"), "total": Said("总分", "Total"), "grade": Said("等级", "Grade")}


@dataclass(slots=True)
class Table:
    """Rows that a formula went through, kept for whoever checks it."""

    label: Said
    kinds: Mapping[str, str]
    rows: Sequence[Row]

    def to_json(self) -> dict[str, Any]:
        return {
            "label": self.label.to_json(),
            "columns": dict(self.kinds),
            "rows": [{name: written(row.get(name)) for name in self.kinds} for row in self.rows],
        }


def written(value: Value | None) -> str | None:
    """The one spelling of a value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def kind_of(value: Value | None) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, Decimal):
        return "number"
    return "date" if isinstance(value, date) else "word"


def figure_of(name: str, value: Value, origin: str = "derived", label: Said | None = None) -> Figure:
    if isinstance(value, Decimal):
        return Figure(name, value, origin, None, label)
    return Figure(name, ZERO, origin, None, label, None, written(value), kind_of(value))


def value_of(figure: Figure) -> Value:
    if figure.kind == "number":
        return figure.value
    word = figure.word or ""
    if figure.kind == "flag":
        return word == "yes"
    return date.fromisoformat(word) if figure.kind == "date" else word


@dataclass(slots=True)
class Sheet:
    """One appraisal's inputs with what is worked out from them, each result once and when it is first asked for."""

    scheme: Scheme
    numbers: Numbers
    lookups: "Lookups"
    given: Inputs
    period_kind: PeriodKind
    as_of: date | None = None
    is_working_day: WorkingDay | None = None
    workings: "Mapping[str, Callable[[Sheet], Node]]" = field(default_factory=dict)
    known: dict[str, Figure] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    underway: set[str] = field(default_factory=set)

    def get(self, key: str) -> Given | None:
        return self.given.get(key)

    def figure(self, name: str) -> Figure:
        """A parameter, a result, an indicator's mark, or one of the words that every sheet knows."""
        if name in self.known:
            return self.known[name]
        if name in self.scheme.parameters:
            found = self.numbers.setting(name)
            if found is None:
                raise NotGivenError(name)
        elif name in self.workings:
            found = self._result(name)
        elif name == "as_of" and self.as_of is not None:
            found = figure_of(name, self.as_of, "given", BUILT_IN[name])
        else:
            raise NotGivenError(name)
        self.known[name] = found
        return found

    def node(self, name: str) -> Node:
        if name not in self.nodes:
            if name in self.underway:
                raise WrongKindError("{name} depends on itself", name=name)
            self.underway.add(name)
            self.nodes[name] = self.workings[name](self)
            self.underway.discard(name)
        return self.nodes[name]

    def _result(self, name: str) -> Figure:
        node = self.node(name)
        label = said(self.scheme.results[name].label)
        if node.status == "left_out":
            raise NoValueError(node.branch, name)
        if node.status != "counted":
            raise NotGivenError(name)
        if node.value is not None:
            return Figure(name, node.value, "derived", None, label)
        kinds = {figure.name: figure.kind for figure in node.figures}
        return Figure(name, ZERO, "derived", None, label, None, node.word, kinds.get("value", "word"))

    def table(self, name: str) -> Table:
        if name in self.tables:
            return self.tables[name]
        if name in self.workings:
            self.node(name)
            if name not in self.tables:
                raise NotGivenError(name)
            return self.tables[name]
        spec = self.scheme.inputs[name]
        given = self.given.get(name)
        if given is None or isinstance(given, Absent):
            raise NotGivenError(name)
        rows, kinds = rows_of(name, spec, given)
        self.tables[name] = Table(said(spec.label), kinds, rows)
        return self.tables[name]

    def used(self, key: str) -> Used:
        """An input as a formula reads it: its first figure is its value."""
        spec, given = self.scheme.inputs[key], self.given.get(key)
        if given is None or isinstance(given, Absent):
            raise NotGivenError(key)
        return FIGURES[spec.kind](key, spec, given, self.numbers)


class Reader:
    """The names a formula may use; keeps every figure, input and table that it really read."""

    __slots__ = ("figures", "sheet", "tables", "used")

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.figures: dict[str, Figure] = {}
        self.used: dict[str, Used] = {}
        self.tables: dict[str, Table] = {}

    def value(self, name: str) -> Value:
        if name in self.sheet.scheme.inputs:
            return value_of(self._used(name).figures[0])
        figure = self.figures.get(name)
        if figure is None:
            figure = self.figures[name] = self.sheet.figure(name)
        return value_of(figure)

    def rows(self, name: str) -> Sequence[Row]:
        table = self.tables[name] = self.sheet.table(name)
        return table.rows

    def of_input(self, function: str, name: str, argument: str | None) -> Value:
        if function == "given":
            found = self._is_given(name)
            self.figures[f"given_{name}"] = figure_of(f"given_{name}", found, "given", self.label(name))
            return found
        if function == "answers":
            return Decimal(answers(name, self.sheet.scheme.inputs[name], self.sheet.get(name)))
        wanted = "target" if function == "target" else f"part.{argument}"
        for figure in self._used(name).figures:
            if figure.name == wanted:
                return figure.value
        raise NotGivenError(f"{function}({name})")

    def look_up(self, function: str, name: str, value: Value) -> Value:
        figures, found = self.sheet.lookups.look_up(function, name, value)
        for figure in figures:
            self.figures[figure.name] = figure
        return found

    def working_days(self, function: str, *arguments: Value) -> Value:
        return WORKING_DAYS[function](self.sheet.is_working_day, *arguments)

    def label(self, name: str) -> Said:
        known = self.sheet.numbers.labels
        if name not in known:
            known[name] = self._label(name)
        return known[name]

    def _label(self, name: str) -> Said:
        if name.startswith("target("):
            inner = self.label(name.removeprefix("target(").removesuffix(")"))
            return Said(f"{inner.zh}的目标", f"target of {inner.en}")
        scheme = self.sheet.scheme
        for part in (scheme.inputs, scheme.parameters, scheme.results, scheme.tables):
            found = part.get(name)
            if found is not None:
                return said(found.label)
        return BUILT_IN.get(name) or Said(name, name)

    @property
    def assumed(self) -> bool:
        return any(figure.origin == "assumed" for figure in self.figures.values())

    def _is_given(self, name: str) -> bool:
        if name in self.sheet.scheme.inputs:
            return not isinstance(self.sheet.get(name), Absent | None)
        try:
            self.sheet.figure(name)
        except (NotGivenError, NoValueError):
            return False
        return True

    def _used(self, name: str) -> Used:
        if name not in self.used:
            self.used[name] = self.sheet.used(name)
        return self.used[name]


def _days(is_working_day: WorkingDay | None) -> WorkingDay:
    if is_working_day is None:
        raise NotGivenError("calendar")
    return is_working_day


def _walk(is_working_day: WorkingDay | None, start: Value, count: Value, step: int) -> date:
    works, found, left = _days(is_working_day), day(start), whole(count)
    while left > 0:
        found += timedelta(days=step)
        left -= works(found)
    return found


def _between(is_working_day: WorkingDay | None, start: Value, end: Value) -> Decimal:
    """Working days from the first to the last day, both included."""
    works, first, last = _days(is_working_day), day(start), day(end)
    return Decimal(sum(works(first + timedelta(days=n)) for n in range((last - first).days + 1)))


def _from(is_working_day: WorkingDay | None, start: Value) -> date:
    """The day itself when it is a working day, otherwise the next one."""
    return day(start) if _days(is_working_day)(day(start)) else _walk(is_working_day, start, Decimal(1), 1)


WORKING_DAYS: dict[str, Callable[..., Value]] = {
    "working_days_after": lambda works, start, count: _walk(works, start, count, 1),
    "working_days_before": lambda works, start, count: _walk(works, start, count, -1),
    "working_days_between": _between,
    "working_day_from": _from,
}
