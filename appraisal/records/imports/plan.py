"""The difference that a table would make, and everything that stands against it. Nothing is written here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from appraisal.people.imports.columns import Column, Problem, Row, Sheet, read_sheet, recognised
from appraisal.people.imports.tables import Table, Unreadable, read_tables
from appraisal.people.models import Person
from appraisal.records import rules
from appraisal.records.expected import expected_in
from appraisal.records.figures import Values, faults_of, read_into
from appraisal.records.imports.columns import SPLIT, columns_of, in_reader_language
from appraisal.records.known import Known, KnownFigure, figure_of, folded, known_inputs
from appraisal.records.marks import parted
from appraisal.records.models import Actual
from appraisal.records.periods import Period
from appraisal.records.queries import in_periods
from appraisal.records.typed import clock_words, shown
from appraisal.schemes.spec import Measure

if TYPE_CHECKING:
    from appraisal.people.models import User

Slot = tuple[int, Period, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the file, with the row that it would correct."""

    line: int
    person: Person
    period: Period
    figure: KnownFigure
    values: Values
    note: str
    before: Actual | None = None

    @property
    def words_after(self) -> str:
        return self._words(self.values.actual, self.values.told)

    @property
    def words_before(self) -> str:
        return "" if self.before is None else self._words(self.before.actual, self.before.told)

    def _words(self, actual: Decimal | None, told: str) -> str:
        """A fact or a time as it is read; "" for a number."""
        if self.figure.type == "time" and actual is not None:
            return clock_words(actual)
        given = self.figure.given
        return shown(self.figure.type, told, given.choices if isinstance(given, Measure) else {}) if told else ""

    @property
    def slot(self) -> Slot:
        return (self.person.pk, self.period, self.figure.key)


@dataclass(slots=True)
class Plan:
    problems: list[Problem]
    ignored_columns: tuple[str, ...]
    new: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    unchanged: int = 0

    @property
    def lines(self) -> list[Line]:
        return [*self.new, *self.changed]

    @property
    def counts(self) -> dict[str, int]:
        return {"new": len(self.new), "changed": len(self.changed), "unchanged": self.unchanged}

    @property
    def digest(self) -> str:
        """Of the difference itself: another one as soon as what it was compared with has changed."""
        content = [
            [line.person.pk, line.period.code, line.figure.key, str(line.values.target), str(line.values.actual),
             line.values.told, line.values.detail, line.note, line.before.pk if line.before else None]
            for line in self.lines
        ]  # fmt: skip
        return hashlib.sha256(json.dumps([content, self.unchanged], sort_keys=True).encode()).hexdigest()


class Reader:
    """Reads the rows of one file for one user: a constant number of queries, whatever the number of rows."""

    def __init__(self, content: bytes, *, user: User, on: date) -> None:
        self.user, self.on = user, on
        self.known = known_inputs(on)
        self.columns = columns_of(self.known)
        self.labels = {column.key: str(column.label) for column in self.columns}
        self.sheet = _sheet(content, self.columns)
        self.keys = {name: key for key, figure in self.known.figures.items() for name in figure.names}
        self.asked: dict[Period, dict[int, dict[str, KnownFigure]]] = {}
        numbers = {row.cells["number"] for row in self.sheet.rows}
        self.people = {person.number: person for person in Person.objects.filter(number__in=numbers)}
        self.problems = list(self.sheet.problems)

    def plan(self) -> Plan:
        lines = list(self._unrepeated(self._lines()))
        self._refuse_locked(lines)
        plan = Plan(self.problems, self.sheet.ignored)
        before = _current({line.period for line in lines}, {line.person.pk for line in lines})
        for line in lines:
            current = before.get(line.slot)
            if current is None:
                plan.new.append(line)
            elif line.values.same_as(current):
                plan.unchanged += 1
            else:
                plan.changed.append(
                    Line(line.line, line.person, line.period, line.figure, line.values, line.note, current)
                )
        plan.problems.sort(key=lambda problem: problem.line)
        return plan

    def _problem(self, line: int, key: str, value: Any, message: str) -> None:
        self.problems.append(Problem(line, self.labels.get(key, ""), "" if value is None else str(value), message))

    def _lines(self) -> Iterator[Line]:
        for row in self.sheet.rows:
            person = self.people.get(row.cells["number"])
            figure = self._figure(person, row) if person is not None else self._known(row)
            if person is None:
                self._problem(row.line, "number", row.cells["number"], _("Nobody has this employee number."))
            if figure is None:
                self._problem(row.line, "measure", row.cells["measure"], self._unknown_figure())
            if person is not None and figure is not None:
                yield from self._line(row, person, figure)

    def _known(self, row: Row) -> KnownFigure | None:
        return self.known.figures.get(self.keys.get(folded(row.cells["measure"]), ""))

    def _figure(self, person: Person, row: Row) -> KnownFigure | None:
        """By the scheme of the person first: another scheme may call something else by the same name."""
        name = folded(row.cells["measure"])
        return self._asked_of(person, row.cells["period"]).get(name) or self._known(row)

    def _asked_of(self, person: Person, period: Period) -> dict[str, KnownFigure]:
        """The figures of the person in the period, by all their names; one query a period."""
        if period not in self.asked:
            made: dict[int, dict[str, KnownFigure]] = {}
            by_scheme: dict[frozenset[int], dict[str, KnownFigure]] = {}
            for person_id, inputs in expected_in(period).items():
                scheme = frozenset(id(given) for given in inputs.values())
                if scheme not in by_scheme:
                    figures = [figure_of(key, given) for key, given in inputs.items()]
                    by_scheme[scheme] = {name: figure for figure in figures for name in figure.names}
                made[person_id] = by_scheme[scheme]
            self.asked[period] = made
        return self.asked[period].get(person.pk, {})

    def _unknown_figure(self) -> str:
        names = sorted(in_reader_language(figure.label) for figure in self.known.figures.values())
        return _("No scheme in force asks for such a figure. Known are: %(names)s.") % {"names": ", ".join(names)}

    def _line(self, row: Row, person: Person, figure: KnownFigure) -> Iterator[Line]:
        verdict = rules.may_enter(self.user, figure, person, self.on)
        if not verdict:
            column = "number" if person.user_id == self.user.pk else "measure"
            self._problem(row.line, column, row.cells[column], verdict.message)
            return
        note = row.get("note") or ""
        try:
            values = read_into(
                figure,
                row.get("actual"),
                target=row.get("target"),
                split={key: row.cells[SPLIT + key] for key in figure.parts if row.get(SPLIT + key) is not None},
                answers=row.get("answers"),
                promoters=row.get("promoters") if figure.is_net_score else None,
                detractors=row.get("detractors") if figure.is_net_score else None,
            )
        except ValueError as error:
            self._problem(row.line, "actual", row.get("actual"), str(error))
            return
        faults = list(faults_of(figure, values, note))
        for fault in faults:
            self._problem(row.line, fault.field, row.get(fault.field), fault.message)
        if not faults:
            yield Line(row.line, person, row.cells["period"], figure, values, note)

    def _unrepeated(self, lines: Iterator[Line]) -> Iterator[Line]:
        first: dict[Slot, int] = {}
        for line in lines:
            if line.slot in first:
                message = _("The same figure already stands on line %(line)s.") % {"line": first[line.slot]}
                self._problem(line.line, "measure", in_reader_language(line.figure.label), message)
            else:
                first[line.slot] = line.line
                yield line

    def _refuse_locked(self, lines: list[Line]) -> None:
        slots = [
            rules.Slot(line.person.pk, line.period.starts_on, line.period.ends_on, parted(line.figure.key)[1])
            for line in lines
        ]
        closed = rules.locked(slots)
        for line, slot in zip(lines, slots, strict=True):
            if slot in closed:
                self._problem(line.line, "period", line.period.code, rules.locked_verdict().message)


def _sheet(content: bytes, columns: tuple[Column, ...]) -> Sheet:
    """The first table with a column of employee numbers and one of figures."""
    table = next((table for table in read_tables(content) if _is_figures(table, columns)), None)
    if table is None:
        raise Unreadable(
            _(
                "No columns “Employee number” (工号) and “Figure” (指标) were found. "
                "The first row must hold the headings."
            )
        )
    return read_sheet(table, columns)


def _is_figures(table: Table, columns: tuple[Column, ...]) -> bool:
    return {"number", "measure"} <= {column.key for column in recognised(table, columns) if column}


def _current(periods: set[Period], people: set[int]) -> dict[Slot, Actual]:
    spans = {(period.starts_on, period.ends_on) for period in periods}
    rows = Actual.objects.filter(in_periods(spans), is_current=True, person_id__in=people)
    return {(row.person_id, Period(row.period_start, row.period_end), row.input_key): row for row in rows if spans}


def make_plan(content: bytes, *, user: User, on: date) -> tuple[Plan, Known]:
    """Compares the table with the current figures, as this user may enter them. Raises Unreadable."""
    reader = Reader(content, user=user, on=on)
    return reader.plan(), reader.known
