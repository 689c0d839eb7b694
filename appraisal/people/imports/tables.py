"""Tables out of an uploaded file, row by row, whatever program has written it."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from workflow.errors import Refusal

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_ROWS = 50_000
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",\t;"
# The replacement character, zero and the private use area.
DAMAGED = re.compile("[\ufffd\\0\ue000-\uf8ff]")
# What a spreadsheet would run as a formula; exports put an apostrophe before it, which is taken off again here.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(Refusal):
    """The file as a whole cannot be read; `reason` is in the reader's language."""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, each with its line number in the file; rows of blanks are left out."""

    title: str
    header_line: int
    header: tuple[str, ...]
    rows: Iterator[tuple[int, tuple[Any, ...]]]


def read_tables(content: bytes) -> list[Table]:
    """The sheets of a workbook, or the one table of a CSV file. Raises Unreadable."""
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
    if content.startswith(OLD_EXCEL):
        raise Unreadable(_("This is an old or protected Excel file. Please save it as .xlsx without a password."))
    tables = _sheets(content) if content.startswith(ZIP) else [_table("", _csv_rows(content))]
    found = [table for table in tables if table is not None]
    if not found:
        raise Unreadable(_("The file is empty."))
    return found


def _sheets(content: bytes) -> list[Table | None]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise Unreadable(_("The workbook is too large when unpacked."))
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise Unreadable(_("This is not an Excel workbook (.xlsx), or it is damaged.")) from None
    return [
        _table(sheet.title, enumerate(sheet.iter_rows(values_only=True), start=1))
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
    ]


def _table(title: str, lines: Iterator[tuple[int, tuple[Any, ...]]]) -> Table | None:
    filled = ((number, tuple(_cell(value) for value in cells)) for number, cells in lines)
    filled = ((number, cells) for number, cells in filled if any(cell not in (None, "") for cell in cells))
    first = next(filled, None)
    if first is None:
        return None
    number, cells = first
    return Table(title, number, tuple("" if cell is None else str(cell) for cell in cells), _limited(filled))


def _limited(rows: Iterator[tuple[int, tuple[Any, ...]]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise Unreadable(_("The table has more than %(count)s rows.") % {"count": MAX_ROWS})
        yield row


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _csv_rows(content: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    text = decode(content)
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, tuple(cells)
    except csv.Error:
        raise Unreadable(_("Line %(line)s is not correct CSV.") % {"line": reader.line_num}) from None


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, otherwise GB18030, of which GBK and GB2312 are parts."""
    if content.startswith(UTF16):
        raise Unreadable(
            _("The file is encoded as UTF-16 (“Unicode text”). Please save it as “CSV UTF-8” or as .xlsx.")
        )
    try:
        return _plausible(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        utf8_fault = error
    try:
        return _plausible(content.decode("gb18030"))
    except UnicodeDecodeError:
        line = content.count(b"\n", 0, utf8_fault.start) + 1
        raise Unreadable(
            _(
                "The characters on line %(line)s are neither UTF-8 nor GBK/GB18030. "
                "Please save the file as “CSV UTF-8” or as .xlsx."
            )
            % {"line": line}
        ) from None


def _plausible(text: str) -> str:
    """Wrong encodings that happen to decode give characters that no list of people contains."""
    if damage := DAMAGED.search(text):
        line = text.count("\n", 0, damage.start()) + 1
        raise Unreadable(
            _("The characters on line %(line)s were damaged when the file was saved. Please save it again as UTF-8.")
            % {"line": line}
        )
    return text
