"""A scheme made ready for scoring one kind of period: set up once, run for thousands of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from appraisal.schemes.spec import Group, Indicator, PeriodKind, Scheme
from appraisal.scoring.bands import Ladder, ladder_of
from appraisal.scoring.decimals import HUNDRED, ZERO, settled, shown
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.inputs import Inputs
from appraisal.scoring.kinds import COMPUTATIONS
from appraisal.scoring.leaf import ABSENT_HERE, Bench, Head, Judge, Missing, Numbers, exists_in, said
from appraisal.scoring.scored import Scored

TOTAL = Said("总分", "Total")


@dataclass(slots=True)
class Leaf:
    judge: Judge


@dataclass(slots=True)
class Sum:
    """A group, or the whole: the mean of its children by their weights."""

    head: Head
    children: "list[Leaf | Sum]"
    within_group: bool

    def run(self, inputs: Inputs, missing: list[Missing]) -> tuple[Node, Decimal, Decimal]:
        """The node, the weight that took part, and the sum of weight times value."""
        nodes: list[Node] = []
        weight = points = ZERO
        complete = True
        for child in self.children:
            if isinstance(child, Sum):
                node, its_weight, its_points = child.run(inputs, missing)
                weight += its_weight
                points += its_points
            else:
                judged = child.judge(inputs)
                if isinstance(judged, tuple):
                    node, gap = judged
                    missing.append(gap)
                else:
                    node = judged
                    if node.value is not None and node.weight is not None:
                        weight += node.weight
                        points += node.weight * node.value
            complete = complete and node.status != "missing"
            nodes.append(node)
        node = self._node(nodes, weight, points, complete=complete)
        nominal = self.head.weight
        if self.within_group and weight and weight != nominal:
            points, weight = points / weight * nominal, nominal
        node.counted_weight = weight
        return node, weight, points

    def _node(self, nodes: list[Node], weight: Decimal, points: Decimal, *, complete: bool) -> Node:
        head = self.head
        node = Node(head.rule, head.indicator, head.label, head.clause, head.weight, head.weight_origin)
        node.children = nodes
        node.assumed = head.assumed or any(child.assumed for child in nodes)
        if not complete:
            node.status, node.branch = "missing", "incomplete"
            node.sentence = Said("数据不全，暂无得分。", "Not complete: no score yet.")
        elif not weight:
            node.status, node.branch = "left_out", "nothing_counted"
            node.sentence = Said("本期没有可计入的指标。", "Nothing in it counts in this period.")
        else:
            node.value = settled(points / weight)
            node.branch, node.sentence = self._says(weight, len(nodes))
        return node

    def _says(self, weight: Decimal, count: int) -> tuple[str, Said]:
        if weight == self.head.weight:
            return "all_counted", Said(f"{count} 项按权重相加。", f"{count} items added up by their weights.")
        part, full = shown(weight), shown(self.head.weight)
        branch = "respread_within_group" if self.within_group else "respread_across_all"
        return branch, Said(
            f"权重 {part}（共 {full}）计入，按计入的权重折算。",
            f"{part} of {full} points of weight took part; the sum is divided by them.",
        )


def share_out(node: Node, weight: Decimal, scale: Decimal | None = None) -> Decimal:
    """Write down what each indicator brought to the total; a group brings what its children do."""
    if not node.children or node.rule == "deductions":
        if node.value is None or node.weight is None:
            return ZERO
        points = node.weight * node.value / weight if scale is None else node.weight * node.value * scale / weight
    else:
        if node.branch == "respread_within_group" and node.counted_weight is not None:
            inside = sum((child.counted_weight or ZERO for child in node.children), ZERO)
            scale = (scale or Decimal(1)) * node.counted_weight / inside
        points = sum((share_out(child, weight, scale) for child in node.children), ZERO)
    node.contribution = points
    return points


@dataclass(slots=True)
class Plan:
    whole: Sum
    ladder: Ladder | None
    gaps: tuple[Missing, ...]

    def run(self, inputs: Inputs) -> Scored:
        missing = list(self.gaps)
        tree, weight, _ = self.whole.run(inputs, missing)
        if tree.value is None or missing:
            return Scored(None, None, tree, tuple(missing))
        share_out(tree, weight)
        total = tree.value
        if self.ladder is None:
            return Scored(total, None, tree, ())
        grade, top = self.ladder.place(total, tree)
        return Scored(total, grade, top, ())


def plan_for(scheme: Scheme, period_kind: PeriodKind, parameters: Mapping[str, Decimal] | None) -> Plan:
    overrides = tuple(sorted(parameters.items())) if parameters else ()
    return _plan(scheme, period_kind, overrides)


@lru_cache(maxsize=256)
def _plan(scheme: Scheme, period_kind: PeriodKind, overrides: tuple[tuple[str, Decimal], ...]) -> Plan:
    unknown = [key for key, _ in overrides if key not in scheme.parameters]
    if unknown:
        raise KeyError(f"{scheme.scheme} has no parameter {unknown[0]!r}")
    numbers = Numbers(scheme, dict(overrides))
    head = Head("total", "weighted_sum", TOTAL, None, HUNDRED, "stated")
    whole = _sum(head, scheme.indicators, HUNDRED, numbers, period_kind)
    whole.within_group = False
    ladder = ladder_of(scheme, numbers)
    gaps = tuple(Missing("", name, "parameter", Said(name, name)) for name in dict.fromkeys(numbers.missing))
    return Plan(whole, ladder, gaps)


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
            its.rule = "weighted_sum"
            inner = HUNDRED if branch.weights == "of_total" else weight
            children.append(_sum(its, branch.of, inner, numbers, period_kind))
        else:
            children.append(Leaf(_judge(its, branch, numbers, period_kind)))
    return Sum(head, children, numbers.scheme.respread == "within_group")


def _judge(head: Head, indicator: Indicator, numbers: Numbers, period_kind: PeriodKind) -> Judge:
    rule = indicator.score
    head.rule = rule.kind
    judge = COMPUTATIONS[type(rule)](Bench(numbers.scheme, numbers, indicator, head), rule)
    keys = [getattr(rule, field) for field in rule.reads]
    if all(exists_in(numbers.scheme, key, period_kind) for key in keys):
        return judge
    return lambda _: head.left_out("absent_in_period", ABSENT_HERE)
