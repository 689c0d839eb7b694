"""What the room of records asks of the cycles: whose figures a period waits for, and when they are closed; and what
figures that have come mean for those who were asked for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q

from appraisal.cycles.actions import recount_figures
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.process import settings_in
from appraisal.cycles.states import STILL_OPEN, CycleState, Step
from appraisal.records.expected import Expectation, register_source
from appraisal.records.marks import mark_of
from appraisal.records.periods import Period, period_from
from appraisal.records.rules import Slot, register_lock
from appraisal.schemes.queries import scheme_by_digest
from workflow.facts import subscribe
from workflow.machine import Happened

AT_WORK = (Step.SELF_REVIEW, Step.SCORING, Step.COUNTERSIGNING, Step.CALIBRATING)


@register_lock
def closed_slots(slots: Collection[Slot]) -> set[Slot]:
    """A period is closed by its own appraisal. A single day belongs to every period around it, a month's and a
    quarter's: it is closed once none of them is open any more."""
    rows = Appraisal.objects.filter(
        employee_id__in={slot.person_id for slot in slots},
        cycle__starts_on__lte=max(slot.starts_on for slot in slots),
        cycle__ends_on__gte=min(slot.ends_on for slot in slots),
    ).values_list("employee_id", "unit_id", "organisation_id", "state", "cycle__starts_on", "cycle__ends_on")
    found: dict[tuple[int, str], list[tuple[str, date, date]]] = defaultdict(list)
    for person_id, unit_id, organisation_id, state, first, last in rows:
        found[person_id, mark_of(unit_id, organisation_id)].append((state, first, last))
    return {slot for slot in slots if _is_closed(slot, found[slot.person_id, slot.mark])}


def _is_closed(slot: Slot, appraisals: list[tuple[str, date, date]]) -> bool:
    if slot.starts_on == slot.ends_on:
        states = {state for state, first, last in appraisals if first <= slot.starts_on <= last}
    else:
        states = {state for state, first, last in appraisals if (first, last) == (slot.starts_on, slot.ends_on)}
    return bool(states - {Step.WITHDRAWN}) and not states & STILL_OPEN


def people_of(period: Period, people: Collection[int] | None = None) -> Iterator[Expectation]:
    rows = Appraisal.objects.filter(
        ~Q(state=Step.WITHDRAWN), cycle__starts_on=period.starts_on, cycle__ends_on=period.ends_on
    )
    if people is not None:
        rows = rows.filter(employee_id__in=people)
    told = rows.values_list(
        "employee_id", "track__scheme_digest", "cycle__period_kind", "track__parameters", "unit_id", "organisation_id",
        "about_name", "about_name_en",
    )  # fmt: skip
    return (
        Expectation(
            person_id, digest, kind, settings_in(scheme_by_digest(digest), written) if written else {},
            mark_of(unit_id, organisation_id), (names[0], names[1]),
        )
        for person_id, digest, kind, written, unit_id, organisation_id, *names in told
    )  # fmt: skip


def latest_period() -> Period | None:
    """Of the running cycles the one in which people are being reviewed now, else the one that ends last."""
    reviewed = Appraisal.objects.filter(cycle=OuterRef("pk"), state__in=AT_WORK)
    cycles = AppraisalCycle.objects.filter(state=CycleState.OPEN).annotate(at_work=Exists(reviewed))
    cycle = cycles.order_by("-at_work", "-ends_on", "-pk").first()
    return Period(cycle.starts_on, cycle.ends_on) if cycle else None


register_source(people_of, latest_period)


@subscribe("figure.entered", "figure.corrected", "figures.imported")
def recount_after_figures(events: Sequence[Happened]) -> None:
    """A figure typed says its period, an import all of them."""
    told = [event.fact.data for event in events]
    codes = {code for data in told for code in (*data.get("periods", ()), data.get("period")) if code}
    recount_figures(periods={period_from(code) for code in codes}, at=events[0].fact.at)


@subscribe("ledger.locked", "ledger.unlocked")
def recount_after_ledgers(events: Sequence[Happened]) -> None:
    periods = {Period(event.subject.period_start, event.subject.period_end) for event in events}
    recount_figures(periods=periods, at=events[0].fact.at)
