"""The single parts of a draft that a form can change, add, move and remove, and where they stand in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal.schemes.reading import Path
from appraisal.schemes.spec import Band, Group, Indicator, Parameter, Scheme
from appraisal.workshop.boxes.base import ABSENT, Box, Desk, Entry, Spot
from appraisal.workshop.boxes.choosing import names_of
from appraisal.workshop.boxes.drawing import group_of
from appraisal.workshop.boxes.kinds import AnyInputBox, RuleBox
from appraisal.workshop.boxes.naming import key_from
from appraisal.workshop.boxes.nested import Make
from appraisal.workshop.boxes.plain import OriginBox
from appraisal.workshop.rewriting import data_at, rewritten, swapped, with_entry, with_item
from appraisal.workshop.words import side

ORIGIN = ("value", "assumed", "missing")
INDICATOR: Make = group_of(Indicator, without=("indicator",), made={"score": RuleBox})


class FirstIndicatorBox(Box):
    """A new group begins with one indicator: an empty one cannot be kept."""

    shape = "kind"
    titled = True
    says = ""

    def build(self) -> None:
        self.spot = replace(self.spot, label=_("Its first indicator"))
        self.group = INDICATOR(
            Spot(self.spot.name, (*self.spot.path, 0), self.spot.label, required=True), ABSENT, self.desk
        )

    def inner(self) -> list[Box]:
        return [self.group]

    def read(self, form: Entry) -> Any:
        data = self.group.value(form)
        if data is ABSENT:
            return ABSENT
        return [{"indicator": key_from(data, taken=names_of(self.desk), fallback="indicator"), **data}]


class NewParameterBox(Box):
    """The words of a parameter and its first number."""

    shape = "group"

    def build(self) -> None:
        words = group_of(Parameter, without=(*ORIGIN, "proposed", "choices"))
        number = Spot("number", self.spot.path, _("Value"), required=True)
        self.boxes = [words(self.spot, ABSENT, self.desk), OriginBox(number, ABSENT, self.desk)]

    def inner(self) -> list[Box]:
        return self.boxes

    def read(self, form: Entry) -> Any:
        data, number = (box.value(form) for box in self.boxes)
        return {**(data or {}), **(number or {})}


@dataclass(frozen=True, slots=True)
class Kind:
    """How a part is drawn. `head`: the key by which it is known, where it stands in the part itself."""

    label: Any
    make: Make
    new_label: Any
    new: Make | None = None
    head: str = ""
    stem: str = "part"


KINDS: Mapping[str, Kind] = {
    "indicator": Kind(_("Indicator"), INDICATOR, _("New indicator"), head="indicator", stem="indicator"),
    "group": Kind(
        _("Group"), group_of(Group, without=("group", "of")), _("New group"),
        group_of(Group, without=("group",), made={"of": FirstIndicatorBox}), "group", "group",
    ),
    "input": Kind(_("Input"), AnyInputBox, _("New input"), stem="input"),
    "parameter": Kind(
        _("Parameter"), group_of(Parameter, without=(*ORIGIN, "proposed")), _("New parameter"), NewParameterBox,
        stem="parameter",
    ),
    "band": Kind(_("Grade"), group_of(Band), _("New grade")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A part of the document, or the place for a new one."""

    kind: str
    key: str
    path: Path
    label: str = ""
    is_new: bool = False

    def box(self, text: str, scheme: Scheme, typed: Mapping[str, Any]) -> Box:
        kind = KINDS[self.kind]
        raw = ABSENT if self.is_new else data_at(text, self.path)
        name = "input" if self.kind == "input" else ""
        make = (kind.new or kind.make) if self.is_new else kind.make
        return make(Spot(name, self.path, kind.label, required=True), raw, Desk(scheme, typed))

    def written(self, text: str, scheme: Scheme, form: Entry) -> tuple[str, str]:
        """The document with what the form says, and the key of the part."""
        for key, made in form.made.items():
            text = with_entry(text, ("inputs",), key, made)
        data, kind = form.data_written, KINDS[self.kind]
        if not self.is_new:
            return rewritten(text, self.path, data), self.key
        key = key_from(data, taken={*names_of(form.box.desk), *form.made}, fallback=kind.stem)
        data = {kind.head: key, **data} if kind.head else data
        if isinstance(self.path[-1], int):
            return with_item(text, self.path[:-1], self.path[-1], data), key if kind.head else str(self.path[-1])
        return with_entry(text, self.path[:-1], key, data), key


def branches_with_paths(scheme: Scheme) -> Iterator[tuple[Path, Group | Indicator]]:
    waiting: list[tuple[Path, tuple[Group | Indicator, ...]]] = [(("indicators",), scheme.indicators)]
    while waiting:
        path, branches = waiting.pop(0)
        for place, branch in enumerate(branches):
            yield (*path, place), branch
            if isinstance(branch, Group):
                waiting.append(((*path, place, "of"), branch.of))


def found(scheme: Scheme, part: str, key: str) -> Target | None:
    """The part with this key; bands are known by their place."""
    if part == "weights":
        for path, branch in branches_with_paths(scheme):
            if branch.key == key:
                return Target("group" if isinstance(branch, Group) else "indicator", key, path, side(branch.label))
    if part == "inputs" and key in scheme.inputs:
        return Target("input", key, ("inputs", key), side(scheme.inputs[key].label))
    if part == "parameters" and key in scheme.parameters:
        return Target("parameter", key, ("parameters", key), side(scheme.parameters[key].label))
    bands = scheme.grades.bands if scheme.grades else ()
    if part == "grades" and key.isascii() and key.isdigit() and int(key) < len(bands):
        place = int(key)
        return Target("band", key, ("grades", "bands", place), f"{bands[place].grade} · {side(bands[place].label)}")
    return None


def moved(text: str, scheme: Scheme, part: str, act: str) -> str:
    """The document after `up:key` or `down:key`; for anything else as it is."""
    word, _colon, key = act.partition(":")
    target = found(scheme, part, key) if word in ("up", "down") else None
    if target is None or not isinstance(target.path[-1], int):
        return text
    return swapped(text, target.path[:-1], target.path[-1] - (word == "up"))


def place_for(scheme: Scheme, part: str, asked: Mapping[str, str]) -> Target | None:
    """Where a new part goes: at the end, at the end of a group (`in`), or behind another one (`after`)."""
    if part == "weights":
        kind = "group" if asked.get("kind") == "group" else "indicator"
        return Target(kind, "", _branch_place(scheme, asked), is_new=True)
    if part in ("inputs", "parameters"):
        return Target(part.removesuffix("s"), "", (part, ""), is_new=True)
    if part == "grades":
        count = len(scheme.grades.bands) if scheme.grades else 0
        return Target("band", "", ("grades", "bands", count), is_new=True)
    return None


def _branch_place(scheme: Scheme, asked: Mapping[str, str]) -> Path:
    for path, branch in branches_with_paths(scheme):
        last = path[-1]
        if branch.key == asked.get("after") and isinstance(last, int):
            return (*path[:-1], last + 1)
        if branch.key == asked.get("in") and isinstance(branch, Group):
            return (*path, "of", len(branch.of))
    return ("indicators", len(scheme.indicators))
