"""The figures and ledgers that a cycle still waits for, by the role that gives them.

Counted in the database by track and input: ten thousand people cost as many queries as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.states import STILL_OPEN, CycleState
from appraisal.people.roles import users_in_pools
from appraisal.people.states import Role
from appraisal.records.marks import SEPARATOR, parted
from appraisal.records.models import Actual, Ledger
from appraisal.records.queries import asked_inputs, needed_inputs
from appraisal.records.states import LedgerState
from appraisal.schemes.queries import scheme_by_digest
from appraisal.schemes.spec import Ledger as LedgerSpec
from appraisal.schemes.spec import Measure

# What these give belongs to a step that they hold anyway.
LEADERS = frozenset({"employee", "manager", "second_level"})


class Asked(NamedTuple):
    role: str
    is_ledger: bool
    wants_target: bool


class Missing(NamedTuple):
    """`total` counts the ledgers too."""

    total: int = 0
    ledgers: int = 0


def missing_by_role(cycle: AppraisalCycle) -> dict[str, Missing]:
    """Of those whose score is not handed in yet. What nobody gives whose role nobody holds is asked of HR."""
    if cycle.state != CycleState.OPEN:
        return {}
    tracks = Appraisal.objects.filter(cycle=cycle, state__in=STILL_OPEN).order_by()
    people = list(tracks.values_list("track", "track__scheme_digest").annotate(count=Count("pk")))
    asked = {track: _asked(digest, cycle.period_kind) for track, digest, _count in people}
    if not any(asked.values()):
        return {}
    given = _given(cycle)
    found: dict[str, Missing] = defaultdict(Missing)
    for track, _digest, count in people:
        for key, wanted in asked[track].items():
            lacking = count - given[track, key, wanted.wants_target]
            total, ledgers = found[wanted.role]
            found[wanted.role] = Missing(total + lacking, ledgers + lacking * wanted.is_ledger)
    return _by_those_who_are_there({role: missing for role, missing in found.items() if missing.total})


@cache
def _asked(digest: str, period_kind: str) -> Mapping[str, Asked]:
    scheme = scheme_by_digest(digest)
    inputs = {
        **needed_inputs(scheme, period_kind),
        **{
            key: given
            for key, given in asked_inputs(scheme, period_kind).items()
            if isinstance(given, LedgerSpec) and given.scored and given.required
        },
    }
    return {
        key: Asked(
            given.owner if given.owner in Role.values else Role.HR.value,
            is_ledger=isinstance(given, LedgerSpec),
            wants_target=isinstance(given, Measure) and given.target == "required",
        )
        for key, given in inputs.items()
        if given.owner not in LEADERS
    }


def _given(cycle: AppraisalCycle) -> Mapping[tuple[int, str, bool], int]:
    """By track, input, and whether a target is wanted too: how many figures are there, and how many locked ledgers."""
    mine = Q(
        person__appraisals__cycle=cycle, person__appraisals__state__in=STILL_OPEN,
        period_start=cycle.starts_on, period_end=cycle.ends_on,
    )  # fmt: skip
    # A figure that its owner declares absent needs no target.
    whole = Q(target__isnull=False) | Q(actual__isnull=True, told="")
    place = ("person__appraisals__track", "input_key")
    figures = _own(Actual.objects.filter(mine, is_current=True)).values_list(*place)
    ledgers = _own(Ledger.objects.filter(mine, state=LedgerState.LOCKED)).values_list(*place)
    found: dict[tuple[int, str, bool], int] = defaultdict(int)
    for track, key, count, with_target in figures.annotate(Count("pk"), with_target=Count("pk", filter=whole)):
        found[track, parted(key)[0], False] += count
        found[track, parted(key)[0], True] += with_target
    for track, key, count in ledgers.annotate(Count("pk")):
        found[track, parted(key)[0], False] += count
    return found


def _own(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What belongs to the appraisal that it is joined with: a head may have an own one and the unit's."""
    marks = [
        When(**{f"person__appraisals__{field}__isnull": False}, then=Concat(
            Value(f"{SEPARATOR}{letter}"), Cast(f"person__appraisals__{field}", CharField())
        ))
        for field, letter in (("unit", "u"), ("organisation", "o"))
    ]  # fmt: skip
    marked = rows.annotate(suffix=Case(*marks, default=Value(""), output_field=CharField()))
    personal = Q(suffix="") & ~Q(input_key__contains=SEPARATOR)
    own: QuerySet[Any] = marked.filter(personal | (~Q(suffix="") & Q(input_key__endswith=F("suffix")))).order_by()
    return own


def _by_those_who_are_there(found: Mapping[str, Missing]) -> dict[str, Missing]:
    members = users_in_pools(found)
    there: dict[str, Missing] = defaultdict(Missing)
    for role, missing in found.items():
        holder = role if members[role] else Role.HR.value
        there[holder] = Missing(*(sum(pair) for pair in zip(there[holder], missing, strict=True)))
    return dict(there)
