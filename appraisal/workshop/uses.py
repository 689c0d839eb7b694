"""Who names a part of a scheme: what breaks when it is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appraisal.schemes.expressions import ExpressionError, names_in
from appraisal.schemes.reading import Path, dotted
from appraisal.workshop.rewriting import data_at

# Words for people; a name in them is no reference.
PROSE = frozenset({
    "zh", "en", "clause", "notes", "duties", "title", "source", "scheme", "ids", "unit", "key", "note", "subject",
    "kind", "owner", "by", "type", "holder", "period_kinds", "periods", "confirmed_by", "form", "indicator", "group",
})  # fmt: skip
SECTIONS = {
    "parameters": _("Parameters"), "variants": _("Readings"), "tables": _("Tables"), "inputs": _("Inputs"),
    "indicators": _("Indicators and weights"), "total": _("Total"), "veto": _("Red lines"), "grades": _("Grades"),
    "roll_up": _("Roll-up"), "results": _("Results"), "checks": _("Cross-checks"), "outcomes": _("What follows"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    where: str
    place: str
    # The formula, or the word itself.
    written: str


@dataclass(frozen=True, slots=True)
class Search:
    """`own` is the part itself. Grades are named as words: alone, in quotes of a formula, as keys of what follows."""

    key: str
    own: Path
    is_grade: bool = False

    def meets(self, text: str) -> bool:
        if self.is_grade:
            return text == self.key or f"'{self.key}'" in text or f'"{self.key}"' in text
        try:
            return self.key in text and any(one.name == self.key for one in names_in(text))
        except ExpressionError:
            return False

    def meets_key(self, path: Path, name: Any) -> bool:
        keyed = path[:1] == ("outcomes",) and len(path) > 1 if self.is_grade else path[-1:] == ("sets",)
        return keyed and name == self.key


def uses_of(text: str, search: Search) -> list[Use]:
    """Every place outside the part itself that names it."""
    return list(_walk(data_at(text, ()), search, (), ()))


def _walk(data: Any, search: Search, path: Path, labels: tuple[str, ...]) -> Iterator[Use]:
    if path == search.own:
        return
    if isinstance(data, dict):
        labels = (*labels, _label(data)) if _label(data) else labels
        for name, one in data.items():
            if search.meets_key(path, name):
                yield Use(_where(path, labels), dotted((*path, name)), str(name))
            elif name not in PROSE:
                yield from _walk(one, search, (*path, name), labels)
    elif isinstance(data, list):
        for place, one in enumerate(data):
            yield from _walk(one, search, (*path, place), labels)
    elif isinstance(data, str) and search.meets(data):
        yield Use(_where(path, labels), dotted(path), data)


def _label(part: dict[Any, Any]) -> str:
    label = part.get("label")
    return str(label.get("en" if get_language() == "en" else "zh", "")) if isinstance(label, dict) else ""


def _where(path: Path, labels: tuple[str, ...]) -> str:
    section = str(SECTIONS.get(str(path[0]), path[0]))
    return " · ".join([section, *labels])
