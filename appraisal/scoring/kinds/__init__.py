"""The computation of each kind of rule, by the class that describes it."""

from collections.abc import Callable
from typing import Any

from appraisal.schemes.spec import Attainment, Deductions, Growth, Mean, Ratio, Rule, SurveyScore
from appraisal.scoring.kinds.incidents import deductions
from appraisal.scoring.kinds.judgements import mean, survey
from appraisal.scoring.kinds.measures import attainment, growth, ratio
from appraisal.scoring.leaf import Bench, Judge

COMPUTATIONS: dict[type[Rule], Callable[[Bench, Any], Judge]] = {
    Attainment: attainment,
    Ratio: ratio,
    Growth: growth,
    Deductions: deductions,
    Mean: mean,
    SurveyScore: survey,
}
