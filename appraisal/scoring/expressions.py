"""Formulas at work: the tree of a formula turned into a function of the sheet it reads."""

import ast
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from appraisal.schemes.expressions import FUNCTIONS, OF_INPUT, OF_LOOKUP, parse
from appraisal.scoring.decimals import CONTEXT
from appraisal.scoring.functions import AGGREGATES, PLAIN, Worked
from appraisal.scoring.values import InRow, Names, NoValueError, Value, number, same, truth


@lru_cache(maxsize=4096)
def compiled(text: str) -> Worked:
    return _compile(parse(text))


def compiled_node(node: ast.AST) -> Worked:
    """A part of a formula on its own."""
    return _compile(node)


def _compile(node: ast.AST) -> Worked:
    return COMPILERS[type(node)](node)


def _constant(node: Any) -> Worked:
    value: Value = node.value
    return lambda names: value


def _name(node: Any) -> Worked:
    name: str = node.id
    return lambda names: names.value(name)


def _add(left: Value, right: Value) -> Value:
    return CONTEXT.add(number(left), number(right))


def _subtract(left: Value, right: Value) -> Value:
    return CONTEXT.subtract(number(left), number(right))


def _multiply(left: Value, right: Value) -> Value:
    return CONTEXT.multiply(number(left), number(right))


def _divide(left: Value, right: Value) -> Value:
    below = number(right)
    if below == 0:
        raise NoValueError("nothing_to_divide_by")
    return CONTEXT.divide(number(left), below)


ARITHMETIC = {ast.Add: _add, ast.Sub: _subtract, ast.Mult: _multiply, ast.Div: _divide}


def _binary(node: Any) -> Worked:
    left, right, work = _compile(node.left), _compile(node.right), ARITHMETIC[type(node.op)]
    return lambda names: work(left(names), right(names))


def _unary(node: Any) -> Worked:
    inner = _compile(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda names: not truth(inner(names))
    return lambda names: -number(inner(names))


def _boolean(node: Any) -> Worked:
    parts = [_compile(part) for part in node.values]
    if isinstance(node.op, ast.And):
        return lambda names: all(truth(part(names)) for part in parts)
    return lambda names: any(truth(part(names)) for part in parts)


def _chosen(node: Any) -> Worked:
    test, yes, no = _compile(node.test), _compile(node.body), _compile(node.orelse)
    return lambda names: yes(names) if truth(test(names)) else no(names)


def _ordered(left: Value, right: Value) -> int:
    """Below, equal or above, for two of a kind."""
    if isinstance(left, date) and isinstance(right, date):
        return (left > right) - (left < right)
    first, second = number(left), number(right)
    return (first > second) - (first < second)


COMPARISONS: dict[type, Callable[[Value, Any], bool]] = {
    ast.Eq: same,
    ast.NotEq: lambda left, right: not same(left, right),
    ast.Lt: lambda left, right: _ordered(left, right) < 0,
    ast.LtE: lambda left, right: _ordered(left, right) <= 0,
    ast.Gt: lambda left, right: _ordered(left, right) > 0,
    ast.GtE: lambda left, right: _ordered(left, right) >= 0,
    ast.In: lambda left, right: any(same(left, item) for item in right),
    ast.NotIn: lambda left, right: not any(same(left, item) for item in right),
}


def _compare(node: Any) -> Worked:
    tests = [COMPARISONS[type(operator)] for operator in node.ops]
    parts = [_compile(part) for part in (node.left, *node.comparators)]

    def worked(names: Names) -> Value:
        left: Any = parts[0](names)
        for test, part in zip(tests, parts[1:], strict=True):
            right: Any = part(names)
            if not test(left, right):
                return False
            left = right
        return True

    return worked


def _tuple(node: Any) -> Any:
    items = tuple(item.value for item in node.elts)
    return lambda names: items


def _call(node: Any) -> Worked:
    name: str = node.func.id
    if name in FUNCTIONS:
        return _plain_call(name, [_compile(argument) for argument in node.args])
    first: str = node.args[0].id
    if name in OF_LOOKUP:
        key = _compile(node.args[1])
        return lambda names: names.look_up(name, first, key(names))
    if name in OF_INPUT:
        argument = node.args[1].id if len(node.args) == 2 else None
        return lambda names: names.of_input(name, first, argument)
    work = AGGREGATES[name]
    inner = [_compile(argument) for argument in node.args[1:]]
    return lambda names: work([InRow(row, names) for row in names.rows(first)], inner)


def _plain_call(name: str, arguments: list[Worked]) -> Worked:
    if name not in PLAIN:
        return lambda names: names.working_days(name, *(argument(names) for argument in arguments))
    work = PLAIN[name]
    return lambda names: work(*(argument(names) for argument in arguments))


COMPILERS: dict[type, Callable[[Any], Worked]] = {
    ast.Constant: _constant, ast.Name: _name, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.BoolOp: _boolean,
    ast.IfExp: _chosen, ast.Compare: _compare, ast.Tuple: _tuple, ast.Call: _call,
}  # fmt: skip
