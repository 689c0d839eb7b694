"""One indicator tried with typed figures, before anything is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from appraisal.schemes.checks.naming import branches_of
from appraisal.schemes.expressions import names_in
from appraisal.schemes.spec import Group, Indicator, Scheme
from appraisal.schemes.spec.indicators import indicators_below
from appraisal.scoring.cases import Case
from appraisal.scoring.explanation import Node
from appraisal.workshop.scoring_page import reckoned
from appraisal.workshop.words import labels_of, listed, side


@dataclass(frozen=True, slots=True)
class Trial:
    node: dict[str, Any]
    # What was not given although the indicator needs it.
    missing: str

    @property
    def points(self) -> Decimal | None:
        """What it earns out of its weight."""
        return Node.from_json(self.node).points


def inputs_behind(scheme: Scheme, key: str) -> frozenset[str]:
    """Every input that the indicator rests on, by its rule or through results and other indicators."""
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _named(scheme, name)
    return frozenset(seen & scheme.inputs.keys())


def _named(scheme: Scheme, name: str) -> Iterator[str]:
    part = branches_of(scheme).get(name) or scheme.results.get(name)
    if isinstance(part, Group):
        yield from (one.key for one in indicators_below(part.of))
    elif isinstance(part, Indicator):
        yield from scheme.inputs_of(part)
        texts = [text for _field, text in part.score.formulas_written()]
        yield from (one.name for text in (*texts, part.when or "1") for one in names_in(text))
    elif part is not None:
        yield from (one.name for _field, text, _rows in part.formulas_written() for one in names_in(text))


def tried(scheme: Scheme, key: str, case: Case) -> Trial | None:
    """Raises CaseError where the figures do not fit."""
    outcome = reckoned(scheme, case).outcome
    node = _found(outcome.explanation["tree"], key)
    behind = inputs_behind(scheme, key)
    labels = labels_of(scheme)
    absent = [side(labels[name]) for name in outcome.missing if name in behind and name in labels]
    return None if node is None else Trial(node, listed(absent))


def _found(node: dict[str, Any], key: str) -> dict[str, Any] | None:
    if node["key"] == key:
        return node
    return next((one for child in node["children"] if (one := _found(child, key))), None)
