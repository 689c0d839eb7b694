"""The inside of the door: locking, deciding, moving and writing down. Only `workflow.engine` comes in here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import prefetch_related_objects

from workflow import facts, fsm, visits, writes
from workflow.errors import Conflict, GuardRefused
from workflow.machine import START, Attempt, Happened, Machine, Transition, machine_of
from workflow.models import Fact, Subject, WorkItem
from workflow.refusals import lost_race, not_allowed, reason_missing

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

S = TypeVar("S", bound=Subject)
JOINED = 20


@dataclass(frozen=True)
class Call:
    verb: str
    user: User | None
    at: datetime
    reason: str
    data: Mapping[str, Any]
    personal: Mapping[str, Any]
    on_behalf_of: str

    def attempt(self, subject: Subject) -> Attempt:
        return Attempt(subject, self.user, self.at, self.verb, self.reason, self.data)


def decide(machine: Machine, transition: Transition, call: Call, subject: Subject, version: int | None) -> str:
    """Where the call leads, or the refusal: role first, then whether the page is stale, then state and guards."""
    attempt = call.attempt(subject)
    if not machine.permits(attempt, transition):
        raise not_allowed(machine, transition)
    if version is not None and subject.version != version:
        raise lost_race(subject)
    if subject.state in transition.sources and transition.needs_reason and not call.reason:
        raise GuardRefused(reason_missing())
    return fsm.target_of(machine, attempt)


def move(
    machine: Machine,
    transition: Transition,
    call: Call,
    moves: Sequence[tuple[Any, str, Mapping[str, Any]]],
    keys: Mapping[int, str | None],
) -> list[Fact]:
    """The swap, the log, the visits and work items of checked moves; then the listeners."""
    before = {subject.pk: (loaded["state"], loaded["version"]) for subject, _target, loaded in moves}
    columns = {name for subject, _target, loaded in moves for name in writes.changed_columns(subject, loaded)}
    entries = [
        (subject, loaded["state"], advance(machine, subject, target, call, transition, keys.get(subject.pk)))
        for subject, target, loaded in moves
    ]
    subjects = [subject for subject, _target, _loaded in moves]
    if writes.swap(subjects, before, sorted(columns)) != len(subjects):
        raise Conflict
    return log(machine, transition, call, entries)


def advance(
    machine: Machine, subject: Subject, target: str, call: Call, transition: Transition, key: str | None
) -> Fact:
    source = subject.state
    passed = list(machine.passed(subject, source, target)) if target != source else []
    data = {**call.data, "passed": passed} if passed else call.data
    if target != source or not transition.stays:
        subject.state_since = call.at
    subject.state = target
    subject.version += 1
    return facts.next_fact(
        subject,
        transition.fact,
        at=call.at,
        user=named(machine, subject, call),
        verb=call.verb,
        from_state=source,
        reason=call.reason,
        on_behalf_of=call.on_behalf_of,
        data=data,
        personal=call.personal,
        key=key,
    )


def named(machine: Machine, subject: Subject, call: Call) -> User | None:
    """Who the log says has acted."""
    return None if call.user is None or machine.hides_actor(subject, call.user) else call.user


def log(machine: Machine, transition: Transition, call: Call, entries: Sequence[tuple[Any, str, Fact]]) -> list[Fact]:
    subjects = [subject for subject, _source, _fact in entries]
    facts.store([(subject, fact) for subject, _source, fact in entries])
    opened: dict[int, list[WorkItem]] = defaultdict(list)
    if not transition.stays:
        moved = [(subject, source) for subject, source, _fact in entries]
        if START not in {source for _subject, source in moved}:
            visits.leave(subjects, user=call.user, at=call.at, verb=call.verb, reason=call.reason)
        for item in visits.enter(machine, moved, user=call.user, at=call.at, verb=call.verb):
            opened[item.object_id].append(item)
    elif transition.closes:
        visits.close_roles(subjects, transition.closes, user=call.user, at=call.at, verb=call.verb)
    facts.tell([Happened(fact, subject, call.user, opened[subject.pk]) for subject, _source, fact in entries])
    return [fact for _subject, _source, fact in entries]


def lock_parent(machine: Machine, subject: Subject) -> None:
    """Without it two siblings read the same "one is still missing" and neither moves the parent on."""
    if machine.parent:
        field = type(subject)._meta.get_field(machine.parent)
        parent: Any = field.related_model
        parent._base_manager.select_for_update().only("pk").get(pk=getattr(subject, f"{machine.parent}_id"))


def lock(machine: Machine, subject: S) -> S:
    return lock_many(machine, [subject])[subject.pk]


def lock_many(machine: Machine, subjects: Sequence[S]) -> dict[int, S]:
    """Locks the subjects' own rows in the order of their keys, so that two bulk acts cannot wait on each other.

    One row brings its relatives by a join; many share them, and read each of them once.
    """
    model: type[S] = type(subjects[0])
    chosen = model._base_manager.filter(pk__in=[subject.pk for subject in subjects]).order_by("pk")
    if len(subjects) <= JOINED:
        rows = list(chosen.select_related(*machine.related).select_for_update(of=("self",)))
    else:
        rows = list(chosen.select_for_update())
        prefetch_related_objects(rows, *machine.related)
    return {row.pk: row for row in rows}


def replayed(subject: Subject, key: str | None, call: Call) -> Fact | None:
    if key is None:
        return None
    first = Fact.objects.filter(key=key).first()
    if first is None:
        return None
    same = first.object_id == subject.pk and first.verb == call.verb
    user = named(machine_of(subject), subject, call)
    if not same or first.actor_id != (user.pk if user else None):
        raise Conflict(first)
    return first
