import json
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings

from appraisal.schemes.spec import Scheme
from appraisal.scoring.engine import score
from appraisal.scoring.scored import sealed
from appraisal.scoring.verify import differences
from tests.scoring.oracle import Case, cases

TINY = Fraction(1, 10**20)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_random_schemes_come_out_as_in_fractions_and_their_explanation_adds_up(case: Case) -> None:
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
