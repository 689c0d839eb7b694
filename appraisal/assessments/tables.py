"""The ledgers and documents that appraisals are scored from, as rows for formulas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy

from appraisal.assessments.naming import in_both, roles_in_both
from appraisal.assessments.rules import in_period
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.cycles.timing import period_end
from appraisal.records.models import Deliverable, Ledger
from appraisal.records.queries import documents_by_input, ledgers_of
from appraisal.records.typed import cell_value
from appraisal.schemes.spec import Deliverable as DeliverableSpec
from appraisal.schemes.spec import Ledger as LedgerSpec
from appraisal.scoring.inputs import Given, Source, TableRows
from appraisal.scoring.values import Row

LEDGER = gettext_lazy("locked ledger")
DOCUMENTS = gettext_lazy("documents handed in")


def tables_of(appraisals: Sequence[Appraisal]) -> dict[int, dict[str, Given]]:
    """By appraisal and input; three queries, or none where no scheme has ledgers or documents."""
    kinds = {appraisal.pk: scheme_of(appraisal.track).inputs for appraisal in appraisals}
    keeping = [one for one in appraisals if any(isinstance(spec, LedgerSpec) for spec in kinds[one.pk].values())]
    handing = [one for one in appraisals if any(isinstance(spec, DeliverableSpec) for spec in kinds[one.pk].values())]
    ledgers = ledgers_of(keeping) if keeping else {}
    documents = documents_by_input(handing) if handing else {}
    found: dict[int, dict[str, Given]] = {one.pk: {} for one in appraisals}
    for one in appraisals:
        for key, spec in kinds[one.pk].items():
            if not in_period(one, key):
                continue
            if isinstance(spec, LedgerSpec) and key in ledgers.get(one.pk, {}):
                found[one.pk][key] = _rows(spec, ledgers[one.pk][key], period_end(one))
            elif isinstance(spec, DeliverableSpec):
                handed = documents.get(one.pk, {}).get(key, [])
                found[one.pk][key] = _documents(spec, handed, period_end(one))
    return found


def _rows(spec: LedgerSpec, ledger: Ledger, when: datetime) -> TableRows:
    who = str(ledger.changed_by) if ledger.changed_by else roles_in_both([spec.owner])
    source = Source(who, ledger.state_since or when, in_both(LEDGER))
    rows = (
        {name: cell_value(column, row.cells.get(name)) for name, column in spec.columns.items()}
        for row in ledger.rows.all()
    )
    return TableRows(tuple(rows), source)


def _documents(spec: DeliverableSpec, documents: Sequence[Deliverable], when: datetime) -> TableRows:
    """What was not handed in is no row: that nothing came is an answer too."""
    source = Source(roles_in_both([spec.by]), when, in_both(DOCUMENTS))
    return TableRows(tuple(_document(one) for one in documents), source)


def _document(document: Deliverable) -> Row:
    return {
        "document": document.name, "status": document.state, "quality": document.quality,
        "version": Decimal(document.number), "due": document.due_on, "handed_in": document.handed_in_on,
    }  # fmt: skip
