"""How each kind of input reads in a formula."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.schemes.spec import Deliverable, Incident, Ledger, Measure, Rating, Survey, columns_of
from appraisal.scoring.decimals import CONTEXT, ZERO
from appraisal.scoring.explanation import Figure, Used
from appraisal.scoring.inputs import Given, Incidents, Ratings, SurveyFigure, TableRows, Told
from appraisal.scoring.inputs import Measure as MeasureGiven
from appraisal.scoring.leaf import Numbers, UnfitInputError, said
from appraisal.scoring.values import NotGivenError, Row

Spec = Any
KINDS = {"money": "number", "time": "number", "choice": "word", "person": "text"}


def measure(key: str, spec: Measure, given: Given, numbers: Numbers) -> Used:
    label = said(spec.label)
    if isinstance(given, Told):
        return Used(key, label, (_told(spec, given),), (given.source,))
    if not isinstance(given, MeasureGiven):
        raise UnfitInputError(key, "a measure is expected")
    unit = said(spec.unit)
    figures = [Figure("actual", given.actual, "given", unit)]
    if given.target is not None:
        figures.append(Figure("target", given.target, "given", unit))
    parts = {part.key: said(part.label) for part in spec.split}
    figures += [Figure(f"part.{part}", value, "given", unit, parts.get(part)) for part, value in given.split.items()]
    return Used(key, label, tuple(figures), (given.source,))


def _told(spec: Measure, given: Told) -> Figure:
    fact = given.fact
    if isinstance(fact, bool):
        return Figure("actual", ZERO, "given", None, None, None, "yes" if fact else "no", "flag")
    if isinstance(fact, date):
        return Figure("actual", ZERO, "given", None, None, None, fact.isoformat(), "date")
    label = said(spec.choices[fact]) if fact in spec.choices else None
    return Figure("actual", ZERO, "given", None, label, None, fact, "word")


def rating(key: str, spec: Rating, given: Given, numbers: Numbers) -> Used:
    """The mean of what was given, on the rating's own scale; hidden and absent below the smallest number."""
    if not isinstance(given, Ratings):
        raise UnfitInputError(key, "ratings are expected")
    least = numbers.figure("at_least", spec.at_least) if spec.at_least else None
    too_few = least is not None and len(given.points) < least.value
    if not given.points or (too_few and spec.below_minimum == "leave_out"):
        raise NotGivenError(key)
    total = ZERO
    for points in given.points:
        total = CONTEXT.add(total, points)
    mean = Figure("mean", CONTEXT.divide(total, Decimal(len(given.points))), "given")
    count = Figure("count", Decimal(len(given.points)), "given")
    return Used(key, said(spec.label), (mean, count), () if spec.anonymous else given.sources)


def survey(key: str, spec: Survey, given: Given, numbers: Numbers) -> Used:
    if not isinstance(given, SurveyFigure):
        raise UnfitInputError(key, "the figure of a survey is expected")
    figures = (Figure("points", given.points, "given"), Figure("answers", Decimal(given.answers), "given"))
    return Used(key, said(spec.label), figures, (given.source,))


def table(key: str, spec: Spec, given: Given, numbers: Numbers) -> Used:
    raise UnfitInputError(key, "a table has no single value; use sum, count or mean over its rows")


FIGURES: dict[str, Callable[[str, Any, Given, Numbers], Used]] = {
    "measure": measure, "rating": rating, "survey": survey, "incident": table, "ledger": table, "document": table,
}  # fmt: skip


def answers(key: str, spec: Spec, given: Given | None) -> int:
    if isinstance(given, Ratings):
        return len(given.points)
    if isinstance(given, SurveyFigure):
        return given.answers
    if given is None:
        return 0
    raise UnfitInputError(key, "answers are counted of ratings and surveys")


def rows_of(key: str, spec: Spec, given: Given) -> tuple[tuple[Row, ...], Mapping[str, str]]:
    """The rows and the kind of each column."""
    assert isinstance(spec, Ledger | Deliverable | Incident)
    kinds = {name: KINDS.get(kind, kind) for name, kind in (columns_of(spec) or {}).items()}
    if isinstance(given, Incidents):
        return tuple({"severity": item.severity, "day": item.day} for item in given.items), kinds
    if isinstance(given, TableRows):
        return given.rows, kinds
    raise UnfitInputError(key, "rows are expected")
