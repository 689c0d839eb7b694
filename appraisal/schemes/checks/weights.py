from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from appraisal.schemes.checks.numbers import value_of
from appraisal.schemes.problems import Problem
from appraisal.schemes.spec import Group, Indicator, Scheme

HUNDRED = Decimal(100)


def weights_add_up(scheme: Scheme) -> Iterator[Problem]:
    full = value_of(scheme, scheme.total.out_of) if scheme.total else HUNDRED
    if scheme.indicators:
        yield from _level(scheme, scheme.indicators, full, "indicators")
    if scheme.roll_up:
        weights = [value_of(scheme, weight) for weight in scheme.roll_up.weights]
        yield from _sum([weight for weight in weights if weight is not None], HUNDRED, "roll_up.weights")


def _level(
    scheme: Scheme, branches: tuple[Group | Indicator, ...], expected: Decimal | None, key: str
) -> Iterator[Problem]:
    weights: list[Decimal] = []
    for branch in branches:
        weight = value_of(scheme, branch.weight)
        if weight is not None:
            weights.append(weight)
            if weight < 0 or (weight == 0 and not _adds_on(branch)):
                yield Problem("weight_not_positive", {}, f"{branch.key}.weight")
        if isinstance(branch, Group):
            inside = weight if branch.weights == "of_total" else HUNDRED
            if branch.alternatives:
                yield from _alternatives(scheme, branch, inside)
            else:
                yield from _level(scheme, branch.of, inside, branch.key)
    if expected is not None and len(weights) == len(branches):
        yield from _sum(weights, expected, key)


def _adds_on(branch: Group | Indicator) -> bool:
    """Points beyond the full marks: the rule counts in points, whatever the weight."""
    if isinstance(branch, Group):
        return all(_adds_on(child) for child in branch.of)
    return branch.score.gives == "points"


def _alternatives(scheme: Scheme, group: Group, expected: Decimal | None) -> Iterator[Problem]:
    """Only one of them counts, so each has the weight of all."""
    for branch in group.of:
        weight = value_of(scheme, branch.weight)
        if weight is not None and expected is not None and weight != expected:
            params = {"written": f"{weight:f}", "expected": f"{expected:f}"}
            yield Problem("alternative_weight", params, f"{branch.key}.weight")
        if isinstance(branch, Group):
            inside = weight if branch.weights == "of_total" else HUNDRED
            yield from _level(scheme, branch.of, inside, branch.key)


def _sum(weights: list[Decimal], expected: Decimal, key: str) -> Iterator[Problem]:
    total = sum(weights, Decimal(0))
    if total != expected:
        yield Problem("weights", {"sum": f"{total:f}", "expected": f"{expected:f}"}, key)


def names_are_unique(scheme: Scheme) -> Iterator[Problem]:
    for name, count in Counter(_names(scheme.indicators)).items():
        if count > 1:
            yield Problem("duplicate_indicator", {"name": name}, name)


def _names(branches: tuple[Group | Indicator, ...]) -> Iterator[str]:
    for branch in branches:
        yield branch.key
        if isinstance(branch, Group):
            yield from _names(branch.of)


def every_period_has_something(scheme: Scheme) -> Iterator[Problem]:
    for period in scheme.period_kinds if scheme.indicators else ():
        if not any(_exists(scheme, indicator, period) for indicator in scheme.all_indicators):
            yield Problem("never_in_period", {"period": period}, "period_kinds")


def _exists(scheme: Scheme, indicator: Indicator, period: str) -> bool:
    specs = [scheme.inputs.get(key) for _, key, _ in indicator.score.inputs_named()]
    return all(spec is not None and (not spec.periods or period in spec.periods) for spec in specs)
