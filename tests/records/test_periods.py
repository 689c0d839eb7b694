from datetime import date, datetime

import pytest

from appraisal.records.periods import Period, before, month_of, period_from, quarter_of, read_period, recent_periods


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026", "2026"),
        ("2026年度", "2026"),
        ("2026Q1", "2026Q1"),
        ("2026-q1", "2026Q1"),
        ("Q1 2026", "2026Q1"),
        ("2026年第一季度", "2026Q1"),
        ("2026年4季度", "2026Q4"),
        ("2026年下半年", "2026H2"),
        ("2026H1", "2026H1"),
        ("2026-03", "2026-03"),
        ("2026年3月", "2026-03"),
        ("２０２６／１２", "2026-12"),
        ("202603", "2026-03"),
        ("2026-01-01~2026-03-31", "2026Q1"),
        ("2026年1月5日至2026年2月4日", "2026-01-05..2026-02-04"),
    ],
)
def test_a_period_is_read_as_people_write_it(written: str, code: str) -> None:
    period = period_from(written)
    assert period.code == code
    assert period_from(period.code) == period


@pytest.mark.parametrize("written", ["", "2026-13", "20261", "Q5 2026", "March", "2026-03-31~2026-01-01"])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="2026Q1"):
        period_from(written)


def test_a_spreadsheet_that_made_a_day_of_a_month_is_understood() -> None:
    assert read_period(datetime(2026, 3, 1)) == Period(date(2026, 3, 1), date(2026, 3, 31))
    with pytest.raises(ValueError):
        read_period(datetime(2026, 3, 2))


def test_the_period_before_a_quarter_and_a_month_crosses_the_year() -> None:
    assert before(quarter_of(date(2026, 2, 3))).code == "2025Q4"
    assert before(month_of(date(2026, 1, 31))).code == "2025-12"


def test_recent_periods_begin_with_the_running_quarter() -> None:
    codes = [period.code for period in recent_periods(date(2026, 4, 2))]
    assert codes[:2] == ["2026Q2", "2026Q1"]
    assert (len(codes), codes[6], codes[-1]) == (21, "2026-04", "2025")
