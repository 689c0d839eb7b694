"""Each kind of rule, its branches and its bounds, with values worked out by hand."""

from typing import Any

import pytest

from tests.scoring.figures import D
from tests.scoring.sheets import LABEL, MEASURE, ledger, points

LESS = {**MEASURE, "better": "lower"}
STEP = {"step": "x", "target": 90, "per": 1, "minus": "0.5"}
SEVERITIES = {"kind": "incident", "label": LABEL, "confirmed_by": "legal",
              "severities": {"minor": {"label": LABEL}, "fatal": {"label": LABEL}}}  # fmt: skip
STATUS = {"label": LABEL, "type": "choice", "choices": dict.fromkeys(("done", "late", "undone"), LABEL)}
WORK = ledger(value="number", status=STATUS)
RATING = {"kind": "rating", "label": LABEL, "by": "peers", "scale": {"points": 10}}


@pytest.mark.parametrize(
    ("actual", "score"), [(10, "100"), (20, "50"), (8, "100"), (0, "100"), (-1, "100"), (40, "25"), (64, "15.625")]
)  # fmt: skip
def test_less_is_better(actual: int, score: str) -> None:
    assert points({"inverse": "x"}, {"x": {"actual": actual, "target": 10}}, x=LESS) == D(score)


@pytest.mark.parametrize(
    ("rule", "actual", "expected"),
    [
        (STEP, 90, "20"),
        (STEP, 91, "20"),
        (STEP, 85, "17.5"),
        (STEP, "84.5", "17.5"),
        ({**STEP, "partial": "up"}, "84.5", "17"),
        ({**STEP, "partial": "pro_rata"}, "84.5", "17.25"),
        ({**STEP, "plus": 1, "cap": 25}, 93, "23"),
        ({**STEP, "plus": 1, "cap": 25}, 99, "25"),
        ({**STEP, "zero_beyond": 80}, 80, "15"),
        ({**STEP, "zero_beyond": 80}, "79.9", "0"),
        ({**STEP, "minus": 5}, 80, "0"),
        ({**STEP, "minus": 5, "floor": "none"}, 80, "-30"),
    ],
)
def test_steps_on_both_sides_of_a_target(rule: dict[str, Any], actual: Any, expected: str) -> None:
    assert points(rule, {"x": float(actual) if "." in str(actual) else int(actual)}) == D(expected)


@pytest.mark.parametrize(("actual", "expected"), [(4, "20"), (6, "19"), (9, "16"), ("5.5", "20")])
def test_steps_where_less_is_better(actual: Any, expected: str) -> None:
    rule = {"step": "x", "target": 5, "per": 1, "minus": 1}

    assert points(rule, {"x": float(actual)}, x=LESS) == D(expected)


@pytest.mark.parametrize(
    ("done", "errors", "expected"), [(18, 0, "18"), (18, 2, "14"), (20, 0, "20"), (1, 5, "-9"), (0, 0, "0")]
)
def test_completeness_minus_errors(done: int, errors: int, expected: str) -> None:
    rule = {"completeness": "x", "of": "y", "errors": "z", "each_error": 2}

    assert points(rule, {"x": done, "y": 20, "z": errors}) == D(expected)


def test_completeness_of_nothing_is_left_out() -> None:
    assert points({"completeness": "x", "of": "y"}, {"x": 0, "y": 0}) is None


@pytest.mark.parametrize(
    ("count", "value", "combine", "expected"),
    [(10, 0, "best", "20"), (8, 0, "best", "14"), (8, 29, "best", "18"), (8, 29, "sum", "12"), (0, 0, "best", "0")],
)
def test_one_way_or_the_other(count: int, value: int, combine: str, expected: str) -> None:
    """3 off for each project short of 10; or 2 off for each million short of 30."""
    ways = [
        {"label": LABEL, "of": "n", "reach": 10, "per": 1, "minus": 3},
        {"label": LABEL, "of": "v", "reach": 30, "per": 1, "minus": 2},
    ]

    assert points({"either": ways, "combine": combine}, {"n": count, "v": value}) == D(expected)


@pytest.mark.parametrize(
    ("rule", "happened", "expected"),
    [
        ({}, ["minor", "minor"], "90"),
        ({}, ["fatal"], "0"),
        ({}, ["minor"] * 21, "0"),
        ({"floor": "none"}, ["minor"] * 21, "-5"),
        ({"gives": "points"}, ["minor"], "15"),
        ({"gives": "points", "start": 10}, ["minor"], "5"),
    ],
)
def test_deductions_by_severity(rule: dict[str, Any], happened: list[str], expected: str) -> None:
    rule = {"deductions": "audit", "each": {"minor": 5}, "leaves_nothing": {"fatal": "stated"}, **rule}

    assert points(rule, {"audit": happened}, audit=SEVERITIES) == D(expected)


@pytest.mark.parametrize(
    ("rule", "rows", "expected"),
    [
        ({"value": "value"}, [(12, "undone"), (8, "done")], "10.4"),
        ({"value": "value"}, [(12, "late"), (8, "late")], "16"),
        ({"takes": "points"}, [(0, "undone")], "-60"),
        ({"value": "value", "takes": "points", "off": {"undone": 3, "late": 1}}, [(12, "undone"), (8, "late")], "16"),
        ({"value": "value"}, [], "20"),
        ({"value": "value", "without": "left_out"}, [], None),
    ],
)
def test_work_items_by_status(rule: dict[str, Any], rows: list[tuple[int, str]], expected: str | None) -> None:
    rule = {"items": "work", "status": "status", "off": {"undone": 80, "late": 20}, "floor": "none", **rule}
    given = [{"value": value, "status": status} for value, status in rows]

    found = points(rule, {"work": given}, work=WORK)
    assert found == (None if expected is None else D(expected))


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"a": [9], "b": [8, 8, 8], "c": [7]}, "77"),
        ({"a": [9], "b": [8, 8, 8]}, "84"),
        ({"b": [8]}, "80"),
    ],
)
def test_raters_by_weight_and_without_one_of_them(groups: dict[str, Any], expected: str) -> None:
    """20 : 30 : 50; without the third 20 : 30, alone all of it."""
    rule = {"mix": [{"of": "a", "weight": 20}, {"of": "b", "weight": 30}, {"of": "c", "weight": 50}]}

    assert points(rule, groups, a=RATING, b=RATING, c=RATING) == D(expected)


def test_anonymous_raters_too_few_do_not_speak_in_a_mix() -> None:
    rule = {"mix": [{"of": "a", "weight": 50}, {"of": "b", "weight": 50}]}
    peers = {**RATING, "anonymous": True, "at_least": 3}

    assert points(rule, {"a": [9], "b": [1, 1]}, a=RATING, b=peers) == D(90)
    assert points(rule, {"a": [9], "b": [1, 1, 1]}, a=RATING, b=peers) == D(50)


@pytest.mark.parametrize(("promoters", "detractors", "expected"), [(30, 8, "72"), (50, 0, "100"), (0, 50, "0")])
def test_a_net_promoter_score_on_a_scale_of_a_hundred(promoters: int, detractors: int, expected: str) -> None:
    spec = {"kind": "survey", "label": LABEL, "by": "customers", "form": "nps", "scale": {"points": 100}}
    given = {"s": {"promoters": promoters, "detractors": detractors, "answers": 50}}

    assert points({"survey": "s"}, given, s=spec) == D(expected)


@pytest.mark.parametrize(
    ("rule", "x", "expected"),
    [
        ({"figure": "x"}, 85, "85"),
        ({"figure": "x", "out_of": 10}, 8, "80"),
        ({"figure": "x", "cap": 100}, 130, "100"),
        ({"figure": "x"}, -3, "0"),
        ({"within": "x", "least": 5, "most": 10}, 5, "100"),
        ({"within": "x", "least": 5, "most": 10}, 10, "100"),
        ({"within": "x", "least": 5, "most": 10, "outside": 40}, 11, "40"),
        ({"met": "x >= 7"}, 7, "100"),
        ({"met": "x >= 7"}, 6, "0"),
        ({"expr": "x * 2 if x > 3 else 1"}, 4, "8"),
        ({"expr": "x * 2 if x > 3 else 1"}, 3, "1"),
        ({"expr": "x * 50", "cap": 120}, 3, "120"),
        ({"expr": "0 - x", "floor": 0}, 3, "0"),
        ({"expr": "x / 3", "round": {"places": 1}}, 10, "3.3"),
        ({"expr": "100 / x"}, 0, None),
    ],
)
def test_figures_conditions_and_formulas(rule: dict[str, Any], x: int, expected: str | None) -> None:
    assert points(rule, {"x": x}) == (None if expected is None else D(expected))


@pytest.mark.parametrize(
    ("given", "target", "worse"),
    [
        ({"attainment": "x"}, 100, 70),
        ({"figure": "x"}, None, 70),
        (STEP, 90, 70),
        ({"expr": "x", "cap": 100}, None, 70),
    ],
)
def test_more_of_what_is_good_never_scores_less(given: dict[str, Any], target: int | None, worse: int) -> None:
    def figure(actual: int) -> Any:
        return actual if target is None else {"actual": actual, "target": target}

    found = [points(given, {"x": figure(actual)}, x=MEASURE) for actual in range(worse, worse + 45, 3)]
    assert found == sorted(found)
    assert found[0] < found[-1]
