"""Each kind of result, with what it comes to worked out by hand."""

from datetime import date
from typing import Any

import pytest

from appraisal.scoring.values import WrongKindError
from tests.scoring.figures import D
from tests.scoring.sheets import LABEL, MEASURE, ledger, result, worked

PEOPLE = ledger(name="text", score="number")
BRACKETS = {
    "label": LABEL,
    "rows": [
        {"below": 100, "gives": "0.1"}, {"at_least": 100, "below": 200, "gives": "0.2"},
        {"at_least": 200, "gives": "0.5"},
    ],
}  # fmt: skip


def amount(expr: str, given: dict[str, Any] | None = None, **more: Any) -> Any:
    inputs = dict.fromkeys(given or {}, MEASURE)
    return result(
        {"expr": expr, **more.pop("rule", {})}, given or {}, inputs={**inputs, **more.pop("inputs", {})}, **more
    )


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("7 / 2", D("3.5")),
        ("round(2.345, 2)", D("2.35")),
        ("round(-2.345, 2)", D("-2.35")),
        ("floor(-1.5)", D(-2)),
        ("ceil(1.1)", D(2)),
        ("clamp(5, 1, 3)", D(3)),
        ("min(3, 1, 2) + max(3, 1)", D(4)),
        ("1 < 2 <= 2", True),
        ("not (1 == 2) and 3 != 4", True),
        ("'a' if 1 > 2 else 'b'", "b"),
        ("as_of", date(2026, 3, 31)),
        ("add_months(as_of, 1)", date(2026, 4, 30)),
        ("add_weeks(as_of, -6)", date(2026, 2, 17)),
        ("days_between(add_days(as_of, -10), as_of)", D(10)),
        ("week_of(add_days(as_of, -14), as_of)", D(3)),
        ("nth_weekday(as_of, 2, 'friday')", date(2026, 3, 13)),
        ("weekdays_in_month(as_of, 'tuesday')", D(5)),
        ("working_days_after(as_of, 4)", date(2026, 4, 7)),
        ("working_days_before(as_of, 2)", date(2026, 3, 27)),
        ("working_days_between(add_days(as_of, 1), add_days(as_of, 7))", D(4)),
        ("working_day_from(add_days(as_of, 4))", date(2026, 4, 7)),
        ("nth_weekday(as_of, 6, 'friday')", None),
        ("1 / 0", None),
    ],
)
def test_a_formula_comes_to_a_number_a_word_a_day_or_a_yes(expr: str, expected: Any) -> None:
    assert amount(expr) == expected


@pytest.mark.parametrize("expr", ["'a' + 1", "as_of > 3", "1 == 'a'", "not 1", "add_days(as_of, 1.5)", "1 and 2"])
def test_what_cannot_be_reckoned_together_is_refused(expr: str) -> None:
    from appraisal.scoring.refusals import CaseError

    with pytest.raises((CaseError, WrongKindError)):
        amount(expr)


def test_money_is_rounded_to_the_cent_half_up() -> None:
    assert amount("10 / 8 / 10", rule={"money": True}) == D("0.13")


@pytest.mark.parametrize(
    ("mode", "expected"), [("down", "-2.34"), ("up", "-2.35"), ("half_up", "-2.35"), ("half_even", "-2.34")]
)
def test_a_result_is_rounded_as_it_declares_and_verifies(mode: str, expected: str) -> None:
    assert amount("0 - 2.345", rule={"round": {"places": 2, "mode": mode}}) == D(expected)


@pytest.mark.parametrize(
    ("expr", "x", "expected"),
    [
        ("x * lookup(rates, x)", 99, "9.9"),
        ("x * lookup(rates, x)", 100, "20"),
        ("x * lookup(rates, x)", 250, "125"),
        ("marginal(rates, x)", 99, "9.9"),
        ("marginal(rates, x)", 150, "20"),
        ("marginal(rates, x)", 250, "55"),
    ],
)
def test_brackets_on_the_whole_amount_or_each_at_its_own_rate(expr: str, x: int, expected: str) -> None:
    assert amount(expr, {"x": x}, tables={"rates": BRACKETS}) == D(expected)


def test_a_table_of_words_gives_by_the_word_and_nothing_for_another() -> None:
    table = {"label": LABEL, "rows": [{"equals": "a", "gives": 3}, {"equals": "b", "gives": 4}]}
    choice = {**MEASURE, "type": "choice", "choices": dict.fromkeys(("a", "b", "c"), LABEL)}
    found = [amount("lookup(t, x)", {"x": word}, tables={"t": table}, inputs={"x": choice}) for word in "abc"]

    assert found == [D(3), D(4), None]


ROWS = [{"name": "p", "score": 3}, {"name": "q", "score": 8}, {"name": "r", "score": 4}]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("sum(people, score)", D(15)),
        ("sum(people, score, score > 3)", D(12)),
        ("count(people)", D(3)),
        ("count(people, name == 'q')", D(1)),
        ("mean(people, score)", D(5)),
        ("largest(people, score) - smallest(people, score)", D(5)),
        ("any(people, score > 7)", True),
        ("all(people, score > 3)", False),
        ("sum(people, score * count(people))", D(45)),
        ("mean(people, score, score > 9)", None),
    ],
)
def test_rows_are_gone_through(expr: str, expected: Any) -> None:
    assert amount(expr, {"people": ROWS}, inputs={"people": PEOPLE}) == expected


def test_further_columns_read_those_before_them() -> None:
    columns = {"double": {"label": LABEL, "expr": "score * 2"}, "more": {"label": LABEL, "expr": "double + 1"}}
    found = result({"rows": "people", "columns": columns}, {"people": ROWS}, inputs={"people": PEOPLE})

    assert [(row["double"], row["more"]) for row in found] == [(D(6), D(7)), (D(16), D(17)), (D(8), D(9))]


@pytest.mark.parametrize(
    ("scores", "ties", "places", "triggered"),
    [
        ([9, 7, 8], "gap", [1, 2, 3], "top  bottom"),
        ([9, 9, 8, 7], "gap", [1, 1, 3, 4], "top top  bottom"),
        ([9, 9, 8, 7], "dense", [1, 1, 2, 3], "top top  bottom"),
        ([9, 8, 7, 7], "gap", [1, 2, 3, 3], "top  bottom bottom"),
        ([9], "gap", [1], "overlap"),
        ([5, 5], "gap", [1, 1], "overlap overlap"),
    ],
)
def test_a_ranking_with_ties_and_its_ends(scores: list[int], ties: str, places: list[int], triggered: str) -> None:
    rows = [{"name": chr(97 + n), "score": score} for n, score in enumerate(scores)]
    rule = {"rank": "people", "by": "score", "ties": ties, "top": 20, "bottom": 10}
    found = result(rule, {"people": rows}, inputs={"people": PEOPLE})

    assert [int(row["place"]) for row in found] == places
    assert [row["triggered"] for row in found] == triggered.split(" ")


def test_fifteen_people_have_three_at_the_top_and_one_at_the_bottom() -> None:
    rows = [{"name": str(n), "score": n} for n in range(1, 16)]
    rule = {"rank": "people", "by": "score", "top": 20, "bottom": 10}
    found = result(rule, {"people": rows}, inputs={"people": PEOPLE})

    assert [row["name"] for row in found if row["triggered"] == "top"] == ["15", "14", "13"]
    assert [row["name"] for row in found if row["triggered"] == "bottom"] == ["1"]


@pytest.mark.parametrize(
    ("better", "zero_met", "pairs", "lights"),
    [
        ("higher", "yellow", [(520, 500), (500, 500), (499, 500), (0, 0)], "green yellow red yellow"),
        ("lower", "green", [(1, 2), (2, 2), (3, 2), (0, 0)], "green yellow red green"),
    ],
)
def test_traffic_lights(better: str, zero_met: str, pairs: list[tuple[int, int]], lights: str) -> None:
    cells = ledger(actual={"label": LABEL, "type": "number", "required": False}, target="number")
    rows = [{"actual": actual, "target": target} for actual, target in pairs] + [{"target": 5}]
    rule = {"lights": "cells", "actual": "actual", "target": "target", "better": better, "zero_met": zero_met}
    found = result(rule, {"cells": rows}, inputs={"cells": cells})

    assert [row["light"] for row in found] == [*lights.split(), "none"]


def test_marks_are_everything_that_is_true() -> None:
    marks = {"big": {"label": LABEL, "when": "x > 5"}, "even": {"label": LABEL, "when": "x == 6 or x == 8"},
             "huge": {"label": LABEL, "when": "x > 100"}}  # fmt: skip

    assert result({"marks": marks}, {"x": 6}, inputs={"x": MEASURE}) == ["big", "even"]
    assert result({"marks": marks}, {"x": 1}, inputs={"x": MEASURE}) == []


@pytest.mark.parametrize(
    ("amount_", "shares", "percent", "portions"),
    [
        (200000, [50, 30, 20], True, ["100000", "60000", "40000"]),
        (100, [1, 1, 1], False, ["33.33", "33.33", "33.34"]),
        ("0.05", [1, 1, 1], False, ["0.02", "0.02", "0.01"]),
        (100, [50, 30], True, None),
        (100, [0, 0], False, None),
    ],
)
def test_an_amount_is_divided_and_nothing_is_lost(
    amount_: Any, shares: list[int], percent: bool, portions: list[str] | None
) -> None:
    rows = [{"name": str(n), "score": share} for n, share in enumerate(shares)]
    rule = {"split": "people", "amount": str(amount_), "share": "score", "percent": percent}
    found = result(rule, {"people": rows}, inputs={"people": PEOPLE})

    assert (found and [row["portion"] for row in found]) == (portions and [D(one) for one in portions])


def test_results_read_each_other_and_one_without_its_figures_leaves_the_others_alone() -> None:
    results = {
        "a": {"label": LABEL, "expr": "x * 2"}, "b": {"label": LABEL, "expr": "a + 1"},
        "c": {"label": LABEL, "expr": "y + 1"}, "d": {"label": LABEL, "expr": "c if given(c) else 0 - 1"},
        "e": {"label": LABEL, "expr": "c + a"},
    }  # fmt: skip
    outcome = worked({"results": results, "inputs": {"x": MEASURE, "y": MEASURE}}, {"x": 4})

    assert outcome.outputs == {"a": D(8), "b": D(9), "c": None, "d": D(-1), "e": None}
    assert outcome.missing == ["c", "e"]
