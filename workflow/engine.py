"""The one door. Nothing else sets a state.

`perform` takes one subject through one transition, `perform_many` thousands through the same table and guards,
`begin` creates subjects in their first state, `record` writes a fact that moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction

from workflow import copying, door, facts, writes
from workflow.bulk import BulkOutcome, Keys, perform_chunk, without_collection
from workflow.calendars import one_reading
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState, Refusal
from workflow.machine import START, Happened, machine_of
from workflow.models import Fact, Subject

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

S = TypeVar("S", bound=Subject)
# A transaction's worth: long enough that its statements are few, short enough that nobody waits for its locks.
CHUNK = 5000


@dataclass(frozen=True)
class Outcome(Generic[S]):
    """What a door call did. A replayed key did nothing again: `fact` is the first call's."""

    subject: S
    fact: Fact
    replayed: bool = False


@one_reading()
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
    call = door.Call(verb, acting_user, at, reason.strip(), data or {}, personal or {}, on_behalf_of)
    with transaction.atomic():
        door.lock_parents(machine, [subject])
        locked = door.lock(machine, subject)
        # The first call has moved the version on: who comes with the present one comes for the first time.
        first = door.replayed(locked, key, call) if version is None or version != locked.version else None
        if first is not None:
            _refresh(subject, locked)
            return Outcome(subject, first, replayed=True)
        loaded = writes.snapshot(locked)
        if transition.prefetch is not None:
            transition.prefetch([locked])
        target = door.decide(machine, transition, call, locked, version)
        if change is not None:
            change(locked)
        fact = door.move(machine, transition, call, [(locked, target, loaded)], {locked.pk: key})[0]
    _refresh(subject, locked)
    return Outcome(subject, fact)


@one_reading()
def perform_many(
    subjects: Sequence[S],
    verb: str,
    *,
    acting_user: User | None,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    key_prefix: str = "",
    keys: Mapping[int, str] | None = None,
    change_many: Callable[[Sequence[S]], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> BulkOutcome[S]:
    """The same on many, in chunks, each a transaction; the refused come back with their reasons.

    With `key_prefix`, or a key for each subject, a run that was cut off can be started again: those already moved
    are not moved twice.
    """
    result: BulkOutcome[S] = BulkOutcome()
    if not subjects:
        return result
    machine = machine_of(subjects[0])
    transition = machine.transition(verb)
    call = door.Call(verb, acting_user, at, reason.strip(), data or {}, {}, "")
    given = Keys(key_prefix, keys or {})
    for chunk in _chunks(subjects):
        with without_collection(), transaction.atomic():
            perform_chunk(machine, transition, call, chunk, given, change_many, result)
        if progress is not None:
            progress(len(result.moved) + len(result.refused))
    return result


@one_reading()
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
    call = door.Call(verb, acting_user, at, reason.strip(), data or {}, {}, "")
    with without_collection(), transaction.atomic():
        for chunk in _chunks(subjects):
            if transition.prefetch is not None:
                transition.prefetch(chunk)
            for subject in chunk:
                subject.state = START
            targets = [door.decide(machine, transition, call, subject, None) for subject in chunk]
            stored = [
                door.advance(machine, subject, target, call, transition, None)
                for subject, target in zip(chunk, targets, strict=True)
            ]
            copying.insert(chunk)
            door.log(machine, transition, call, list(zip(chunk, [START] * len(chunk), stored, strict=True)))
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
        [subject],
        fact_name,
        acting_user=acting_user,
        at=at,
        reason=reason,
        data=lambda _subject: data or {},
        personal=personal,
        on_behalf_of=on_behalf_of,
    )[0]


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
    """`record` for many subjects at once, in chunks."""
    written: list[Fact] = []
    with transaction.atomic():
        for chunk in _chunks(subjects):
            locked = door.lock_many(machine_of(chunk[0]), chunk)
            rows = [locked[subject.pk] for subject in chunk]
            before = {row.pk: (row.state, row.version) for row in rows}
            pairs: list[tuple[Subject, Fact]] = []
            for row in rows:
                fact = facts.next_fact(
                    row,
                    fact_name,
                    at=at,
                    user=acting_user,
                    from_state=row.state,
                    reason=reason.strip(),
                    data=data(row),
                    personal=personal,
                    on_behalf_of=on_behalf_of,
                )
                pairs.append((row, fact))
            writes.swap(rows, before)
            facts.store(pairs)
            for subject, row in zip(chunk, rows, strict=True):
                subject.chain_head, subject.chain_length = row.chain_head, row.chain_length
            facts.tell([Happened(fact, row, acting_user) for row, fact in pairs])
            written += [fact for _row, fact in pairs]
    return written


def _refresh(given: Subject, locked: Subject) -> None:
    for model_field in given._meta.concrete_fields:
        setattr(given, model_field.attname, getattr(locked, model_field.attname))


def _chunks(subjects: Sequence[S]) -> Iterator[Sequence[S]]:
    for start in range(0, len(subjects), CHUNK):
        yield subjects[start : start + CHUNK]


__all__ = [
    "BulkOutcome",
    "Conflict",
    "GuardRefused",
    "NotAllowed",
    "NotInThisState",
    "Outcome",
    "Refusal",
    "begin",
    "perform",
    "perform_many",
    "record",
    "record_many",
]
