from datetime import date

import pytest

from appraisal.scoring.plans import UnusableTargetError, is_met, plan_end, target_value
from tests.scoring.figures import D


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 4, 20), 3, date(2026, 7, 20)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
    ],
)
def test_a_plan_ends_on_the_same_day_so_many_months_later(start: date, months: int, end: date) -> None:
    assert plan_end(start, months=months) == end


@pytest.mark.parametrize(
    ("operator", "amount", "start", "expected"),
    [
        ("relative", "10", "12", "13.2"),
        ("points", "10", "12", "22"),
        ("absolute", "85", None, "85"),
        ("points", "10", "0", "10"),
    ],
)
def test_a_target_is_worked_out_from_its_operator(operator: str, amount: str, start: str | None, expected: str) -> None:
    assert target_value(operator, D(amount), start=None if start is None else D(start)) == D(expected)


@pytest.mark.parametrize(("operator", "start"), [("relative", "0"), ("relative", None), ("points", None)])
def test_a_rise_from_nothing_is_no_target(operator: str, start: str | None) -> None:
    with pytest.raises(UnusableTargetError):
        target_value(operator, D(10), start=None if start is None else D(start))


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'doubled'"):
        target_value("doubled", D(10), start=D(1))


@pytest.mark.parametrize(("actual", "met"), [("84.99", False), ("85", True), ("86", True)])
def test_a_target_is_met_from_its_value_on(actual: str, met: bool) -> None:
    assert is_met(D(actual), target=D(85)) is met
