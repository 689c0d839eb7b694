"""Figures that a panel sets in the place of those that were given, so that the explanation says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from appraisal.schemes.spec import Group, Indicator, Mean, Number, Rating, Scheme, Text
from appraisal.schemes.spec import Measure as MeasureSpec
from appraisal.schemes.spec.inputs import Scale
from appraisal.scoring.inputs import Given, Measure, Ratings, Source
from workflow.errors import GuardRefused

TOP = Decimal(100)


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a new value of an indicator or input stands for: the actual of a measure, or points from 0 to 100."""

    key: str
    label: Text
    unit: Text | None
    is_points: bool


def what_it_replaces(scheme: Scheme, key: str) -> Replaced:
    """For the form that asks for the new value. Refuses a key that the scheme does not have."""
    indicator = next((leaf for leaf in scheme.all_indicators if leaf.key == key), None)
    input_key = key if indicator is None else _read_first(indicator)
    spec = scheme.inputs.get(input_key)
    if isinstance(spec, MeasureSpec) and spec.type == "number":
        return Replaced(input_key, spec.label, spec.unit, is_points=False)
    if indicator is not None:
        return Replaced(input_key, indicator.label, None, is_points=True)
    if spec is None or isinstance(spec, MeasureSpec):
        raise GuardRefused(_("The scheme has no indicator “%(key)s”.") % {"key": key})
    return Replaced(input_key, spec.label, None, is_points=True)


def _read_first(indicator: Indicator) -> str:
    """The input that the rule is named after; a rule over several inputs, or a formula, is replaced as a whole."""
    named = getattr(indicator.score, indicator.score.kind)
    return named if isinstance(named, str) and named.isidentifier() else indicator.key


def with_overrides(
    scheme: Scheme, inputs: Mapping[str, Given], overrides: Mapping[str, Decimal], source: Source
) -> tuple[Scheme, dict[str, Given]]:
    """The scheme and the inputs in which the replaced figures are the panel's own."""
    changed = dict(inputs)
    rated: dict[str, Rating] = {}
    rules: dict[str, Mean] = {}
    for key, value in overrides.items():
        replaced = what_it_replaces(scheme, key)
        if not replaced.is_points:
            changed[replaced.key] = _measured(inputs.get(replaced.key), value, source)
            continue
        if not 0 <= value <= TOP:
            raise GuardRefused(_("Points lie between 0 and %(top)s.") % {"top": 100})
        for leaf in _readers(scheme, key, replaced.key):
            panel_key = f"set_{leaf.key}"[:60]
            rated[panel_key] = _panel_rating(leaf)
            rules[leaf.key] = Mean(mean=panel_key)
            changed[panel_key] = Ratings((value,), (source,))
    if not rules:
        return scheme, changed
    branches = tuple(_with_rules(branch, rules) for branch in scheme.indicators)
    return scheme.model_copy(update={"inputs": {**scheme.inputs, **rated}, "indicators": branches}), changed


def _measured(given: Given | None, value: Decimal, source: Source) -> Measure:
    """The split no longer adds up to the new actual, so it is left away."""
    return Measure(value, source, given.target if isinstance(given, Measure) else None)


def _readers(scheme: Scheme, key: str, input_key: str) -> list[Indicator]:
    """The one indicator that was named, or all that read the input that was named."""
    return [
        leaf
        for leaf in scheme.all_indicators
        if leaf.key == key or (key == input_key and input_key in scheme.inputs_of(leaf))
    ]


def _panel_rating(leaf: Indicator) -> Rating:
    scale = Scale(points=Number(value=TOP))
    return Rating(kind="rating", label=leaf.label, clause=leaf.clause, by="panel", scale=scale)


def _with_rules(branch: Group | Indicator, rules: Mapping[str, Mean]) -> Group | Indicator:
    if isinstance(branch, Group):
        return branch.model_copy(update={"of": tuple(_with_rules(child, rules) for child in branch.of)})
    return branch.model_copy(update={"score": rules[branch.key]}) if branch.key in rules else branch
