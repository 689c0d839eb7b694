"""Whom a track is for: a rule over units, positions and dates, with people named one by one.

`{"units": [ids], "positions": [ids], "hired_before": "2026-01-01", "include": [ids],
"exclude": [{"person": id, "reason": text}]}`. Units count with all below them. Without units and positions the rule
catches only the people it includes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from appraisal.cycles.models import Appraisal, AppraisalCycle, Track
from appraisal.people.models import Person
from appraisal.people.queries import employed_on
from workflow.writes import among


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Somebody whom units and positions catch, but who stays out, and why."""

    person: Person
    reason: str


def snapshot_day(cycle: AppraisalCycle, at: datetime) -> date:
    """The day whose people, units and managers count: the period's last day, or today while it still runs."""
    return min(cycle.ends_on, localdate(at))


def members(rule: Mapping[str, Any], day: date) -> QuerySet[Person]:
    return Person.objects.filter(_meant(rule, day)).order_by("number")


def members_by_track(tracks: Sequence[Track], day: date) -> dict[int, list[Person]]:
    """The people of each track with their accounts, in one query for all tracks of people."""
    if not tracks:
        return {}
    rules = {f"on_{track.pk}": _meant(track.population, day) for track in tracks}
    columns = {
        name: Case(When(rule, then=Value(value=True)), default=Value(value=False)) for name, rule in rules.items()
    }
    anywhere = reduce(or_, rules.values(), Q(pk__in=[]))
    people = list(Person.objects.filter(anywhere).annotate(**columns).select_related("user").order_by("number"))
    return {track.pk: [person for person in people if getattr(person, f"on_{track.pk}")] for track in tracks}


def counts_by_track(tracks: Sequence[Track], day: date) -> dict[int, int]:
    """How many stand on each track, in one query."""
    found = Person.objects.aggregate(
        **{f"on_{track.pk}": Count("pk", filter=_meant(track.population, day)) for track in tracks}
    )
    return {track.pk: found[f"on_{track.pk}"] for track in tracks}


def _meant(rule: Mapping[str, Any], day: date) -> Q:
    chosen = Q(pk__in=among(rule.get("include") or []))
    caught = _caught(rule)
    if caught is not None:
        chosen |= caught & _hired_in_time(rule)
    return chosen & employed_on(day) & ~Q(pk__in=among(_excluded_ids(rule)))


def waiting(track: Track, day: date) -> QuerySet[Person]:
    """The members who have no appraisal of their own in the cycle yet."""
    own = Appraisal.objects.filter(cycle=track.cycle_id, unit=None, organisation=None)
    return members(track.population, day).exclude(pk__in=own.values("employee"))


def exclusions(rule: Mapping[str, Any], day: date) -> list[Exclusion]:
    """Those whom units and positions catch and who stay out all the same, each with the reason."""
    given = {row["person"]: row["reason"] for row in rule.get("exclude") or []}
    caught = _caught(rule) or Q(pk__in=[])
    people = Person.objects.filter(caught | Q(pk__in=list(given))).select_related("org_unit")
    outside = people.exclude(pk__in=members(rule, day).values("pk")).order_by("number")
    return [Exclusion(person, given.get(person.pk) or _why(person, rule, day)) for person in outside]


def counts_by_unit(people: QuerySet[Person]) -> list[tuple[int, int]]:
    """How many of the people belong to each unit."""
    rows = people.order_by().values("org_unit").annotate(count=Count("pk")).order_by("org_unit__code")
    return [(row["org_unit"], row["count"]) for row in rows]


def _caught(rule: Mapping[str, Any]) -> Q | None:
    units, positions = rule.get("units") or [], rule.get("positions") or []
    if not units and not positions:
        return None
    inside = Q()
    for unit in units:
        inside |= Q(org_unit__path__contains=f"/{unit}/")
    return inside & Q(position_id__in=positions) if positions else inside


def _hired_in_time(rule: Mapping[str, Any]) -> Q:
    return Q(hired_on__lt=rule["hired_before"]) if rule.get("hired_before") else Q()


def _excluded_ids(rule: Mapping[str, Any]) -> list[int]:
    return [row["person"] for row in rule.get("exclude") or []]


def _why(person: Person, rule: Mapping[str, Any], day: date) -> str:
    if person.left_on is not None and person.left_on < day:
        return _("Left on %(day)s") % {"day": person.left_on}
    if person.hired_on > day:
        return _("Hired on %(day)s, after the day that counts") % {"day": person.hired_on}
    return _("Hired on %(day)s, not before %(limit)s") % {"day": person.hired_on, "limit": rule["hired_before"]}
