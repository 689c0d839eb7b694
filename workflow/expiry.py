"""The end of a step's time: the verb that it fires, on all whose time has ended at once.

Who submits in the same moment and the sweeper ask for the same row: the first one moves it, and for the other it is no
longer in that state. A refused or broken expiry is put off and never stops the others.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.contenttypes.models import ContentType

from workflow import door, engine, writes
from workflow.errors import NotInThisState, Refusal
from workflow.machine import machine_of
from workflow.models import Subject, WorkItem

log = logging.getLogger(__name__)
RETRY = timedelta(hours=1)


def fire(items: Sequence[WorkItem], at: datetime) -> None:
    """Each machine's items of each verb in one go; if that raises, one by one."""
    by_type: dict[int, list[WorkItem]] = defaultdict(list)
    for item in items:
        by_type[item.content_type_id].append(item)
    for content_type_id, own in by_type.items():
        model = cast("type[Subject]", ContentType.objects.get_for_id(content_type_id).model_class())
        subjects = door.subjects_of(model, {item.object_id for item in own})
        for verb, expired in _by_verb(own, subjects, at).items():
            try:
                _expire(verb, expired, subjects, at)
            except Exception:
                log.exception("%s ends of time failed together; they are tried one by one.", len(expired))
                for item in expired:
                    _expire_alone(verb, item, subjects, at)


def _by_verb(
    items: Sequence[WorkItem], subjects: Mapping[int, Subject], at: datetime
) -> Mapping[str, Sequence[WorkItem]]:
    found: dict[str, list[WorkItem]] = defaultdict(list)
    silent: list[int] = []
    for item in items:
        try:
            subject = subjects[item.object_id]
            verb = machine_of(subject).on_expiry(subject)
        except Exception:
            log.exception("The end of time of work item %s failed and is put off.", item.pk)
            push_back([item.pk], at)
            continue
        if verb is None:
            silent.append(item.pk)
        else:
            found[verb].append(item)
    if silent:
        WorkItem.objects.filter(pk__in=writes.among(silent)).update(alarm_at=None, alarm_slot="")
    return found


def _expire(verb: str, items: Sequence[WorkItem], subjects: Mapping[int, Subject], at: datetime) -> None:
    """Several items of one subject end with the first."""
    first = {item.object_id: item for item in reversed(items)}
    chosen: Sequence[Any] = [subjects[pk] for pk in sorted(first)]
    keys = {pk: f"expiry:{item.pk}" for pk, item in first.items()}
    outcome = engine.perform_many(chosen, verb, acting_user=None, at=at, keys=keys)
    refused = {row.pk: refusal for row, refusal in outcome.refused}
    for pk, refusal in refused.items():
        _report(first[pk], refusal)
    push_back([item.pk for item in items if item.object_id in refused], at)


def _expire_alone(verb: str, item: WorkItem, subjects: Mapping[int, Subject], at: datetime) -> None:
    try:
        engine.perform(subjects[item.object_id], verb, acting_user=None, at=at, key=f"expiry:{item.pk}")
    except Refusal as refusal:
        _report(item, refusal)
        push_back([item.pk], at)
    except Exception:
        log.exception("The end of time of work item %s failed and is put off.", item.pk)
        push_back([item.pk], at)


def _report(item: WorkItem, refusal: Refusal) -> None:
    """Where somebody was faster there is nothing to report."""
    if not isinstance(refusal, NotInThisState):
        log.warning("The end of time of work item %s was refused: %s", item.pk, refusal.reason)


def push_back(keys: Collection[int], at: datetime) -> None:
    """Those that are still open speak again later, the more often it failed the later."""
    if not keys:
        return
    items = list(WorkItem.objects.filter(pk__in=writes.among(keys), closed_at__isnull=True))
    for item in items:
        item.alarm_failures += 1
        item.alarm_at = at + RETRY * min(item.alarm_failures, 24)
        # The rung that failed is spoken again: it lies before the new alarm, so its own moment is moved with it.
        item.due_rule = {**item.due_rule, "rungs": _postponed(item.due_rule, item.alarm_slot, item.alarm_at)}
    writes.update_many(items, ["alarm_failures", "alarm_at", "due_rule"])


def _postponed(rule: dict[str, Any], failed: str, moment: datetime) -> list[list[str]]:
    return [[slot, moment.isoformat() if slot == failed else when] for slot, when in rule.get("rungs", [])]
