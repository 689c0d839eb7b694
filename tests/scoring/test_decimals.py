import pytest

from appraisal.scoring.decimals import money, plain, rounded, settled, shown
from tests.scoring.figures import D


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("100", "100"),
        ("1E+2", "100"),
        ("87.650", "87.65"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("-5.10", "-5.1"),
        ("1E-6", "0.000001"),
    ],
)
def test_a_number_has_one_spelling(value: str, text: str) -> None:
    assert plain(D(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("87.65", "87.65"),
        ("96.1538461538", "96.1538461538"),
        ("87.61111111111111111111", "87.61"),
        ("66.66666666666666666666666666666667", "66.67"),
        ("960000", "960,000"),
        ("-1234567.5", "-1,234,567.5"),
        ("-500", "-500"),
        ("-0.5", "-0.5"),
        ("0", "0"),
        ("999.9999999999999999999", "1,000"),
    ],
)
def test_a_number_is_shown_exactly_while_its_decimals_end(value: str, text: str) -> None:
    assert shown(D(value)) == text


@pytest.mark.parametrize(
    ("value", "places", "mode", "expected"),
    [
        ("90.5", 0, "half_up", "91"),
        ("90.4", 0, "half_up", "90"),
        ("59.5", 0, "half_up", "60"),
        ("90.5", 0, "half_even", "90"),
        ("90.99", 0, "down", "90"),
        ("90.01", 0, "up", "91"),
        ("2.345", 2, "half_up", "2.35"),
    ],
)
def test_rounding_is_as_declared(value: str, places: int, mode: str, expected: str) -> None:
    assert rounded(D(value), places, mode) == D(expected)


def test_money_is_to_the_cent_half_up() -> None:
    assert [money(D(value)) for value in ("14999.995", "0.005", "0.0049", "-0.005")] == [
        D("15000.00"), D("0.01"), D("0.00"), D("-0.01"),
    ]  # fmt: skip


def test_a_sum_of_quotients_is_brought_back_to_what_it_is() -> None:
    assert settled(D("84.99999999999999999999999999999999")) == D(85)
    assert settled(D("87.65")) == D("87.65")
