"""Whom a track is for: a rule over units, positions and dates, with people named one by one.

`{"units": [ids], "positions": [ids], "hired_before": "2026-01-01", "include": [ids],
"exclude": [{"person": id, "reason": text}]}`. Units count with all below them. Without units and positions the rule
catches only the people it includes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from appraisal.cycles.models import AppraisalCycle, Track
from appraisal.people.models import Person
from appraisal.people.queries import employed_on


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Somebody whom units and positions catch, but who stays out, and why."""

    person: Person
    reason: str


def snapshot_day(cycle: AppraisalCycle, at: datetime) -> date:
    """The day whose people, units and managers count: the period's last day, or today while it still runs."""
    return min(cycle.ends_on, localdate(at))


def members(rule: Mapping[str, Any], day: date) -> QuerySet[Person]:
    chosen = Q(pk__in=rule.get("include") or [])
    caught = _caught(rule)
    if caught is not None:
        chosen |= caught & _hired_in_time(rule)
    return Person.objects.filter(chosen, employed_on(day)).exclude(pk__in=_excluded_ids(rule)).order_by("number")


def waiting(track: Track, day: date) -> QuerySet[Person]:
    """The members who have no appraisal in the cycle yet."""
    return members(track.population, day).exclude(appraisals__cycle=track.cycle_id)


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
