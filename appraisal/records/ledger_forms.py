"""A ledger as it is typed: a row of typed cells for each row, some blank ones, and the row that is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from appraisal.records.known import words
from appraisal.records.ledgers import Entered
from appraisal.records.models import LedgerRow
from appraisal.records.typed import read_typed, shown, stored
from appraisal.schemes.spec.inputs import Column

BLANK_ROWS = 3
# More cells than this are only imported: a page of them would be too slow to type on.
MOST_CELLS = 2000
INPUT_TYPES = {"date": "date", "time": "time"}


@dataclass(slots=True)
class CellView:
    """What a cell of the table shows: the typed text stays as it was, with what is wrong about it."""

    name: str
    column: str
    label: dict[str, str]
    type: str
    value: str
    choices: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    required: bool = False
    error: str = ""


@dataclass(slots=True)
class RowView:
    number: int
    pk: int | None
    cells: list[CellView]
    removed: bool = False
    source: str = ""

    @property
    def is_blank(self) -> bool:
        return self.pk is None and not any(cell.value for cell in self.cells)


@dataclass(slots=True)
class LedgerForm:
    """Built from the stored rows, or from what was typed."""

    columns: Mapping[str, Column]
    rows: list[RowView]

    @classmethod
    def of_rows(cls, columns: Mapping[str, Column], rows: Sequence[LedgerRow]) -> LedgerForm:
        views = [
            RowView(number, row.pk, _cells(columns, number, _texts(columns, row.cells)), source=row.source)
            for number, row in enumerate(rows, start=1)
        ]
        first = len(views) + 1
        blanks = [RowView(number, None, _cells(columns, number, {})) for number in range(first, first + BLANK_ROWS)]
        return cls(columns, [*views, *blanks])

    @classmethod
    def of_typed(cls, columns: Mapping[str, Column], data: Mapping[str, Any]) -> LedgerForm:
        count = data.get("rows", "")
        views = []
        for number in range(1, (int(count) if str(count).isdigit() else 0) + 1):
            pk = str(data.get(f"r{number}-pk", ""))
            typed = {name: str(data.get(f"r{number}-{name}", "")).strip() for name in columns}
            removed = bool(data.get(f"r{number}-remove"))
            views.append(RowView(number, int(pk) if pk.isdigit() else None, _cells(columns, number, typed), removed))
        return cls(columns, views)

    def read(self) -> list[Entered]:
        """The rows to be kept. Faults are put at their cells; `faults` says whether there are any."""
        found: list[Entered] = []
        for row in self.rows:
            if row.removed or row.is_blank:
                continue
            cells = {cell.column: self._read(cell) for cell in row.cells}
            found.append(Entered(cells, row.pk))
        return found

    def _read(self, cell: CellView) -> str | None:
        column = self.columns[cell.column]
        try:
            value = stored(read_typed(column.type, cell.value, column.choices))
        except ValueError as error:
            cell.error = str(error)
            return None
        if value is None and is_wanted(column):
            cell.error = _("This cell must not be empty.")
        return value

    @property
    def faults(self) -> list[tuple[int, CellView]]:
        return [(row.number, cell) for row in self.rows for cell in row.cells if cell.error]


def is_wanted(column: Column) -> bool:
    return column.required and column.default is None


def _texts(columns: Mapping[str, Column], cells: Mapping[str, str | None]) -> dict[str, str]:
    """Choices and yes or no stay keys, for the list to choose from."""
    keyed = {"choice", "flag"}
    return {
        name: (cells.get(name) or "") if column.type in keyed else shown(column.type, cells.get(name), {})
        for name, column in columns.items()
    }


def _cells(columns: Mapping[str, Column], number: int, texts: Mapping[str, str]) -> list[CellView]:
    return [
        CellView(
            f"r{number}-{name}", name, words(column.label), INPUT_TYPES.get(column.type, column.type),
            texts.get(name, ""), _choices(column), is_wanted(column),
        )
        for name, column in columns.items()
    ]  # fmt: skip


def _choices(column: Column) -> list[tuple[str, dict[str, str]]]:
    if column.type == "flag":
        return [("yes", {"zh": "是", "en": "yes"}), ("no", {"zh": "否", "en": "no"})]
    return [(key, words(label)) for key, label in column.choices.items()]
