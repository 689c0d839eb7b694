"""Whose figures a period waits for. The rooms above know; they say it here, so that gaps can be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from appraisal.records.periods import Period
from appraisal.records.queries import needed_inputs
from appraisal.schemes.queries import scheme_by_digest
from appraisal.schemes.spec import Measure, Survey


class Expectation(NamedTuple):
    person_id: int
    scheme_digest: str
    period_kind: str


Source = Callable[[Period], Iterable[Expectation]]
Latest = Callable[[], Period | None]
_sources: list[tuple[Source, Latest]] = []


def register_source(people: Source, latest: Latest) -> None:
    """`people` tells who is appraised in a period, `latest` which period figures are wanted for now."""
    if (people, latest) not in _sources:
        _sources.append((people, latest))


def expected_in(period: Period) -> dict[int, Mapping[str, Measure | Survey]]:
    """The figures that each person needs in the period, by person and input."""
    found: dict[int, dict[str, Measure | Survey]] = {}
    for people, _latest in _sources:
        for person_id, digest, kind in people(period):
            found.setdefault(person_id, {}).update(_needed(digest, kind))
    return dict(found)


@cache
def _needed(digest: str, kind: str) -> Mapping[str, Measure | Survey]:
    return needed_inputs(scheme_by_digest(digest), kind)


def wanted_period() -> Period | None:
    return next((period for _people, latest in _sources if (period := latest()) is not None), None)
