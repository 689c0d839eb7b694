"""One chunk of a bulk act, inside its transaction. Only the engine comes in here."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from workflow import door, writes
from workflow.errors import Refusal
from workflow.machine import Machine, Transition
from workflow.models import Fact, Subject

S = TypeVar("S", bound=Subject)


@dataclass
class BulkOutcome(Generic[S]):
    """Who moved, and who was refused with which reason."""

    moved: list[S] = field(default_factory=list)
    refused: list[tuple[S, Refusal]] = field(default_factory=list)


@dataclass(frozen=True)
class Keys:
    prefix: str
    given: Mapping[int, str]

    def of(self, pk: int) -> str | None:
        return f"{self.prefix}:{pk}" if self.prefix else self.given.get(pk)


def perform_chunk(
    machine: Machine,
    transition: Transition,
    call: door.Call,
    chunk: Sequence[S],
    keys: Keys,
    change_many: Callable[[Sequence[S]], None] | None,
    result: BulkOutcome[S],
) -> None:
    door.lock_parents(machine, chunk)
    locked = door.lock_many(machine, chunk, key_prefix=keys.prefix)
    rows = [locked[subject.pk] for subject in chunk if subject.pk in locked]
    waiting = [row for row in rows if not getattr(row, "moved_before", False)]
    result.moved += [row for row in rows if getattr(row, "moved_before", False)]
    if transition.prefetch is not None:
        transition.prefetch(waiting)
    moves, refused = [], []
    for row in waiting:
        loaded = writes.snapshot(row)
        try:
            moves.append((row, door.decide(machine, transition, call, row, None), loaded))
        except Refusal as refusal:
            refused.append((row, refusal))
    _sort_out(refused, keys, result)
    if not moves:
        return
    if change_many is not None:
        change_many([row for row, _target, _loaded in moves])
    door.move(machine, transition, call, moves, {row.pk: keys.of(row.pk) for row, _target, _loaded in moves})
    result.moved += [row for row, _target, _loaded in moves]


def _sort_out(refused: Sequence[tuple[S, Refusal]], keys: Keys, result: BulkOutcome[S]) -> None:
    """Who was moved under the same key while we waited for the lock is moved, not refused."""
    asked = {row.pk: key for row, _refusal in refused if (key := keys.of(row.pk))}
    done = set(Fact.objects.filter(key__in=asked.values()).values_list("key", flat=True)) if asked else set()
    for row, refusal in refused:
        if asked.get(row.pk) in done:
            result.moved.append(row)
        else:
            result.refused.append((row, refusal))


@contextmanager
def without_collection() -> Iterator[None]:
    """A chunk makes tens of thousands of objects that all live until its end: looking for garbage among them again
    and again took a quarter of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
