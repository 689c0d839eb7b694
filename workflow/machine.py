"""A machine as data: states, who may do what from where, under which conditions, and which fact it leaves.

Rooms declare machines; buttons, inbox, documentation, permission tests and the door all read this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

from workflow.verdicts import ALLOWED, Verdict

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

    from workflow.clocks import Clock
    from workflow.models import Fact, Subject, WorkItem
    from workflow.verdicts import Text

START = ""
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody (None: the system) tries a verb on a subject. What roles, guards and targets are asked about."""

    subject: Any
    user: User | None
    at: datetime
    verb: str = ""
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Role:
    """A relation to the subject. `holds` answers from what is already loaded; it never writes."""

    name: str
    label: Text
    holds: Callable[[Any, User], bool]


Guard = Callable[[Attempt], Verdict]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. No target: the subject stays where it is. Several: `target` chooses among them."""

    verb: str
    label: Text
    sources: tuple[str, ...]
    who: tuple[str, ...]
    fact: str
    targets: tuple[str, ...] = ()
    target: Callable[[Attempt], str] | None = None
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    # A transition that stays closes only the work items of these roles; one that moves closes all.
    closes: tuple[str, ...] = ()
    # Loads for many subjects what roles and guards read, in a constant number of queries.
    prefetch: Callable[[Sequence[Any]], None] | None = None

    @property
    def stays(self) -> bool:
        return not self.targets


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody owes (or, if optional, may do) while the subject is in its state."""

    role: str
    holder_id: int | None = None
    pool: str = ""
    clock: Clock | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rung of a ladder has come: `slot` is `remind:-1`, `escalate:3:hr_partner` or `expire`."""

    item: WorkItem
    slot: str

    @property
    def kind(self) -> str:
        return self.slot.split(":", 1)[0]

    @property
    def offset(self) -> int:
        return int(self.slot.split(":")[1])

    @property
    def role(self) -> str:
        return self.slot.split(":")[2]


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact with its subject and the work it opened, as subscribers get it, inside the transition's transaction."""

    fact: Fact
    subject: Any
    user: User | None
    items: Sequence[WorkItem] = ()


def no_duties(subject: Any, at: datetime) -> Sequence[Duty]:
    return ()


@dataclass(frozen=True, eq=False)
class Machine:
    """`duties` says who owes what in the subject's present state; `passed` which states were skipped on the way."""

    name: str
    label: Text
    model: type[Subject]
    states: type[TextChoices]
    roles: tuple[Role, ...]
    transitions: tuple[Transition, ...]
    final: frozenset[str] = frozenset()
    duties: Callable[[Any, datetime], Sequence[Duty]] = no_duties
    passed: Callable[[Any, str, str], Sequence[str]] = lambda subject, source, target: ()
    title: Callable[[Any], str] = str
    related: tuple[str, ...] = ()
    # Those of `related` that thousands of subjects have in common.
    shared: tuple[str, ...] = ()
    # The foreign key to the row that is locked before the subject's own, so that siblings queue up behind it.
    parent: str = ""
    # Called by the sweeper with the rungs that have come, inside its transaction.
    on_alarms: Callable[[Sequence[Alarm], datetime], None] = lambda alarms, at: None
    # The verb that the end of a state's time fires, by state; absent: nothing happens by itself.
    on_expiry: Callable[[Any], str | None] = lambda subject: None
    # Whether the log leaves away who acted, where the subject promises them anonymity.
    hides_actor: Callable[[Any, User], bool] = lambda subject, user: False

    def transition(self, verb: str) -> Transition:
        """Raises KeyError for a verb that the machine does not have: a programming error, not a refusal."""
        return self.by_verb[verb]

    @cached_property
    def by_verb(self) -> Mapping[str, Transition]:
        return {transition.verb: transition for transition in self.transitions}

    def role(self, name: str) -> Role:
        return next(role for role in self.roles if role.name == name)

    def roles_of(self, subject: Any, user: User) -> frozenset[str]:
        return frozenset(role.name for role in self.roles if role.holds(subject, user))

    def permits(self, attempt: Attempt, transition: Transition) -> bool:
        if attempt.user is None:
            return SYSTEM in transition.who
        return any(role.name in transition.who and role.holds(attempt.subject, attempt.user) for role in self.roles)

    def verdict(self, attempt: Attempt, transition: Transition) -> Verdict:
        """The first refusal of the transition's guards, or ALLOWED."""
        for guard in transition.guards:
            verdict = guard(attempt)
            if not verdict:
                return verdict
        return ALLOWED


_machines: dict[type[Subject], Machine] = {}


def register(machine: Machine) -> Machine:
    _machines[machine.model] = machine
    return machine


def machine_of(subject: Subject | type[Subject]) -> Machine:
    model = subject if isinstance(subject, type) else type(subject)
    return _machines[model]


def machines() -> list[Machine]:
    return sorted(_machines.values(), key=lambda machine: machine.name)
