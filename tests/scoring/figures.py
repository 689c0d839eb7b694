"""Figures for tests: a quarter of the sales specialist with a total of 87.65."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from appraisal.schemes.spec import Scheme
from appraisal.scoring.engine import score
from appraisal.scoring.explanation import Node
from appraisal.scoring.inputs import Given, IncidentItem, Incidents, Measure, Ratings, Source, SurveyFigure
from appraisal.scoring.scored import Scored
from tests.schemes.documents import sales

AT = datetime(2026, 4, 1, 10, 42, tzinfo=UTC)
FINANCE = Source("Zhao Min", AT, "actuals.xlsx, row 7")
MANAGER = Source("Wang Wei", AT, "typed")
D = Decimal


def measure(actual: str, target: str | None = None, **split: str) -> Measure:
    goal = None if target is None else D(target)
    return Measure(D(actual), FINANCE, goal, {key: D(value) for key, value in split.items()})


def ratings(*points: str) -> Ratings:
    return Ratings(tuple(D(each) for each in points), (MANAGER,))


def incidents(*severities: str) -> Incidents:
    day = date(2026, 2, 3)
    items = [IncidentItem(day, "False quotation", name, f"INC-{number}") for number, name in enumerate(severities, 1)]
    return Incidents(tuple(items), FINANCE)


def quarter(**changes: Given | None) -> dict[str, Given]:
    """The figures of B-17, some of them changed; None takes one away."""
    figures: dict[str, Any] = {
        "sales": measure("960000", "1000000", new="600000", repurchase="360000"),
        "new_customers": measure("8", "10"),
        "collected": measure("450000"),
        "receivable_due": measure("500000"),
        "signed_customers": measure("18"),
        "leads": measure("120"),
        "satisfaction": SurveyFigure(D("88"), 41, FINANCE),
        "audit": incidents(),
        "teamwork": ratings("80", "85", "90"),
        "learning": ratings("92"),
        **changes,
    }
    return {key: figure for key, figure in figures.items() if figure is not None}


def scored(scheme: Scheme | None = None, period: Any = "quarter", **changes: Given | None) -> Scored:
    return score(scheme or sales(), quarter(**changes), period_kind=period)


def node(result: Scored, key: str) -> Node:
    found = result.tree.find(key)
    assert found is not None
    return found


def value(key: str, **changes: Given | None) -> Decimal | None:
    return node(scored(**changes), key).value
