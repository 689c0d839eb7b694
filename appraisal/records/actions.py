"""Entering figures, one or thousands, and reporting and deciding incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from appraisal.people.models import Person
from appraisal.people.roles import roles_of
from appraisal.records import rules
from appraisal.records.expected import figure_for
from appraisal.records.figures import Values, faults_of
from appraisal.records.known import known_inputs
from appraisal.records.marks import parted
from appraisal.records.models import Actual, FigureRegister, Incident
from appraisal.records.periods import Period
from appraisal.records.states import IncidentState, IncidentVerb
from workflow import engine
from workflow.errors import Conflict, GuardRefused, NotAllowed
from workflow.verdicts import Verdict

if TYPE_CHECKING:
    from appraisal.people.models import User

BATCH = 2000
TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure to be written; `replaces` is the current row that it corrects."""

    person_id: int
    period: Period
    input_key: str
    values: Values
    source: str
    note: str
    replaces: int | None = None


def demand(verdict: Verdict) -> None:
    if not verdict:
        raise NotAllowed(str(verdict.reason), str(verdict.remedy))


def lock_register() -> FigureRegister:
    """Held to the end of the transaction: changes of figures happen one after the other."""
    return FigureRegister.objects.select_for_update().get_or_create(pk=1)[0]


@transaction.atomic
def enter_figure(
    *,
    acting_user: User,
    at: datetime,
    person: Person,
    period: Period,
    input_key: str,
    values: Values,
    note: str = "",
    seen: int | None = None,
) -> Actual:
    """Enters a figure or corrects the one that was `seen` (its id). The same values again change nothing."""
    known = figure_for(known_inputs(localdate(at)), person.pk, period, input_key)
    demand(rules.may_enter(acting_user, known, person, localdate(at)))
    assert known is not None
    register = lock_register()
    current = _current(person, period, input_key)
    if current is not None and values.same_as(current) and (not note.strip() or note.strip() == current.note):
        return current
    if seen != (current.pk if current else None):
        raise Conflict(reason=_("Somebody else has entered this figure since the page was opened."))
    _refuse_faulty(known, values, note, is_correction=current is not None)
    if rules.locked([rules.Slot(person.pk, period.starts_on, period.ends_on, parted(input_key)[1])]):
        raise GuardRefused(str(rules.locked_verdict().reason), str(rules.locked_verdict().remedy))
    entry = Entry(person.pk, period, input_key, values, TYPED, note.strip(), current.pk if current else None)
    row = write_figures([entry], acting_user=acting_user, at=at)[0]
    fact = "figure.entered" if current is None else "figure.corrected"
    record(register, fact, acting_user=acting_user, at=at, person=person.number, period=period.code, input=input_key)
    return row


def _current(person: Person, period: Period, input_key: str) -> Actual | None:
    return Actual.objects.filter(
        person=person, period_start=period.starts_on, period_end=period.ends_on, input_key=input_key, is_current=True
    ).first()


def _refuse_faulty(known: Any, values: Values, note: str, *, is_correction: bool) -> None:
    fault = next(faults_of(known, values, note), None)
    if fault is not None:
        raise GuardRefused(fault.message)
    if is_correction and not note.strip():
        raise GuardRefused(_("A correction needs a note that says why."))


def write_figures(entries: Sequence[Entry], *, acting_user: User, at: datetime) -> list[Actual]:
    """The rows themselves: old ones step back, new ones take their place. Two statements for thousands."""
    replaced = [entry.replaces for entry in entries if entry.replaces is not None]
    for start in range(0, len(replaced), BATCH):
        Actual.objects.filter(pk__in=replaced[start : start + BATCH]).update(is_current=False)
    rows = [
        Actual(
            person_id=entry.person_id, period_start=entry.period.starts_on, period_end=entry.period.ends_on,
            input_key=entry.input_key, target=entry.values.target, actual=entry.values.actual, told=entry.values.told,
            detail=entry.values.detail, source=entry.source[:200], note=entry.note, entered_by=acting_user,
            entered_at=at,
        )
        for entry in entries
    ]  # fmt: skip
    return Actual.objects.bulk_create(rows, batch_size=BATCH)


def record(register: FigureRegister, fact: str, *, acting_user: User, at: datetime, **data: Any) -> None:
    """People go into the log by number, figures by the name of their input: the values stand in the rows."""
    engine.record(register, fact, acting_user=acting_user, at=at, data=data)


def report_incident(
    *,
    acting_user: User,
    at: datetime,
    person: Person,
    input_key: str,
    severity: str,
    kind: str,
    happened_on: date,
    description: str,
) -> Incident:
    known = known_inputs(localdate(at)).incidents.get(input_key)
    if known is None or severity not in known.severities:
        raise GuardRefused(_("No scheme in force knows such an incident."))
    if happened_on > localdate(at):
        raise GuardRefused(_("An incident cannot be reported before it has happened."))
    incident = Incident(
        person=person, input_key=input_key, happened_on=happened_on, kind=kind.strip(), severity=severity,
        description=description.strip(), deciders=sorted(known.deciders), reported_by=acting_user, reported_at=at,
    )  # fmt: skip
    data = {"input": input_key, "severity": severity, "on": happened_on}
    return engine.begin([incident], IncidentVerb.REPORT, acting_user=acting_user, at=at, data=data)[0]


def confirm_incident(
    *,
    acting_user: User,
    at: datetime,
    incident: Incident,
    note: str,
    version: int | None = None,
    key: str | None = None,
) -> Incident:
    return _decide(IncidentVerb.CONFIRM, acting_user, at, incident, note, version, key)


def reject_incident(
    *,
    acting_user: User,
    at: datetime,
    incident: Incident,
    note: str,
    version: int | None = None,
    key: str | None = None,
) -> Incident:
    """Also takes back a confirmation."""
    return _decide(IncidentVerb.REJECT, acting_user, at, incident, note, version, key)


def _decide(
    verb: IncidentVerb, user: User, at: datetime, incident: Incident, note: str, version: int | None, key: str | None
) -> Incident:
    def change(locked: Incident) -> None:
        locked.decided_by, locked.decided_at, locked.decision_note = user, at, note.strip()
        locked.decided_role = min(roles_of(user).names & set(locked.deciders), default="")
        locked.ever_confirmed = locked.ever_confirmed or verb == IncidentVerb.CONFIRM

    return engine.perform(
        incident, verb, acting_user=user, at=at, version=version, key=f"{verb}:{key}" if key else None, reason=note,
        data={"severity": incident.severity, "was": IncidentState(incident.state).value}, change=change,
    ).subject  # fmt: skip
