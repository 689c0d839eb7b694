"""Shares in whole people, what is said about them, and how strictly managers scored."""

from decimal import Decimal

import pytest

from appraisal.calibration.distribution import Severity, quotas, severities, spread

D = Decimal
GRADES = ("S", "A", "B", "C", "D")


def shares(*values: str) -> dict[str, Decimal]:
    return {grade: D(value) for grade, value in zip(GRADES, values, strict=False)}


@pytest.mark.parametrize(
    ("people", "given_shares", "expected"),
    [
        (19, shares("10", "20", "40", "20", "10"), (2, 4, 7, 4, 2)),
        (19, shares("5", "25", "40", "25", "5"), (1, 5, 7, 5, 1)),
        (5, shares("20", "70", "10"), (1, 4, 0)),
        (10, shares("10", "20", "40", "20", "10"), (1, 2, 4, 2, 1)),
        (1, shares("20", "60", "20"), (0, 1, 0)),
        (0, shares("20", "60", "20"), (0, 0, 0)),
        (7, shares("33.33", "33.33", "33.34"), (2, 2, 3)),
    ],
)
def test_quotas_are_whole_people_by_largest_remainder(
    people: int, given_shares: dict[str, Decimal], expected: tuple[int, ...]
) -> None:
    assert tuple(quotas(people, given_shares).values()) == expected
    assert sum(expected) == people


def test_rounding_down_would_lose_three_of_nineteen() -> None:
    four = shares("10", "20", "40", "30")
    assert [int(share * 19 / 100) for share in four.values()] == [1, 3, 7, 5]
    assert sum([1, 3, 7, 5]) == 16
    assert quotas(19, four) == {"S": 2, "A": 4, "B": 7, "C": 6}


def test_a_tie_goes_to_the_higher_grade_or_to_the_lower_if_so_chosen() -> None:
    half = shares("20", "70", "10")
    assert quotas(5, half) == {"S": 1, "A": 4, "B": 0}
    assert quotas(5, half, ties_to_higher=False) == {"S": 1, "A": 3, "B": 1}


@pytest.mark.parametrize(
    "of_all", [("10", "20", "40", "20", "10"), ("33.3", "33.3", "33.4"), ("5", "0", "95"), ("100",)]
)
def test_quotas_always_sum_to_the_people_and_stay_within_one_of_the_share(of_all: tuple[str, ...]) -> None:
    wanted = shares(*of_all)
    for people in range(301):
        found = quotas(people, wanted)
        assert sum(found.values()) == people
        assert all(abs(found[grade] - share * people / 100) < 1 for grade, share in wanted.items())


def test_a_column_says_how_many_to_move() -> None:
    found = spread(["A"] * 6 + ["B"] * 3 + ["C"], ("S", "A", "B", "C"), shares("10", "30", "50", "10"))
    said = [(column.grade, column.count, column.quota, column.percent, column.words) for column in found.columns]
    assert said == [
        ("S", 0, 1, D("0.0"), "room for 1"),
        ("A", 6, 3, D("60.0"), "move 3 out"),
        ("B", 3, 5, D("30.0"), "room for 2"),
        ("C", 1, 1, D("10.0"), "as the guideline"),
    ]
    assert found.finding == "A holds 3 people more than the guideline"


def test_a_small_group_has_no_guideline_and_is_told_so() -> None:
    found = spread(["A"] * 9, GRADES, shares("10", "20", "40", "20", "10"), smallest_group=10)
    assert [column.quota for column in found.columns] == [None] * 5
    assert found.silence == "No guideline for 9 people: it speaks of groups of 10 and more."
    assert found.finding == "Most have A: 9 of 9 (100 %)"
    assert spread(["A"] * 10, GRADES, shares("10", "20", "40", "20", "10"), smallest_group=10).silence == ""


def test_without_a_guideline_nothing_is_asked_for() -> None:
    found = spread(["B", "B", "A"], GRADES, {}, smallest_group=10)
    assert [column.words for column in found.columns] == [""] * 5
    assert (found.silence, found.finding) == ("", "Most have B: 2 of 3 (66.7 %)")
    assert spread([], GRADES, {}).finding == "Nobody has a grade yet"


def test_grades_as_the_guideline_are_said_to_be_so() -> None:
    assert spread(["S", "A"], ("S", "A"), shares("50", "50")).finding == "The grades are as the guideline"


def test_severity_is_the_difference_from_everybody_and_hidden_for_few() -> None:
    mild = [("mild", D(90)) for _ in range(5)]
    strict = [("strict", D(70)) for _ in range(5)]
    few = [("few", D(50)) for _ in range(4)]
    assert severities([*mild, *strict, *few]) == [
        # 5 × 90 + 5 × 70 + 4 × 50 = 1000 over 14 people: 71.43.
        Severity("mild", 5, D("90.00"), D("18.57")),
        Severity("strict", 5, D("70.00"), D("-1.43")),
        Severity("few", 4),
    ]
