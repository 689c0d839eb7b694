"""Re-check an exported explanation, without the program that made it:

    python verify.py explanation.json

Works every formula of the explanation out again from the figures in the file, adds every sum again, and exits with 1
when a digit differs. Needs Python alone; this one file may be copied anywhere.
"""

import ast
import hashlib
import json
import sys
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, localcontext
from pathlib import Path
from typing import Any

FORMAT = "pingheng-explanation/1"
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])
SETTLED = Decimal("1e-20")
# Contributions are quotients: their sum may differ from the total in digits that nobody can see.
UNSEEN = Decimal("1e-25")
ZERO, HUNDRED = Decimal(0), Decimal(100)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SUM = "weighted_sum"
READS_RESULTS = {"expr", "met", "mark", "cell", "veto", "adjusted"}
Json = dict[str, Any]


class CalendarNeeded(Exception):
    """Working days cannot be counted without the company's calendar."""


class Formula:
    """One formula over the figures of one node."""

    def __init__(self, node: Json, tables: Json, known: Json, row: Json | None = None) -> None:
        self.node, self.tables, self.known, self.row = node, tables, known, row or {}

    def work(self, node: Any) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def _constant(self, node: Any) -> Any:
        return Decimal(str(node.value)) if type(node.value) in {int, float} else node.value

    def _name(self, node: Any) -> Any:
        if node.id in self.row:
            return self.row[node.id]
        if node.id in self.known:
            return self.known[node.id]
        return self.named(node.id)

    def named(self, name: str) -> Any:
        for figure in self.node["figures"]:
            if figure["name"] == name:
                return typed(figure)
        for used in self.node["used"]:
            if used["key"] == name:
                return typed(used["figures"][0])
        if name == "weight":
            return Decimal(self.node["weight"])
        return typed(next(figure for figure in self.node["used"][0]["figures"] if figure["name"] == name))

    def _binop(self, node: Any) -> Decimal:
        left, right = self.work(node.left), self.work(node.right)
        sign = type(node.op).__name__
        if sign == "Add":
            return Decimal(left + right)
        if sign == "Sub":
            return Decimal(left - right)
        return Decimal(left * right) if sign == "Mult" else Decimal(left / right)

    def _unaryop(self, node: Any) -> Any:
        return not self.work(node.operand) if isinstance(node.op, ast.Not) else -self.work(node.operand)

    def _boolop(self, node: Any) -> bool:
        parts = (self.work(part) for part in node.values)
        return all(parts) if isinstance(node.op, ast.And) else any(parts)

    def _ifexp(self, node: Any) -> Any:
        return self.work(node.body if self.work(node.test) else node.orelse)

    def _compare(self, node: Any) -> bool:
        left = self.work(node.left)
        for sign, part in zip(node.ops, node.comparators, strict=True):
            right = tuple(self.work(item) for item in part.elts) if isinstance(part, ast.Tuple) else self.work(part)
            if not COMPARE[type(sign).__name__](left, right):
                return False
            left = right
        return True

    def _call(self, node: Any) -> Any:
        name, arguments = node.func.id, node.args
        if name in PLAIN:
            return PLAIN[name](*(self.work(argument) for argument in arguments))
        if name.startswith("working_day"):
            raise CalendarNeeded
        first = arguments[0].id
        if name in ROWS:
            conditions = arguments[1:] if name == "count" else arguments[2:]
            return ROWS[name](list(self.values(first, None if name == "count" else arguments[1], conditions)))
        if name == "given":
            if first in self.row:
                return self.row[first] is not None
            names = {figure["name"]: typed(figure) for figure in self.node["figures"]}
            return names.get(f"given_{first}", first in names)
        if name in {"lookup", "marginal"}:
            return self.look_up(first, self.work(arguments[1]), by_brackets=name == "marginal")
        wanted = {"target": ("target",), "answers": ("count", "answers")}.get(name) or (f"part.{arguments[1].id}",)
        used = next(used for used in self.node["used"] if used["key"] == first)
        return typed(next(figure for figure in used["figures"] if figure["name"] in wanted))

    def values(self, table: str, wanted: Any, conditions: list[Any]) -> Iterator[Any]:
        kinds = self.tables[table]["columns"]
        for row in self.tables[table]["rows"]:
            inner = {name: None if text is None else as_kind(text, kinds[name]) for name, text in row.items()}
            of_row = Formula(self.node, self.tables, self.known, {**self.row, **inner})
            if all(of_row.work(condition) for condition in conditions):
                yield True if wanted is None else of_row.work(wanted)

    def look_up(self, table: str, value: Any, *, by_brackets: bool) -> Any:
        """The row that was read, by its bounds; a word has the one row that was read."""
        named = {figure["name"]: typed(figure) for figure in self.node["figures"]}
        lines = [name for name in named if name.startswith(f"{table}.") and name.count(".") == 1]
        if not isinstance(value, Decimal):
            return named[f"{table}.={value}"]
        total = ZERO
        for line in lines:
            low, high = named.get(f"{line}.lower"), named.get(f"{line}.upper")
            if by_brackets:
                total += (min(high, value) if high is not None else value) * named[line] - (low or ZERO) * named[line]
            elif (low is None or value >= low) and (high is None or value <= high):
                return named[line]
        return total if by_brackets else None


def as_kind(text: str, kind: str) -> Any:
    if kind in {"number", "money"}:
        return Decimal(text)
    if kind == "flag":
        return text == "yes"
    return date.fromisoformat(text) if kind == "date" else text


def typed_as(text: str, figure: Json) -> Any:
    return Decimal(text) if figure.get("word") is None else as_kind(text, figure["kind"])


def typed(figure: Json) -> Any:
    return Decimal(figure["value"]) if figure.get("word") is None else as_kind(figure["word"], figure["kind"])


def later(start: date, months: Decimal) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + int(months), 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def nth(inside: date, count: Decimal, weekday: str) -> date:
    first = inside.replace(day=1)
    return first + timedelta(days=(DAYS.index(weekday) - first.weekday()) % 7 + 7 * (int(count) - 1))


def in_month(inside: date, weekday: str) -> Decimal:
    days = range(1, monthrange(inside.year, inside.month)[1] + 1)
    return Decimal(sum(inside.replace(day=day).weekday() == DAYS.index(weekday) for day in days))


def rounding(mode: str) -> Callable[[Decimal, Decimal], Decimal]:
    return lambda value, places: value.quantize(Decimal(1).scaleb(-int(places)), rounding=f"ROUND_{mode}")


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "Eq": lambda a, b: bool(a == b), "NotEq": lambda a, b: bool(a != b), "Lt": lambda a, b: bool(a < b),
    "LtE": lambda a, b: bool(a <= b), "Gt": lambda a, b: bool(a > b), "GtE": lambda a, b: bool(a >= b),
    "In": lambda a, b: a in b, "NotIn": lambda a, b: a not in b,
}  # fmt: skip
PLAIN: dict[str, Callable[..., Any]] = {
    "min": min, "max": max, "abs": abs, "round": rounding("HALF_UP"), "round_down": rounding("DOWN"),
    "round_up": rounding("UP"), "round_half_even": rounding("HALF_EVEN"),
    "clamp": lambda x, low, high: min(max(x, low), high),
    "floor": lambda x: x.to_integral_value(ROUND_FLOOR), "ceil": lambda x: x.to_integral_value(ROUND_CEILING),
    "add_days": lambda d, n: d + timedelta(days=int(n)), "add_weeks": lambda d, n: d + timedelta(weeks=int(n)),
    "add_months": later, "days_between": lambda a, b: Decimal((b - a).days),
    "week_of": lambda a, b: Decimal((b - a).days // 7 + 1), "nth_weekday": nth, "weekdays_in_month": in_month,
}  # fmt: skip
ROWS: dict[str, Callable[[list[Any]], Any]] = {
    "sum": lambda values: sum(values, ZERO), "count": lambda values: Decimal(len(values)),
    "mean": lambda values: sum(values, ZERO) / len(values), "largest": max, "smallest": min, "any": any, "all": all,
}  # fmt: skip


class Checker:
    """Walks the tree and keeps every difference it finds; `unchecked` counts what needs a calendar."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.differences: list[str] = []
        self.unchecked = 0
        self.results = {node["key"]: told(node) for node in document.get("results", ()) if node["status"] == "counted"}

    def run(self) -> list[str]:
        if self.document.get("format") != FORMAT:
            return [f"not an explanation of the format {FORMAT}"]
        rest = {name: value for name, value in self.document.items() if name != "digest"}
        text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if hashlib.sha256(text.encode()).hexdigest() != self.document.get("digest"):
            self.differences.append("the document: changed since it was sealed (digest)")
        tree = self.document["tree"]
        if tree["rule"] == "calibration":
            # People set the grade; what was computed stands below.
            tree = tree["children"][0]
        for node in (tree, *self.document.get("results", ())):
            self.walk(node)
        for node in self.document.get("results", ()):
            self.rows(node)
        self.top(tree)
        return self.differences

    def same(self, node: Json, what: str, written: str | None, computed: Any) -> None:
        expected = spelt(computed)
        if isinstance(computed, Decimal) and written == plain(settled(computed)):
            return
        if written != expected:
            self.differences.append(f"{node['key']}: {what} is written as {written}, but comes to {expected}")

    def walk(self, node: Json) -> None:
        for child in node["children"]:
            self.walk(child)
        if node["status"] != "counted":
            return
        if node["rule"] == SUM:
            self.sum(node)
        elif node["weight"] is not None and node["rule"] != "voice":
            self.same(node, "counted weight", node["counted_weight"], Decimal(node["weight"]))
        if node["out_of"] is not None:
            self.same(node, "out of", node["out_of"], Decimal(node["weight"]))
        self.formulas(node)
        self.tariff(node)
        self.taken_over(node)
        if node["rule"] == "mix":
            heard = [(Decimal(c["weight"]), Decimal(c["value"])) for c in node["children"] if c["value"] is not None]
            mean = sum((w * v for w, v in heard), ZERO) / sum((w for w, _ in heard), ZERO)
            self.same(node, "value", node["value"], mean)
        given = [Decimal(one["value"]) for used in node["used"] for one in used["figures"] if one["name"] == "rating"]
        if given and node["rule"] == "mean":
            figures = {figure["name"]: figure["value"] for figure in node["figures"]}
            self.same(node, "mean", figures["mean"], sum(given, ZERO) / len(given))
            self.same(node, "count", figures["count"], Decimal(len(given)))
        if node["rule"] == "attainment":
            self.shares(node)

    def taken_over(self, node: Json) -> None:
        """A figure that comes from a result is what the result says."""
        if node["rule"] not in READS_RESULTS:
            return
        own = {what for what, _ in node["formulas"]}
        for figure in node["figures"]:
            if figure["origin"] == "derived" and figure["name"] in self.results and figure["name"] not in own:
                self.same(node, figure["name"], spelt(typed(figure)), typed_as(self.results[figure["name"]], figure))

    def tariff(self, node: Json) -> None:
        """What each incident or item takes off is what the rule says of its kind, and all of them are counted."""
        prices = {"deductions": "each", "items": "off"}.get(node["rule"])
        if prices is None or not node["used"]:
            return
        told = {figure["name"]: figure["value"] for figure in node["figures"]}
        for child in node["children"]:
            own = {figure["name"]: Decimal(figure["value"]) for figure in child["figures"]}
            if prices in own and child["branch"] != "done":
                self.same(child, prices, told[f"{prices}.{child['branch']}"], own[prices])
        lost = sum((number(child["value"]) or ZERO for child in node["children"]), ZERO)
        for figure in node["figures"]:
            if figure["name"] in {"lost", "off"}:
                self.same(node, figure["name"], figure["value"], lost)
        for count in [figure["value"] for figure in node["used"][0]["figures"] if figure["name"] == "count"]:
            self.same(node, "count", count, Decimal(len(node["children"])))

    def rows(self, node: Json) -> None:
        """A result that went through rows left them as its table: cell by cell the same."""
        table = self.document.get("tables", {}).get(node["key"])
        if node["status"] != "counted" or table is None:
            return
        own = {"portion": "portion", "light": "light", "row": "value", "quarter": "paid"}
        for child, row in zip(node["children"], table["rows"], strict=True):
            cells = {cell["key"]: told(cell) for cell in child["children"] if cell["rule"] == "cell"}
            cells |= {one["name"]: spelt(typed(one)) for one in child["figures"] if one["name"] in row}
            if own.get(child["rule"]) in row and told(child) is not None:
                cells[own[child["rule"]]] = told(child)
            for name, value in cells.items():
                if row.get(name) != value:
                    self.differences.append(f"{child['key']}: {name} is {value}, but {row.get(name)} in the table")
        if node["rule"] == "split":
            portions = [Decimal(child["value"]) for child in node["children"]]
            self.same(node, "the sum of the portions", node["value"], sum(portions, ZERO))

    def shares(self, node: Json) -> None:
        given = {figure["name"]: Decimal(figure["value"]) for figure in node["used"][0]["figures"]}
        for figure in node["figures"]:
            if figure["name"].startswith("share."):
                part = given[figure["name"].replace("share.", "part.")]
                self.same(node, figure["name"], figure["value"], part * HUNDRED / given["actual"])

    def formulas(self, node: Json) -> None:
        known: Json = {}
        figures = {figure["name"]: figure for figure in node["figures"]}
        for what, text in node["formulas"]:
            try:
                computed = Formula(node, self.document.get("tables", {}), known).work(ast.parse(text, mode="eval").body)
            except CalendarNeeded:
                self.unchecked += 1
                continue
            known[what] = computed
            if what == "value":
                self.same(node, "value", told(node), computed)
            elif what in figures:
                self.same(node, what, figures[what].get("word") or figures[what]["value"], computed)

    def sum(self, node: Json) -> None:
        weight, points = added_up(node)
        self.same(node, "value", node["value"], settled(points / weight))
        inside = sum((Decimal(child["weight"]) for child in node["children"]), ZERO)
        if abs(inside - Decimal(node["weight"])) > UNSEEN and not self.document["missing"]:
            self.differences.append(f"{node['key']}: weighs {node['weight']}, but what is in it {plain(inside)}")
        within = node["branch"] == "respread_within_group"
        self.same(node, "counted weight", node["counted_weight"], number(node["weight"]) if within else weight)

    def top(self, tree: Json) -> None:
        """From the sum of the indicators to the total and the grade, as they stand at the head of the document."""
        chain = [tree]
        while chain[-1]["rule"] in {"veto", "bands", "adjusted"}:
            chain.append(chain[-1]["children"][0])
        total = number(chain[-1]["value"])
        if total is not None and not self.document["missing"] and chain[-1]["rule"] == SUM:
            self.contributions(chain[-1])
        grade: str | None = None
        for node in reversed(chain[:-1]):
            figures = {figure["name"]: Decimal(figure["value"]) for figure in node["figures"]}
            if node["rule"] == "bands":
                grade = self.band(node, total, figures)
            elif node["rule"] == "adjusted":
                self.same(node, "the sum of its parts", spelt(figures["sum_of_parts"]), total)
                total = number(node["value"])
            else:
                grade = node["branch"] or None
                total = min(total or ZERO, figures["at_most"]) if "at_most" in figures else total
        self.same(tree, "total", self.document["total"], None if self.document["missing"] else total)
        if self.document["grade"] != grade and self.document["tree"]["rule"] != "calibration":
            self.differences.append(f"grade: {self.document['grade']} is not the grade of the band, {grade}")

    def band(self, node: Json, total: Decimal | None, figures: dict[str, Decimal]) -> str | None:
        assert total is not None
        for name, places in figures.items():
            if name.startswith("round."):
                mode = f"ROUND_{name.removeprefix('round.').upper()}"
                total = total.quantize(Decimal(1).scaleb(-int(places)), rounding=mode)
        self.same(node, "value", node["value"], total)
        if figures.get("lower", total) > total or figures.get("upper", total) < total:
            self.differences.append(f"grade: {plain(total)} is outside the band of {node['branch']}")
        return None if node["branch"] == "no_band" else str(node["branch"])

    def contributions(self, top: Json) -> None:
        weight, _ = added_up(top)
        full = Decimal(top["weight"])
        total = self.brought(top, weight, None if full == HUNDRED else full / HUNDRED)
        value = None if top["value"] is None else Decimal(top["value"]) * full / HUNDRED
        if value is not None and abs(total - value) > UNSEEN + SETTLED:
            self.differences.append(f"{top['key']}: the contributions add up to {plain(total)}, not to {plain(value)}")

    def brought(self, node: Json, weight: Decimal, scale: Decimal | None) -> Decimal:
        """What the node brought to the total; a group brings what its children do."""
        if node["rule"] == SUM:
            inner = scaled(node, scale)
            points = sum((self.brought(child, weight, inner) for child in node["children"]), ZERO)
            if node["figures"] and node["value"] is not None:
                points = Decimal(node["value"]) * Decimal(node["counted_weight"]) / weight * (inner or 1)
        elif node["value"] is None:
            return ZERO
        else:
            points = leaf(node)
            points = points / weight if scale is None else points * scale / weight
        self.same(node, "contribution", node["contribution"], points)
        return points


def leaf(node: Json) -> Decimal:
    """Weight times value, in hundredths; or the points themselves."""
    value = Decimal(node["value"])
    return value * HUNDRED if node.get("out_of") is not None else Decimal(node["weight"]) * value


def scaled(node: Json, scale: Decimal | None) -> Decimal | None:
    """Within a group that kept its weight, what is left of its indicators counts for more."""
    if node["branch"] != "respread_within_group":
        return scale
    inside = sum((number(child["counted_weight"]) or ZERO for child in node["children"]), ZERO)
    return (scale or Decimal(1)) * Decimal(node["counted_weight"]) / inside


def added_up(node: Json) -> tuple[Decimal, Decimal]:
    """The weight that took part below, and the sum of weight times value."""
    weight = points = ZERO
    for child in node["children"]:
        if child["value"] is None:
            continue
        if child["rule"] == SUM:
            inner_weight, inner_points = added_up(child)
            if child["branch"] == "respread_within_group":
                nominal = Decimal(child["weight"])
                inner_weight, inner_points = nominal, inner_points / inner_weight * nominal
            weight, points = weight + inner_weight, points + inner_points
        else:
            weight, points = weight + Decimal(child["weight"]), points + leaf(child)
    for figure in node["figures"]:
        if figure["name"] in {"floor", "cap"}:
            points = Decimal(figure["value"]) * HUNDRED
    return weight, points


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def told(node: Json) -> Any:
    return node["word"] if node["value"] is None else node["value"]


def settled(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return value.quantize(SETTLED) if isinstance(exponent, int) and exponent < -20 else value


def spelt(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def plain(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def differences(document: Json) -> list[str]:
    with localcontext(CONTEXT):
        return Checker(document).run()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        found = differences(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, AssertionError, StopIteration) as error:
        found = [f"the document cannot be read as an explanation: {error!r}"]
    for difference in found:
        sys.stdout.write(f"{difference}\n")
    sys.stdout.write("Every digit holds.\n" if not found else f"{len(found)} differences.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
