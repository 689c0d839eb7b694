"""Re-check an exported explanation, without the program that made it:

    python verify.py explanation.json

Adds every sum and multiplies every product again from the figures in the file, and exits with 1 when a digit differs.
Needs Python alone; this one file may be copied anywhere.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, localcontext
from pathlib import Path
from typing import Any

FORMAT = "pingheng-explanation/1"
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])
SETTLED = Decimal("1e-20")
# Contributions are quotients: their sum may differ from the total in digits that nobody can see.
UNSEEN = Decimal("1e-25")
ZERO, HUNDRED = Decimal(0), Decimal(100)

Json = dict[str, Any]


class Checker:
    """Walks the tree and keeps every difference it finds."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.differences: list[str] = []

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
        self.walk(tree)
        top = tree["children"][0] if tree["rule"] == "bands" else tree
        self.same(top, "total", self.document["total"], number(top["value"]))
        if tree["rule"] == "bands" and self.document["total"] is not None:
            self.band(tree)
        if top["value"] is not None and not self.document["missing"]:
            self.contributions(top)
        return self.differences

    def same(self, node: Json, what: str, written: str | None, computed: Decimal | None) -> None:
        expected = None if computed is None else plain(computed)
        if written != expected:
            self.differences.append(f"{node['key']}: {what} is written as {written}, but comes to {expected}")

    def walk(self, node: Json) -> None:
        for child in node["children"]:
            self.walk(child)
        if node["value"] is None:
            return
        rule = node["rule"]
        if rule == "weighted_sum":
            self.sum(node)
        elif node["weight"] is not None:
            self.same(node, "counted weight", node["counted_weight"], number(node["weight"]))
        if rule in RULES:
            for what, written, computed in RULES[rule](node):
                self.same(node, what, written, computed)

    def sum(self, node: Json) -> None:
        weight, points = added_up(node)
        self.same(node, "value", node["value"], settled(points / weight))
        within = node["branch"] == "respread_within_group"
        self.same(node, "counted weight", node["counted_weight"], number(node["weight"]) if within else weight)
        weights = [number(child["weight"]) or ZERO for child in node["children"]]
        self.same(node, "weight", node["weight"], sum(weights, ZERO))

    def band(self, tree: Json) -> None:
        total, grade = number(tree["value"]), self.document["grade"]
        assert total is not None
        rounding = [(name, value) for name, value in figures_of(tree).items() if name.startswith("round.")]
        below = number(tree["children"][0]["value"])
        for name, places in rounding:
            mode = f"ROUND_{name.removeprefix('round.').upper()}"
            assert below is not None
            below = below.quantize(Decimal(1).scaleb(-int(places)), rounding=mode)
        self.same(tree, "value", tree["value"], below)
        if (tree["branch"] if grade is not None else None) != grade:
            self.differences.append(f"grade: {grade} is not the grade of the band, {tree['branch']}")
        bounds = figures_of(tree)
        if bounds.get("lower", total) > total or bounds.get("upper", total) < total:
            self.differences.append(f"grade: {plain(total)} is outside the band of {grade}")

    def contributions(self, top: Json) -> None:
        weight, _ = added_up(top)
        total = self.brought(top, weight, None)
        value = number(top["value"])
        if value is not None and abs(total - value) > UNSEEN + SETTLED:
            self.differences.append(f"{top['key']}: the contributions add up to {plain(total)}, not to {plain(value)}")

    def brought(self, node: Json, weight: Decimal, scale: Decimal | None) -> Decimal:
        """What the node brought to the total; a group brings what its children do."""
        if node["rule"] == "weighted_sum":
            inner = scaled(node, scale)
            points = sum((self.brought(child, weight, inner) for child in node["children"]), ZERO)
        elif node["value"] is None:
            return ZERO
        else:
            points = required(node["weight"]) * required(node["value"])
            points = points / weight if scale is None else points * scale / weight
        self.same(node, "contribution", node["contribution"], points)
        return points


def scaled(node: Json, scale: Decimal | None) -> Decimal | None:
    """Within a group that kept its weight, what is left of its indicators counts for more."""
    if node["branch"] != "respread_within_group":
        return scale
    inside = sum((number(child["counted_weight"]) or ZERO for child in node["children"]), ZERO)
    return (scale or Decimal(1)) * required(node["counted_weight"]) / inside


def added_up(node: Json) -> tuple[Decimal, Decimal]:
    """The weight that took part below, and the sum of weight times value."""
    weight = points = ZERO
    for child in node["children"]:
        if child["rule"] == "weighted_sum" and child["value"] is not None:
            inner_weight, inner_points = added_up(child)
            if child["branch"] == "respread_within_group":
                nominal = required(child["weight"])
                inner_weight, inner_points = nominal, inner_points / inner_weight * nominal
            weight, points = weight + inner_weight, points + inner_points
        elif child["value"] is not None:
            its = required(child["weight"])
            weight, points = weight + its, points + its * required(child["value"])
    return weight, points


# Each rule computed again: what is written and what it comes to.
Checks = list[tuple[str, str | None, Decimal | None]]


def attainment(node: Json) -> Checks:
    given = figures_of(node["used"][0])
    attained = given["actual"] * HUNDRED / given["target"]
    shares: Checks = [
        (name, figure(node, name), given[name.replace("share.", "part.")] * HUNDRED / given["actual"])
        for name in figures_of(node)
        if name.startswith("share.")
    ]
    value = bounded(node, attained)
    return [*shares, ("attained", figure(node, "attained"), attained), ("value", node["value"], value)]


def ratio(node: Json) -> Checks:
    above, below = (figures_of(used)["actual"] for used in node["used"])
    return _percent(node, above * HUNDRED / below)


def growth(node: Json) -> Checks:
    now, before = (figures_of(used)["actual"] for used in node["used"])
    return _percent(node, (now - before) * HUNDRED / before)


def _percent(node: Json, percent: Decimal) -> Checks:
    target = figures_of(node).get("target")
    points = percent if target is None else percent * HUNDRED / target
    checks: Checks = [("percent", figure(node, "percent"), percent), ("value", node["value"], bounded(node, points))]
    remainder = figure(node, "remainder")
    return checks if remainder is None else [*checks, ("remainder", remainder, HUNDRED - percent)]


def mean(node: Json) -> Checks:
    figures = figures_of(node)
    if "mean" not in figures:
        return []
    average, top = figures["mean"], figures["scale"]
    given = [Decimal(entry["value"]) for used in node["used"] for entry in used["figures"]]
    checks: Checks = []
    if given:
        checks.append(("mean", figure(node, "mean"), sum(given, ZERO) / len(given)))
        checks.append(("count", figure(node, "count"), Decimal(len(given))))
    return [*checks, ("value", node["value"], average if top == HUNDRED else average * HUNDRED / top)]


def survey(node: Json) -> Checks:
    points, top = figures_of(node["used"][0])["points"], figures_of(node)["scale"]
    return [("value", node["value"], points if top == HUNDRED else points * HUNDRED / top)]


def deductions(node: Json) -> Checks:
    off, figures = [number(child["value"]) for child in node["children"]], figures_of(node)
    checks: Checks = [("count", str(len(off)), figures_of(node["used"][0])["count"])]
    for child, value in zip(node["children"], off, strict=True):
        if value is not None:
            checks.append(("points off", child["value"], -figures[f"each.{child['branch']}"]))
    if any(value is None for value in off):
        return [*checks, ("value", node["value"], ZERO)]
    left = figures["start"] + sum((value for value in off if value is not None), ZERO)
    return [*checks, ("value", node["value"], max(left, figures["floor"]))]


def pay(node: Json) -> Checks:
    figures = figures_of(node)
    amount = figures["base"] * figures["times"]
    amount += figures.get("months", ZERO) * figures.get("month_salary", ZERO)
    return [("value", node["value"], cents(amount))]


def commission(node: Json) -> Checks:
    figures = figures_of(node)
    return [("value", node["value"], cents(figures["base"] * figures["percent"] / HUNDRED))]


RULES: dict[str, Callable[[Json], Checks]] = {
    "attainment": attainment,
    "ratio": ratio,
    "growth": growth,
    "mean": mean,
    "survey": survey,
    "deductions": deductions,
    "pay": pay,
    "commission": commission,
}


def bounded(node: Json, points: Decimal) -> Decimal:
    figures = figures_of(node)
    floor = figures["floor"]
    if "gate" in figures and points < figures["gate"]:
        return floor
    if "cap" in figures and points > figures["cap"]:
        return figures["cap"]
    return max(points, floor)


def figures_of(part: Json) -> dict[str, Decimal]:
    return {entry["name"]: Decimal(entry["value"]) for entry in part["figures"]}


def figure(node: Json, name: str) -> str | None:
    return next((str(entry["value"]) for entry in node["figures"] if entry["name"] == name), None)


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def required(text: str | None) -> Decimal:
    return Decimal(text or "NaN")


def settled(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return value.quantize(SETTLED) if isinstance(exponent, int) and exponent < -20 else value


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


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
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, AssertionError) as error:
        found = [f"the document cannot be read as an explanation: {error!r}"]
    for difference in found:
        sys.stdout.write(f"{difference}\n")
    sys.stdout.write("Every digit holds.\n" if not found else f"{len(found)} differences.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
