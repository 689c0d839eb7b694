"""Departments, positions and employers that the rows of a file name, known and new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from appraisal.people.imports.columns import PEOPLE, Problem, Row, Sheet
from appraisal.people.imports.known import Known
from appraisal.people.models import Named

LABELS = {column.key: column.label for column in PEOPLE}


@dataclass(frozen=True, slots=True)
class Place:
    """A department or position that the file adds or changes; what is None stays as it is."""

    code: str
    name: str
    is_new: bool
    name_en: str | None = None
    parent: str | None = None
    head: str | None = None


@dataclass(slots=True)
class Places:
    unit_codes: dict[int, str]
    position_codes: dict[int, str]
    entity_codes: dict[int, str]
    units: dict[str, Place] = field(default_factory=dict)
    positions: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # Line of the people's sheet → codes of unit, position and employer.
    rows: dict[int, dict[str, str]] = field(default_factory=dict)

    # ("unit" or "position", code) → name and code.
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.units or self.positions)

    @property
    def shown(self) -> list[Place]:
        return [*self.units.values(), *self.positions.values()]

    def text_of(self, key: str, value: Any) -> str:
        """A value as people read it: codes of departments and positions with their names."""
        text = "" if value is None else str(value)
        return self.names.get((key, text), text)

    def of_row(self, row: Row) -> dict[str, str]:
        return self.rows.get(row.line, {})

    def as_data(self) -> list[Any]:
        return [[place.code, place.name, place.is_new, place.name_en, place.parent, place.head] for place in self.shown]


def read_places(people: Sheet, units: Sheet, positions: Sheet, known: Known) -> Places:
    places = Places(
        unit_codes={unit.pk: code for code, unit in known.units.items()},
        position_codes={position.pk: code for code, position in known.positions.items()},
        entity_codes={entity.pk: code for code, entity in known.entities.items()},
    )
    _read_units(units, known, places, {row.cells["number"] for row in people.rows})
    for row in positions.rows:
        _add_position(row.cells["code"], row.cells["name"], known, places, row.get("name_en"))
    finder = _Finder(people, known, places)
    for row in people.rows:
        places.rows[row.line] = finder.codes_of(row)
    _name_codes(places, "unit", {**known.units, **places.units})
    _name_codes(places, "position", {**known.positions, **places.positions})
    return places


def _name_codes(places: Places, key: str, named: Mapping[str, Named | Place]) -> None:
    places.names.update({(key, code): f"{thing.name} {code}" for code, thing in named.items() if thing.name != code})


def _read_units(sheet: Sheet, known: Known, places: Places, numbers: set[str]) -> None:
    codes = {*known.units, *(row.cells["code"] for row in sheet.rows)}
    parents = {unit.code: places.unit_codes.get(unit.parent_id or 0, "") for unit in known.units.values()}
    for row in sheet.rows:
        code, parent, head = row.cells["code"], row.get("parent"), row.get("head")
        if parent and parent not in codes:
            places.problems.append(Problem(row.line, _("Code of the department above"), parent, _unknown_unit()))
        if head and head not in numbers and head not in known.people:
            message = _("Nobody with this number is in the file or in the register.")
            places.problems.append(Problem(row.line, _("Number of the head"), head, message))
        if parent is not None:
            parents[code] = parent
        place = Place(code, row.cells["name"], code not in known.units, row.get("name_en"), parent, head)
        if place.is_new or _differs(place, known, places):
            places.units[code] = place
    for row in sheet.rows:
        if _circles(row.cells["code"], parents):
            message = _("This department would stand below itself.")
            places.problems.append(Problem(row.line, _("Code of the department above"), row.get("parent"), message))


def _differs(place: Place, known: Known, places: Places) -> bool:
    unit = known.units[place.code]
    heads = {person.pk: number for number, person in known.people.items()} if place.head is not None else {}
    return (
        unit.name != place.name
        or place.name_en not in (None, unit.name_en)
        or place.parent not in (None, places.unit_codes.get(unit.parent_id or 0, ""))
        or place.head not in (None, heads.get(unit.head_id or 0, ""))
    )


def _circles(code: str, parents: dict[str, str]) -> bool:
    seen = {code}
    above = parents.get(code, "")
    while above:
        if above in seen:
            return True
        seen.add(above)
        above = parents.get(above, "")
    return False


def _add_position(code: str, name: str, known: Known, places: Places, name_en: str | None = None) -> None:
    stored = known.positions.get(code)
    if stored is None or stored.name != name or name_en not in (None, stored.name_en):
        places.positions[code] = Place(code, name, stored is None, name_en)


def _unknown_unit() -> str:
    return _("This department is not known. Add it to the sheet of departments, or give its code and its name.")


class _Finder:
    """Finds a row's department, position and employer by code or by name."""

    def __init__(self, people: Sheet, known: Known, places: Places) -> None:
        self.keys, self.known, self.places = people.keys, known, places
        self.units_by_name = _by_name({**known.units, **places.units})
        self.positions_by_name = _by_name({**known.positions, **places.positions})
        self.entities_by_name = _by_name(known.entities)

    def codes_of(self, row: Row) -> dict[str, str]:
        is_new = row.cells["number"] not in self.known.people
        codes: dict[str, str] = {}
        if is_new or self.keys & {"unit_code", "unit_name"}:
            codes["unit"] = self._unit(row)
        if is_new or self.keys & {"position_code", "position_name"}:
            codes["position"] = self._position(row)
        if is_new or row.get("legal_entity"):
            codes["legal_entity"] = self._entity(row)
        elif "legal_entity" in self.keys:
            codes["legal_entity"] = self.places.entity_codes[self.known.people[row.cells["number"]].legal_entity_id]
        entity = self.known.entities.get(codes.get("legal_entity", ""))
        if not row.get("time_zone"):
            stored = self.known.people.get(row.cells["number"])
            codes["time_zone"] = stored.time_zone if stored else entity.time_zone if entity else ""
        return codes

    def _refuse(self, row: Row, key: str, message: str) -> str:
        self.places.problems.append(Problem(row.line, str(LABELS[key]), row.get(key) or "", message))
        return ""

    def _unit(self, row: Row) -> str:
        code, name = row.get("unit_code"), row.get("unit_name")
        if not code and not name:
            key = "unit_name" if "unit_name" in self.keys else "unit_code"
            return self._refuse(row, key, _("This cell must not be empty."))
        if not code:
            return self._named(row, "unit_name", self.units_by_name) or ""
        if code not in self.known.units and code not in self.places.units:
            if not name:
                return self._refuse(row, "unit_code", _unknown_unit())
            self.places.units[code] = Place(code, name, is_new=True)
        return str(code)

    def _position(self, row: Row) -> str:
        code, name = row.get("position_code"), row.get("position_name")
        if not code and not name:
            return ""
        if not code:
            if len(self.positions_by_name.get(name, ())) != 1 and name in self.positions_by_name:
                return self._named(row, "position_name", self.positions_by_name)
            code = self.positions_by_name.get(name, (name[:40],))[0]
        if code not in self.known.positions and code not in self.places.positions:
            if not name:
                return self._refuse(row, "position_code", _("This position is not known. Give its code and its name."))
            self.places.positions[code] = Place(code, name, is_new=True)
            self.positions_by_name.setdefault(name, (code,))
        return str(code)

    def _entity(self, row: Row) -> str:
        named = row.get("legal_entity")
        if named in self.known.entities:
            return str(named)
        if not named and len(self.known.entities) == 1:
            return next(iter(self.known.entities))
        if not named:
            return self._refuse(row, "legal_entity", _("There are several legal entities: please say which."))
        return self._named(row, "legal_entity", self.entities_by_name)

    def _named(self, row: Row, key: str, by_name: dict[str, tuple[str, ...]]) -> str:
        codes = by_name.get(row.cells[key], ())
        if len(codes) == 1:
            return codes[0]
        if codes:
            return self._refuse(row, key, _("Several have this name: please give the code."))
        return self._refuse(row, key, _unknown_unit() if key == "unit_name" else _("This legal entity is not known."))


def _by_name(named: Mapping[str, Named | Place]) -> dict[str, tuple[str, ...]]:
    codes: dict[str, tuple[str, ...]] = {}
    for code, thing in named.items():
        codes[thing.name] = (*codes.get(thing.name, ()), code)
    return codes
