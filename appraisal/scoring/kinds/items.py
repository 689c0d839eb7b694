"""Work items with a value and a status: what was not done, not done as asked or late costs points."""

from dataclasses import dataclass
from decimal import Decimal

from appraisal.schemes.spec import Items, Ledger
from appraisal.scoring.decimals import HUNDRED, ZERO, shown
from appraisal.scoring.explanation import Figure, Node, Said, Used
from appraisal.scoring.inputs import Absent, TableRows
from appraisal.scoring.kinds.measures import absent
from appraisal.scoring.leaf import Bench, Judge, Judged, UnfitInputError, said
from appraisal.scoring.sheet import Sheet
from appraisal.scoring.values import Row, number

NO_DEDUCTION = "no deduction is set for the status '{written}'"
AT_MOST_ROWS = "at most {most} rows are possible, not {count}"
ADD_UP = "the values must add up to {whole}, not {sum}"
NOTHING = Said("本期没有此类工作，不计入。", "None in this period: left out.")


@dataclass(slots=True)
class Pricing:
    """What each status takes off an item."""

    rule: Items
    texts: tuple[str, ...]
    names: dict[str, Said]
    off: dict[str, Decimal]

    @classmethod
    def of(cls, bench: Bench, rule: Items, spec: Ledger) -> "Pricing":
        names = {key: said(choice) for key, choice in spec.columns[rule.status].choices.items()}
        off = {
            status: bench.figure(f"off.{status}", size, names.get(status)) or ZERO for status, size in rule.off.items()
        }
        texts = tuple(name for name, column in spec.columns.items() if column.type in {"text", "person"})
        return cls(rule, texts, names, off)

    def line(self, place: int, row: Row) -> Node:
        rule, status = self.rule, str(row.get(self.rule.status))
        words = next((str(row[name]) for name in self.texts if row.get(name)), None)
        title = Said(f"第 {place} 项", f"Item {place}") if words is None else Said(words, words)
        if status not in self.off and status != "done":
            raise UnfitInputError(rule.items, NO_DEDUCTION, written=status)
        worth = number(row[rule.value] or ZERO) if rule.value else ZERO
        size = self.off.get(status, ZERO)
        lost = size * worth / HUNDRED if rule.takes == "share" else size
        name = self.names.get(status, Said(status, status))
        sentence = Said(f"{title.zh}：{name.zh}，扣 {shown(lost)} 分", f"{title.en}: {name.en}, {shown(lost)} off")
        text = f"-(off * {'worth / 100' if rule.takes == 'share' else '1'})"
        node = Node("item", f"{rule.items}.{place}", name, value=-lost, branch=status, sentence=sentence)
        node.figures = (Figure("off", size), Figure("worth", worth))
        node.formulas = (("value", text),)
        return node


def items(bench: Bench, rule: Items) -> Judge:
    head, spec = bench.head, bench.scheme.inputs[rule.items]
    assert isinstance(spec, Ledger)
    label, pricing = said(spec.label), Pricing.of(bench, rule, spec)
    floor, most = bench.figure("floor", rule.floor), bench.figure("most", rule.most)
    without = bench.numbers.pick(rule.without, rule.ways["without"])

    def fitting(given: TableRows) -> TableRows:
        if most is not None and len(given.rows) > most:
            raise UnfitInputError(rule.items, AT_MOST_ROWS, most=shown(most), count=len(given.rows))
        values = sum((number(row[rule.value] or ZERO) for row in given.rows), ZERO) if rule.value else head.weight
        if values != head.weight and given.rows:
            raise UnfitInputError(rule.items, ADD_UP, whole=shown(head.weight), sum=shown(values))
        return given

    def judge(sheet: Sheet) -> Judged:
        given = sheet.get(rule.items)
        if isinstance(given, Absent):
            return absent(head, label, given, rule.items)
        if given is None:
            return head.missing(rule.items, "not_given", label)
        if not isinstance(given, TableRows):
            raise UnfitInputError(rule.items, "rows are expected")
        used = (Used(rule.items, label, (Figure("count", Decimal(len(given.rows)), "given"),), (given.source,)),)
        if not given.rows and without == "left_out":
            return head.left_out("nothing_assigned", NOTHING, used)
        lines = [pricing.line(place, row) for place, row in enumerate(fitting(given).rows, start=1)]
        lost = sum((node.value or ZERO for node in lines), ZERO)
        value, branch, text = head.weight + lost, "plain", "weight + lost"
        if floor is not None and value < floor:
            value, branch, text = floor, "floored", "max(weight + lost, floor)"
        sentence = Said(
            f"{len(lines)} 项工作共扣 {shown(-lost)} 分，由 {shown(head.weight)} 分得 {shown(value)} 分。",
            f"{len(lines)} items take {shown(-lost)} off {shown(head.weight)}: {shown(value)} points.",
        )
        node = head.counted(value, branch, sentence, used, (Figure("lost", lost),), (("value", text),))
        node.children = lines
        return node

    return judge
