"""Runs the worked examples that stand beside a scheme: what goes in, and what must come out to the digit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import Any

from appraisal.schemes.reading import read
from appraisal.schemes.spec import Commission, Pay, Proposal, Scheme
from appraisal.scoring.decimals import CONTEXT, rounded, settled
from appraisal.scoring.engine import score
from appraisal.scoring.inputs import Given, IncidentItem, Incidents, Measure, Ratings, Source, SurveyFigure
from appraisal.scoring.pay import commission, pay
from appraisal.scoring.plans import plan_end, target_value
from appraisal.scoring.roll_up import roll_up
from appraisal.scoring.scored import Scored
from appraisal.scoring.streaks import fires_at

SOURCE = Source("example", datetime(2026, 1, 1, tzinfo=UTC), "worked example")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    what: str
    expected: object
    computed: object

    @property
    def agrees(self) -> bool:
        return self.expected == self.computed


def examples_in(text: str, *, file: str) -> list[Json]:
    data, _ = read(text, file=file)
    return list(data["examples"])


def run(scheme: Scheme, example: Json) -> list[Comparison]:
    """Everything the example expects, beside what came out."""
    kind = next(name for name in KINDS if name in example)
    return list(KINDS[kind](scheme, example[kind], example["expect"]))


def _score(scheme: Scheme, case: Json, expect: Json) -> Iterator[Comparison]:
    inputs = {key: _given(given) for key, given in case["inputs"].items()}
    scored = score(scheme, inputs, period_kind=case["period"])
    for key, value in expect.get("values", {}).items():
        yield Comparison(key, Decimal(value), _node(scored, key).value)
    for key, value in expect.get("contributions", {}).items():
        yield Comparison(f"{key} contributes", Decimal(value), _node(scored, key).contribution)
    for path, value in expect.get("figures", {}).items():
        key, _, name = path.partition(".")
        found = {figure.name: figure.value for figure in _node(scored, key).figures}
        yield Comparison(path, Decimal(value), found.get(name))
    for key in expect.get("left_out", ()):
        yield Comparison(f"{key} is", "left_out", _node(scored, key).status)
    yield from _total(scored, expect)


def _total(scored: Scored, expect: Json) -> Iterator[Comparison]:
    if "total" in expect:
        yield Comparison("total", Decimal(expect["total"]), scored.total)
    if "sum" in expect:
        with localcontext(CONTEXT):
            quotient = settled(Decimal(expect["sum"]["points"]) / Decimal(expect["sum"]["weight"]))
        yield Comparison("total", quotient, scored.total)
    if "total_shown" in expect:
        shown = None if scored.total is None else rounded(scored.total, 2, "half_up")
        yield Comparison("total as shown", expect["total_shown"], shown)
    if "grade" in expect:
        yield Comparison("grade", expect["grade"], scored.grade)


def _pay(scheme: Scheme, case: Json, expect: Json) -> Iterator[Comparison]:
    rule = scheme.outcomes[case["outcome"]]
    assert isinstance(rule, Pay)
    salary = Decimal(case["month_salary"]) if "month_salary" in case else None
    for grade, amount in expect.items():
        paid = pay(scheme, rule, grade=grade, base=Decimal(case["base"]), month_salary=salary)
        yield Comparison(grade, Decimal(amount), paid.amount)


def _commission(scheme: Scheme, case: Json, expect: Json) -> Iterator[Comparison]:
    rule = scheme.outcomes[case["outcome"]]
    assert isinstance(rule, Commission)
    for level, amount in expect.items():
        paid = commission(scheme, rule, level=level, sales=Decimal(case["sales"]))
        yield Comparison(level, Decimal(amount), paid.amount)


def _fires(scheme: Scheme, case: Json, expect: list[int]) -> Iterator[Comparison]:
    rule = scheme.outcomes[case["outcome"]]
    assert isinstance(rule, Proposal)
    assert scheme.grades is not None
    conditions = [condition for condition in rule.when if condition.of == case["of"]]
    yield Comparison("fires at", tuple(expect), fires_at(conditions, case["grades"], best_first=scheme.grades.names))


def _plan(scheme: Scheme, case: Json, expect: Json) -> Iterator[Comparison]:
    rule = scheme.outcomes[case["outcome"]]
    assert isinstance(rule, Proposal)
    assert rule.plan is not None
    months = int(rule.plan.months.value or 0)
    yield Comparison(
        "ends", date.fromisoformat(expect["ends"]), plan_end(date.fromisoformat(case["start"]), months=months)
    )


def _target(scheme: Scheme, case: Json, expect: Decimal | int) -> Iterator[Comparison]:
    start = Decimal(case["start"]) if "start" in case else None
    value = target_value(case["operator"], Decimal(case["amount"]), start=start)
    yield Comparison("target", Decimal(expect), value)


def _roll_up(scheme: Scheme, case: Json, expect: Json) -> Iterator[Comparison]:
    weights = [Decimal(weight) for weight in case["weights"]] if "weights" in case else None
    totals = [None if total is None else Decimal(total) for total in case["totals"]]
    yield from _total(roll_up(scheme, totals, weights=weights), expect)


KINDS: dict[str, Callable[[Scheme, Any, Any], Iterator[Comparison]]] = {
    "score": _score,
    "pay": _pay,
    "commission": _commission,
    "fires": _fires,
    "plan": _plan,
    "target": _target,
    "roll_up": _roll_up,
}


def _node(scored: Scored, key: str) -> Any:
    node = scored.tree.find(key)
    if node is None:
        raise KeyError(key)
    return node


def _given(given: Json) -> Given:
    if "ratings" in given:
        return Ratings(tuple(Decimal(points) for points in given["ratings"]), (SOURCE,))
    if "incidents" in given:
        items = (IncidentItem(SOURCE.when.date(), name, name, str(i)) for i, name in enumerate(given["incidents"], 1))
        return Incidents(tuple(items), SOURCE)
    if "answers" in given:
        return SurveyFigure(Decimal(given["points"]), given["answers"], SOURCE)
    split = {key: Decimal(value) for key, value in given.get("split", {}).items()}
    target = Decimal(given["target"]) if "target" in given else None
    return Measure(Decimal(given["actual"]), SOURCE, target, split)
