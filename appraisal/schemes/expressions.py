"""The small language of formulas: Python's grammar, of which only what is listed here is let through.

A formula has numbers, words in quotes, names, `+ - * /`, comparisons, `and or not`, `a if b else c`, `x in ('a', 'b')`
and the functions below. No attributes, no powers, no loops, nothing that could run for long.
"""

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

MAX_CHARACTERS = 600
MAX_NODES = 200
MAX_DEPTH = 30
MAX_DIGITS = 18
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
NAME = re.compile(r"[a-z][a-z0-9_]*")

# How many arguments each function takes, least and most.
FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (2, 12), "max": (2, 12), "abs": (1, 1), "floor": (1, 1), "ceil": (1, 1), "round": (2, 2),
    "clamp": (3, 3),
    "add_days": (2, 2), "add_weeks": (2, 2), "add_months": (2, 2), "days_between": (2, 2), "week_of": (2, 2),
    "nth_weekday": (3, 3), "weekdays_in_month": (2, 2),
    "working_days_after": (2, 2), "working_days_before": (2, 2),
    "working_days_between": (2, 2), "working_day_from": (1, 1),
}  # fmt: skip
# Their first argument is the name of a table of rows; the others are worked out for each row.
OVER_ROWS: dict[str, tuple[int, int]] = {
    "sum": (2, 3), "count": (1, 2), "mean": (2, 3), "largest": (2, 3), "smallest": (2, 3), "any": (2, 2), "all": (2, 2),
}  # fmt: skip
# Their first argument is the name of an input.
OF_INPUT: dict[str, tuple[int, int]] = {"target": (1, 1), "given": (1, 1), "answers": (1, 1), "part": (2, 2)}
# Their first argument is the name of a lookup table of the scheme.
OF_LOOKUP: dict[str, tuple[int, int]] = {"lookup": (2, 2), "marginal": (2, 2)}
ARITIES = FUNCTIONS | OVER_ROWS | OF_INPUT | OF_LOOKUP
CALENDAR = frozenset({"working_days_after", "working_days_before", "working_days_between", "working_day_from"})

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
PLAIN = (ast.IfExp, ast.BoolOp, ast.And, ast.Or, ast.Load, ast.Expression, *OPERATORS, *COMPARISONS, ast.Not, ast.USub)


class ExpressionError(ValueError):
    """The text is no formula. `code` names the reason, `written` the part that is meant."""

    def __init__(self, code: str, written: str = "") -> None:
        super().__init__(f"{code}: {written}" if written else code)
        self.code = code
        self.written = written


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a formula speaks of, how (as a value, a table of rows, an input, a lookup), and in which rows."""

    name: str
    role: str
    rows: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def parse(text: str) -> ast.expr:
    """The tree of the formula, or ExpressionError with the reason."""
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError("formula_too_long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("formula_unreadable", text[:60]) from error
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ExpressionError("formula_too_long")
    _let_through(tree, text.strip(), 0)
    return tree


def _let_through(node: ast.AST, text: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ExpressionError("formula_too_deep")
    written = (ast.get_source_segment(text, node) if isinstance(node, ast.expr) else type(node).__name__) or ""
    check = CHECKED.get(type(node))
    if check is not None:
        check(node, written)
    elif not isinstance(node, (ast.BinOp, ast.UnaryOp, *PLAIN)):
        raise ExpressionError("formula_forbidden", written[:60])
    for child in _parts(node):
        _let_through(child, text, depth + 1)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What stands below and is a formula of its own; the name of a function and the brackets of a list are not."""
    if isinstance(node, ast.Call):
        yield from node.args
    elif isinstance(node, ast.Compare):
        for part in (node.left, *node.comparators):
            yield from part.elts if isinstance(part, ast.Tuple) else [part]
    else:
        yield from ast.iter_child_nodes(node)


def _name(node: ast.Name, written: str) -> None:
    if not NAME.fullmatch(node.id):
        raise ExpressionError("formula_name", node.id)


def _constant(node: ast.Constant, written: str) -> None:
    if isinstance(node.value, bool):
        return
    if isinstance(node.value, int | float):
        digits = written.replace(".", "")
        if not NUMBER.fullmatch(written) or len(digits) > MAX_DIGITS:
            raise ExpressionError("formula_number", written[:30])
        # A literal is exactly what is written, never the nearest float.
        node.value = Decimal(written)  # type: ignore[assignment]
    elif not isinstance(node.value, str | Decimal) or (isinstance(node.value, str) and len(node.value) > 60):
        raise ExpressionError("formula_forbidden", written[:60])


def _call(node: ast.Call, written: str) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in ARITIES:
        raise ExpressionError("formula_function", name or written[:60])
    least, most = ARITIES[name]
    if node.keywords or not least <= len(node.args) <= most or any(isinstance(a, ast.Starred) for a in node.args):
        raise ExpressionError("formula_arguments", name)
    if name not in FUNCTIONS and not isinstance(node.args[0], ast.Name):
        raise ExpressionError("formula_arguments", name)


def _compare(node: ast.Compare, written: str) -> None:
    for operator, right in zip(node.ops, node.comparators, strict=True):
        listed = isinstance(right, ast.Tuple) and all(isinstance(item, ast.Constant) for item in right.elts)
        if not isinstance(operator, COMPARISONS) or isinstance(operator, ast.In | ast.NotIn) != listed:
            raise ExpressionError("formula_forbidden", written[:60])


CHECKED: dict[type, Callable[[Any, str], None]] = {
    ast.Constant: _constant, ast.Name: _name, ast.Call: _call, ast.Compare: _compare,
}  # fmt: skip


def names_in(text: str) -> tuple[Named, ...]:
    """Every name the formula speaks of, each once."""
    return tuple(dict.fromkeys(_names(parse(text), ())))


def _names(node: ast.AST, rows: tuple[str, ...]) -> Iterator[Named]:
    if isinstance(node, ast.Name):
        yield Named(node.id, "value", rows)
        return
    if isinstance(node, ast.Call):
        function = node.func.id if isinstance(node.func, ast.Name) else ""
        rest, inner = node.args, rows
        if function not in FUNCTIONS:
            first = node.args[0]
            assert isinstance(first, ast.Name)
            role = "rows" if function in OVER_ROWS else "input" if function in OF_INPUT else "lookup"
            yield Named(first.id, role, rows)
            rest, inner = node.args[1:], (*rows, first.id) if role == "rows" else rows
            if function == "part":
                rest = []
        for argument in rest:
            yield from _names(argument, inner)
        return
    for child in ast.iter_child_nodes(node):
        yield from _names(child, rows)


def uses_calendar(text: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALENDAR
        for node in ast.walk(parse(text))
    )


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands: in which function (none: as a value), beside what, and within which rows."""

    name: str
    function: str
    rows: tuple[str, ...] = ()
    # The part of a measure, or the word that a choice is compared with.
    beside: str | None = None


def mentions_in(text: str) -> tuple[Mention, ...]:
    return tuple(dict.fromkeys(_mentions(parse(text), ())))


def _mentions(node: ast.AST, rows: tuple[str, ...]) -> Iterator[Mention]:
    if isinstance(node, ast.Name):
        yield Mention(node.id, "", rows)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in FUNCTIONS:
        function, first = node.func.id, node.args[0]
        assert isinstance(first, ast.Name)
        second = node.args[1] if len(node.args) > 1 else None
        beside = second.id if function in {"part", *OF_LOOKUP} and isinstance(second, ast.Name) else None
        yield Mention(first.id, function, rows, beside)
        inner = (*rows, first.id) if function in OVER_ROWS else rows
        for argument in [] if function == "part" else node.args[1:]:
            yield from _mentions(argument, inner)
    else:
        if isinstance(node, ast.Compare):
            yield from _words_compared(node, rows)
        for child in _parts(node):
            yield from _mentions(child, rows)


def _words_compared(node: ast.Compare, rows: tuple[str, ...]) -> Iterator[Mention]:
    for part in node.comparators:
        for item in part.elts if isinstance(part, ast.Tuple) else [part]:
            if isinstance(node.left, ast.Name) and isinstance(item, ast.Constant) and isinstance(item.value, str):
                yield Mention(node.left.id, "==", rows, item.value)
