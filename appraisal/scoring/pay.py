"""Money that follows from a result, rounded once, on the amount paid to one person."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from appraisal.schemes.spec import Commission, Number, Pay, Scheme
from appraisal.scoring.decimals import CONTEXT, HUNDRED, money, shown
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.leaf import Numbers, said
from appraisal.scoring.plan import Settings

YUAN = Said("元", "CNY")


@dataclass(slots=True)
class Paid:
    amount: Decimal
    tree: Node


class NumberMissingError(ValueError):
    """The scheme leaves out a number that the amount depends on."""


def pay(
    scheme: Scheme,
    rule: Pay,
    *,
    grade: str,
    base: Decimal,
    month_salary: Decimal | None = None,
    parameters: Settings | None = None,
) -> Paid:
    """The base times the multiplier of the grade, and for some grades months of salary on top."""
    numbers = Numbers(scheme, dict(parameters or {}))
    times = _figure(numbers, "times", rule.times[grade])
    times.label = Said(f"{grade} 级系数", f"Multiplier of grade {grade}")
    figures = [Figure("base", base, "given", YUAN, Said("基数", "Base")), times]
    with localcontext(CONTEXT):
        exact = base * times.value
        plus = rule.plus.get(grade)
        if plus is not None:
            if month_salary is None:
                raise NumberMissingError("the salary of a month")
            months = _figure(numbers, "months", plus.months_of_salary)
            months.label = Said("另加月数", "Months on top")
            salary = Figure("month_salary", month_salary, "given", YUAN, Said("月工资", "Salary of a month"))
            figures += [months, salary]
            exact += months.value * month_salary
    text = "base * times" if plus is None else "base * times + months * month_salary"
    return _paid(rule, "pay", grade, money(exact), figures, f"round({text}, 2)")


def commission(
    scheme: Scheme, rule: Commission, *, level: str, sales: Decimal, parameters: Settings | None = None
) -> Paid:
    """The percentage of the level at which the person stands."""
    percent = _figure(Numbers(scheme, dict(parameters or {})), "percent", rule.levels[level].percent)
    percent.label = Said(f"提成比例（{rule.levels[level].label.zh}）", f"Rate ({rule.levels[level].label.en})")
    figures = [Figure("base", sales, "given", YUAN, Said("销售额", "Sales")), percent]
    with localcontext(CONTEXT):
        amount = money(sales * percent.value / HUNDRED)
    return _paid(rule, "commission", level, amount, figures, "round(base * percent / 100, 2)")


def _figure(numbers: Numbers, name: str, number: Number) -> Figure:
    figure = numbers.figure(name, number)
    if figure is None:
        raise NumberMissingError(name)
    return figure


def _paid(rule: Pay | Commission, kind: str, branch: str, amount: Decimal, figures: list[Figure], text: str) -> Paid:
    sentence = Said(f"应付 {shown(amount)} 元。", f"{shown(amount)} CNY are due.")
    node = Node(kind, rule.of, said(rule.label), rule.clause, value=amount, branch=branch, sentence=sentence)
    node.figures = tuple(figures)
    node.formulas = (("value", text),)
    node.rounding = Said("四舍五入到分", "half up to the cent")
    node.assumed = any(figure.origin == "assumed" for figure in figures)
    return Paid(amount, node)
