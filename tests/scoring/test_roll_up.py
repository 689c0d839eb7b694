import pytest

from appraisal.schemes.loader import load_scheme
from appraisal.scoring.roll_up import roll_up
from tests.schemes.documents import SALES, sales, small
from tests.scoring.figures import D

QUARTERS = [D(82), D(87), D(91), D(76)]


def test_a_year_is_the_mean_of_its_quarters() -> None:
    year = roll_up(sales(), QUARTERS)

    assert (year.total, year.grade) == (D(84), "B")
    assert [node.contribution for node in year.tree.children[0].children] == [D("20.5"), D("21.75"), D("22.75"), D(19)]


def test_quarters_may_weigh_differently() -> None:
    assert roll_up(sales(), QUARTERS, weights=[D(20), D(20), D(30), D(30)]).total == D("83.9")


def test_a_quarter_without_a_result_leaves_the_year_without_one() -> None:
    year = roll_up(sales(), [D(82), None, D(91), D(76)])

    assert (year.total, year.grade) == (None, None)
    assert [(gap.key, gap.reason) for gap in year.missing] == [("period_2", "period")]


def test_a_scheme_may_leave_such_a_quarter_out() -> None:
    scheme = load_scheme(SALES.replace("roll_up:\n", "roll_up:\n  absent: leave_out\n"), file="x")

    assert roll_up(scheme, [D(82), None, D(91), D(76)]).total == D(83)
    assert roll_up(scheme, [None] * 4).total is None


def test_a_number_of_periods_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not roll up 3 periods"):
        roll_up(sales(), QUARTERS[:3])
    with pytest.raises(ValueError, match="does not roll up 4 periods"):
        roll_up(small(), QUARTERS)
