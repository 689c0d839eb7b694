from decimal import Decimal

import pytest

from appraisal.workshop.histogram import bins_of


def decimals(*written: str) -> list[Decimal]:
    return [Decimal(one) for one in written]


def test_both_series_have_the_same_classes() -> None:
    found = bins_of([decimals("60", "64.9", "65", "79.99"), decimals("80", "101")])
    assert [(one.label, one.cells) for one in found] == [
        ("60–65", (2, 0)), ("65–70", (1, 0)), ("70–75", (0, 0)), ("75–80", (1, 0)), ("80–85", (0, 1)),
        ("85–90", (0, 0)), ("90–95", (0, 0)), ("95–100", (0, 0)), ("100–105", (0, 1)),
    ]  # fmt: skip


def test_equal_totals_are_one_narrow_class() -> None:
    assert [(one.label, one.cells) for one in bins_of([decimals("80", "80", "80")])] == [("80–80.1", (3,))]


def test_nobody_scored_is_no_class() -> None:
    assert bins_of([[], []]) == []


@pytest.mark.parametrize("high", ["0.5", "12", "99.9", "150", "25000", "123456789"])
def test_there_are_never_more_than_twelve_classes_and_everybody_is_in_one(high: str) -> None:
    values = [Decimal(high) * place / 100 for place in range(-3, 101)]
    found = bins_of([values])
    assert len(found) <= 12
    assert sum(one.cells[0] for one in found) == 104
    assert found[0].start <= min(values) < found[0].end
    assert found[-1].start <= max(values) < found[-1].end
