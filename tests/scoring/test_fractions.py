import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.schemes.spec import KINDS, Scheme
from appraisal.scoring.engine import score
from appraisal.scoring.expressions import compiled
from appraisal.scoring.scored import sealed
from appraisal.scoring.values import NoValueError, Value
from appraisal.scoring.verify import differences
from tests.scoring.oracle import KINDS as ORACLE_KINDS
from tests.scoring.oracle import Case, cases
from tests.scoring.oracle_formulas import NAMES, Worked, formulas, values

TINY = Fraction(1, 10**20)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def test_the_oracle_knows_every_kind_of_rule() -> None:
    assert set(ORACLE_KINDS) == set(KINDS)


def check(case: Case) -> None:
    result = score(Scheme.model_validate(case.document), case.figures, period_kind="quarter")

    if case.total is None:
        assert (result.total, result.tree.status) == (None, "left_out")
        return
    assert result.total is not None
    assert abs(Fraction(result.total) - case.total) <= TINY / 2
    if (case.total * 10**16).denominator == 1:
        assert Fraction(result.total) == case.total
    contributions = sum((node.contribution or Decimal(0) for node in result.tree.children), Decimal(0))
    assert abs(Fraction(contributions) - case.total) < TINY
    assert differences(json.loads(json.dumps(sealed(result.to_json())))) == []


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(cases())
def test_random_schemes_come_out_as_in_fractions_and_their_explanation_adds_up(case: Case) -> None:
    check(case)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("quarter", range(4))
@settings(max_examples=2_500, deadline=None, suppress_health_check=SLOW)
@given(case=cases())
def test_ten_thousand_random_schemes_come_out_as_in_fractions(quarter: int, case: Case) -> None:
    """In four parts, which the workers share."""
    check(case)


class Figures:
    """The names of a formula, and nothing else."""

    def __init__(self, figures: dict[str, Decimal]) -> None:
        self.figures = figures

    def value(self, name: str) -> Value:
        return self.figures[name]


@st.composite
def worked(draw: st.DrawFn) -> tuple[Worked, dict[str, Decimal]]:
    figures = {name: draw(values) for name in NAMES}
    return draw(formulas({name: Fraction(value) for name, value in figures.items()})), figures


@settings(max_examples=1000, deadline=None, suppress_health_check=SLOW)
@given(worked())
def test_random_formulas_equal_the_same_in_fractions(pair: tuple[Worked, dict[str, Decimal]]) -> None:
    expected, figures = pair
    if len(expected.text) > 600:
        return
    found = compiled(expected.text)(Figures(figures))

    assert isinstance(found, Decimal)
    if expected.exact:
        assert Fraction(found) == expected.value
    else:
        assert abs(Fraction(found) - expected.value) <= Fraction(1, 10**15) * max(1, abs(expected.value))


def test_nothing_divides_by_zero() -> None:
    with pytest.raises(NoValueError):
        compiled("fa / (fb - fb)")(Figures(dict.fromkeys(NAMES, Decimal(1))))
