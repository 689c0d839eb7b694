"""The indicator tree at work: weights, points, what is left out, and what each part brought to the total."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from appraisal.scoring.decimals import HUNDRED, ZERO, settled, shown
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.expressions import compiled
from appraisal.scoring.gaps import GAPS, judged_without
from appraisal.scoring.leaf import Head, Judge, Judged, Missing
from appraisal.scoring.sheet import Reader, Sheet
from appraisal.scoring.values import truth
from appraisal.scoring.wording import formula_says

SUM = "weighted_sum"


def _noting(judged: Judged, missing: list[Missing]) -> Node:
    """The node, with what it lacks put on the list."""
    if isinstance(judged, tuple):
        node, gap = judged
        missing.append(gap)
        return node
    return judged


@dataclass(slots=True)
class Condition:
    """For whom a part of the tree counts, and what becomes of its weight for the others."""

    head: Head
    text: str
    otherwise: str

    def refuses(self, sheet: Sheet, missing: list[Missing]) -> Node | None:
        reader = Reader(sheet)
        try:
            holds = truth(compiled(self.text)(reader))
        except GAPS as gap:
            return _noting(judged_without(self.head, gap, reader), missing)
        if holds:
            return None
        says = formula_says(self.text, reader, holds)
        sentence = Said(f"不适用：{says.zh}", f"Does not apply: {says.en}")
        if self.otherwise == "left_out":
            return self.head.left_out("does_not_apply", sentence)
        full = HUNDRED if self.head.out_of is None else self.head.out_of
        node = self.head.counted(full if self.otherwise == "full" else ZERO, "does_not_apply", sentence, ())
        node.figures, node.formulas = (), ()
        return node


@dataclass(slots=True)
class Leaf:
    judge: Judge
    condition: Condition | None = None

    def run(self, sheet: Sheet, missing: list[Missing]) -> Node:
        refused = None if self.condition is None else self.condition.refuses(sheet, missing)
        if refused is not None:
            return refused
        return _noting(self.judge(sheet), missing)


@dataclass(slots=True)
class Sum:
    """A group, or the whole: the mean of its children by their weights."""

    head: Head
    children: "list[Leaf | Sum]"
    within_group: bool
    condition: Condition | None = None
    # Of the children only the first that applies counts.
    alternatives: bool = False
    floor: Figure | None = None
    cap: Figure | None = None
    floor_when: str | None = None

    def run(self, sheet: Sheet, missing: list[Missing]) -> tuple[Node, Decimal, Decimal]:
        """The node, the weight that took part, and the sum of weight times value."""
        refused = None if self.condition is None else self.condition.refuses(sheet, missing)
        if refused is not None:
            refused.rule = SUM if refused.value is None else refused.rule
            value = refused.value
            return refused, ZERO if value is None else self.head.weight, (value or ZERO) * self.head.weight
        nodes: list[Node] = []
        weight = points = ZERO
        for child in self.children:
            if isinstance(child, Sum):
                node, its_weight, its_points = child.run(sheet, missing)
            else:
                node = child.run(sheet, missing)
                its_weight, its_points = _brought(node)
            if self.alternatives and node.branch == "does_not_apply":
                continue
            weight += its_weight
            points += its_points
            nodes.append(node)
            if self.alternatives:
                break
        floored = self.floor_when is None or truth(compiled(self.floor_when)(Reader(sheet)))
        return self._settle(nodes, weight, points, self.floor if floored else None)

    def _settle(
        self, nodes: list[Node], weight: Decimal, points: Decimal, floor: Figure | None
    ) -> tuple[Node, Decimal, Decimal]:
        complete = all(node.status != "missing" for node in nodes)
        points, bound = self._bounded(points, floor)
        node = self._node(nodes, weight, points, complete=complete)
        if bound is not None:
            node.figures = (bound,)
        nominal = self.head.weight
        if self.within_group and weight and weight != nominal:
            points, weight = points / weight * nominal, nominal
        node.counted_weight = weight
        return node, weight, points

    def _bounded(self, points: Decimal, floor: Figure | None) -> tuple[Decimal, Figure | None]:
        if floor is not None and points < floor.value * HUNDRED:
            return floor.value * HUNDRED, floor
        if self.cap is not None and points > self.cap.value * HUNDRED:
            return self.cap.value * HUNDRED, self.cap
        return points, None

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


def _brought(node: Node) -> tuple[Decimal, Decimal]:
    """The weight of an indicator that counts, and its weight times its value, in hundredths."""
    if node.value is None or node.weight is None:
        return ZERO, ZERO
    if node.out_of is not None:
        return node.weight, node.value * HUNDRED
    return node.weight, node.weight * node.value


def share_out(node: Node, weight: Decimal, scale: Decimal | None = None) -> Decimal:
    """Write down what each indicator brought to the total; a group brings what its children do."""
    if node.rule != SUM:
        if node.value is None or node.weight is None:
            return ZERO
        _, points = _brought(node)
        points = points / weight if scale is None else points * scale / weight
    else:
        if node.branch == "respread_within_group" and node.counted_weight is not None:
            inside = sum((child.counted_weight or ZERO for child in node.children), ZERO)
            scale = (scale or Decimal(1)) * node.counted_weight / inside
        points = sum((share_out(child, weight, scale) for child in node.children), ZERO)
        if node.figures and node.value is not None and node.counted_weight is not None:
            # Raised to its floor or cut at its cap: the group brings that.
            points = node.value * node.counted_weight / weight * (1 if scale is None else scale)
    node.contribution = points
    return points


Working = Callable[[Sheet], Node]
