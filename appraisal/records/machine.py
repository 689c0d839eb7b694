"""The incident's machine, and the register of figures, which exists for its chain of facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from appraisal.people import ladder
from appraisal.people.roles import roles_of
from appraisal.records.models import Deliverable, FigureRegister, Incident, Ledger
from appraisal.records.papers import author_judges_not, hands_in, judges, keeps, span_is_open
from appraisal.records.rules import another_person_decides, may_report, period_is_open
from appraisal.records.states import (
    DocumentState,
    DocumentVerb,
    IncidentState,
    IncidentVerb,
    LedgerState,
    LedgerVerb,
    RegisterState,
)
from workflow import facts
from workflow.calendars import daybook_of
from workflow.clocks import ClockRule, set_clock
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Attempt, Duty, Machine, Role, Transition, register

if TYPE_CHECKING:
    from appraisal.people.models import User

facts.register(
    FactType("figures.register_opened", _("Register opened"), _("The register of figures was opened")),
    FactType(
        "figures.imported",
        _("Figures imported"),
        _("%(actor)s imported %(file)s: %(new)s new, %(changed)s corrected"),
    ),
    FactType("figure.entered", _("Figure entered"), _("%(actor)s entered %(input)s of %(person)s for %(period)s")),
    FactType(
        "figure.corrected", _("Figure corrected"), _("%(actor)s corrected %(input)s of %(person)s for %(period)s")
    ),
    FactType("incident.reported", _("Incident reported"), _("%(actor)s reported an incident")),
    FactType("incident.confirmed", _("Incident confirmed"), _("%(actor)s confirmed the incident")),
    FactType("incident.rejected", _("Incident rejected"), _("%(actor)s rejected the incident")),
    FactType("ledger.begun", _("Ledger begun"), _("%(actor)s began the ledger")),
    FactType(
        "ledger.changed",
        _("Rows changed"),
        _("%(actor)s changed the rows: %(new)s new, %(changed)s changed, %(removed)s removed"),
    ),
    FactType("ledger.locked", _("Ledger locked"), _("%(actor)s locked the ledger with %(rows)s rows")),
    FactType("ledger.unlocked", _("Ledger unlocked"), _("%(actor)s unlocked the ledger")),
    FactType("document.expected", _("Document expected"), _("%(actor)s asked for the document")),
    FactType("document.handed_in", _("Document handed in"), _("%(actor)s handed in version %(number)s")),
    FactType("document.accepted", _("Document accepted"), _("%(actor)s accepted version %(number)s")),
    FactType("document.rejected", _("Document rejected"), _("%(actor)s rejected version %(number)s")),
)

DECIDE = ClockRule(count=5, remind=(-1, 0), escalate={3: "hr"})


def duties(incident: Incident, at: datetime) -> Sequence[Duty]:
    """Each of the deciding functions sees a reported incident; the first to decide is enough."""
    if incident.state != IncidentState.REPORTED:
        return ()
    entity = incident.person.legal_entity
    clock = set_clock(DECIDE, anchor=at, days=daybook_of(entity.calendar), zone=entity.time_zone)
    return [Duty("decider", pool=role, clock=clock) for role in incident.deciders]


def is_reporter(incident: Incident, user: User) -> bool:
    return may_report(user, incident.person, localdate(incident.reported_at))


def is_decider(incident: Incident, user: User) -> bool:
    return bool(roles_of(user).names & set(incident.deciders))


def accepted_as(attempt: Attempt) -> str:
    """What came after its day is accepted late."""
    document = attempt.subject
    late = document.due_on is not None and document.handed_in_on > document.due_on
    return DocumentState.LATE if late else DocumentState.ACCEPTED


INCIDENT = register(
    Machine(
        name="incident",
        label=_("Incident"),
        model=Incident,
        states=IncidentState,
        roles=(
            Role("reporter", _("a manager of the person, legal, finance, operations or HR"), is_reporter),
            Role("decider", _("the function that confirms such incidents"), is_decider),
        ),
        transitions=(
            Transition(
                IncidentVerb.REPORT, IncidentVerb.REPORT.label, (START,), ("reporter",), "incident.reported",
                (IncidentState.REPORTED,),
            ),
            Transition(
                IncidentVerb.CONFIRM, IncidentVerb.CONFIRM.label, (IncidentState.REPORTED, IncidentState.REJECTED),
                ("decider",), "incident.confirmed", (IncidentState.CONFIRMED,),
                guards=(another_person_decides, period_is_open), needs_reason=True,
            ),
            Transition(
                IncidentVerb.REJECT, IncidentVerb.REJECT.label, (IncidentState.REPORTED, IncidentState.CONFIRMED),
                ("decider",), "incident.rejected", (IncidentState.REJECTED,),
                guards=(another_person_decides, period_is_open), needs_reason=True,
            ),
        ),
        duties=duties,
        on_alarms=ladder.speak,
        related=("person__legal_entity__calendar",),
    )
)  # fmt: skip

REGISTER = register(
    Machine(
        name="figure_register",
        label=_("Register of figures"),
        model=FigureRegister,
        states=RegisterState,
        roles=(),
        transitions=(
            Transition(
                "open_figures", _("Open the register"), (START,), (SYSTEM,), "figures.register_opened",
                (RegisterState.KEPT,),
            ),
        ),
        final=frozenset({RegisterState.KEPT.value}),
    )
)  # fmt: skip

LEDGER = register(
    Machine(
        name="ledger",
        label=_("Ledger"),
        model=Ledger,
        states=LedgerState,
        roles=(Role("owner", _("the owner of the ledger, or HR"), keeps),),
        transitions=(
            Transition(LedgerVerb.BEGIN, LedgerVerb.BEGIN.label, (START,), ("owner",), "ledger.begun",
                       (LedgerState.OPEN,), guards=(span_is_open,)),
            Transition(LedgerVerb.LOCK, LedgerVerb.LOCK.label, (LedgerState.OPEN,), ("owner",), "ledger.locked",
                       (LedgerState.LOCKED,), guards=(span_is_open,)),
            Transition(LedgerVerb.UNLOCK, LedgerVerb.UNLOCK.label, (LedgerState.LOCKED,), ("owner",),
                       "ledger.unlocked", (LedgerState.OPEN,), guards=(span_is_open,), needs_reason=True),
        ),
        related=("person",),
    )
)  # fmt: skip

HANDED = (DocumentState.HANDED_IN, DocumentState.ACCEPTED, DocumentState.LATE, DocumentState.REJECTED)
DOCUMENT = register(
    Machine(
        name="deliverable",
        label=_("Document"),
        model=Deliverable,
        states=DocumentState,
        roles=(
            Role("author", _("who hands the document in, or HR"), hands_in),
            Role("judge", _("a manager of the person, or HR"), judges),
        ),
        transitions=(
            Transition(DocumentVerb.EXPECT, DocumentVerb.EXPECT.label, (START,), ("author", "judge"),
                       "document.expected", (DocumentState.EXPECTED,), guards=(span_is_open,)),
            Transition(DocumentVerb.HAND_IN, DocumentVerb.HAND_IN.label, (DocumentState.EXPECTED, *HANDED),
                       ("author",), "document.handed_in", (DocumentState.HANDED_IN,), guards=(span_is_open,)),
            Transition(DocumentVerb.ACCEPT, DocumentVerb.ACCEPT.label, HANDED, ("judge",), "document.accepted",
                       (DocumentState.ACCEPTED, DocumentState.LATE), target=accepted_as,
                       guards=(author_judges_not, span_is_open)),
            Transition(DocumentVerb.REJECT, DocumentVerb.REJECT.label, HANDED, ("judge",), "document.rejected",
                       (DocumentState.REJECTED,), guards=(author_judges_not, span_is_open), needs_reason=True),
        ),
        related=("person",),
    )
)  # fmt: skip
