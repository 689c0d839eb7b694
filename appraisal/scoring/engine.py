"""From a scheme and the figures of one period to a score, a grade and their explanation."""

from collections.abc import Mapping
from decimal import Decimal, localcontext

from appraisal.schemes.spec import PeriodKind, Scheme
from appraisal.scoring.decimals import CONTEXT
from appraisal.scoring.inputs import Inputs
from appraisal.scoring.plan import plan_for
from appraisal.scoring.scored import Scored


def score(
    scheme: Scheme,
    inputs: Inputs,
    *,
    period_kind: PeriodKind,
    parameters: Mapping[str, Decimal] | None = None,
) -> Scored:
    """Score one period. `parameters` are those that the cycle set instead of the scheme's own."""
    with localcontext(CONTEXT):
        return plan_for(scheme, period_kind, parameters).run(inputs)
