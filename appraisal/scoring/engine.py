"""From a scheme and the figures of one period to a score, a grade and their explanation."""

from datetime import date
from decimal import localcontext

from appraisal.schemes.spec import PeriodKind, Scheme
from appraisal.scoring.decimals import CONTEXT
from appraisal.scoring.inputs import Inputs
from appraisal.scoring.plan import Settings, plan_for
from appraisal.scoring.scored import Scored
from appraisal.scoring.sheet import WorkingDay


def score(
    scheme: Scheme,
    inputs: Inputs,
    *,
    period_kind: PeriodKind,
    parameters: Settings | None = None,
    as_of: date | None = None,
    is_working_day: WorkingDay | None = None,
) -> Scored:
    """Score one period. `parameters` are those that the cycle set instead of the scheme's own.

    Formulas that name a date need `as_of`, those that count working days the calendar.
    """
    with localcontext(CONTEXT):
        return plan_for(scheme, period_kind, parameters).run(inputs, as_of, is_working_day)
