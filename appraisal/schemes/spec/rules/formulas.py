"""Rules for what no other kind says."""

from typing import ClassVar

from appraisal.schemes.spec.base import Expr, Number
from appraisal.schemes.spec.grades import Rounding
from appraisal.schemes.spec.rules.base import Bound, Rule


class Formula(Rule):
    """A formula over inputs, parameters, results and other indicators."""

    kind = "expr"
    formulas: ClassVar = ("expr",)
    expr: Expr
    cap: Number | None = None
    floor: Bound = None
    round: Rounding | None = None


class Met(Rule):
    """All of the weight when the condition holds, otherwise nothing."""

    kind = "met"
    formulas: ClassVar = ("met",)
    met: Expr
