"""The shape of a scheme document: pure, exact, and without a word of Django."""

from appraisal.schemes.spec.base import Number, Parameter, PeriodKind, Role, Subject, Text
from appraisal.schemes.spec.grades import Band, Check, Grades, RollUp, Rounding, Total, Veto
from appraisal.schemes.spec.indicators import Group, Indicator
from appraisal.schemes.spec.inputs import (
    AnyInput,
    Deliverable,
    Incident,
    Input,
    Ledger,
    Measure,
    Rating,
    Survey,
    columns_of,
)
from appraisal.schemes.spec.outcomes import (
    AnyOutcome,
    Commission,
    Condition,
    GradePredicate,
    Pay,
    PlanTarget,
    PlanTemplate,
    Proposal,
    Streak,
)
from appraisal.schemes.spec.results import (
    RESULT_KINDS,
    RESULTS,
    Account,
    AnyResult,
    Lights,
    Marks,
    Ranking,
    Result,
    Rows,
    Split,
    Worked,
)
from appraisal.schemes.spec.rules import (
    KINDS,
    RULES,
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
    Pick,
    Plain,
    Ratio,
    Rule,
    ScoreRule,
    SurveyScore,
    Within,
)
from appraisal.schemes.spec.rules import (
    Step as StepScore,
)
from appraisal.schemes.spec.scheme import Scheme, Source
from appraisal.schemes.spec.steps import STEP_NAMES, Days, Step, StepName
from appraisal.schemes.spec.tables import Lookup, Row, Variant

__all__ = [
    "KINDS", "RESULTS", "RESULT_KINDS", "RULES", "STEP_NAMES", "Account", "AnyInput", "AnyOutcome", "AnyResult",
    "Attainment", "Band", "Check", "Commission", "Completeness", "Condition", "Days", "Deductions", "Deliverable",
    "Either",
    "Formula", "GradePredicate", "Grades", "Group", "Growth", "Incident", "Indicator", "Input", "Inverse", "Items",
    "Ledger", "Lights", "Lookup", "Marks", "Mean", "Measure", "Met", "Mix", "Number", "Parameter", "Pay",
    "PeriodKind", "Pick", "Plain", "PlanTarget", "PlanTemplate", "Proposal", "Ranking", "Rating", "Ratio", "Result",
    "Role", "RollUp", "Rounding", "Row", "Rows", "Rule", "Scheme", "ScoreRule", "Source", "Split", "Step", "StepName",
    "StepScore", "Streak", "Subject", "Survey", "SurveyScore", "Text", "Total", "Variant", "Veto", "Within", "Worked",
    "columns_of",
]  # fmt: skip
