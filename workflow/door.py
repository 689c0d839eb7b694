"""The inside of the door: locking, deciding, moving and writing down. Only the engine comes in here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import CharField, Exists, OuterRef, Prefetch, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Cast, Concat

from workflow import copying, facts, fsm, visits, writes
from workflow.errors import Conflict, GuardRefused
from workflow.machine import Attempt, Happened, Machine, Transition, machine_of
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
    _told: dict[tuple[str, ...], facts.Plain] = field(default_factory=dict, compare=False, repr=False)

    def told(self, passed: tuple[str, ...]) -> facts.Plain:
        """The data of the facts; thousands share it."""
        if passed not in self._told:
            self._told[passed] = facts.plain({**self.data, "passed": list(passed)} if passed else self.data)
        return self._told[passed]

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
    closings = (
        () if transition.stays else visits.closings(user=call.user, at=call.at, verb=call.verb, reason=call.reason)
    )
    if writes.swap(subjects, before, sorted(columns), closings) != len(subjects):
        raise Conflict
    return log(machine, transition, call, entries)


def advance(
    machine: Machine, subject: Subject, target: str, call: Call, transition: Transition, key: str | None
) -> Fact:
    source = subject.state
    passed = list(machine.passed(subject, source, target)) if target != source else []
    data = call.told(tuple(passed))
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
    """Writes the facts, and what the moves open; what they close was closed with the swap."""
    subjects = [subject for subject, _source, _fact in entries]
    written = [fact for _subject, _source, fact in entries]
    facts.bind([(subject, fact) for subject, _source, fact in entries])
    new = visits.Entered()
    if not transition.stays:
        moved = [(subject, source) for subject, source, _fact in entries]
        new = visits.entered(machine, moved, user=call.user, at=call.at, verb=call.verb)
    elif transition.closes:
        visits.close_roles(subjects, transition.closes, user=call.user, at=call.at, verb=call.verb)
    copying.reserve(written, new.items)
    copying.insert(written)
    new.store()
    opened: dict[int, list[WorkItem]] = defaultdict(list)
    for item in new.items:
        opened[item.object_id].append(item)
    facts.tell([Happened(fact, subject, call.user, opened[subject.pk]) for subject, _source, fact in entries])
    return written


def lock_parents(machine: Machine, subjects: Sequence[Subject]) -> None:
    """Without it two siblings read the same "one is still missing" and neither moves the parent on."""
    if machine.parent:
        parent: Any = machine.model._meta.get_field(machine.parent).related_model
        keys = {getattr(subject, f"{machine.parent}_id") for subject in subjects}
        list(parent._base_manager.filter(pk__in=keys).order_by("pk").select_for_update().only("pk"))


def lock(machine: Machine, subject: S) -> S:
    return lock_many(machine, [subject])[subject.pk]


def lock_many(machine: Machine, subjects: Sequence[S], *, key_prefix: str = "") -> dict[int, S]:
    """Locks the subjects' own rows in the order of their keys, so that two bulk acts cannot wait on each other.

    With a prefix each row says whether the fact of that key was written before (`moved_before`).
    """
    model: type[S] = type(subjects[0])
    chosen: QuerySet[Any] = model._base_manager.filter(
        pk__in=writes.among([subject.pk for subject in subjects])
    ).order_by("pk")
    if key_prefix:
        key = Concat(Value(f"{key_prefix}:"), Cast(OuterRef("pk"), CharField()))
        chosen = chosen.annotate(moved_before=Exists(Fact.objects.filter(key=key)))
    return {row.pk: row for row in with_relatives(machine, chosen.select_for_update(of=("self",)), len(subjects))}


def with_relatives(machine: Machine, chosen: QuerySet[S], count: int) -> list[S]:
    """One row brings its relatives by a join; of many, those that they share are read once each."""
    shared = machine.shared if count > JOINED else ()
    own = [path for path in machine.related if path not in shared]
    rows = list(chosen.select_related(*own) if own else chosen)
    for path in shared:
        head, further = _split(path, own)
        field: Any = machine.model
        for name in head.split("__"):
            field = field._meta.get_field(name).related_model
        each = field._base_manager.select_related(further) if further else field._base_manager.all()
        prefetch_related_objects(rows, Prefetch(head, queryset=each))
    return rows


def subjects_of(model: type[S], keys: Collection[int]) -> dict[int, S]:
    """Unlocked, with what their machine reads beside them."""
    rows = model._base_manager.filter(pk__in=writes.among(keys))
    return {row.pk: row for row in with_relatives(machine_of(model), rows, len(keys))}


def _split(path: str, joined: Sequence[str]) -> tuple[str, str]:
    """The path up to the first relation that is not joined already, and the rest of it."""
    parts = path.split("__")
    known = {"__".join(each.split("__")[:end]) for each in joined for end in range(1, len(each.split("__")) + 1)}
    length = next(end for end in range(1, len(parts) + 1) if "__".join(parts[:end]) not in known)
    return "__".join(parts[:length]), "__".join(parts[length:])


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
