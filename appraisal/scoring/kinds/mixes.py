"""Several groups of raters by their weights."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from appraisal.schemes.spec import Mix, Rating, Survey
from appraisal.scoring.decimals import CONTEXT, HUNDRED, ZERO, shown
from appraisal.scoring.explanation import Figure, Node, Said, Used
from appraisal.scoring.inputs import Ratings
from appraisal.scoring.leaf import Bench, Judge, Judged, UnfitInputError, said
from appraisal.scoring.sheet import Sheet
from appraisal.scoring.values import NotGivenError

NOBODY = Said("没有评价，不计入，权重由其余评价人分担。", "Nobody rated: left out, the others share its weight.")
TOO_FEW = Said(
    "人数不足，为保护匿名不显示、不计入，权重由其余评价人分担。",
    "Too few people: hidden to protect them and left out, the others share its weight.",
)


@dataclass(slots=True)
class Voice:
    """One group of raters and how much it counts."""

    key: str
    label: Said
    weight: Figure
    scale: Decimal
    hidden: bool

    def node(self, sheet: Sheet) -> Node:
        node = Node("voice", self.key, self.label, None, self.weight.value, self.weight.origin)
        node.assumed = self.weight.origin == "assumed"
        given = sheet.get(self.key)
        try:
            used = sheet.used(self.key)
        except NotGivenError:
            few = isinstance(given, Ratings) and given.points
            node.status, node.branch = "left_out", "below_minimum" if few else "not_given"
            node.sentence = TOO_FEW if few else NOBODY
            return node
        first = used.figures[0]
        if not ZERO <= first.value <= self.scale:
            raise UnfitInputError(
                self.key, "points from {least} to {most} are expected", least=0, most=shown(self.scale)
            )
        node.value = first.value if self.scale == HUNDRED else CONTEXT.divide(first.value * HUNDRED, self.scale)
        node.used = (Used(used.key, used.label, used.figures, () if self.hidden else used.sources),)
        node.figures = (Figure("scale", self.scale),)
        node.formulas = (("value", f"{self.key} * 100 / scale"),)
        node.sentence = Said(f"得 {shown(node.value)} 分。", f"{shown(node.value)} points.")
        return node


def mix(bench: Bench, rule: Mix) -> Judge:
    head, voices = bench.head, [_voice(bench, share) for share in rule.mix]

    def judge(sheet: Sheet) -> Judged:
        nodes = [voice.node(sheet) for voice in voices]
        silent = [node for node in nodes if node.value is None]
        if silent and (rule.absent == "missing" or len(silent) == len(nodes)):
            return head.missing(silent[0].key, "not_given", silent[0].label)
        heard = [node for node in nodes if node.value is not None]
        weight = sum((node.weight or ZERO for node in heard), ZERO)
        if not weight:
            return head.missing(heard[0].key, "parameter", heard[0].label)
        points = sum(((node.weight or ZERO) * (node.value or ZERO) for node in heard), ZERO)
        value = CONTEXT.divide(points, weight)
        says = Said(
            f"{len(heard)} 项评价按权重平均，得 {shown(value)} 分。",
            f"The weighted mean of {len(heard)} ratings is {shown(value)} points.",
        )
        node = head.counted(value, "respread" if silent else "plain", says, ())
        node.children = nodes
        return node

    return judge


def _voice(bench: Bench, share: Any) -> Voice:
    spec = bench.scheme.inputs[share.of]
    weight = bench.numbers.figure(f"weight.{share.of}", share.weight) or Figure(f"weight.{share.of}", ZERO)
    bench.head.assumed |= weight.origin == "assumed"
    scale = HUNDRED
    if isinstance(spec, Rating | Survey):
        top = bench.numbers.figure("scale", spec.scale.points)
        scale = HUNDRED if top is None else top.value
    return Voice(share.of, said(spec.label), weight, scale, isinstance(spec, Rating) and spec.anonymous)
