"""The difference that a file would make, and everything that stands against it. Nothing is written here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from appraisal.people.imports import checks
from appraisal.people.imports.columns import PEOPLE, POSITIONS, UNITS, Problem, Row, Sheet, read_sheet, recognised
from appraisal.people.imports.known import Known, read_known
from appraisal.people.imports.places import Places, read_places
from appraisal.people.imports.tables import Table, Unreadable, read_tables

LABELS = {column.key: column.label for column in PEOPLE}
COMPARED = (
    "name", "name_en", "email", "unit", "position", "manager", "hired_on", "left_on", "legal_entity", "time_zone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One value of one person, as the file would change it."""

    key: str
    before: Any
    after: Any
    before_text: str
    after_text: str

    @property
    def label(self) -> str:
        return str(LABELS[{"unit": "unit_name", "position": "position_name"}.get(self.key, self.key)])


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the file: the values after the import and, for who is known, what changes."""

    line: int
    number: str
    after: dict[str, Any]
    unit_text: str
    changes: tuple[Change, ...] = ()

    def changes_key(self, key: str) -> bool:
        return any(change.key == key for change in self.changes)

    @property
    def leaves(self) -> bool:
        return any(change.key == "left_on" and change.before is None for change in self.changes)

    def returns(self, on: date) -> bool:
        """Had left before the day and is here again."""
        last = self.after["left_on"]
        return (last is None or last >= on) and any(
            change.key == "left_on" and change.before is not None and change.before < on for change in self.changes
        )


@dataclass(slots=True)
class Plan:
    effective_on: date
    places: Places
    problems: list[Problem]
    ignored_columns: tuple[str, ...]
    new: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: int = 0

    @property
    def leaving(self) -> list[Entry]:
        return [entry for entry in self.changed if entry.leaves]

    @property
    def staying(self) -> list[Entry]:
        return [entry for entry in self.changed if not entry.leaves]

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.places)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": len(self.new),
            "changed": len(self.staying),
            "leaving": len(self.leaving),
            "unchanged": self.unchanged,
            "units": len(self.places.units),
            "positions": len(self.places.positions),
        }

    @property
    def digest(self) -> str:
        """Of the difference itself: it is another one as soon as what it was compared with has changed."""
        people = [[entry.number, entry.after, [[c.key, c.before, c.after] for c in entry.changes]]
                  for entry in (*self.new, *self.changed)]  # fmt: skip
        content = [str(self.effective_on), people, self.unchanged, self.places.as_data()]
        return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


def make_plan(content: bytes, *, on: date) -> tuple[Plan, Known]:
    """Compares the file with what is known. Changed managers hold from the day `on`. Raises Unreadable."""
    people, units, positions = _sheets(read_tables(content))
    known = read_known(on)
    places = read_places(people, units, positions, known)
    plan = Plan(on, places, [*people.problems, *units.problems, *positions.problems, *places.problems], people.ignored)
    entries = [_entry(row, known, places, on) for row in checks.without_repeats(people.rows, plan.problems)]
    for entry in entries:
        if entry.number not in known.people:
            plan.new.append(entry)
        elif entry.changes:
            plan.changed.append(entry)
        else:
            plan.unchanged += 1
    if not plan.problems:
        plan.problems += checks.problems_of(entries, known, on)
    plan.problems.sort(key=lambda problem: problem.line)
    return plan, known


def _sheets(tables: list[Table]) -> tuple[Sheet, Sheet, Sheet]:
    """The sheet of people is the first with a column of employee numbers; units and positions are known by theirs."""
    found: dict[str, Table] = {}
    for table in tables:
        if kind := _kind(table):
            found.setdefault(kind, table)
    if "people" not in found:
        raise Unreadable(
            _("No column “Employee number” (工号) was found. The first row must hold the headings of the template.")
        )
    return (
        read_sheet(found["people"], PEOPLE),
        read_sheet(found["units"], UNITS) if "units" in found else Sheet(),
        read_sheet(found["positions"], POSITIONS) if "positions" in found else Sheet(),
    )


def _kind(table: Table) -> str | None:
    keys = {column.key for column in recognised(table, PEOPLE) if column}
    if "number" in keys:
        return "people"
    if "unit_code" in keys:
        return "units"
    return "positions" if "position_code" in keys else None


def _entry(row: Row, known: Known, places: Places, on: date) -> Entry:
    """The person as they would be: known values, overlaid by the columns of the file."""
    number = row.cells["number"]
    before = _before(number, known, places)
    given = {**row.cells, **places.of_row(row)}
    after = {**before, **{key: given[key] for key in COMPARED if key in given}}
    if after["left_on"] and after["left_on"] < on and number in known.people:
        after["manager"] = before["manager"]
    changes = tuple(_change(key, before[key], after[key], places) for key in COMPARED if before[key] != after[key])
    if number not in known.people:
        changes = ()
    return Entry(row.line, number, after, places.text_of("unit", after["unit"]), changes)


def _change(key: str, before: Any, after: Any, places: Places) -> Change:
    return Change(key, before, after, places.text_of(key, before), places.text_of(key, after))


def _before(number: str, known: Known, places: Places) -> dict[str, Any]:
    person = known.people.get(number)
    if person is None:
        return {**dict.fromkeys(COMPARED, ""), "hired_on": None, "left_on": None}
    return {
        "name": person.name,
        "name_en": person.name_en,
        "email": person.email,
        "unit": places.unit_codes[person.org_unit_id],
        "position": places.position_codes.get(person.position_id or 0, ""),
        "manager": known.managers.get(number, ""),
        "hired_on": person.hired_on,
        "left_on": person.left_on,
        "legal_entity": places.entity_codes[person.legal_entity_id],
        "time_zone": person.time_zone,
    }
