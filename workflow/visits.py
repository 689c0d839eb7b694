"""Visits and work items: closed when a subject leaves a state, opened when it enters the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from workflow import copying, writes
from workflow.clocks import Clock
from workflow.machine import Duty, Machine
from workflow.models import Subject, Visit, WorkItem

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


def open_items(subjects: Iterable[Subject]) -> QuerySet[WorkItem]:
    rows = list(subjects)
    content_type = ContentType.objects.get_for_model(rows[0])
    return WorkItem.objects.filter(
        content_type=content_type, object_id__in=writes.among([row.pk for row in rows]), closed_at__isnull=True
    )


def closings(*, user: User | None, at: datetime, verb: str, reason: str) -> tuple[writes.Closing, ...]:
    """What a subject that leaves its state closes with it: its open visit and every open work item."""
    closed = {"closed_at": at, "closed_by": user.pk if user else None, "outcome": verb}
    return (
        writes.Closing(Visit, {**closed, "reason": reason}),
        writes.Closing(WorkItem, {**closed, "alarm_at": None}),
    )


def close_roles(
    subjects: Sequence[Subject], roles: Sequence[str], *, user: User | None, at: datetime, verb: str
) -> None:
    """Closes the open work items that these roles hold, where the subject itself stays in its state.

    Of several people in the same role only the acting one is done; a pool's item is anybody's to close.
    """
    items = open_items(subjects).filter(role__in=roles)
    if user is not None:
        items = items.filter(holder=user) | items.filter(holder__isnull=True)
    items.update(closed_at=at, closed_by=user, outcome=verb, alarm_at=None)


@dataclass
class Entered:
    """What a move opens: not yet stored."""

    visits: list[Visit] = field(default_factory=list)
    items: list[WorkItem] = field(default_factory=list)

    def store(self) -> None:
        copying.insert(self.visits, keys=False)
        copying.insert(self.items)


def entered(
    machine: Machine, moves: Sequence[tuple[Subject, str]], *, user: User | None, at: datetime, verb: str
) -> Entered:
    """The visit of each subject's new state, the passed-over ones beside it, and its work items."""
    found = Entered()
    content_type = ContentType.objects.get_for_model(moves[0][0])
    for subject, source in moves:
        found.visits += [
            _passed_visit(content_type, subject, skipped, user=user, at=at, verb=verb)
            for skipped in machine.passed(subject, source, subject.state)
        ]
        duties = machine.duties(subject, at)
        found.visits.append(_visit(content_type, subject, duties, at))
        found.items += [work_item(machine, subject, duty, at) for duty in duties]
    return found


def _passed_visit(
    content_type: ContentType, subject: Subject, state: str, *, user: User | None, at: datetime, verb: str
) -> Visit:
    return copying.fresh(
        Visit,
        {"content_type": content_type},
        content_type_id=content_type.pk,
        object_id=subject.pk,
        state=state,
        number=subject.chain_length,
        opened_at=at,
        closed_at=at,
        closed_by_id=user.pk if user else None,
        outcome=verb,
        passed_over=True,
    )


def _visit(content_type: ContentType, subject: Subject, duties: Sequence[Duty], at: datetime) -> Visit:
    clocks = [duty.clock for duty in duties if duty.clock is not None]
    last = max(clocks, key=lambda clock: clock.due_at) if clocks else None
    return copying.fresh(
        Visit,
        {"content_type": content_type},
        content_type_id=content_type.pk,
        object_id=subject.pk,
        state=subject.state,
        number=subject.chain_length,
        opened_at=at,
        due_at=last.due_at if last else None,
        due_rule=last.rule if last else {},
    )


def work_item(machine: Machine, subject: Subject, duty: Duty, at: datetime) -> WorkItem:
    content_type = ContentType.objects.get_for_model(subject)
    item = copying.fresh(
        WorkItem,
        {"content_type": content_type},
        content_type_id=content_type.pk,
        object_id=subject.pk,
        subject_label=machine.title(subject)[:200],
        state=subject.state,
        holder_id=duty.holder_id,
        pool=duty.pool if duty.holder_id is None else "",
        role=duty.role,
        optional=duty.optional,
        opened_at=at,
    )
    if duty.clock is not None:
        wind(item, duty.clock, after=at)
    return item


def wind(item: WorkItem, clock: Clock, *, after: datetime) -> None:
    """Puts the clock on the item; the next rung after the moment becomes its alarm."""
    item.due_at = clock.due_at
    item.due_rule = clock.rule
    set_alarm(item, list(clock.rungs), after=after)


def set_alarm(item: WorkItem, rungs: Sequence[tuple[str, datetime]], *, after: datetime) -> None:
    coming = [rung for rung in rungs if rung[1] > after]
    item.alarm_slot, item.alarm_at = coming[0] if coming else ("", None)
    item.alarm_failures = 0
