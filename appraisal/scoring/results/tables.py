"""Results that are tables: more columns, a ranking, traffic lights, an amount divided."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal

from appraisal.schemes.spec import Lights, Number, Ranking, Rows, Split
from appraisal.scoring.decimals import CONTEXT, HUNDRED, ZERO, money, shown
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.expressions import compiled
from appraisal.scoring.leaf import said
from appraisal.scoring.results.work import Job, closing, finished, keep_read, keep_table, rounding_of, write_value
from appraisal.scoring.sheet import Reader, Sheet, Table, figure_of, kind_of
from appraisal.scoring.values import InRow, NotGivenError, NoValueError, Row, Value, number
from appraisal.scoring.wording import formula_says

LIGHT_WORDS = {
    "green": Said("绿", "green"), "yellow": Said("黄", "yellow"), "red": Said("红", "red"),
    "none": Said("无数据", "no data"),
}  # fmt: skip


def row_label(place: int, row: Row, table: Table) -> Said:
    """A row by its first words of its own; by its number where it has none."""
    texts = (row.get(name) for name, kind in table.kinds.items() if kind == "text")
    words = next((str(value) for value in texts if value), None)
    return Said(f"第 {place} 项", f"Item {place}") if words is None else Said(words, words)


def row_figures(row: Row) -> tuple[Figure, ...]:
    return tuple(figure_of(name, value, "given") for name, value in row.items() if value is not None)


def rows(job: Job, rule: Rows, sheet: Sheet) -> Node:
    source, node, done = sheet.table(rule.rows), job.node(rule.kind), []
    for place, row in enumerate(source.rows, start=1):
        child = Node("row", f"{job.name}.{place}", row_label(place, row, source))
        full: dict[str, Value | None] = dict(row)
        for name, column in rule.columns.items():
            reader = Reader(sheet)
            value = finished(compiled(column.expr)(InRow(full, reader)), column.round, in_money=column.money)
            cell = Node("cell", name, said(column.label))
            cell.sentence = formula_says(column.expr, reader, value, InRow(full, reader), job.name)
            cell.formulas = (("value", closing(column.expr, column.round, in_money=column.money)),)
            cell.rounding = rounding_of(column.round, in_money=column.money)
            keep_read(cell, reader)
            cell.figures = (*row_figures(full), *cell.figures)
            write_value(cell, value)
            full[name] = value
            child.children.append(cell)
            child.assumed = child.assumed or cell.assumed
        done.append(full)
        node.children.append(child)
    kinds = dict.fromkeys(rule.columns, "number")
    for first in done[:1]:
        kinds = {name: kind_of(first[name]) for name in kinds}
    keep_table(sheet, job.name, job.label, source, kinds, done)
    node.assumed = any(child.assumed for child in node.children)
    node.sentence = Said(f"{len(done)} 项。", f"{len(done)} {'row' if len(done) == 1 else 'rows'}.")
    return node


def ranking(job: Job, rule: Ranking, sheet: Sheet) -> Node:
    source, node = sheet.table(rule.rank), job.node(rule.kind)
    ties = job.numbers.pick(rule.ties, rule.ways["ties"])
    valued: list[tuple[Decimal, int, Row, Reader]] = []
    for place, row in enumerate(source.rows):
        reader = Reader(sheet)
        valued.append((number(compiled(rule.by)(InRow(row, reader))), place, row, reader))
    best_first = sorted(valued, key=lambda entry: (-entry[0] if rule.order == "highest" else entry[0], entry[1]))
    places = _places([value for value, *_ in best_first], ties)
    triggered = _triggered(job, rule, places)
    done: list[Row] = []
    for (value, _, row, reader), place, trigger in zip(best_first, places, triggered, strict=True):
        child = Node("row", f"{job.name}.{len(done) + 1}", row_label(len(done) + 1, row, source), value=value)
        child.formulas = (("value", rule.by),)
        keep_read(child, reader)
        child.figures = (*row_figures(row), *child.figures, Figure("place", Decimal(place)))
        child.branch = trigger
        child.sentence = Said(f"{shown(value)}，第 {place} 名", f"{shown(value)}, place {place}")
        node.children.append(child)
        done.append({**row, "value": value, "place": Decimal(place), "triggered": trigger})
    keep_table(sheet, job.name, job.label, source, {"value": "number", "place": "number", "triggered": "word"}, done)
    node.branch = "overlap" if triggered and set(triggered) == {"overlap"} else "ranked"
    node.sentence = _ranking_says(node)
    return node


def _ranking_says(node: Node) -> Said:
    if node.branch == "overlap":
        return Said(
            "人数太少，前后两端重叠，不奖不罚。",
            "Too few for top and bottom not to overlap: nobody is rewarded or penalised.",
        )
    names = [child.label for child in node.children]
    return Said("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _places(values: Sequence[Decimal], ties: str) -> list[int]:
    """1-1-3 (a tie leaves a gap) or 1-1-2 (dense)."""
    places: list[int] = []
    for index, value in enumerate(values):
        if index and value == values[index - 1]:
            places.append(places[-1])
        elif ties == "dense":
            places.append(places[-1] + 1 if places else 1)
        else:
            places.append(index + 1)
    return places


def _triggered(job: Job, rule: Ranking, places: list[int]) -> list[str]:
    """Who is in the top or bottom percent, rounded down and at least one; ties at the cut are all in."""
    count = len(places)
    marks = [""] * count
    if not count:
        return marks
    if rule.top is not None:
        last = _cut(job, "top", rule.top, count)
        marks = ["top" if place <= places[last - 1] else "" for place in places]
    if rule.bottom is not None:
        first = count - _cut(job, "bottom", rule.bottom, count)
        below = [place >= places[first] for place in places]
        if any(mark and low for mark, low in zip(marks, below, strict=True)):
            return ["overlap"] * count
        marks = ["bottom" if low else mark for mark, low in zip(marks, below, strict=True)]
    return marks


def _cut(job: Job, name: str, percent: Number, count: int) -> int:
    figure = job.numbers.figure(name, percent)
    if figure is None:
        raise NotGivenError(name)
    share = CONTEXT.divide(figure.value * count, HUNDRED).to_integral_value(ROUND_FLOOR)
    return max(1, int(share))


def lights(job: Job, rule: Lights, sheet: Sheet) -> Node:
    source, node, done = sheet.table(rule.lights), job.node(rule.kind), []
    zero_met = job.numbers.pick(rule.zero_met, rule.ways["zero_met"])
    for place, row in enumerate(source.rows, start=1):
        reader = Reader(sheet)
        in_row = InRow(row, reader)
        try:
            actual, target = number(compiled(rule.actual)(in_row)), number(compiled(rule.target)(in_row))
            light = _light(actual, target, rule, row, zero_met)
        except NotGivenError:
            light = "none"
        child = Node("light", f"{job.name}.{place}", row_label(place, row, source), branch=light, word=light)
        child.sentence = LIGHT_WORDS[light]
        keep_read(child, reader)
        child.figures = (*row_figures(row), *child.figures)
        if light != "none":
            child.formulas = (("value", _light_text(rule, row, zero_met)),)
        node.children.append(child)
        done.append({**row, "light": light})
    keep_table(sheet, job.name, job.label, source, {"light": "word"}, done)
    node.word = ",".join(str(row["light"]) for row in done)
    words = [LIGHT_WORDS[str(row["light"])] for row in done]
    node.sentence = Said("".join(word.zh for word in words), " ".join(word.en for word in words))
    return node


def _light(actual: Decimal, target: Decimal, rule: Lights, row: Mapping[str, Value | None], zero_met: str) -> str:
    better = str(row.get("better") or rule.better)
    if actual == target:
        return "green" if zero_met == "green" and target == ZERO else "yellow"
    return "green" if (actual > target) == (better == "higher") else "red"


def _light_text(rule: Lights, row: Mapping[str, Value | None], zero_met: str) -> str:
    actual, target = f"({rule.actual})", f"({rule.target})"
    beyond = ">" if str(row.get("better") or rule.better) == "higher" else "<"
    met = f"'green' if {target} == 0 else 'yellow'" if zero_met == "green" else "'yellow'"
    return f"({met}) if {actual} == {target} else 'green' if {actual} {beyond} {target} else 'red'"


def split(job: Job, rule: Split, sheet: Sheet) -> Node:
    source, node, reader = sheet.table(rule.split), job.node(rule.kind), Reader(sheet)
    amount = money(number(compiled(rule.amount)(reader)))
    shares = [number(compiled(rule.share)(InRow(row, reader))) for row in source.rows]
    whole = sum(shares, ZERO)
    if not shares or whole == 0:
        raise NoValueError("no_rows")
    if rule.percent and whole != HUNDRED:
        raise NoValueError("shares")
    portions = [money(CONTEXT.divide(amount * share, whole)) for share in shares]
    # The last one takes what rounding left, so that nothing is paid twice or lost.
    portions[-1] = amount - sum(portions[:-1], ZERO)
    done: list[Row] = []
    for place, (row, share, portion) in enumerate(zip(source.rows, shares, portions, strict=True), start=1):
        child = Node("portion", f"{job.name}.{place}", row_label(place, row, source), value=portion)
        child.figures = (Figure("amount", amount), Figure("share", share), Figure("whole", whole))
        if place < len(shares):
            child.formulas = (("value", "round(amount * share / whole, 2)"),)
        child.sentence = Said(f"{shown(portion)} 元", f"{shown(portion)} CNY")
        node.children.append(child)
        done.append({**row, "portion": portion})
    keep_table(sheet, job.name, job.label, source, {"portion": "number"}, done)
    node.value = amount
    keep_read(node, reader)
    node.formulas = (("value", f"round({rule.amount}, 2)"),)
    node.sentence = Said(f"{shown(amount)} 元分给 {len(done)} 人。", f"{shown(amount)} CNY between {len(done)}.")
    return node
