"""A scheme made ready for scoring one kind of period: set up once, run for thousands of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from appraisal.schemes.spec import Group, Indicator, PeriodKind, Scheme
from appraisal.scoring.bands import Ladder, ladder_of
from appraisal.scoring.decimals import HUNDRED, ZERO
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.gaps import is_missing
from appraisal.scoring.inputs import Inputs
from appraisal.scoring.kinds import COMPUTATIONS
from appraisal.scoring.leaf import ABSENT_HERE, Bench, Head, Judge, Judged, Missing, Numbers, exists_in, said
from appraisal.scoring.lookups import Lookups
from appraisal.scoring.results import workings_of
from appraisal.scoring.scored import Scored
from appraisal.scoring.sheet import Reader, Sheet, WorkingDay, figure_of
from appraisal.scoring.sums import SUM, Condition, Leaf, Sum, Working, share_out
from appraisal.scoring.totals import Whole, whole_of
from appraisal.scoring.values import NotGivenError, NoValueError

TOTAL = Said("总分", "Total")
Setting = Decimal | str
Settings = Mapping[str, Setting]


@dataclass(slots=True)
class Plan:
    scheme: Scheme
    period_kind: PeriodKind
    numbers: Numbers
    lookups: Lookups
    tree: Sum | None
    whole: Whole
    ladder: Ladder | None
    workings: Mapping[str, Working]
    gaps: tuple[Missing, ...]

    def run(
        self, inputs: Inputs, as_of: date | None, is_working_day: WorkingDay | None, *, with_results: bool = True
    ) -> Scored:
        """Without results only those are worked out that the score asks for."""
        sheet = Sheet(
            self.scheme, self.numbers, self.lookups, inputs, self.period_kind, as_of, is_working_day, self.workings
        )
        missing = list(self.gaps)
        try:
            scored = self._scored(sheet, missing)
        except NotGivenError as gap:
            scored = self._without(missing, gap.name, "not_given", Reader(sheet).label(gap.name))
        except NoValueError as reason:
            scored = self._without(missing, reason.about or "total", reason.reason, TOTAL)
        if self.workings and with_results:
            for name, working in self.workings.items():
                scored.results.append(sheet.nodes.get(name) or working(sheet))
            scored.tables = sheet.tables
        return scored

    def _without(self, missing: list[Missing], key: str, reason: str, label: Said) -> Scored:
        """A coefficient, a bound or a red line cannot be reckoned: nothing is said of the total."""
        node = Node(SUM, "total", TOTAL, status="missing", branch=reason)
        node.sentence = is_missing(label)
        return Scored(None, None, node, (*missing, Missing("", key, reason, label)))

    def _scored(self, sheet: Sheet, missing: list[Missing]) -> Scored:
        if self.tree is None:
            return Scored(None, None, Node("none", "total", TOTAL, status="left_out"), tuple(missing))
        tree, weight, _ = self.tree.run(sheet, missing)
        if tree.value is None or missing:
            return Scored(None, None, tree, tuple(missing))
        # What each part brought is out of the full marks, as the total is.
        share_out(tree, weight, None if self.whole.out_of == HUNDRED else self.whole.out_of / HUNDRED)
        self._know(sheet, tree)
        total, top = self.whole.settle(sheet, tree)
        sheet.known["total"] = figure_of("total", total, "derived", TOTAL)
        grade = None
        if self.ladder is not None:
            grade, top = self.ladder.place(total, top)
        grade, total, top = self.whole.judge_red_lines(sheet, self.ladder, grade, total, top)
        if grade is not None:
            sheet.known["grade"] = figure_of("grade", grade, "derived")
        return Scored(total, grade, top, ())

    def _know(self, sheet: Sheet, tree: Node) -> None:
        """Results may name an indicator or a group: its score, or its points where the scheme counts in points."""
        if not self.workings:
            return
        waiting = list(tree.children)
        while waiting:
            node = waiting.pop()
            mark = node.contribution if self.scheme.marks == "points" else node.value
            if mark is not None and node.weight is not None:
                sheet.known[node.key] = Figure(node.key, mark, "derived", None, node.label)
            waiting += node.children


def plan_for(scheme: Scheme, period_kind: PeriodKind, parameters: Settings | None) -> Plan:
    overrides = tuple(sorted(parameters.items())) if parameters else ()
    return _plan(scheme, period_kind, overrides)


@lru_cache(maxsize=256)
def _plan(scheme: Scheme, period_kind: PeriodKind, overrides: tuple[tuple[str, Setting], ...]) -> Plan:
    return new_plan(scheme, period_kind, dict(overrides))


def new_plan(scheme: Scheme, period_kind: PeriodKind, parameters: Settings) -> Plan:
    unknown = [key for key in parameters if key not in scheme.parameters]
    if unknown:
        raise KeyError(f"{scheme.scheme} has no parameter {unknown[0]!r}")
    numbers = Numbers(scheme, dict(parameters))
    tree = _tree(scheme, numbers, period_kind) if scheme.indicators else None
    lookups, ladder = Lookups(scheme, numbers), ladder_of(scheme, numbers)
    whole, workings = whole_of(scheme, numbers), workings_of(scheme, numbers)
    gaps = tuple(Missing("", name, "parameter", _called(scheme, name)) for name in dict.fromkeys(numbers.missing))
    numbers.noting = False
    return Plan(scheme, period_kind, numbers, lookups, tree, whole, ladder, workings, gaps)


def _called(scheme: Scheme, name: str) -> Said:
    parameter = scheme.parameters.get(name)
    return Said(name, name) if parameter is None else said(parameter.label)


def _tree(scheme: Scheme, numbers: Numbers, period_kind: PeriodKind) -> Sum:
    full = numbers.figure("out_of", scheme.total.out_of) if scheme.total else None
    head = Head("total", SUM, TOTAL, None, HUNDRED if full is None else full.value, "stated")
    tree = _sum(head, scheme.indicators, HUNDRED, numbers, period_kind)
    tree.within_group = False
    return tree


def _sum(
    head: Head,
    branches: tuple[Group | Indicator, ...],
    share: Decimal,
    numbers: Numbers,
    period_kind: PeriodKind,
) -> Sum:
    """`share` turns the weights written here into shares of the whole, in hundredths."""
    children: list[Leaf | Sum] = []
    for branch in branches:
        figure = numbers.figure("weight", branch.weight) or Figure("weight", ZERO)
        weight = figure.value * share / HUNDRED
        its = Head(branch.key, "group", said(branch.label), branch.clause, weight, figure.origin)
        its.assumed = figure.origin == "assumed"
        if isinstance(branch, Group):
            its.rule = SUM
            inner = HUNDRED if branch.weights == "of_total" else weight
            group = _sum(its, branch.of, inner, numbers, period_kind)
            group.alternatives = branch.alternatives
            group.floor = numbers.figure("floor", branch.floor) if branch.floor else None
            group.cap = numbers.figure("cap", branch.cap) if branch.cap else None
            group.floor_when = branch.floor_when
            group.condition = Condition(its, branch.when, "left_out") if branch.when else None
            children.append(group)
        else:
            its.out_of = weight if branch.score.gives == "points" else None
            condition = Condition(its, branch.when, branch.otherwise) if branch.when else None
            children.append(Leaf(_judge(its, branch, numbers, period_kind), condition))
    return Sum(head, children, numbers.scheme.respread == "within_group")


def _judge(head: Head, indicator: Indicator, numbers: Numbers, period_kind: PeriodKind) -> Judge:
    rule = indicator.score
    head.rule = rule.kind
    scheme = numbers.scheme
    known = len(numbers.missing)
    judge = COMPUTATIONS[type(rule)](Bench(scheme, numbers, indicator, head), rule)
    if len(numbers.missing) > known:
        # Without a number of its rule nothing is said of the indicator.
        name = numbers.missing[known]
        del numbers.missing[known:]
        return lambda _: head.missing(name, "parameter", _called(scheme, name))
    keys = [key for _, key, _ in rule.inputs_named()]
    if not all(exists_in(scheme, key, period_kind) for key in keys):
        return lambda _: head.left_out("absent_in_period", ABSENT_HERE)
    if all(scheme.inputs[key].required for key in keys):
        return judge
    return lambda sheet: _optional(head, scheme, judge(sheet))


def _optional(head: Head, scheme: Scheme, judged: Judged) -> Judged:
    """What rests on a figure that need not be given is left out without it."""
    if isinstance(judged, tuple) and judged[1].key in scheme.inputs and not scheme.inputs[judged[1].key].required:
        return head.left_out("not_given", judged[0].sentence)
    return judged
