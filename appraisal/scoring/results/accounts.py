"""The running account of a key-account salesperson (S004-04): base, shortfall, carry-over and back-pay by quarter.

Below the base nothing accrues and the shortfall is kept; an excess over the base first fills earlier shortfalls,
oldest first, and a quarter that is filled gets its whole base paid back; an excess over the target is carried on.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.schemes.spec import Account
from appraisal.scoring.decimals import CONTEXT, HUNDRED, ZERO, money, shown
from appraisal.scoring.explanation import Node, Said
from appraisal.scoring.results.tables import row_label
from appraisal.scoring.results.work import Job, keep_table
from appraisal.scoring.sheet import Sheet, figure_of
from appraisal.scoring.values import NotGivenError, NoValueError, Row, Value, number


@dataclass(slots=True)
class Shortfall:
    """What a quarter is still short of its base, the whole base, and the quarter's own coefficient."""

    left: Decimal
    base: Decimal
    coefficient: Decimal


@dataclass(slots=True)
class Terms:
    base: Decimal
    rate: Decimal
    below_base: Decimal
    whole_from: Decimal
    fixed_part: Decimal
    back_pay: str
    year_end: str


@dataclass(slots=True)
class Standing:
    open: list[Shortfall] = field(default_factory=list)
    carry: Decimal = ZERO

    @property
    def short(self) -> Decimal:
        return sum((shortfall.left for shortfall in self.open), ZERO)


@dataclass(slots=True)
class Quarter:
    x: Decimal
    base: Decimal
    counted: Decimal = ZERO
    made_up: list[Shortfall] = field(default_factory=list)
    floating: bool = False
    deduction: Decimal = ZERO
    branch: str = ""


def account(job: Job, rule: Account, sheet: Sheet) -> Node:
    terms, source, node = _terms(job, rule), sheet.table(rule.account), job.node(rule.kind)
    standing, done = Standing(), []
    for place, row in enumerate(source.rows, start=1):
        if row.get("new_year") is True and terms.year_end == "close":
            standing.open = []
        child, line = _quarter(row, terms, standing)
        child.key, child.label = f"{job.name}.{place}", row_label(place, row, source)
        node.children.append(child)
        done.append({**row, **line})
    kinds = dict.fromkeys(rule.adds(), "number") | {"floating": "flag", "branch": "word"}
    keep_table(sheet, job.name, job.label, source, kinds, done)
    node.value = sum((number(line["paid"] or ZERO) for line in done), ZERO)
    node.formulas = (("value", f"sum({job.name}, paid)"),)
    node.sentence = Said(f"应发合计 {shown(node.value)} 元。", f"{shown(node.value)} CNY in all.")
    node.assumed = any(job.numbers.scheme.parameters[name].assumed is not None for name in _named(rule))
    return node


def _named(rule: Account) -> list[str]:
    numbers = (rule.base_percent, rule.rate_percent, rule.below_base, rule.whole_from, rule.fixed_part)
    return [part.parameter for part in (*numbers, rule.back_pay, rule.year_end) if part.parameter is not None]


def _terms(job: Job, rule: Account) -> Terms:
    found: list[Decimal] = []
    for name in ("base_percent", "rate_percent", "below_base", "whole_from", "fixed_part"):
        figure = job.numbers.figure(name, getattr(rule, name))
        if figure is None:
            raise NotGivenError(name)
        found.append(figure.value)
    back_pay = job.numbers.pick(rule.back_pay, rule.ways["back_pay"])
    year_end = job.numbers.pick(rule.year_end, rule.ways["year_end"])
    return Terms(found[0] / HUNDRED, found[1] / HUNDRED, found[2], found[3], found[4], back_pay, year_end)


def _quarter(row: Row, terms: Terms, standing: Standing) -> tuple[Node, dict[str, Value]]:
    actual, target = number(row["actual"] or ZERO), number(row["target"] or ZERO)
    written = row.get("coefficient")
    coefficient = Decimal(1) if written is None else number(written)
    carried_in = standing.carry
    quarter = _branch(actual + carried_in, target, terms, standing, exempt=row.get("exempt") is True or target == 0)
    made_up = sum((shortfall.base for shortfall in quarter.made_up), ZERO)
    own, back = quarter.counted * terms.rate, made_up * terms.rate
    accrued = own + back
    factor = terms.fixed_part + (1 - terms.fixed_part) * coefficient
    paid = own * factor + sum((_back_pay(short, factor, terms) for short in quarter.made_up), ZERO)
    if quarter.branch == "below_base":
        standing.open.append(Shortfall(quarter.base - quarter.x, quarter.base, coefficient))
    line: dict[str, Value] = {
        "x": quarter.x, "base": quarter.base, "accrued": accrued, "back_pay": back, "shortfall": standing.short,
        "carry": standing.carry, "deduction": quarter.deduction, "paid": money(paid), "floating": quarter.floating,
        "branch": quarter.branch,
    }  # fmt: skip
    node = Node("quarter", "", Said("", ""), value=money(paid), branch=quarter.branch)
    node.figures = (
        figure_of("actual", actual, "given"), figure_of("target", target, "given"),
        figure_of("carried_in", carried_in), figure_of("counted", quarter.counted), figure_of("made_up", made_up),
        figure_of("rate", terms.rate, "stated"), figure_of("factor", factor), figure_of("x", quarter.x),
        *(figure_of(name, line[name]) for name in ("accrued", "shortfall", "carry", "deduction", "floating")),
    )  # fmt: skip
    if terms.back_pay == "paying":
        node.formulas = (
            ("x", "actual + carried_in"),
            ("accrued", "counted * rate + made_up * rate"),
            ("value", "round((counted + made_up) * rate * factor, 2)"),
        )
    node.sentence = _says(quarter, line, factor)
    return node, line


def _back_pay(short: Shortfall, factor: Decimal, terms: Terms) -> Decimal:
    if terms.back_pay == "original":
        factor = terms.fixed_part + (1 - terms.fixed_part) * short.coefficient
    return short.base * terms.rate * factor


def _branch(x: Decimal, target: Decimal, terms: Terms, standing: Standing, *, exempt: bool) -> Quarter:
    """Which of the source's cases the quarter is, with the carry and the shortfalls as they stand after it."""
    base = CONTEXT.multiply(target, terms.base)
    quarter, standing.carry = Quarter(x, base), ZERO
    if exempt:
        quarter.counted, quarter.floating, quarter.branch = x, True, "exempt"
    elif x >= terms.whole_from:
        if standing.open:
            raise NoValueError("source_is_cut")
        quarter.counted, quarter.floating, quarter.branch = x, True, "whole"
    elif x < base:
        quarter.deduction, quarter.branch = -terms.below_base, "below_base"
    elif target > terms.whole_from:
        raise NoValueError("target_too_high")
    else:
        left = _fill(x - base, standing, quarter)
        quarter.counted = min(base + left, target)
        standing.carry = base + left - quarter.counted
        quarter.floating = x >= target
        quarter.branch = "target_reached" if quarter.floating else "between"
    return quarter


def _fill(excess: Decimal, standing: Standing, quarter: Quarter) -> Decimal:
    """What is left of the excess after the oldest shortfalls are made up."""
    while standing.open and excess > 0:
        oldest = standing.open[0]
        part = min(excess, oldest.left)
        oldest.left -= part
        excess -= part
        if oldest.left == 0:
            quarter.made_up.append(standing.open.pop(0))
    return excess


def _says(quarter: Quarter, line: dict[str, Value], factor: Decimal) -> Said:
    accrued, paid = shown(number(line["accrued"])), shown(number(line["paid"]))
    if quarter.branch == "below_base":
        short = shown(quarter.base - quarter.x)
        return Said(
            f"完成 {shown(quarter.x)}，未达基数 {shown(quarter.base)}，差 {short}，"
            f"扣发固定工资 {shown(-quarter.deduction)} 元。",
            f"{shown(quarter.x)} is {short} short of the base of {shown(quarter.base)}: "
            f"{shown(-quarter.deduction)} CNY off the fixed salary.",
        )
    filled = len(quarter.made_up)
    zh = f"完成 {shown(quarter.x)}，计提 {accrued} 元" + (f"（含补发 {filled} 个季度）" if filled else "")
    en = f"{shown(quarter.x)} accrues {accrued} CNY" + (f", {filled} earlier quarters paid back" if filled else "")
    return Said(f"{zh} × {shown(factor)} = {paid} 元。", f"{en}; times {shown(factor)} is {paid} CNY.")
