"""The figures beside a score, as a reader finds them: amounts, words, days and tables, each with how it came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from appraisal.assessments.naming import reader_is_english
from appraisal.schemes.spec import Ledger, Scheme, Text
from appraisal.schemes.spec.results import Rows
from appraisal.scoring.wording import ADDED, word_label

Json = Mapping[str, Any]
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Cell:
    value: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Grid:
    headings: list[tuple[str, bool]]
    rows: list[list[Cell]]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One result: `value` a number as text, `words` anything else, `grid` its rows; `node` says how it came about."""

    key: str
    label: str
    unit: str
    value: str | None
    words: str
    status: str
    node: Json
    grid: Grid | None = field(default=None)


def statement_of(document: Json, scheme: Scheme) -> list[Line]:
    """What the scheme shows of its results, out of the stored explanation. Steps on the way stay in it."""
    tables = document.get("tables") or {}
    found = []
    for node in document.get("results") or ():
        spec = scheme.results.get(node["key"])
        if spec is None or not spec.shown:
            continue
        grid = _grid(node["key"], tables[node["key"]], scheme) if node["key"] in tables else None
        unit = words(spec.unit) if spec.unit is not None else ""
        label = node["label"]["en" if reader_is_english() else "zh"]
        found.append(Line(node["key"], label, unit, node.get("value"), _said(node, scheme), node["status"], node, grid))
    return found


def words(text: Text) -> str:
    return text.en if reader_is_english() else text.zh


def _said(node: Json, scheme: Scheme) -> str:
    """A word, yes or no, or a day; "" for a number or a table."""
    word = node.get("word")
    if word is None:
        return ""
    kind = next((figure.get("kind") for figure in node.get("figures", ()) if figure["name"] == "value"), "word")
    if kind == "flag":
        return _("yes") if word == "yes" else _("no")
    if node.get("rule") == "marks":
        return str(node["sentence"]["en" if reader_is_english() else "zh"])
    return word if kind == "date" else _named(word, scheme)


def _named(word: str, scheme: Scheme) -> str:
    label = word_label(scheme, word)
    return word if label is None else (label.en if reader_is_english() else label.zh)


def _grid(key: str, table: Json, scheme: Scheme) -> Grid:
    kinds: Mapping[str, str] = table["columns"]
    labels, choices = column_labels(key, scheme), _choices(key, scheme)
    # The database does not keep the order of columns; the scheme has it.
    kinds = {name: kinds[name] for name in (*(one for one in labels if one in kinds), *kinds)}
    shown: Sequence[Mapping[str, str | None]] = table["rows"][:MOST_ROWS]
    rows = [
        [_cell(row.get(name), kind, scheme, choices.get(name, {})) for name, kind in kinds.items()] for row in shown
    ]
    headings = [(labels.get(name) or _added(name), kind == "number") for name, kind in kinds.items()]
    return Grid(headings, rows, len(table["rows"]) - len(shown))


def _added(name: str) -> str:
    """The columns that rankings, lights, portions, accounts, incidents and documents have by themselves."""
    label = ADDED.get(name)
    return name if label is None else (label.en if reader_is_english() else label.zh)


def _cell(value: str | None, kind: str, scheme: Scheme, choices: Mapping[str, Text]) -> Cell:
    if value is None:
        return Cell("", is_number=False)
    if value in choices:
        return Cell(words(choices[value]), is_number=False)
    if kind == "flag":
        return Cell(_("yes") if value == "yes" else _("no"), is_number=False)
    return Cell(value if kind in {"number", "date", "text"} else _named(value, scheme), is_number=kind == "number")


def column_labels(key: str, scheme: Scheme) -> dict[str, str]:
    """The columns of a table of results: those of the rows it goes through, then its own."""
    spec = scheme.inputs.get(key)
    if isinstance(spec, Ledger):
        return {name: words(column.label) for name, column in spec.columns.items()}
    result = scheme.results.get(key)
    if result is None:
        return {}
    below = column_labels(result.rows_of, scheme) if result.rows_of else {}
    own = {name: words(column.label) for name, column in result.columns.items()} if isinstance(result, Rows) else {}
    return {**below, **own}


def _choices(key: str, scheme: Scheme) -> dict[str, Mapping[str, Text]]:
    """The words of the choices of the ledger that a table goes through."""
    spec, result = scheme.inputs.get(key), scheme.results.get(key)
    if isinstance(spec, Ledger):
        return {name: column.choices for name, column in spec.columns.items()}
    return _choices(result.rows_of, scheme) if result is not None and result.rows_of else {}
