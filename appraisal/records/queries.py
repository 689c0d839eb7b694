"""Figures and incidents of many people at once, and what of them a user may see.

The room stands below the cycles: what is asked about is anything that has a person and a period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.db.models import Prefetch, Q

from appraisal.records.models import Actual, Deliverable, Incident, Ledger, LedgerRow
from appraisal.records.states import DocumentState, IncidentState, LedgerState
from appraisal.schemes.spec import Measure, Scheme, Survey
from appraisal.schemes.spec.inputs import AnyInput


class Span(Protocol):
    starts_on: date
    ends_on: date


class OfPeriod(Protocol):
    """An appraisal, as this room needs to know it: a key, a person, and the period (`cycle`)."""

    @property
    def pk(self) -> int: ...
    @property
    def employee_id(self) -> int: ...
    @property
    def cycle(self) -> Span: ...


class Given(Protocol):
    """What a gap is judged by: a stored figure, or the part of one that a table shows."""

    @property
    def is_absent(self) -> bool: ...
    @property
    def target(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """`what` is "figure" where nothing has been entered, "target" where only the target is missing."""

    input_key: str
    what: str


def figures_of(appraisals: Iterable[OfPeriod]) -> dict[int, dict[str, Actual]]:
    """The current figures of each appraisal's period by input, in one query. `entered_by` comes with them.

    A figure whose `actual` is None was declared absent by its owner; its note says why.
    """
    asked = list(appraisals)
    wanted = _wanted(asked)
    found: dict[int, dict[str, Actual]] = {one.pk: {} for one in asked}
    rows = Actual.objects.filter(_of(wanted), is_current=True).select_related("entered_by")
    for row in rows if wanted else ():
        for pk in wanted.get((row.person_id, row.period_start, row.period_end), ()):
            found[pk][row.input_key] = row
    return found


Spans = Mapping[tuple[int, date, date], Sequence[int]]


def _wanted(asked: Sequence[OfPeriod]) -> Spans:
    """The keys of the appraisals by person and period."""
    wanted: dict[tuple[int, date, date], list[int]] = defaultdict(list)
    for one in asked:
        wanted[one.employee_id, one.cycle.starts_on, one.cycle.ends_on].append(one.pk)
    return wanted


def _of(wanted: Spans) -> Q:
    periods = in_periods({(start, end) for _person, start, end in wanted})
    return periods & Q(person_id__in={person for person, _start, _end in wanted})


def ledgers_of(appraisals: Iterable[OfPeriod]) -> dict[int, dict[str, Ledger]]:
    """The locked ledgers of each appraisal by input, with their rows (`rows.all()`), in two queries. An open ledger is
    still being written and counts nowhere."""
    asked = list(appraisals)
    wanted = _wanted(asked)
    found: dict[int, dict[str, Ledger]] = {one.pk: {} for one in asked}
    rows = Prefetch("rows", LedgerRow.objects.filter(removed_at=None))
    ledgers = Ledger.objects.filter(_of(wanted), state=LedgerState.LOCKED).select_related("changed_by")
    for ledger in ledgers.prefetch_related(rows) if wanted else ():
        for pk in wanted.get((ledger.person_id, ledger.period_start, ledger.period_end), ()):
            found[pk][ledger.input_key] = ledger
    return found


def documents_by_input(appraisals: Iterable[OfPeriod]) -> dict[int, dict[str, list[Deliverable]]]:
    """What was handed in for each appraisal, by input, in one query."""
    asked = list(appraisals)
    wanted = _wanted(asked)
    found: dict[int, dict[str, list[Deliverable]]] = {one.pk: {} for one in asked}
    documents = Deliverable.objects.filter(_of(wanted)).exclude(state=DocumentState.EXPECTED).order_by("pk")
    for document in documents if wanted else ():
        for pk in wanted.get((document.person_id, document.period_start, document.period_end), ()):
            found[pk].setdefault(document.input_key, []).append(document)
    return found


def in_periods(periods: Collection[tuple[date, date]]) -> Q:
    any_of = Q(pk__in=[])
    for start, end in sorted(periods):
        any_of |= Q(period_start=start, period_end=end)
    return any_of


def incidents_of(appraisals: Iterable[OfPeriod]) -> dict[int, list[Incident]]:
    """The confirmed incidents on the days of each appraisal's period, the earliest first, in one query."""
    asked = list(appraisals)
    found: dict[int, list[Incident]] = {one.pk: [] for one in asked}
    if not asked:
        return found
    by_person: dict[int, list[OfPeriod]] = defaultdict(list)
    for one in asked:
        by_person[one.employee_id].append(one)
    rows = (
        Incident.objects.filter(
            state=IncidentState.CONFIRMED,
            person_id__in=by_person,
            happened_on__gte=min(one.cycle.starts_on for one in asked),
            happened_on__lte=max(one.cycle.ends_on for one in asked),
        )
        .select_related("decided_by", "reported_by")
        .order_by("happened_on", "pk")
    )
    for row in rows:
        for one in by_person[row.person_id]:
            if one.cycle.starts_on <= row.happened_on <= one.cycle.ends_on:
                found[one.pk].append(row)
    return found


def asked_inputs(scheme: Scheme, period_kind: str) -> dict[str, AnyInput]:
    """What somebody may give in a period of this kind."""
    return {key: given for key, given in scheme.inputs.items() if scheme.asks_for(key, period_kind)}


def needed_inputs(scheme: Scheme, period_kind: str) -> dict[str, Measure | Survey]:
    """The figures that somebody has to enter before a period of this kind can be scored."""
    return {
        key: given
        for key, given in asked_inputs(scheme, period_kind).items()
        if isinstance(given, Measure | Survey) and given.scored and given.required
    }


def missing_figures(
    appraisals: Sequence[OfPeriod], needed: Mapping[int, Mapping[str, Measure | Survey]]
) -> dict[int, list[Gap]]:
    """What is still missing, for those who lack something; `needed` by the appraisals' keys. One query."""
    figures = figures_of(appraisals)
    gaps: dict[int, list[Gap]] = {}
    for one in appraisals:
        found = [gap_of(key, given, figures[one.pk].get(key)) for key, given in needed.get(one.pk, {}).items()]
        if own := [gap for gap in found if gap is not None]:
            gaps[one.pk] = own
    return gaps


def gap_of(key: str, given: Measure | Survey, figure: Given | None) -> Gap | None:
    if not (given.required and given.scored):
        return None
    if figure is None:
        return Gap(key, "figure")
    wants_target = isinstance(given, Measure) and given.target == "required"
    return Gap(key, "target") if wants_target and not figure.is_absent and figure.target is None else None
