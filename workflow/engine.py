"""The one door. Nothing else sets a state.

`perform` takes one subject through one transition, `perform_many` thousands through the same table and guards,
`begin` creates subjects in their first state, `record` writes a fact that moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction

from workflow import facts, fsm, visits, writes
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState, Refusal
from workflow.machine import START, Attempt, Happened, Machine, Transition, machine_of
from workflow.models import Fact, Subject
from workflow.refusals import lost_race, not_allowed, reason_missing

if TYPE_CHECKING:
    from appraisal.people.models import User

S = TypeVar("S", bound=Subject)
CHUNK = 2000


@dataclass(frozen=True)
class Outcome(Generic[S]):
    """What a door call did. A replayed key did nothing again: `fact` is the first call's."""

    subject: S
    fact: Fact
    replayed: bool = False


@dataclass
class BulkOutcome(Generic[S]):
    """Who moved, and who was refused with which reason."""

    moved: list[S] = field(default_factory=list)
    refused: list[tuple[S, Refusal]] = field(default_factory=list)


@dataclass(frozen=True)
class _Call:
    verb: str
    user: User | None
    at: datetime
    reason: str
    data: Mapping[str, Any]
    personal: Mapping[str, Any]
    on_behalf_of: str

    def attempt(self, subject: Subject) -> Attempt:
        return Attempt(subject, self.user, self.at, self.verb, self.reason, self.data)


def perform(
    subject: S,
    verb: str,
    *,
    acting_user: User | None,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    on_behalf_of: str = "",
    change: Callable[[S], None] | None = None,
) -> Outcome[S]:
    """Takes the subject through a transition, in one transaction; `acting_user` None is the system.

    `version` is the one the page was drawn from; `key` makes a retry return the first result; `change` sets
    columns of the locked subject and writes rows that belong to the act. The given instance is brought up to date.
    Raises NotAllowed, NotInThisState, GuardRefused or Conflict, having changed nothing.
    """
    machine = machine_of(subject)
    transition = machine.transition(verb)
    call = _Call(verb, acting_user, at, reason.strip(), data or {}, personal or {}, on_behalf_of)
    with transaction.atomic():
        _lock_parent(machine, subject)
        locked = _lock(machine, subject)
        first = _replayed(locked, key, call)
        if first is not None:
            _refresh(subject, locked)
            return Outcome(subject, first, replayed=True)
        loaded = writes.snapshot(locked)
        if transition.prefetch is not None:
            transition.prefetch([locked])
        target = _decide(machine, transition, call, locked, version)
        if change is not None:
            change(locked)
        fact = _move(machine, transition, call, [(locked, target, loaded)], {locked.pk: key})[0]
    _refresh(subject, locked)
    return Outcome(subject, fact)


def perform_many(
    subjects: Sequence[S],
    verb: str,
    *,
    acting_user: User | None,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    key_prefix: str = "",
    change_many: Callable[[Sequence[S]], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> BulkOutcome[S]:
    """The same on many, in chunks of 2,000, each a transaction; the refused come back with their reasons.

    With `key_prefix` a run that was cut off can be started again: those already moved are not moved twice.
    """
    result: BulkOutcome[S] = BulkOutcome()
    if not subjects:
        return result
    machine = machine_of(subjects[0])
    transition = machine.transition(verb)
    call = _Call(verb, acting_user, at, reason.strip(), data or {}, {}, "")
    for chunk in _chunks(subjects):
        with transaction.atomic():
            _perform_chunk(machine, transition, call, chunk, key_prefix, change_many, result)
        if progress is not None:
            progress(len(result.moved) + len(result.refused))
    return result


def begin(
    subjects: Sequence[S],
    verb: str,
    *,
    acting_user: User | None,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> list[S]:
    """Creates the subjects (not yet stored) in the state to which `verb` leads from nothing.

    Raises the first refusal, with nothing created.
    """
    if not subjects:
        return []
    machine = machine_of(subjects[0])
    transition = machine.transition(verb)
    call = _Call(verb, acting_user, at, reason.strip(), data or {}, {}, "")
    with transaction.atomic():
        for chunk in _chunks(subjects):
            if transition.prefetch is not None:
                transition.prefetch(chunk)
            for subject in chunk:
                subject.state = START
            targets = [_decide(machine, transition, call, subject, None) for subject in chunk]
            stored = [
                _advance(machine, subject, target, call, transition, None)
                for subject, target in zip(chunk, targets, strict=True)
            ]
            type(chunk[0])._base_manager.bulk_create(chunk, batch_size=CHUNK)
            _log(machine, transition, call, list(zip(chunk, [START] * len(chunk), stored, strict=True)))
    return list(subjects)


def record(
    subject: S,
    fact_name: str,
    *,
    acting_user: User | None,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    on_behalf_of: str = "",
) -> Fact:
    """Writes a fact about the subject that is not a transition (an extension, an import, a view of a score).

    Permission is the calling action's to check. Open pages stay valid: the version does not move.
    """
    return record_many(
        [subject], fact_name, acting_user=acting_user, at=at, reason=reason, data=lambda _subject: data or {},
        personal=personal, on_behalf_of=on_behalf_of,
    )[0]  # fmt: skip


def record_many(
    subjects: Sequence[S],
    fact_name: str,
    *,
    acting_user: User | None,
    at: datetime,
    reason: str = "",
    data: Callable[[S], Mapping[str, Any]] = lambda _subject: {},
    personal: Mapping[str, Any] | None = None,
    on_behalf_of: str = "",
) -> list[Fact]:
    """`record` for many subjects at once, in chunks of 2,000."""
    written: list[Fact] = []
    with transaction.atomic():
        for chunk in _chunks(subjects):
            locked = _lock_many(machine_of(chunk[0]), chunk)
            rows = [locked[subject.pk] for subject in chunk]
            before = {row.pk: (row.state, row.version) for row in rows}
            pairs: list[tuple[Subject, Fact]] = []
            for row in rows:
                fact = facts.next_fact(
                    row, fact_name, at=at, user=acting_user, from_state=row.state, reason=reason.strip(),
                    data=data(row), personal=personal, on_behalf_of=on_behalf_of,
                )  # fmt: skip
                pairs.append((row, fact))
            writes.swap(rows, before)
            facts.store(pairs)
            for subject, row in zip(chunk, rows, strict=True):
                subject.chain_head, subject.chain_length = row.chain_head, row.chain_length
            facts.tell([Happened(fact, row, acting_user) for row, fact in pairs])
            written += [fact for _row, fact in pairs]
    return written


def _decide(machine: Machine, transition: Transition, call: _Call, subject: Subject, version: int | None) -> str:
    """Where the call leads, or the refusal: role first, then whether the page is stale, then state and guards."""
    attempt = call.attempt(subject)
    if not machine.permits(attempt, transition):
        raise not_allowed(machine, transition)
    if version is not None and subject.version != version:
        raise lost_race(subject)
    if subject.state in transition.sources and transition.needs_reason and not call.reason:
        raise GuardRefused(reason_missing())
    return fsm.target_of(machine, attempt)


def _move(
    machine: Machine,
    transition: Transition,
    call: _Call,
    moves: Sequence[tuple[Any, str, Mapping[str, Any]]],
    keys: Mapping[int, str | None],
) -> list[Fact]:
    """The swap, the log, the visits and work items of checked moves; then the listeners."""
    before = {subject.pk: (loaded["state"], loaded["version"]) for subject, _target, loaded in moves}
    columns = {name for subject, _target, loaded in moves for name in writes.changed_columns(subject, loaded)}
    entries = [
        (subject, loaded["state"], _advance(machine, subject, target, call, transition, keys.get(subject.pk)))
        for subject, target, loaded in moves
    ]
    subjects = [subject for subject, _target, _loaded in moves]
    if writes.swap(subjects, before, sorted(columns)) != len(subjects):
        raise Conflict
    return _log(machine, transition, call, entries)


def _advance(
    machine: Machine, subject: Subject, target: str, call: _Call, transition: Transition, key: str | None
) -> Fact:
    source = subject.state
    passed = list(machine.passed(subject, source, target)) if target != source else []
    data = {**call.data, "passed": passed} if passed else call.data
    if target != source or not transition.stays:
        subject.state_since = call.at
    subject.state = target
    subject.version += 1
    return facts.next_fact(
        subject, transition.fact, at=call.at, user=call.user, verb=call.verb, from_state=source, reason=call.reason,
        on_behalf_of=call.on_behalf_of, data=data, personal=call.personal, key=key,
    )  # fmt: skip


def _log(
    machine: Machine, transition: Transition, call: _Call, entries: Sequence[tuple[Any, str, Fact]]
) -> list[Fact]:
    subjects = [subject for subject, _source, _fact in entries]
    facts.store([(subject, fact) for subject, _source, fact in entries])
    if not transition.stays:
        moved = [(subject, source) for subject, source, _fact in entries]
        if START not in {source for _subject, source in moved}:
            visits.leave(subjects, user=call.user, at=call.at, verb=call.verb, reason=call.reason)
        visits.enter(machine, moved, user=call.user, at=call.at, verb=call.verb)
    elif transition.closes:
        visits.close_roles(subjects, transition.closes, user=call.user, at=call.at, verb=call.verb)
    facts.tell([Happened(fact, subject, call.user) for subject, _source, fact in entries])
    return [fact for _subject, _source, fact in entries]


def _perform_chunk(
    machine: Machine,
    transition: Transition,
    call: _Call,
    chunk: Sequence[S],
    key_prefix: str,
    change_many: Callable[[Sequence[S]], None] | None,
    result: BulkOutcome[S],
) -> None:
    locked = _lock_many(machine, chunk)
    rows = [locked[subject.pk] for subject in chunk if subject.pk in locked]
    keys: dict[int, str | None] = {row.pk: f"{key_prefix}:{row.pk}" if key_prefix else None for row in rows}
    done: set[str | None] = set()
    if key_prefix:
        done = set(Fact.objects.filter(key__in=[k for k in keys.values() if k]).values_list("key", flat=True))
    if transition.prefetch is not None:
        transition.prefetch(rows)
    moves = []
    for row in rows:
        if keys[row.pk] in done and key_prefix:
            result.moved.append(row)
            continue
        loaded = writes.snapshot(row)
        try:
            moves.append((row, _decide(machine, transition, call, row, None), loaded))
        except Refusal as refusal:
            result.refused.append((row, refusal))
    if not moves:
        return
    if change_many is not None:
        change_many([row for row, _target, _loaded in moves])
    _move(machine, transition, call, moves, keys)
    result.moved += [row for row, _target, _loaded in moves]


def _lock_parent(machine: Machine, subject: Subject) -> None:
    """Without it two siblings read the same "one is still missing" and neither moves the parent on."""
    if machine.parent:
        field = type(subject)._meta.get_field(machine.parent)
        parent: Any = field.related_model
        parent._base_manager.select_for_update().only("pk").get(pk=getattr(subject, f"{machine.parent}_id"))


def _lock(machine: Machine, subject: S) -> S:
    return _lock_many(machine, [subject])[subject.pk]


def _lock_many(machine: Machine, subjects: Sequence[S]) -> dict[int, S]:
    """Locks the subjects' own rows in the order of their keys, so that two bulk acts cannot wait on each other."""
    model: type[S] = type(subjects[0])
    rows = model._base_manager.select_related(*machine.related) if machine.related else model._base_manager.all()
    ids = [subject.pk for subject in subjects]
    chosen = rows.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    return {row.pk: row for row in chosen}


def _replayed(subject: Subject, key: str | None, call: _Call) -> Fact | None:
    if key is None:
        return None
    first = Fact.objects.filter(key=key).first()
    if first is None:
        return None
    same = first.object_id == subject.pk and first.verb == call.verb
    if not same or first.actor_id != (call.user.pk if call.user else None):
        raise Conflict(first)
    return first


def _refresh(given: Subject, locked: Subject) -> None:
    for model_field in given._meta.concrete_fields:
        setattr(given, model_field.attname, getattr(locked, model_field.attname))


def _chunks(subjects: Sequence[S]) -> Iterator[Sequence[S]]:
    for start in range(0, len(subjects), CHUNK):
        yield subjects[start : start + CHUNK]


__all__ = [
    "BulkOutcome", "Conflict", "GuardRefused", "NotAllowed", "NotInThisState", "Outcome", "Refusal", "begin",
    "perform", "perform_many", "record", "record_many",
]  # fmt: skip
