"""What changed between two documents, place by place, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appraisal.schemes.reading import Path, read
from appraisal.workshop.patching import number as plain
from appraisal.workshop.words import STEPS

IDENTITIES = ("indicator", "group", "grade", "key", "level")
PLACES: Mapping[str, str | Promise] = {
    "title": _("Title"), "source": _("Source"), "valid_from": _("Valid from"), "subject": _("Appraised"),
    "population": _("Population"), "period_kinds": _("Periods"), "notes": _("Notes"), "duties": _("Duties"),
    "parameters": _("Parameters"), "variants": _("Variants"), "inputs": _("Inputs"), "indicators": _("Indicators"),
    "tables": _("Tables"), "grades": _("Grades"), "bands": _("Bands"), "steps": _("Steps"),
    "optional_steps": _("Steps that can be added"), "results": _("Results"), "outcomes": _("Outcomes"),
    "weight": _("Weight"), "label": _("Name"), "zh": _("Chinese"), "en": _("English"), "score": _("Rule"),
    "cap": _("Cap"), "floor": _("Floor"), "target": _("Target"), "within": _("Days"), "holder": _("Held by"),
    "value": _("Value"), "assumed": _("Value (assumed)"), "missing": _("Missing"), "proposed": _("Proposed"),
    "at_least": _("At least"), "above": _("Above"), "at_most": _("At most"), "below": _("Below"),
    "clause": _("Clause"), "unit": _("Unit"), "scheme": _("Short name"), "veto": _("Red lines"), "when": _("Condition"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """`before` or `after` is empty where the place is new or gone."""

    place: str
    path: str
    before: str
    after: str


def changes(before: str, after: str) -> list[Change]:
    """Raises SchemeRefusedError for a text that does not read."""
    old, new = _flat(read(before, file="before")[0]), _flat(read(after, file="after")[0])
    found = []
    for path in dict.fromkeys((*old, *new)):
        was, now = old.get(path), new.get(path)
        if was != now:
            words = (new.get(path) or old[path])[0]
            found.append(Change(words, _dotted(path), was[1] if was else "", now[1] if now else ""))
    return [change for change in found if change.before != change.after]


def _flat(data: Any) -> dict[Path, tuple[str, str]]:
    """Every written value by its place; indicators, bands and the like by their names, so that order says nothing."""
    return {path: (" › ".join(words), value) for path, words, value in _values(data, (), ())}


def _values(part: Any, path: Path, words: tuple[str, ...]) -> Iterator[tuple[Path, tuple[str, ...], str]]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _values(value, (*path, key), (*words, _word(path, key, value)))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            name = next((value[key] for key in IDENTITIES if isinstance(value, dict) and key in value), None)
            word = _label(value) or str(name if name is not None else place + 1)
            yield from _values(value, (*path, place if name is None else str(name)), (*words, word))
    else:
        yield path, words, _said(part)


def _word(path: Path, key: Any, value: Any) -> str:
    label = _label(value) if path and path[-1] not in ("title", "label") else ""
    if label:
        return label
    if path in (("steps",), ("optional_steps",)) and key in STEPS:
        return str(STEPS[key])
    return str(PLACES.get(key, key))


def _label(value: Any) -> str:
    label = value.get("label") if isinstance(value, dict) else None
    if not isinstance(label, dict):
        return ""
    return str(label.get("en" if get_language() == "en" else "zh", ""))


def _said(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return str(value)


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)
