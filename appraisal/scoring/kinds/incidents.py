"""Rules over confirmed incidents."""

from decimal import Decimal

from appraisal.schemes.spec import Deductions, Incident
from appraisal.scoring.decimals import ZERO, shown
from appraisal.scoring.explanation import Figure, Node, Said, Used
from appraisal.scoring.inputs import Absent, IncidentItem, Incidents, Inputs
from appraisal.scoring.kinds.measures import absent
from appraisal.scoring.leaf import Bench, Judge, Judged, UnfitInputError, said

NONE = Said("本期没有已确认的违规，", "No confirmed incident in the period")


def deductions(bench: Bench, rule: Deductions) -> Judge:
    head, key = bench.head, rule.deductions
    spec = bench.scheme.inputs[key]
    assert isinstance(spec, Incident)
    label, names = said(spec.label), {name: said(severity.label) for name, severity in spec.severities.items()}
    start = bench.figure("start", rule.start) or ZERO
    floor = bench.figure("floor", rule.floor) or ZERO
    each = {
        name: bench.figure(f"each.{name}", number, Said(f"{names[name].zh}：每起扣分", f"{names[name].en}: points off"))
        or ZERO
        for name, number in rule.each.items()
    }
    nothing_left = frozenset(rule.leaves_nothing)
    head.assumed |= "assumed" in rule.leaves_nothing.values()

    def line(item: IncidentItem) -> Node:
        if item.severity not in each and item.severity not in nothing_left:
            raise UnfitInputError(key, f"no deduction is set for severity {item.severity!r}")
        name = names[item.severity]
        sentence = Said(
            f"{item.day.isoformat()}，{item.kind}（{name.zh}）", f"{item.day.isoformat()}: {item.kind} ({name.en})"
        )
        off = None if item.severity in nothing_left else -each[item.severity]
        return Node("deduction", item.ref, name, value=off, branch=item.severity, sentence=sentence)

    def judge(inputs: Inputs) -> Judged:
        given = inputs.get(key)
        if isinstance(given, Absent):
            return absent(head, label, given, key)
        if given is None:
            return head.missing(key, "not_given", label)
        if not isinstance(given, Incidents):
            raise UnfitInputError(key, "incidents are expected")
        used = (Used(key, label, (Figure("count", Decimal(len(given.items)), "given"),), (given.source,)),)
        lines = [line(item) for item in given.items]
        if any(child.value is None for child in lines):
            points, branch, sentence = ZERO, "nothing_left", _nothing_left(lines)
        else:
            left = start + sum((child.value or ZERO for child in lines), ZERO)
            points, branch = max(left, floor), "floored" if left < floor else "plain"
            sentence = _says(start, lines, points)
        node = head.counted(points, branch, sentence, used)
        node.children = lines
        return node

    return judge


def _nothing_left(lines: list[Node]) -> Said:
    grave = next(line.label for line in lines if line.value is None)
    return Said(f"出现{grave.zh}违规，得 0 分。", f"An incident of severity “{grave.en}” leaves 0 points.")


def _says(start: Decimal, lines: list[Node], points: Decimal) -> Said:
    if not lines:
        return Said(f"{NONE.zh}得 {shown(points)} 分。", f"{NONE.en}: {shown(points)} points.")
    off = shown(-sum((line.value or ZERO for line in lines), ZERO))
    count = len(lines)
    return Said(
        f"{count} 起已确认的违规共扣 {off} 分，由 {shown(start)} 分扣至 {shown(points)} 分。",
        f"{count} confirmed {'incident takes' if count == 1 else 'incidents take'} {off} off {shown(start)}: "
        f"{shown(points)} points.",
    )
