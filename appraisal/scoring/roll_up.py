"""The total of a longer period from the totals of shorter ones."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from appraisal.schemes.spec import Scheme
from appraisal.scoring.bands import ladder_of
from appraisal.scoring.decimals import CONTEXT, HUNDRED, ZERO, settled, shown
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.leaf import Missing, Numbers
from appraisal.scoring.plan import Settings
from appraisal.scoring.scored import Scored
from appraisal.scoring.sums import share_out

LABEL = Said("各期汇总", "Roll-up of the periods")
INCOMPLETE = Said("有的考核期还没有结果。", "Some periods have no result yet.")
NOT_APPRAISED = Said("该期没有考核结果。", "There is no result for this period.")


def roll_up(
    scheme: Scheme,
    totals: Sequence[Decimal | None],
    *,
    weights: Sequence[Decimal] | None = None,
    parameters: Settings | None = None,
    labels: Sequence[Said | None] = (),
) -> Scored:
    """The weighted mean of the totals, oldest first; None for a period without a result. Weights as the scheme's,
    `labels` what the periods are called where they are known by more than their place."""
    rule = scheme.roll_up
    if rule is None or len(totals) != len(rule.weights) or (weights and len(weights) != len(totals)):
        raise ValueError(f"{scheme.scheme} does not roll up {len(totals)} periods")
    numbers = Numbers(scheme, dict(parameters or {}))
    figures = [numbers.figure("weight", weight) or Figure("weight", ZERO) for weight in rule.weights]
    if weights is not None:
        figures = [Figure("weight", weight, "set") for weight in weights]
    called = labels or [None] * len(totals)
    nodes = [_period(*part) for part in zip(range(1, len(totals) + 1), totals, figures, called, strict=True)]
    top = Node("weighted_sum", "roll_up", LABEL, rule.clause, HUNDRED, children=nodes)
    top.assumed = any(node.assumed for node in nodes)
    absent = tuple(Missing("", node.key, "period", node.label) for node in nodes if node.value is None)
    if len(absent) == len(nodes) or (absent and rule.absent == "missing"):
        top.status, top.branch, top.sentence = "missing", "incomplete", INCOMPLETE
        return Scored(None, None, top, absent)
    with localcontext(CONTEXT):
        return _added_up(scheme, numbers, top)


def _period(number: int, total: Decimal | None, weight: Figure, called: Said | None) -> Node:
    label = called or Said(f"第 {number} 期", f"Period {number}")
    node = Node("period", f"period_{number}", label, None, weight.value, weight.origin, value=total)
    node.assumed = weight.origin == "assumed"
    if total is None:
        node.status, node.branch, node.sentence = "left_out", "no_result", NOT_APPRAISED
    else:
        node.counted_weight = weight.value
        node.branch, node.sentence = "plain", Said(f"得 {shown(total)} 分。", f"{shown(total)} points.")
    return node


def _added_up(scheme: Scheme, numbers: Numbers, top: Node) -> Scored:
    counted = [(node.value, node.counted_weight) for node in top.children]
    pairs = [(value, weight) for value, weight in counted if value is not None and weight is not None]
    weight = sum((weight for _, weight in pairs), ZERO)
    total = settled(sum((value * weight for value, weight in pairs), ZERO) / weight)
    top.value, top.counted_weight = total, weight
    top.branch = "all_counted" if weight == HUNDRED else "respread_across_all"
    top.sentence = Said(
        f"{len(pairs)} 期按权重平均，得 {shown(total)} 分。",
        f"The weighted mean of {len(pairs)} periods is {shown(total)} points.",
    )
    share_out(top, weight)
    ladder = ladder_of(scheme, numbers)
    if ladder is None:
        return Scored(total, None, top)
    grade, tree = ladder.place(total, top)
    return Scored(total, grade, tree)
