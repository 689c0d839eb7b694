"""What a case came to, by name: the total, the grade, each indicator, each result, and what outcomes follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.schemes.spec import Commission, Pay, Scheme
from appraisal.scoring.case_inputs import Entered
from appraisal.scoring.explanation import Node
from appraisal.scoring.inputs import Measure
from appraisal.scoring.pay import commission, pay
from appraisal.scoring.scored import Scored
from appraisal.scoring.sheet import Table
from appraisal.scoring.streaks import fires_at
from appraisal.scoring.values import Value


@dataclass(frozen=True, slots=True)
class Difference:
    key: str
    expected: Any
    computed: Any

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "expected": self.expected, "computed": self.computed}


def outputs_of(scheme: Scheme, scored: Scored, found: Entered, *, period: str) -> tuple[dict[str, Any], list[str]]:
    """The outputs, and the names of what is missing for the rest."""
    outputs: dict[str, Any] = {}
    missing = list(dict.fromkeys(gap.key for gap in scored.missing))
    if scheme.indicators:
        outputs |= {"total": scored.total, "grade": scored.grade or found.grade}
        for node in _branches(scored.tree):
            outputs[node.key] = node.contribution if scheme.marks == "points" else node.value
            if scheme.marks == "points" and node.contribution is None:
                outputs[node.key] = node.points
    for node in scored.results:
        outputs[node.key] = result_value(node, scored.tables)
        if node.status == "missing" and node.key not in missing:
            missing.append(node.key)
    outputs |= _outcomes(scheme, scored.grade or found.grade, found, scored.results, period=period)
    return outputs, missing


def _branches(tree: Node) -> list[Node]:
    """Groups and indicators, without the wrapping of the total and without what stands below an indicator."""
    if tree.rule in ("bands", "veto", "adjusted", "calibration"):
        return _branches(tree.children[0])
    found: list[Node] = []
    for child in tree.children:
        found.append(child)
        if child.rule == "weighted_sum":
            found += _branches(child)
    return found


def result_value(node: Node, tables: Mapping[str, Table]) -> Any:
    if node.key in tables:
        return [{name: value for name, value in row.items() if value is not None} for row in tables[node.key].rows]
    if node.rule == "marks":
        return [] if not node.word else node.word.split(",")
    if node.value is not None:
        return node.value
    kind = next((figure.kind for figure in node.figures if figure.name == "value"), "word")
    return _typed(node.word, kind)


def _typed(word: str | None, kind: str) -> Value | None:
    if word is None:
        return None
    if kind == "flag":
        return word == "yes"
    return date.fromisoformat(word) if kind == "date" else word


def _outcomes(scheme: Scheme, grade: str | None, found: Entered, results: list[Node], *, period: str) -> dict[str, Any]:
    outputs: dict[str, Any] = {}
    for key, outcome in scheme.outcomes.items():
        if isinstance(outcome, Pay):
            outputs[key] = _paid(scheme, outcome, grade, found, results)
        elif isinstance(outcome, Commission):
            outputs[key] = _commissions(scheme, outcome, found)
        elif found.history is not None and scheme.grades is not None:
            conditions = [
                one for one in outcome.when if one.of == period and not (one.indicator or one.first_period or one.holds)
            ]
            outputs[key] = list(fires_at(conditions, found.history, best_first=scheme.grades.names))
    return outputs


def _commissions(scheme: Scheme, outcome: Commission, found: Entered) -> dict[str, Decimal] | None:
    """What each level would pay on the sales of the case."""
    sales = found.inputs.get(outcome.of)
    if not isinstance(sales, Measure):
        return None
    return {
        name: commission(scheme, outcome, level=name, sales=sales.actual, parameters=found.settings).amount
        for name in outcome.levels
    }


def _paid(scheme: Scheme, outcome: Pay, grade: str | None, found: Entered, results: list[Node]) -> Decimal | None:
    if not outcome.times:
        return next((node.value for node in results if node.key == outcome.of), None)
    base = found.amounts.get(outcome.of)
    if grade is None or base is None:
        return None
    if grade in outcome.plus and "month_salary" not in found.amounts:
        return None
    salary = found.amounts.get("month_salary")
    return pay(scheme, outcome, grade=grade, base=base, month_salary=salary, parameters=found.settings).amount
