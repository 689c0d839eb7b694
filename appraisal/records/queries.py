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

from django.db.models import Q

from appraisal.records.models import Actual, Incident
from appraisal.records.states import IncidentState
from appraisal.schemes.spec import Measure, Scheme, Survey


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
    wanted: dict[tuple[int, date, date], list[int]] = defaultdict(list)
    for one in asked:
        wanted[one.employee_id, one.cycle.starts_on, one.cycle.ends_on].append(one.pk)
    found: dict[int, dict[str, Actual]] = {one.pk: {} for one in asked}
    rows = Actual.objects.filter(
        in_periods({(start, end) for _person, start, end in wanted}),
        is_current=True,
        person_id__in={person for person, _start, _end in wanted},
    ).select_related("entered_by")
    for row in rows if wanted else ():
        for pk in wanted.get((row.person_id, row.period_start, row.period_end), ()):
            found[pk][row.input_key] = row
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


def needed_inputs(scheme: Scheme, period_kind: str) -> dict[str, Measure | Survey]:
    """The figures that somebody has to enter before a period of this kind can be scored."""
    return {
        key: given
        for key, given in scheme.inputs.items()
        if isinstance(given, Measure | Survey) and given.scored and (not given.periods or period_kind in given.periods)
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
    if figure is None:
        return Gap(key, "figure")
    wants_target = isinstance(given, Measure) and given.target == "required"
    return Gap(key, "target") if wants_target and not figure.is_absent and figure.target is None else None
