"""What holds for every scheme: bounds, monotony, and what a weight does."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from appraisal.schemes.spec import Scheme
from appraisal.scoring.engine import score
from appraisal.scoring.explanation import Node
from appraisal.scoring.inputs import Given, IncidentItem, Incidents, Measure
from appraisal.scoring.scored import Scored
from appraisal.scoring.simulation import leaves
from tests.scoring.oracle import Case, cases

RANDOM = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
TINY = Decimal("1e-18")
HUNDRED = Decimal(100)
# Of these more is better, and less.
RISING = ("attainment", "ratio", "growth", "figure")
FALLING = ("inverse", "deductions")
# Their value does not depend on the weight that they have.
IN_PERCENT = (*RISING, "mean", "inverse", "within", "survey", "mix", "expr", "met")


def scored(case: Case, figures: dict[str, Given] | None = None) -> Scored:
    scheme = Scheme.model_validate(case.document)
    return score(scheme, case.figures if figures is None else figures, period_kind="quarter")


def percent(node: Node) -> Decimal | None:
    """The value of an indicator out of 100."""
    if node.value is None:
        return None
    return node.value if node.out_of is None else node.value * HUNDRED / node.out_of


def indicators(case: Case) -> list[dict[str, Any]]:
    return [one for group in case.document["indicators"] for one in group["of"]]


def kind_of(indicator: dict[str, Any]) -> str:
    return str(next(iter(indicator["score"])))


@RANDOM
@given(cases())
def test_the_total_lies_between_the_worst_and_the_best_indicator_and_each_within_its_bounds(case: Case) -> None:
    result = scored(case)
    marks = [mark for node in leaves(result.tree) if (mark := percent(node)) is not None]

    assert (result.total is None) == (marks == [])
    if result.total is not None:
        assert min(marks) - TINY <= result.total <= max(marks) + TINY
    for node in leaves(result.tree):
        bounds = {figure.name: figure.value for figure in node.figures if figure.name in {"cap", "floor"}}
        if node.value is not None:
            assert bounds.get("floor", node.value) <= node.value <= bounds.get("cap", node.value)


@RANDOM
@given(cases(kinds=(*RISING, *FALLING)), st.data())
def test_a_better_figure_never_lowers_the_total_and_a_worse_one_never_raises_it(
    case: Case, data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from(indicators(case)))
    kind, key = kind_of(chosen), str(chosen["score"].get(kind_of(chosen)))
    figure = case.figures[key]
    if isinstance(figure, Measure):
        more = data.draw(st.decimals(min_value="0.01", max_value=10**6, places=2))
        changed: Given = replace(figure, actual=figure.actual + more)
    else:
        assume(isinstance(figure, Incidents))
        assert isinstance(figure, Incidents)
        changed = replace(figure, items=(*figure.items, IncidentItem(date(2026, 1, 6), "again", "minor", "again")))
    before, after = scored(case).total, scored(case, {**case.figures, key: changed}).total

    assume(before is not None)
    assert before is not None
    assert after is not None
    if kind in RISING:
        assert after >= before - TINY
    else:
        assert after <= before + TINY


@RANDOM
@given(cases(kinds=IN_PERCENT), st.integers(2, 9))
def test_weights_count_by_their_proportion_alone(case: Case, times: int) -> None:
    before = scored(case).total
    for group in case.document["indicators"]:
        group["weight"] *= times
        for one in group["of"]:
            one["weight"] *= times
    after = scored(case).total

    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert abs(after - before) <= TINY


@RANDOM
@given(cases(kinds=IN_PERCENT))
def test_weight_moved_to_the_better_of_two_neighbours_never_lowers_the_total(case: Case) -> None:
    result = scored(case)
    marks = {node.key: mark for node in leaves(result.tree) if (mark := percent(node)) is not None}
    pairs = [
        (one, other)
        for group in case.document["indicators"]
        for one in group["of"]
        for other in group["of"]
        if one["indicator"] in marks and other["indicator"] in marks and one["weight"] > 1
        and marks[one["indicator"]] < marks[other["indicator"]]
    ]  # fmt: skip
    assume(pairs)
    worse, better = pairs[0]
    worse["weight"] -= 1
    better["weight"] += 1
    after = scored(case).total

    assert result.total is not None
    assert after is not None
    assert after >= result.total - TINY
