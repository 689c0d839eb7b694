"""The lines of the daily digest: what is open, by when it is due, and what waits for others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from appraisal.cycles.models import Appraisal
from appraisal.people import post
from appraisal.people.roles import users_in_pools
from appraisal.people.working_hours import zones_of
from notifications.digests import DigestLine, Group
from workflow.machine import SYSTEM, machine_of
from workflow.models import Subject, WorkItem

# More than this of one urgency is counted, not listed.
LISTED = 20

# A text by language, "zh" or "en", called with that language switched on.
Words = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Open work of one reader: alone with its subject, or `count` pieces that a pool holds in the same state."""

    model: type[Subject]
    state: str
    due_at: datetime
    subject: Any = None
    count: int = 1


def agenda(user_ids: Collection[int], at: datetime) -> Mapping[int, Sequence[DigestLine]]:
    """A constant number of queries for any number of people. Who has nothing to do gets no lines."""
    entries = _own(user_ids)
    for user_id, found in _of_pools(user_ids).items():
        entries[user_id] += found
    zones = zones_of(user_ids)
    lines = {user_id: _lines(user_id, entries[user_id], at, zones[user_id]) for user_id in entries}
    busy = [user_id for user_id, found in lines.items() if found]
    waiting = _waiting(busy)
    return {user_id: [*lines[user_id], *waiting.get(user_id, ())] for user_id in busy}


def _own(user_ids: Collection[int]) -> dict[int, list[Entry]]:
    items = list(
        WorkItem.objects.filter(
            holder__in=user_ids, closed_at__isnull=True, optional=False, due_at__isnull=False
        ).order_by("due_at", "pk")
    )
    subjects = _subjects(items)
    entries: dict[int, list[Entry]] = defaultdict(list)
    for item in items:
        subject = subjects[item.content_type_id][item.object_id]
        if item.holder_id is not None and item.due_at is not None:
            entries[item.holder_id].append(Entry(type(subject), item.state, item.due_at, subject))
    return entries


def _subjects(items: Iterable[WorkItem]) -> dict[int, dict[int, Any]]:
    """One query for each kind of subject."""
    ids: dict[int, set[int]] = defaultdict(set)
    for item in items:
        ids[item.content_type_id].add(item.object_id)
    found = {}
    for content_type_id, pks in ids.items():
        model = _model(content_type_id)
        found[content_type_id] = model._base_manager.select_related(*machine_of(model).related).in_bulk(pks)
    return found


def _model(content_type_id: int) -> type[Subject]:
    return cast("type[Subject]", ContentType.objects.get_for_id(content_type_id).model_class())


def _of_pools(user_ids: Collection[int]) -> dict[int, list[Entry]]:
    """What pools hold is counted by state and due moment, so that ten thousand releases are one line."""
    rows = (
        WorkItem.objects.filter(holder__isnull=True, closed_at__isnull=True, optional=False, due_at__isnull=False)
        .exclude(pool=SYSTEM)
        .values_list("pool", "content_type", "state", "due_at")
        .annotate(count=Count("pk"))
        .order_by("due_at", "content_type", "state")
    )
    by_pool: dict[str, list[Entry]] = defaultdict(list)
    for pool, content_type_id, state, due_at, count in rows:
        by_pool[pool].append(Entry(_model(content_type_id), state, due_at, count=count))
    entries: dict[int, list[Entry]] = defaultdict(list)
    wanted = set(user_ids)
    for pool, members in users_in_pools(by_pool).items():
        for user_id in wanted.intersection(members):
            entries[user_id] += by_pool[pool]
    return entries


def _lines(user_id: int, entries: Sequence[Entry], at: datetime, zone: tzinfo) -> list[DigestLine]:
    groups: dict[Group, list[Entry]] = defaultdict(list)
    for entry in entries:
        if group := _group(entry, at, zone):
            groups[group].append(entry)
    return [line for group, found in groups.items() for line in _lines_of(user_id, group, found, zone)]


def _group(entry: Entry, at: datetime, zone: tzinfo) -> Group | None:
    today, due = at.astimezone(zone).date(), entry.due_at.astimezone(zone).date()
    if entry.due_at < at:
        return "overdue"
    if due == today:
        return "today"
    return "this_week" if due <= today + timedelta(days=6 - today.weekday()) else None


def _lines_of(user_id: int, group: Group, entries: Sequence[Entry], zone: tzinfo) -> list[DigestLine]:
    own = [entry for entry in entries if entry.subject is not None]
    pooled = Counter[tuple[type[Subject], str]]()
    for entry in entries:
        if entry.subject is None:
            pooled[entry.model, entry.state] += entry.count
    lines = [_line(group, _of_one(user_id, entry, zone), _page(entry)) for entry in own[:LISTED]]
    if len(own) > LISTED:
        lines.append(_line(group, _of_the_rest(len(own) - LISTED)))
    return lines + [_line(group, _of_many(*piece, count)) for piece, count in pooled.items()]


def _line(group: Group, words: Words, link: str = "") -> DigestLine:
    with override("zh-hans"):
        chinese = words("zh")
    with override("en"):
        return DigestLine(group, chinese, words("en"), link or reverse("home:inbox"))


def _page(entry: Entry) -> str:
    return post.desk_of(entry.model).page(entry.subject)


def _of_one(user_id: int, entry: Entry, zone: tzinfo) -> Words:
    """About somebody by name; about one's own appraisal by the cycle's."""
    desk = post.desk_of(entry.model)
    words = {**post.duty_words(desk, entry.state), **desk.about(entry.subject)}
    words["name_zh"], words["name_en"] = desk.name(entry.subject)
    own = desk.of_person(entry.subject) and user_id == desk.employee(entry.subject)
    about = "cycle" if own and "cycle_zh" in words else "name"
    day = entry.due_at.astimezone(zone)

    def text(language: str) -> str:
        return _("%(step)s: %(whom)s, due on %(day)s") % {
            "step": words[f"step_{language}"],
            "whom": words[f"{about}_{language}"],
            "day": date_format(day, pgettext("format of a day without its year", "F j")),
        }

    return text


def _of_the_rest(count: int) -> Words:
    return lambda _language: ngettext("and %(count)d more", "and %(count)d more", count) % {"count": count}


def _of_many(model: type[Subject], state: str, count: int) -> Words:
    words = post.duty_words(post.desk_of(model), state)
    return lambda language: _("%(step)s: %(count)d open") % {"step": words[f"step_{language}"], "count": count}


def _waiting(user_ids: Collection[int]) -> dict[int, list[DigestLine]]:
    """Appraisals of these people and of those they lead that somebody else holds, counted by step."""
    mine = Appraisal.objects.filter(Q(employee_account__in=user_ids) | Q(manager_account__in=user_ids))
    accounts = {pk: pair for pk, *pair in mine.values_list("pk", "employee_account", "manager_account")}
    items = WorkItem.objects.filter(
        content_type=ContentType.objects.get_for_model(Appraisal),
        object_id__in=mine.values("pk"),
        closed_at__isnull=True,
        optional=False,
    ).exclude(pool=SYSTEM)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for object_id, state, holder in items.values_list("object_id", "state", "holder"):
        for user_id in accounts[object_id]:
            if user_id in user_ids and user_id != holder:
                counts[user_id][state] += 1
    return {
        user_id: [_line("waiting", _of_many(Appraisal, state, count)) for state, count in states.items()]
        for user_id, states in counts.items()
    }
