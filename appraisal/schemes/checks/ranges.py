"""The lowest and the highest total that a scheme can come to, where its rules bound it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from appraisal.schemes.checks.numbers import value_of
from appraisal.schemes.spec import (
    Attainment,
    Deductions,
    Either,
    Formula,
    Group,
    Growth,
    Indicator,
    Inverse,
    Items,
    Mean,
    Met,
    Mix,
    Plain,
    Rating,
    Ratio,
    Rule,
    Scheme,
    StepScore,
    SurveyScore,
    Within,
)

ZERO, HUNDRED = Decimal(0), Decimal(100)
Range = tuple[Decimal | None, Decimal | None]


def range_of_total(scheme: Scheme) -> Range:
    """Out of the full marks. No bound where a rule has none, or where weights move to others."""
    if not scheme.indicators or (scheme.total is not None and scheme.total.times is not None):
        return None, None
    if any(_may_be_left_out(scheme, indicator) for indicator in scheme.all_indicators):
        return None, None
    least, most = _sum(scheme, scheme.indicators)
    if scheme.total is not None:
        least, most = _kept(least, value_of(scheme, scheme.total.floor), value_of(scheme, scheme.total.cap), most)
    return least, most


def _may_be_left_out(scheme: Scheme, indicator: Indicator) -> bool:
    read = [scheme.inputs[key] for key in scheme.inputs_of(indicator)]
    return indicator.when is not None or any(not spec.required for spec in read)


def _kept(least: Decimal | None, floor: Decimal | None, cap: Decimal | None, most: Decimal | None) -> Range:
    if floor is not None:
        least = floor if least is None else max(least, floor)
        most = None if most is None else max(most, floor)
    if cap is not None:
        most = cap if most is None else min(most, cap)
        least = None if least is None else min(least, cap)
    return least, most


def _sum(scheme: Scheme, branches: tuple[Group | Indicator, ...]) -> Range:
    ranges = [_branch(scheme, branch) for branch in branches]
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    return _added(lows), _added(highs)


def _added(bounds: list[Decimal | None]) -> Decimal | None:
    known = [bound for bound in bounds if bound is not None]
    return sum(known, ZERO) if len(known) == len(bounds) else None


def _branch(scheme: Scheme, branch: Group | Indicator) -> Range:
    """In points of the whole."""
    weight = value_of(scheme, branch.weight)
    if weight is None:
        return None, None
    if isinstance(branch, Indicator):
        return _leaf(scheme, branch.score, weight)
    if branch.alternatives or branch.when is not None or branch.floor_when is not None:
        return None, None
    least, most = _sum(scheme, branch.of)
    if branch.weights == "of_group":
        least, most = _share(least, weight), _share(most, weight)
    return _kept(least, value_of(scheme, branch.floor), value_of(scheme, branch.cap), most)


def _share(bound: Decimal | None, weight: Decimal) -> Decimal | None:
    return None if bound is None else bound * weight / HUNDRED


def _leaf(scheme: Scheme, rule: Rule, weight: Decimal) -> Range:
    full = weight if rule.gives == "points" else HUNDRED
    known = BOUNDS.get(type(rule))
    least, most = (None, None) if known is None else known(scheme, rule, full)
    return (least, most) if rule.gives == "points" else (_share(least, weight), _share(most, weight))


def _bounded(scheme: Scheme, rule: Any, full: Decimal) -> Range:
    return value_of(scheme, rule.floor), value_of(scheme, rule.cap)


def _from_the_full(scheme: Scheme, rule: Any, full: Decimal) -> Range:
    return value_of(scheme, rule.floor), full


def _all_of_it(scheme: Scheme, rule: Any, full: Decimal) -> Range:
    return ZERO, full


def _deductions(scheme: Scheme, rule: Deductions, full: Decimal) -> Range:
    start = rule.begins_with
    return value_of(scheme, rule.floor), full if start is None else value_of(scheme, start)


def _step(scheme: Scheme, rule: StepScore, full: Decimal) -> Range:
    return value_of(scheme, rule.floor), full if rule.cap is None else value_of(scheme, rule.cap)


def _plain(scheme: Scheme, rule: Plain, full: Decimal) -> Range:
    spec, cap = scheme.inputs.get(rule.figure), value_of(scheme, rule.cap)
    top = value_of(scheme, spec.scale.points) if isinstance(spec, Rating) else None
    out_of = value_of(scheme, rule.out_of)
    if cap is None and top is not None and out_of and rule.gives == "percent":
        cap = top * HUNDRED / out_of
    return value_of(scheme, rule.floor), cap


def _within(scheme: Scheme, rule: Within, full: Decimal) -> Range:
    outside = value_of(scheme, rule.outside)
    return (None, None) if outside is None else (min(outside, full), max(outside, full))


BOUNDS: dict[type[Rule], Callable[[Scheme, Any, Decimal], Range]] = {
    Attainment: _bounded, Inverse: _bounded, Ratio: _bounded, Growth: _bounded, Formula: _bounded,
    Either: _from_the_full, Items: _from_the_full, Mean: _all_of_it, SurveyScore: _all_of_it, Mix: _all_of_it,
    Met: _all_of_it, Deductions: _deductions, StepScore: _step, Plain: _plain, Within: _within,
}  # fmt: skip
