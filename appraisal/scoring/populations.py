"""A population that nobody is: inputs made up within what a scheme allows, the same ones for the same seed."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from appraisal.schemes.spec import Deliverable, Incident, Ledger, Measure, Rating, Scheme, Survey
from appraisal.scoring.inputs import (
    Given,
    IncidentItem,
    Incidents,
    Inputs,
    Ratings,
    Source,
    SurveyFigure,
    TableRows,
    Told,
)
from appraisal.scoring.inputs import Measure as MeasureGiven
from appraisal.scoring.leaf import Numbers

SOURCE = Source("simulation", datetime(2026, 1, 1, tzinfo=UTC), "made up")
DAY = SOURCE.when.date()
CENT = Decimal("0.01")


def made_up(scheme: Scheme, count: int, *, seed: int) -> dict[str, Inputs]:
    """So many people with plausible inputs. Money and figures lie around their targets, ratings in the upper half."""
    # Not for secrets: the same people must come out again.
    chance = Random(seed)  # noqa: S311
    numbers = Numbers(scheme, {})
    return {
        f"{place:04d}": {key: MAKERS[type(spec)](spec, chance, numbers) for key, spec in scheme.inputs.items()}
        for place in range(1, count + 1)
    }


def around(chance: Random, middle: float, spread: float, low: float, high: float) -> Decimal:
    return Decimal(str(round(min(max(chance.gauss(middle, spread), low), high), 2))).quantize(CENT)


def _measure(spec: Measure, chance: Random, numbers: Numbers) -> Given:
    if spec.type == "choice":
        return Told(chance.choice(list(spec.choices)), SOURCE)
    if spec.type == "flag":
        return Told(chance.random() < 0.2, SOURCE)
    if spec.type == "date":
        return Told(DAY, SOURCE)
    percent = spec.unit.en == "%"
    target = Decimal(100)
    actual = around(chance, 80, 12, 0, 100) if percent else around(chance, 95, 15, 20, 150)
    return MeasureGiven(actual, SOURCE, None if spec.target == "none" else target)


def _scale(spec: Rating | Survey, numbers: Numbers) -> Decimal:
    figure = numbers.figure("scale", spec.scale.points)
    return Decimal(100) if figure is None else figure.value


def _rating(spec: Rating, chance: Random, numbers: Numbers) -> Given:
    top = _scale(spec, numbers)
    people = 4 if spec.at_least or spec.anonymous else 1
    if spec.scale.levels:
        levels = [figure.value for one in spec.scale.levels if (figure := numbers.figure("level", one.points))]
        points = tuple(chance.choice(levels) for _ in range(people))
    else:
        points = tuple((around(chance, 80, 10, 0, 100) * top / 100).quantize(CENT) for _ in range(people))
    return Ratings(points, tuple(SOURCE for _ in points))


def _survey(spec: Survey, chance: Random, numbers: Numbers) -> Given:
    if spec.form == "nps":
        return SurveyFigure(around(chance, 30, 25, -100, 100), 40, SOURCE)
    return SurveyFigure((around(chance, 84, 8, 0, 100) * _scale(spec, numbers) / 100).quantize(CENT), 40, SOURCE)


def _incidents(spec: Incident, chance: Random, numbers: Numbers) -> Given:
    kinds = list(spec.severities)
    happened = [chance.choice(kinds) for _ in range(chance.choices((0, 1, 2), (80, 15, 5))[0])]
    items = tuple(IncidentItem(DAY, kind, kind, str(place)) for place, kind in enumerate(happened, start=1))
    return Incidents(items, SOURCE)


def _rows(spec: Ledger | Deliverable, chance: Random, numbers: Numbers) -> Given:
    """Rows mean something of their own; none are made up."""
    return TableRows((), SOURCE)


MAKERS: dict[type, Callable[[Any, Random, Numbers], Given]] = {
    Measure: _measure, Rating: _rating, Survey: _survey, Incident: _incidents, Ledger: _rows, Deliverable: _rows,
}  # fmt: skip
