"""Lists of people and empty templates as XLSX and CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from appraisal.people.imports.columns import PEOPLE, POSITIONS, UNITS, Column
from appraisal.people.imports.tables import FORMULA_STARTS
from appraisal.people.models import Person
from appraisal.people.queries import managers_on

EXCEL_BOM = "\ufeff"
EXAMPLE = {
    "number": "1004", "name": "李娜", "name_en": "Li Na", "email": "li.na@example.com", "unit_code": "SALES-EAST",
    "unit_name": "华东销售组", "position_code": "SALES-SPECIALIST", "position_name": "销售专员", "manager": "1003",
    "hired_on": "2020-01-01",
}  # fmt: skip


def harmless(value: Any) -> str:
    """Text that no spreadsheet runs as a formula; the import takes the apostrophe off again."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def headings(columns: Sequence[Column]) -> list[str]:
    return [str(column.label) for column in columns]


def people_rows(people: QuerySet[Person], day: date) -> list[list[str]]:
    """One row a person, in the columns that the import reads."""
    rows = list(people.select_related("org_unit", "position", "legal_entity"))
    managers = managers_on([person.pk for person in rows], day)
    numbers = dict(Person.objects.filter(pk__in=set(managers.values())).values_list("pk", "number"))
    return [
        [
            harmless(value)
            for value in (
                person.number, person.name, person.name_en, person.email, person.org_unit.code, person.org_unit.name,
                person.position.code if person.position else "", person.position.name if person.position else "",
                numbers.get(managers.get(person.pk, 0), ""), person.hired_on, person.left_on, person.legal_entity.code,
                person.time_zone,
            )
        ]
        for person in rows
    ]  # fmt: skip


def as_csv(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings(columns))
    writer.writerows(rows)
    return (EXCEL_BOM + out.getvalue()).encode()


def as_xlsx(sheets: Iterable[tuple[str, Sequence[Column], Iterable[Sequence[str]]]]) -> bytes:
    book = Workbook(write_only=True)
    for title, columns, rows in sheets:
        sheet = book.create_sheet(title)
        assert isinstance(sheet, WriteOnlyWorksheet)
        sheet.freeze_panes = "A2"
        sheet.append([_bold(sheet, heading) for heading in headings(columns)])
        for row in rows:
            sheet.append([_text(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet: WriteOnlyWorksheet, heading: str) -> Cell:
    cell = WriteOnlyCell(sheet, heading)
    cell.font = Font(bold=True)
    return cell


def _text(sheet: WriteOnlyWorksheet, value: str) -> Cell:
    """Stored and shown as text, so that 007 stays 007 and nothing is a formula."""
    cell = WriteOnlyCell(sheet, value)
    cell.data_type, cell.number_format = "s", "@"
    return cell


def template_csv() -> bytes:
    return as_csv(PEOPLE, [])


def template_xlsx() -> bytes:
    """The example stands on a sheet of its own, where the import does not look."""
    return as_xlsx(
        [
            (_("People"), PEOPLE, []),
            (_("Departments"), UNITS, []),
            (_("Positions"), POSITIONS, []),
            (_("Example"), PEOPLE, [[EXAMPLE.get(column.key, "") for column in PEOPLE]]),
        ]
    )
