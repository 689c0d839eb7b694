"""The shape of a scheme document: pure, exact, and without a word of Django."""

from appraisal.schemes.spec.base import Number, Parameter, PeriodKind, Role, Text
from appraisal.schemes.spec.grades import Band, Grades, RollUp, Rounding
from appraisal.schemes.spec.indicators import Group, Indicator
from appraisal.schemes.spec.inputs import AnyInput, Deliverable, Incident, Input, Ledger, Measure, Rating, Survey
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
from appraisal.schemes.spec.rules import (
    KINDS,
    RULES,
    Attainment,
    Deductions,
    Growth,
    Mean,
    Ratio,
    Rule,
    ScoreRule,
    SurveyScore,
)
from appraisal.schemes.spec.scheme import Scheme, Source
from appraisal.schemes.spec.steps import STEP_NAMES, Days, Step, StepName

__all__ = [
    "KINDS",
    "RULES",
    "STEP_NAMES",
    "AnyInput",
    "AnyOutcome",
    "Attainment",
    "Band",
    "Commission",
    "Condition",
    "Days",
    "Deductions",
    "Deliverable",
    "GradePredicate",
    "Grades",
    "Group",
    "Growth",
    "Incident",
    "Indicator",
    "Input",
    "Ledger",
    "Mean",
    "Measure",
    "Number",
    "Parameter",
    "Pay",
    "PeriodKind",
    "PlanTarget",
    "PlanTemplate",
    "Proposal",
    "Rating",
    "Ratio",
    "Role",
    "RollUp",
    "Rounding",
    "Rule",
    "Scheme",
    "ScoreRule",
    "Source",
    "Step",
    "StepName",
    "Streak",
    "Survey",
    "SurveyScore",
    "Text",
]
