"""The ladder's loop: says what is due, fires what the end of a step's time fires, moves deadlines when asked.

The next rung of every open work item is stored with it (`alarm_at`, partial index), so that the sweep costs what
is due and not what is open.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils.translation import gettext as _

from workflow import engine, expiry, visits, writes
from workflow.calendars import DayBook, day_book
from workflow.clocks import Clock, clock_due, rule_of, set_clock, stored_rungs
from workflow.errors import GuardRefused
from workflow.machine import Alarm, machine_of
from workflow.models import Subject, Visit, WorkItem

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

S = TypeVar("S", bound=Subject)
log = logging.getLogger(__name__)
BATCH = engine.CHUNK
LEASE = timedelta(minutes=10)


def sweep(*, at: datetime, limit: int = 50_000) -> int:
    """Works off the rungs that have come. Returns how many items spoke.

    1. Claim a batch of due items and advance each to its next rung, in one transaction with what the room does
       about the rung (its letters). Two sweepers never get the same item.
    2. Fire the expiries of the batch through the door, those with the same verb together.
    3. An item whose rung raises is pushed back an hour and reported; it never stops the others.
    """
    spoken = 0
    while spoken < limit:
        claimed, expired = _work_off_batch(at)
        if not claimed:
            break
        spoken += claimed
        expiry.fire(expired, at)
    return spoken


def _work_off_batch(at: datetime) -> tuple[int, list[WorkItem]]:
    try:
        with transaction.atomic():
            items = _claim(at, BATCH)
            return len(items), _speak(items, at)
    except Exception:
        log.exception("A batch of deadlines failed; its items are tried one by one.")
        return _one_by_one(at)


def _one_by_one(at: datetime) -> tuple[int, list[WorkItem]]:
    ids = list(_due(at).values_list("pk", flat=True)[:BATCH])
    expired: list[WorkItem] = []
    for pk in ids:
        try:
            with transaction.atomic():
                expired += _speak(list(_lock_items(_due(at).filter(pk=pk))), at)
        except Exception:
            log.exception("The deadline of work item %s failed and is put off.", pk)
            expiry.push_back([pk], at)
    return len(ids), expired


def _due(at: datetime) -> Any:
    return WorkItem.objects.filter(closed_at__isnull=True, alarm_at__lte=at).order_by("alarm_at")


def _lock_items(rows: Any) -> Any:
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked, of=("self",))


def _claim(at: datetime, size: int) -> list[WorkItem]:
    return list(_lock_items(_due(at))[:size])


def _speak(items: Sequence[WorkItem], at: datetime) -> list[WorkItem]:
    """Advances the items past every rung that has come and hands the rungs to their machines."""
    alarms: dict[type[Subject], list[Alarm]] = defaultdict(list)
    expired: list[WorkItem] = []
    for item in items:
        rungs = stored_rungs(item.due_rule)
        come = [slot for slot, moment in rungs if item.alarm_at is not None and item.alarm_at <= moment <= at]
        model = cast("type[Subject]", ContentType.objects.get_for_id(item.content_type_id).model_class())
        alarms[model] += [Alarm(item, slot) for slot in _worth_saying(come)]
        failures = item.alarm_failures
        visits.set_alarm(item, rungs, after=at)
        if "expire" in come:
            item.alarm_failures = failures
            # Kept claimed until the door has closed it; a crash in between gives it back.
            item.alarm_slot, item.alarm_at = "expire", at + LEASE
            expired.append(item)
    writes.update_many(items, ["alarm_at", "alarm_slot", "alarm_failures"])
    for model, rungs_come in alarms.items():
        machine_of(model).on_alarms(rungs_come, at)
    return expired


def _worth_saying(come: Sequence[str]) -> list[str]:
    """After a standstill only the latest reminder still makes sense; every escalation does."""
    reminders = [slot for slot in come if slot.startswith("remind")]
    return reminders[-1:] + [slot for slot in come if slot.startswith("escalate")]


def extend(
    subjects: Sequence[S],
    due_of: Callable[[WorkItem], datetime],
    *,
    acting_user: User | None,
    at: datetime,
    reason: str,
) -> list[S]:
    """Moves the open deadlines of the subjects to later moments; a right is never shortened.

    Returns the subjects that had a deadline to move. Raises GuardRefused without a reason or for an earlier moment.
    Permission is the calling action's to check.
    """
    if not reason.strip():
        raise GuardRefused(_("Please give a reason for the new deadline: everybody concerned can read it."))
    moved: dict[int, S] = {subject.pk: subject for subject in subjects}
    with transaction.atomic():
        items = list(_lock_items(visits.open_items(subjects).filter(due_at__isnull=False).order_by("pk")))
        for item in items:
            due = due_of(item)
            if item.due_at is not None and due <= item.due_at:
                raise GuardRefused(_("The new deadline must be later than the old one."))
            _rewind(item, due, at)
        writes.update_many(items, ["due_at", "due_rule", "alarm_at", "alarm_slot", "alarm_failures"])
        _move_visits(items)
        touched = {item.object_id for item in items}
        extended = [subject for pk, subject in moved.items() if pk in touched]
        if extended:
            due_texts = {item.object_id: item.due_at.isoformat() for item in items if item.due_at is not None}
            engine.record_many(
                extended,
                "deadline.extended",
                acting_user=acting_user,
                at=at,
                reason=reason,
                data=lambda subject: {"due": due_texts[subject.pk]},
            )
    return extended


def _rewind(item: WorkItem, due: datetime, at: datetime) -> None:
    days = day_book(item.due_rule["calendar"])
    clock = clock_due(rule_of(item.due_rule), due, anchor=at, days=days, zone=item.due_rule["zone"])
    visits.wind(item, clock, after=at)


def _move_visits(items: Sequence[WorkItem]) -> None:
    by_subject = {(item.content_type_id, item.object_id): item for item in items}
    open_visits = [
        visit
        for content_type_id in {item.content_type_id for item in items}
        for visit in Visit.objects.filter(
            content_type_id=content_type_id,
            object_id__in=[item.object_id for item in items if item.content_type_id == content_type_id],
            closed_at__isnull=True,
        )
    ]
    for visit in open_visits:
        item = by_subject[visit.content_type_id, visit.object_id]
        visit.due_at, visit.due_rule = item.due_at, item.due_rule
    writes.update_many(open_visits, ["due_at", "due_rule"])


def recount(calendar_id: int, *, at: datetime) -> int:
    """Counts open deadlines of a calendar again after its days have changed. Returns how many moved.

    A window that has already ended does not move, and none becomes shorter.
    """
    moved: list[WorkItem] = []
    with transaction.atomic():
        days = day_book(calendar_id)
        for item in _lock_items(
            WorkItem.objects.filter(closed_at__isnull=True, due_at__gt=at, due_rule__calendar=calendar_id)
        ):
            clock = _counted_again(item, days)
            if clock is not None and item.due_at is not None and clock.due_at > item.due_at:
                visits.wind(item, clock, after=at)
                moved.append(item)
        writes.update_many(moved, ["due_at", "due_rule", "alarm_at", "alarm_slot", "alarm_failures"])
        _move_visits(moved)
    return len(moved)


def _counted_again(item: WorkItem, days: DayBook) -> Clock | None:
    if item.due_rule.get("revision") == days.revision:
        return None
    return set_clock(
        rule_of(item.due_rule),
        anchor=datetime.fromisoformat(item.due_rule["anchor"]),
        days=days,
        zone=item.due_rule["zone"],
    )
