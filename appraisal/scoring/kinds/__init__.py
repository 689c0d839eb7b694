"""The computation of each kind of rule, by the class that describes it."""

from collections.abc import Callable
from typing import Any

from appraisal.schemes.spec import (
    Attainment,
    Completeness,
    Deductions,
    Either,
    Formula,
    Growth,
    Inverse,
    Items,
    Mean,
    Met,
    Mix,
    Plain,
    Ratio,
    Rule,
    StepScore,
    SurveyScore,
    Within,
)
from appraisal.scoring.kinds.bounds import figure, inverse, within
from appraisal.scoring.kinds.formulas import formula, met
from appraisal.scoring.kinds.incidents import deductions
from appraisal.scoring.kinds.items import items
from appraisal.scoring.kinds.judgements import mean, survey
from appraisal.scoring.kinds.measures import attainment, growth, ratio
from appraisal.scoring.kinds.mixes import mix
from appraisal.scoring.kinds.points import completeness, either, step
from appraisal.scoring.leaf import Bench, Judge

COMPUTATIONS: dict[type[Rule], Callable[[Bench, Any], Judge]] = {
    Attainment: attainment,
    Inverse: inverse,
    Ratio: ratio,
    Growth: growth,
    Plain: figure,
    Within: within,
    StepScore: step,
    Completeness: completeness,
    Either: either,
    Deductions: deductions,
    Items: items,
    Mean: mean,
    SurveyScore: survey,
    Mix: mix,
    Formula: formula,
    Met: met,
}
