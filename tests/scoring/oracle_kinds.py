"""One random leaf of every kind of rule, with its value in percent of its weight worked out in fractions."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st

from appraisal.scoring.inputs import (
    Given,
    IncidentItem,
    Incidents,
    Measure,
    Ratings,
    Source,
    SurveyFigure,
    TableRows,
)
from tests.scoring.oracle_formulas import compared, formulas, values

Leaf = tuple[dict[str, Any], dict[str, Any], dict[str, Given], Fraction | None]
TEXT = {"zh": "名", "en": "name"}
amounts = st.decimals(min_value=0, max_value=10**6, places=2)
targets = st.decimals(min_value=Decimal("0.01"), max_value=10**6, places=2)
small = st.integers(0, 40)
steps = st.integers(1, 9)
HUNDRED = Fraction(100)


def spec(better: str = "higher", target: str = "optional") -> dict[str, Any]:
    return {"kind": "measure", "label": TEXT, "owner": "finance", "better": better, "target": target}


def rating(points: int = 100, **more: Any) -> dict[str, Any]:
    return {"kind": "rating", "label": TEXT, "by": "peers", "scale": {"points": points}, **more}


def measure(source: Source, actual: Decimal | int, target: Decimal | int | None = None) -> Measure:
    return Measure(Decimal(actual), source, None if target is None else Decimal(target))


def kept(value: Fraction, low: int, high: int) -> Fraction:
    return min(max(value, Fraction(low)), Fraction(high))


def inverse(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    actual, target, cap = draw(amounts), draw(targets), draw(st.sampled_from([100, 120]))
    value = Fraction(cap) if actual == 0 else kept(Fraction(target) * 100 / Fraction(actual), 0, cap)
    return {"inverse": key, "cap": cap}, {key: spec("lower")}, {key: measure(source, actual, target)}, value


def growth(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    now, before, cap = draw(amounts), draw(amounts), draw(st.sampled_from([100, 150]))
    rule = {"growth": key, "over": f"{key}_b", "cap": cap, "floor": -50}
    figures: dict[str, Given] = {key: measure(source, now), f"{key}_b": measure(source, before)}
    value = kept((Fraction(now) - Fraction(before)) * 100 / Fraction(before), -50, cap) if before else None
    return rule, {key: spec(), f"{key}_b": spec()}, figures, value


def figure(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    actual, out_of = draw(amounts), draw(st.sampled_from([5, 10, 100]))
    value = kept(Fraction(actual) * 100 / out_of, 0, 110)
    return {"figure": key, "out_of": out_of, "cap": 110}, {key: spec()}, {key: measure(source, actual)}, value


def within(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    actual, least, most = draw(small), draw(small), draw(small)
    value = HUNDRED if least <= actual <= most else Fraction(30)
    rule = {"within": key, "least": least, "most": most, "outside": 30}
    return rule, {key: spec()}, {key: measure(source, actual)}, value


def stairs(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    better, partial = draw(st.sampled_from(["higher", "lower"])), draw(st.sampled_from(["whole", "up", "pro_rata"]))
    actual, target = draw(values), draw(values)
    per, minus, plus, beyond = draw(steps), draw(steps), draw(st.sampled_from([None, 1, 2])), draw(st.booleans())
    rule: dict[str, Any] = {"step": key, "per": per, "minus": minus, "partial": partial, "cap": weight + 3}
    rule |= {"plus": plus} if plus else {}
    line = Fraction(target) / 2 if better == "higher" else Fraction(target) * 2
    if beyond:
        rule["zero_beyond"] = str(Decimal(target) / 2 if better == "higher" else Decimal(target) * 2)
    short = (Fraction(target) - Fraction(actual)) * (1 if better == "higher" else -1)
    past = Fraction(actual) < line if better == "higher" else Fraction(actual) > line
    if beyond and past:
        points = Fraction(0)
    else:
        exact = abs(short) / per
        count = {"whole": Fraction(floor(exact)), "up": Fraction(ceil(exact)), "pro_rata": exact}[partial]
        points = weight - count * minus if short > 0 else weight + count * (plus or 0)
        points = kept(points, 0, weight + 3)
    return rule, {key: spec(better)}, {key: measure(source, actual, target)}, points * 100 / weight


def completeness(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    done, whole, errors, each = draw(small), draw(small), draw(small), draw(steps)
    names = (key, f"{key}_of", f"{key}_err")
    rule = {"completeness": key, "of": names[1], "errors": names[2], "each_error": each, "floor": 0}
    figures: dict[str, Given] = {name: measure(source, n) for name, n in zip(names, (done, whole, errors), strict=True)}
    value = max(Fraction(weight * done, whole) - errors * each, Fraction(0)) * 100 / weight if whole else None
    return rule, dict.fromkeys(names, spec()), figures, value


def either(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    combine, lost = draw(st.sampled_from(["best", "sum"])), []
    ways, specs, figures = [], {}, {}
    for place in (1, 2):
        name, actual, reach, per, minus = f"{key}_{place}", draw(values), draw(values), draw(steps), draw(steps)
        ways.append({"label": TEXT, "of": name, "reach": f"{reach:f}", "per": per, "minus": minus})
        specs[name], figures[name] = spec(), measure(source, actual)
        lost.append(max(Fraction(floor((Fraction(reach) - Fraction(actual)) / per) * minus), Fraction(0)))
    off = min(lost) if combine == "best" else sum(lost, Fraction(0))
    return {"either": ways, "combine": combine}, specs, dict(figures), max(weight - off, Fraction(0)) * 100 / weight


def deductions(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    each = {"minor": draw(steps), "major": draw(steps)}
    happened = draw(st.lists(st.sampled_from(["minor", "major", "fatal"]), max_size=6))
    points, floored = draw(st.booleans()), draw(st.booleans())
    rule: dict[str, Any] = {"deductions": key, "each": each, "leaves_nothing": {"fatal": "stated"}}
    rule |= {"gives": "points"} if points else {}
    rule |= {} if floored else {"floor": "none"}
    start = Fraction(weight) if points else HUNDRED
    left = start - sum(each.get(one, 0) for one in happened)
    left = Fraction(0) if "fatal" in happened else max(left, Fraction(0)) if floored else left
    severities = {name: {"label": TEXT} for name in ("minor", "major", "fatal")}
    told = {key: {"kind": "incident", "label": TEXT, "confirmed_by": "legal", "severities": severities}}
    items = tuple(IncidentItem(date(2026, 1, 5), one, one, str(n)) for n, one in enumerate(happened))
    return rule, told, {key: Incidents(items, source)}, left * 100 / weight if points else left


def items(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    share, off = draw(st.booleans()), {"late": draw(st.integers(1, 100)), "poor": draw(st.integers(1, 100))}
    count = draw(st.integers(0, 4)) if weight >= 4 else 0
    statuses = [draw(st.sampled_from(["done", "late", "poor"])) for _ in range(count)]
    worth = [weight // count] * (count - 1) + [weight - weight // count * (count - 1)] if count else []
    rule: dict[str, Any] = {"items": key, "status": "status", "off": off}
    rule |= {"value": "value"} if share else {"takes": "points"}
    sizes = [
        Fraction(off.get(one, 0)) * (Fraction(value, 100) if share else 1)
        for one, value in zip(statuses, worth, strict=True)
    ]
    choices = dict.fromkeys(("done", "late", "poor"), TEXT)
    columns = {
        "value": {"label": TEXT, "type": "number"},
        "status": {"label": TEXT, "type": "choice", "choices": choices},
    }
    rows = tuple({"value": Decimal(value), "status": one} for value, one in zip(worth, statuses, strict=True))
    told = {key: {"kind": "ledger", "label": TEXT, "owner": "manager", "columns": columns}}
    left = max(weight - sum(sizes, Fraction(0)), Fraction(0)) if rows else Fraction(weight)
    return rule, told, {key: TableRows(rows, source)}, left * 100 / weight


def survey(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    nps, least, answers = draw(st.booleans()), draw(st.integers(1, 5)), draw(st.integers(1, 9))
    top = 100 if nps else draw(st.sampled_from([5, 10, 100]))
    points = draw(st.decimals(min_value=-100 if nps else 0, max_value=top, places=1))
    value = (Fraction(points) + 100) / 2 if nps else Fraction(points) * 100 / top
    told = {"kind": "survey", "label": TEXT, "by": "customers", "scale": {"points": top}, "at_least": least}
    told |= {"form": "nps"} if nps else {}
    figures: dict[str, Given] = {key: SurveyFigure(points, answers, source)}
    return {"survey": key}, {key: told}, figures, value if answers >= least else None


def mix(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    shares, specs, figures = [], {}, {}
    heard: list[tuple[int, Fraction]] = []
    for place in (1, 2, 3):
        name, share, top = f"{key}_{place}", draw(steps), draw(st.sampled_from([5, 100]))
        points = tuple(draw(st.lists(st.decimals(min_value=0, max_value=top, places=1), max_size=4)))
        points = points or ((Decimal(top),) if place == 1 else ())
        least = draw(st.sampled_from([None, 2])) if place > 1 else None
        specs[name] = rating(top, anonymous=least is not None, **({"at_least": least} if least else {}))
        figures[name] = Ratings(points, (source,) * len(points))
        shares.append({"of": name, "weight": share})
        if points and len(points) >= (least or 0):
            heard.append((share, sum(map(Fraction, points), Fraction(0)) / len(points) * 100 / top))
    whole = sum(share for share, _ in heard)
    value = sum((share * each for share, each in heard), Fraction(0)) / whole
    return {"mix": shares}, specs, dict(figures), value


def expression(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    given = {f"{key}_{name}": draw(values) for name in "ab"}
    worked = draw(formulas({name: Fraction(value) for name, value in given.items()}, 2))
    figures: dict[str, Given] = {name: measure(source, value) for name, value in given.items()}
    return (
        {"expr": worked.text, "cap": 120, "floor": 0},
        dict.fromkeys(given, spec()),
        figures,
        kept(worked.value, 0, 120),
    )


def met(draw: Any, key: str, weight: int, source: Source) -> Leaf:
    actual, bound, sign = draw(small), draw(small), draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
    holds = compared(Fraction(actual), sign, Fraction(bound))
    return (
        {"met": f"{key} {sign} {bound}"},
        {key: spec()},
        {key: measure(source, actual)},
        HUNDRED if holds else Fraction(0),
    )


LEAVES: dict[str, Callable[[Any, str, int, Source], Leaf]] = {
    "inverse": inverse, "growth": growth, "figure": figure, "within": within, "step": stairs,
    "completeness": completeness, "either": either, "deductions": deductions, "items": items, "survey": survey,
    "mix": mix, "expr": expression, "met": met,
}  # fmt: skip
