"""Who may enter, see and decide what, and when a period is closed to changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.people.models import Person, ReportingLine
from appraisal.people.queries import holding_on
from appraisal.people.roles import roles_of
from appraisal.people.states import Role
from appraisal.records.marks import parted
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User
    from appraisal.records.known import Known, KnownFigure

READS_ALL = frozenset({Role.HR.value, Role.AUDITOR.value})
HR, MANAGER, SECOND_LEVEL = Role.HR.value, "manager", "second_level"
REPORTS_ANYBODY = frozenset({Role.HR.value, Role.LEGAL.value, Role.FINANCE.value, Role.OPERATIONS.value})


class Slot(NamedTuple):
    """A person's period, or a single day of theirs; with a mark that of a unit or organisation they answer for."""

    person_id: int
    starts_on: date
    ends_on: date
    mark: str = ""


Lock = Callable[[Collection[Slot]], set[Slot]]
_locks: list[Lock] = []


def register_lock(lock: Lock) -> Lock:
    """A room above says which slots are closed: their figures already stand in a score that was handed in."""
    if lock not in _locks:
        _locks.append(lock)
    return lock


def locked(slots: Iterable[Slot]) -> set[Slot]:
    asked = set(slots)
    return set().union(*(lock(asked) for lock in _locks)) if asked and _locks else set()


def locked_verdict() -> Verdict:
    return refused(
        _("The score of this period has been handed in, and what it rests on is closed."),
        _("Whoever holds the step can send it back to the manager; after the release an appeal can correct it."),
    )


def team_of(user: User, day: date) -> Q:
    """The people two levels below the user and those of the units the user partners, as a filter on Person."""
    roles = roles_of(user)
    lines = ReportingLine.objects.filter(holding_on(day))
    direct = lines.filter(manager_id=roles.person_id).values("person_id")
    indirect = lines.filter(manager_id__in=direct).values("person_id")
    team = Q(pk__in=direct) | Q(pk__in=indirect)
    return team | Q(org_unit_id__in=roles.partner_unit_ids) if roles.partner_unit_ids else team


def owned_inputs(user: User, known: Known) -> frozenset[str]:
    """The figures that the user may enter, by key."""
    return frozenset(key for key, figure in known.figures.items() if owns(user, figure))


def owns(user: User, figure: KnownFigure) -> bool:
    return bool(roles_of(user).names & (figure.owners | {Role.HR.value}))


def stands_for(user: User, owners: Collection[str], person: Person, day: date) -> bool:
    """Whether the user is one of the owners for this person: by role, as HR, as the person, or as who leads them."""
    if roles_of(user).names & {*owners, Role.HR.value}:
        return True
    if "employee" in owners and person.user_id == user.pk:
        return True
    led = [wanted for wanted in (MANAGER, SECOND_LEVEL) if wanted in owners]
    return bool(led) and Person.objects.filter(led_by(user, led, day), pk=person.pk).exists()


def led_by(user: User, owners: Collection[str], day: date) -> Q:
    """The people whose manager or second-level manager the user is, as the owners ask for it."""
    mine = ReportingLine.objects.filter(holding_on(day), manager_id=roles_of(user).person_id).values("person_id")
    below = ReportingLine.objects.filter(holding_on(day), manager_id__in=mine).values("person_id")
    found = Q(pk__in=mine) if MANAGER in owners else Q(pk__in=[])
    return found | Q(pk__in=below) if SECOND_LEVEL in owners else found


def may_enter(user: User, figure: KnownFigure | None, person: Person, day: date) -> Verdict:
    own = person.user_id == user.pk
    if figure is None or not stands_for(user, figure.owners, person, day):
        return refused(_("This figure is entered by its owner or by HR."))
    if own and "employee" not in figure.owners:
        return refused(_("Nobody enters figures about themselves."), _("Another owner of this figure can do it."))
    return ALLOWED


def reportable_people(user: User, day: date) -> Q:
    """About whom the user may report an incident, as a filter on Person: a manager about those below, the audit
    functions and HR about everybody else."""
    roles = roles_of(user)
    others = ~Q(pk=roles.person_id) if roles.person_id else Q()
    return others if roles.names & REPORTS_ANYBODY else others & team_of(user, day)


def may_report(user: User, person: Person, day: date) -> bool:
    return Person.objects.filter(reportable_people(user, day), pk=person.pk).exists()


def another_person_decides(attempt: Attempt) -> Verdict:
    incident, user = attempt.subject, attempt.user
    if user is not None and user.pk == incident.reported_by_id:
        return refused(
            _("Whoever reported an incident does not decide on it."), _("A colleague of the deciding functions can.")
        )
    if user is not None and user.pk == incident.person.user_id:
        return refused(_("Nobody decides on an incident of their own."))
    return ALLOWED


def period_is_open(attempt: Attempt) -> Verdict:
    incident = attempt.subject
    slot = Slot(incident.person_id, incident.happened_on, incident.happened_on, parted(incident.input_key)[1])
    return locked_verdict() if locked([slot]) else ALLOWED
