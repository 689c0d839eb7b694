"""What a period waits for, of whom. The rooms above know; they say it here, so that gaps can be shown.

One key may mean different things in different schemes: what counts is the scheme by which the person is appraised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from appraisal.records.known import Known, KnownFigure, figure_of
from appraisal.records.periods import Period
from appraisal.records.queries import asked_inputs
from appraisal.schemes.queries import scheme_by_digest
from appraisal.schemes.spec import Ledger, Measure, Number, Survey
from appraisal.schemes.spec.inputs import AnyInput
from appraisal.scoring.leaf import Numbers


class Expectation(NamedTuple):
    """`settings`: the parameters of the scheme that the cycle sets."""

    person_id: int
    scheme_digest: str
    period_kind: str
    settings: Mapping[str, Decimal | str] = {}


Source = Callable[[Period, Collection[int] | None], Iterable[Expectation]]
Latest = Callable[[], Period | None]
Inputs = Mapping[str, AnyInput]
_sources: list[tuple[Source, Latest]] = []


def register_source(people: Source, latest: Latest) -> None:
    """`people` tells who is appraised in a period (all, or of those named), `latest` which period figures are wanted
    for now."""
    if (people, latest) not in _sources:
        _sources.append((people, latest))


def inputs_in(period: Period, people: Collection[int] | None = None) -> dict[int, Inputs]:
    """Everything that the schemes ask for in the period, by person and input."""
    found: dict[int, dict[str, AnyInput]] = {}
    for told, _latest in _sources:
        for person_id, digest, kind, settings in told(period, people):
            found.setdefault(person_id, {}).update(_asked(digest, kind, tuple(sorted(settings.items()))))
    return dict(found)


def expected_in(period: Period) -> dict[int, Mapping[str, Measure | Survey]]:
    """The figures that each person is asked for in the period, by person and input."""
    return {
        person_id: {key: given for key, given in inputs.items() if isinstance(given, Measure | Survey)}
        for person_id, inputs in inputs_in(period).items()
    }


def figure_for(known: Known, person_id: int, period: Period, key: str) -> KnownFigure | None:
    """A figure as the person's own scheme has it; otherwise as the schemes in force know it."""
    given = inputs_in(period, [person_id]).get(person_id, {}).get(key)
    return figure_of(key, given) if isinstance(given, Measure | Survey) else known.figures.get(key)


@cache
def _asked(digest: str, kind: str, settings: tuple[tuple[str, Decimal | str], ...]) -> Inputs:
    scheme = scheme_by_digest(digest)
    numbers = Numbers(scheme, dict(settings))
    return {key: _limited(given, numbers) for key, given in asked_inputs(scheme, kind).items()}


def _limited(given: AnyInput, numbers: Numbers) -> AnyInput:
    """A ledger whose most rows are a parameter, with the number as the cycle has it."""
    if not isinstance(given, Ledger) or given.at_most_rows is None:
        return given
    most = numbers.figure("at_most_rows", given.at_most_rows)
    return given.model_copy(update={"at_most_rows": None if most is None else Number(value=most.value)})


def wanted_period() -> Period | None:
    return next((period for _people, latest in _sources if (period := latest()) is not None), None)
