"""Rules over confirmed incidents."""

from dataclasses import dataclass
from decimal import Decimal

from appraisal.schemes.spec import Deductions, Incident
from appraisal.scoring.decimals import ZERO, shown
from appraisal.scoring.explanation import Figure, Node, Said, Used
from appraisal.scoring.inputs import Absent, IncidentItem, Incidents
from appraisal.scoring.kinds.measures import absent
from appraisal.scoring.leaf import Bench, Judge, Judged, UnfitInputError, said
from appraisal.scoring.sheet import Sheet

NO_DEDUCTION = "no deduction is set for severity '{written}'"
NONE = Said("本期没有已确认的违规，", "No confirmed incident in the period")


@dataclass(slots=True)
class Tariff:
    """What each severity takes off."""

    key: str
    names: dict[str, Said]
    each: dict[str, Decimal]
    nothing_left: frozenset[str]

    def line(self, item: IncidentItem) -> Node:
        if item.severity not in self.each and item.severity not in self.nothing_left:
            raise UnfitInputError(self.key, NO_DEDUCTION, written=item.severity)
        name, day = self.names[item.severity], item.day.isoformat()
        sentence = Said(f"{day}，{item.kind}（{name.zh}）", f"{day}: {item.kind} ({name.en})")
        off = None if item.severity in self.nothing_left else -self.each[item.severity]
        node = Node("deduction", item.ref, name, value=off, branch=item.severity, sentence=sentence)
        if off is not None:
            node.figures, node.formulas = (Figure("each", -off),), (("value", "-each"),)
        return node


def deductions(bench: Bench, rule: Deductions) -> Judge:
    head, key = bench.head, rule.deductions
    spec = bench.scheme.inputs[key]
    assert isinstance(spec, Incident)
    label = said(spec.label)
    start = head.weight if rule.begins_with is None else bench.figure("start", rule.begins_with) or ZERO
    floor = bench.figure("floor", rule.floor)
    whole = "weight" if rule.begins_with is None else "start"
    tariff = _tariff(bench, rule, spec)

    def judge(sheet: Sheet) -> Judged:
        given = sheet.get(key)
        if isinstance(given, Absent):
            return absent(head, label, given, key)
        if given is None:
            return head.missing(key, "not_given", label)
        if not isinstance(given, Incidents):
            raise UnfitInputError(key, "incidents are expected")
        used = (Used(key, label, (Figure("count", Decimal(len(given.items)), "given"),), (given.source,)),)
        lines = [tariff.line(item) for item in given.items]
        if any(line.value is None for line in lines):
            points, branch, text, sentence = ZERO, "nothing_left", "0", _nothing_left(lines)
        else:
            off = sum((line.value or ZERO for line in lines), ZERO)
            points, branch, text = start + off, "plain", f"{whole} + off"
            if floor is not None and points < floor:
                points, branch, text = floor, "floored", f"max({text}, floor)"
            sentence = _says(start, lines, points)
        lost = sum((line.value or ZERO for line in lines), ZERO)
        node = head.counted(points, branch, sentence, used, (Figure("off", lost),), (("value", text),))
        node.children = lines
        return node

    return judge


def _tariff(bench: Bench, rule: Deductions, spec: Incident) -> Tariff:
    names = {name: said(severity.label) for name, severity in spec.severities.items()}
    each: dict[str, Decimal] = {}
    for name, number in rule.each.items():
        label = Said(f"{names[name].zh}：每起扣分", f"{names[name].en}: points off")
        each[name] = bench.figure(f"each.{name}", number, label) or ZERO
    bench.head.assumed |= "assumed" in rule.leaves_nothing.values()
    return Tariff(rule.deductions, names, each, frozenset(rule.leaves_nothing))


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
