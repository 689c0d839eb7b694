"""What a period waits for, of whom. The rooms above know; they say it here, so that gaps can be shown.

One key may mean different things in different schemes: what counts is the scheme by which the person is appraised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from appraisal.records.known import Known, KnownFigure, figure_of
from appraisal.records.marks import marked, parted
from appraisal.records.periods import Period
from appraisal.records.queries import asked_inputs
from appraisal.schemes.queries import scheme_by_digest
from appraisal.schemes.spec import Ledger, Measure, Number, Survey
from appraisal.schemes.spec.base import Text
from appraisal.schemes.spec.inputs import AnyInput
from appraisal.scoring.leaf import Numbers


class Expectation(NamedTuple):
    """`settings`: the parameters of the scheme that the cycle sets; `mark` and `names` (Chinese, English) where the
    figures are not the person's own."""

    person_id: int
    scheme_digest: str
    period_kind: str
    settings: Mapping[str, Decimal | str] = {}
    mark: str = ""
    names: tuple[str, str] = ("", "")


Source = Callable[[Period, Collection[int] | None], Iterable[Expectation]]
Latest = Callable[[], Period | None]
Inputs = Mapping[str, AnyInput]
Figures = Mapping[str, Measure | Survey]
_sources: list[tuple[Source, Latest]] = []


def register_source(people: Source, latest: Latest) -> None:
    """`people` tells who is appraised in a period (all, or of those named), `latest` which period figures are wanted
    for now."""
    if (people, latest) not in _sources:
        _sources.append((people, latest))


def told_in(period: Period, people: Collection[int] | None = None) -> list[Expectation]:
    return [each for told, _latest in _sources for each in told(period, people)]


def inputs_in(period: Period, people: Collection[int] | None = None) -> dict[int, Inputs]:
    """Everything that the schemes ask for in the period, by person and input."""
    found: dict[int, dict[str, AnyInput]] = {}
    for each in told_in(period, people):
        found.setdefault(each.person_id, {}).update(_inputs_of(each))
    return dict(found)


def _inputs_of(each: Expectation) -> Inputs:
    """What is asked about a unit or an organisation has keys of its own, and says its name."""
    asked, names = asked_by(each), each.names
    if not each.mark:
        return asked
    return {
        marked(key, each.mark): given.model_copy(
            update={
                "label": Text(zh=f"{given.label.zh}（{names[0]}）", en=f"{given.label.en} ({names[1] or names[0]})"),
            }
        )
        for key, given in asked.items()
    }


def expected_in(period: Period) -> dict[int, Figures]:
    """The figures that each person is asked for in the period, by person and input."""
    return expected_of(told_in(period))


def expected_of(told: Iterable[Expectation]) -> dict[int, Figures]:
    found: dict[int, dict[str, Measure | Survey]] = {}
    for each in told:
        figures = {key: given for key, given in _inputs_of(each).items() if isinstance(given, Measure | Survey)}
        found.setdefault(each.person_id, {}).update(figures)
    return dict(found)


def figure_for(known: Known, person_id: int, period: Period, key: str) -> KnownFigure | None:
    """A figure as the person's own scheme has it; otherwise as the schemes in force know it."""
    given = inputs_in(period, [person_id]).get(person_id, {}).get(key)
    return figure_of(key, given) if isinstance(given, Measure | Survey) else known.figures.get(parted(key)[0])


def asked_by(each: Expectation) -> Inputs:
    """By the scheme's own keys."""
    return _asked(each.scheme_digest, each.period_kind, tuple(sorted(each.settings.items())))


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
