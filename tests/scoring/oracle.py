"""Random schemes with figures, and their total worked out anew in fractions: shares no code with the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from appraisal.scoring.inputs import Absent, Given, Measure, Ratings, Source
from tests.scoring.oracle_kinds import LEAVES

SOURCE = Source("x", datetime(2026, 1, 1, tzinfo=UTC), "typed")
TEXT = {"zh": "名", "en": "name"}
KINDS = ("attainment", "ratio", "mean", *LEAVES)


@dataclass
class Case:
    document: dict[str, Any]
    figures: dict[str, Given]
    total: Fraction | None


@dataclass
class Leaf:
    key: str
    weight: int
    rule: dict[str, Any]
    inputs: dict[str, Any]
    figures: dict[str, Given]
    points: Fraction | None


amounts = st.decimals(min_value=0, max_value=10**7, places=2)
targets = st.decimals(min_value=Decimal("0.01"), max_value=10**7, places=2)
points = st.decimals(min_value=0, max_value=100, places=1)
MEASURE = {"kind": "measure", "label": TEXT, "unit": "CNY", "owner": "finance", "target": "required"}
RATING = {"kind": "rating", "label": TEXT, "by": "manager", "scale": {"points": 100}}


@st.composite
def leaf(draw: st.DrawFn, key: str, weight: int, kinds: Sequence[str]) -> Leaf:
    if draw(st.integers(0, 9)) == 0:
        return Leaf(key, weight, {"mean": key}, {key: RATING}, {key: Absent("none", SOURCE)}, None)
    kind = draw(st.sampled_from(kinds))
    if kind in LEAVES:
        rule, inputs, figures, worth = LEAVES[kind](draw, key, weight, SOURCE)
        return Leaf(key, weight, rule, inputs, figures, worth)
    if kind == "mean":
        given = tuple(draw(st.lists(points, min_size=1, max_size=7)))
        value = sum(map(Fraction, given), Fraction(0)) / len(given)
        return Leaf(key, weight, {"mean": key}, {key: RATING}, {key: Ratings(given, (SOURCE,))}, value)
    actual, target = draw(amounts), draw(targets)
    cap = draw(st.sampled_from([100, 120, 150]))
    value = min(Fraction(actual) * 100 / Fraction(target), Fraction(cap))
    if kind == "attainment":
        figures = {key: Measure(actual, SOURCE, target)}
        return Leaf(key, weight, {"attainment": key, "cap": cap}, {key: MEASURE}, figures, value)
    over = f"{key}_over"
    figures = {key: Measure(actual, SOURCE), over: Measure(target, SOURCE)}
    return Leaf(key, weight, {"ratio": key, "over": over, "cap": cap}, {key: MEASURE, over: MEASURE}, figures, value)


@st.composite
def parts(draw: st.DrawFn, whole: int, most: int) -> list[int]:
    count = draw(st.integers(1, min(most, whole)))
    cuts = sorted(draw(st.sets(st.integers(1, whole - 1), min_size=count - 1, max_size=count - 1))) if count > 1 else []
    return [after - before for before, after in zip([0, *cuts], [*cuts, whole], strict=True)]


@st.composite
def cases(draw: st.DrawFn, kinds: Sequence[str] = KINDS) -> Case:
    within = draw(st.booleans())
    leaves: list[list[Leaf]] = []
    groups = draw(parts(100, 4))
    for g, weight in enumerate(groups):
        leaves.append([draw(leaf(f"k{g}_{i}", w, kinds)) for i, w in enumerate(draw(parts(weight, 5)))])
    document = {
        "scheme": "random",
        "title": TEXT,
        "source": {"file": "random"},
        "valid_from": "2026-01-01",
        "subject": "person",
        "period_kinds": ["quarter"],
        "respread": "within_group" if within else "across_all",
        "inputs": {key: spec for group in leaves for each in group for key, spec in each.inputs.items()},
        "indicators": [
            {
                "group": f"g{g}",
                "label": TEXT,
                "weight": weight,
                "of": [{"indicator": f"i{e.key}", "label": TEXT, "weight": e.weight, "score": e.rule} for e in group],
            }
            for g, (weight, group) in enumerate(zip(groups, leaves, strict=True))
        ],
        "steps": {},
    }
    figures = {key: given for group in leaves for each in group for key, given in each.figures.items()}
    return Case(document, figures, _total(groups, leaves, within=within))


def _total(groups: list[int], leaves: list[list[Leaf]], *, within: bool) -> Fraction | None:
    numerator = denominator = Fraction(0)
    for nominal, group in zip(groups, leaves, strict=True):
        counted = [(each.weight, each.points) for each in group if each.points is not None]
        weight = sum(w for w, _ in counted)
        if not weight:
            continue
        worth = sum((w * p for w, p in counted), Fraction(0))
        numerator += worth / weight * nominal if within else worth
        denominator += nominal if within else weight
    return numerator / denominator if denominator else None
