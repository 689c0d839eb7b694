"""Sums that a scheme writes beside their parts: do they come to what is written?"""

import ast
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from appraisal.schemes.checks.formulas import unknown
from appraisal.schemes.checks.numbers import value_of
from appraisal.schemes.expressions import mentions_in, parse
from appraisal.schemes.problems import Problem
from appraisal.schemes.spec import Check, Number, Row, Scheme

SIGNS: dict[type, tuple[str, Callable[[Any, Any], bool]]] = {
    ast.Eq: ("=", lambda left, right: left == right), ast.NotEq: ("≠", lambda left, right: left != right),
    ast.Lt: ("<", lambda left, right: left < right), ast.LtE: ("≤", lambda left, right: left <= right),
    ast.Gt: (">", lambda left, right: left > right), ast.GtE: ("≥", lambda left, right: left >= right),
}  # fmt: skip
ARITHMETIC: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda left, right: left + right, ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right, ast.Div: lambda left, right: left / right,
}  # fmt: skip


class Unsettled(Exception):
    """A number is missing, or a check says something that only figures of a person could decide."""


def checks_hold(scheme: Scheme) -> Iterator[Problem]:
    for place, check in enumerate(scheme.checks, start=1):
        key = f"checks[{place}].that"
        strange = list(_strange(scheme, check, key))
        yield from strange
        node = parse(check.that)
        if not isinstance(node, ast.Compare) or any(type(sign) not in SIGNS for sign in node.ops):
            yield Problem("check_is_no_comparison", {}, key)
        elif not strange:
            yield from _compared(scheme, check, node, key)


def _strange(scheme: Scheme, check: Check, key: str) -> Iterator[Problem]:
    for mention in mentions_in(check.that):
        if mention.function == "" and mention.name not in scheme.parameters:
            yield unknown("unknown_parameter", mention.name, scheme.parameters, key)
        elif mention.function == "lookup" and mention.name not in scheme.tables:
            yield unknown("unknown_table", mention.name, scheme.tables, key)


def _compared(scheme: Scheme, check: Check, node: ast.Compare, key: str) -> Iterator[Problem]:
    try:
        sides = [_worked(scheme, part) for part in (node.left, *node.comparators)]
    except Unsettled:
        return
    for sign, left, right in zip(node.ops, sides, sides[1:], strict=False):
        written, holds = SIGNS[type(sign)]
        if not holds(left, right):
            params = {"label": check.label.zh, "label_en": check.label.en, "sign": written}
            yield Problem("check_fails", {**params, "left": shown(left), "right": shown(right)}, key)


def _worked(scheme: Scheme, node: Any) -> Fraction:
    if isinstance(node, ast.Constant):
        number: Any = node.value
        if isinstance(number, str | bool):
            raise Unsettled
        return Fraction(number)
    if isinstance(node, ast.Name):
        setting = scheme.parameters[node.id].number
        if setting is None:
            raise Unsettled
        return Fraction(setting)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worked(scheme, node.operand)
    if isinstance(node, ast.BinOp):
        left, right = _worked(scheme, node.left), _worked(scheme, node.right)
        if isinstance(node.op, ast.Div) and right == 0:
            raise Unsettled
        return ARITHMETIC[type(node.op)](left, right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "lookup":
        return _looked_up(scheme, node)
    raise Unsettled


def _looked_up(scheme: Scheme, node: ast.Call) -> Fraction:
    name, key = node.args
    assert isinstance(name, ast.Name)
    word = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
    wanted = None if word is not None else _worked(scheme, key)
    for row in scheme.tables[name.id].rows:
        if (word is not None and row.equals == word) or (wanted is not None and _holds(scheme, row, wanted)):
            found = value_of(scheme, row.gives)
            if found is not None:
                return Fraction(found)
    raise Unsettled


def _holds(scheme: Scheme, row: Row, wanted: Fraction) -> bool:
    lower, upper = _bound(scheme, row.lower), _bound(scheme, row.upper)
    if row.equals is not None or (row.lower and lower is None) or (row.upper and upper is None):
        return False
    above = lower is None or wanted > lower or (row.above is None and wanted == lower)
    return above and (upper is None or wanted < upper or (row.below is None and wanted == upper))


def _bound(scheme: Scheme, number: Number | None) -> Fraction | None:
    found = value_of(scheme, number)
    return None if found is None else Fraction(found)


def shown(value: Fraction) -> str:
    text = f"{float(value):.12g}"
    return text if Fraction(text) == value else f"{value.numerator}/{value.denominator}"
