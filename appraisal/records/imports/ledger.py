"""A table of ledger rows: read, compared with what stands there, and written when it is confirmed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.people.imports.columns import Column, Problem, read_sheet
from appraisal.people.imports.tables import Unreadable, read_tables
from appraisal.records.imports.columns import in_reader_language
from appraisal.records.known import simplified, words
from appraisal.records.ledger_forms import is_wanted
from appraisal.records.ledgers import MOST_ROWS, Entered, current_rows, save_rows
from appraisal.records.models import FigureImport, Ledger
from appraisal.records.papers import keeps
from appraisal.records.typed import read_typed, stored
from appraisal.schemes.spec import Ledger as LedgerSpec
from appraisal.schemes.spec.inputs import Column as LedgerColumn
from workflow.errors import Conflict, GuardRefused, NotAllowed

if TYPE_CHECKING:
    from appraisal.people.models import User


@dataclass(slots=True)
class RowsPlan:
    """What the file would make of the ledger: its rows take the place of those that stand there."""

    problems: list[Problem]
    ignored_columns: tuple[str, ...]
    rows: list[Entered] = field(default_factory=list)
    before: int = 0
    edition: int = 0

    @property
    def digest(self) -> str:
        content = [self.edition, [dict(row.cells) for row in self.rows]]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def columns_for(given: LedgerSpec) -> tuple[Column, ...]:
    """The ledger's columns under their Chinese and English names and their keys."""
    return tuple(_column(name, column) for name, column in given.columns.items())


def _column(name: str, column: LedgerColumn) -> Column:
    label = words(column.label)
    names = {label["zh"], simplified(label["zh"]), label["en"], name}
    aliases = " ".join(sorted(each.replace(" ", "") for each in names))
    return Column(name, in_reader_language(label), aliases, partial(_read, column), required=False)


def _read(column: LedgerColumn, value: Any) -> str | None:
    return stored(read_typed(column.type, value, column.choices))


def plan_rows(content: bytes, *, given: LedgerSpec, ledger: Ledger, source: str) -> RowsPlan:
    """The dry run. Raises Unreadable."""
    columns = columns_for(given)
    table = next(iter(read_tables(content)))
    sheet = read_sheet(table, columns)
    if not sheet.keys:
        names = ", ".join(str(column.label) for column in columns)
        raise Unreadable(_("None of the ledger's columns was found. They are: %(names)s.") % {"names": names})
    plan = RowsPlan(list(sheet.problems), sheet.ignored, before=len(current_rows(ledger)), edition=ledger.edition)
    labels: Mapping[str, str] = {column.key: str(column.label) for column in columns}
    for name, column in given.columns.items():
        if is_wanted(column) and name not in sheet.keys:
            message = _("This column is missing from the table.")
            plan.problems.append(Problem(table.header_line, labels[name], "", message))
    standing: dict[str, list[int | None]] = {}
    for stands in current_rows(ledger):
        standing.setdefault(_spelled(stands.cells), []).append(stands.pk)
    for row in sheet.rows:
        cells = {name: row.get(name) for name in given.columns}
        for name, column in given.columns.items():
            if is_wanted(column) and name in sheet.keys and cells[name] is None:
                plan.problems.append(Problem(row.line, labels[name], "", _("This cell must not be empty.")))
        same = standing.get(_spelled(cells)) or [None]
        plan.rows.append(Entered(cells, same.pop(), f"{source[:180]} #{row.line}"))
    if len(plan.rows) > MOST_ROWS:
        raise Unreadable(_("A ledger has at most %(most)s rows.") % {"most": MOST_ROWS})
    plan.problems.sort(key=lambda problem: problem.line)
    return plan


def _spelled(cells: Mapping[str, str | None]) -> str:
    return json.dumps(dict(cells), sort_keys=True)


@transaction.atomic
def store_rows(*, acting_user: User, at: datetime, ledger: Ledger, content: bytes, file_name: str) -> FigureImport:
    """Keeps the file with its ledger, which begins with it, until it is confirmed."""
    if not keeps(ledger, acting_user):
        raise NotAllowed(_("This ledger is kept by its owner or by HR."))
    ledger = save_rows(acting_user=acting_user, at=at, ledger=ledger, rows=_as_they_stand(ledger),
                       edition=ledger.edition)  # fmt: skip
    return FigureImport.objects.create(
        uploaded_by=acting_user, uploaded_at=at, file_name=file_name[:200], content=content, ledger=ledger
    )


def _as_they_stand(ledger: Ledger) -> list[Entered]:
    return [Entered(row.cells, row.pk, row.source) for row in current_rows(ledger)]


@transaction.atomic
def confirm_rows(*, acting_user: User, at: datetime, upload: FigureImport, given: LedgerSpec, digest: str) -> Ledger:
    """Writes exactly what was shown, or nothing. A repeated click changes nothing."""
    if upload.uploaded_by_id != acting_user.pk or upload.ledger is None:
        raise NotAllowed(_("Another person has uploaded this file."))
    upload = FigureImport.objects.select_for_update(of=("self",)).select_related("ledger__person").get(pk=upload.pk)
    ledger = upload.ledger
    assert ledger is not None
    if upload.applied_at is not None:
        return ledger
    plan = plan_rows(bytes(upload.content), given=given, ledger=ledger, source=upload.file_name)
    if plan.problems:
        raise GuardRefused(_("The file has errors. Nothing has been imported."))
    if plan.digest != digest:
        raise Conflict(reason=_("The ledger has changed since the file was shown. Please look at it again."))
    ledger = save_rows(acting_user=acting_user, at=at, ledger=ledger, rows=plan.rows, edition=plan.edition)
    upload.applied_at, upload.counts, upload.content = at, {"rows": len(plan.rows)}, b""
    upload.save(update_fields=["applied_at", "counts", "content"])
    return ledger
