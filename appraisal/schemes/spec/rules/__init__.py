"""The kinds of rule that turn inputs into points. Each is known by the key that names its input.

To add a kind: a class here and in `ScoreRule`, and its computation in `appraisal.scoring.kinds`.
"""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from appraisal.schemes.spec.rules.base import HUNDRED, ZERO, Gives, Pick, Rule
from appraisal.schemes.spec.rules.formulas import Formula, Met
from appraisal.schemes.spec.rules.incidents import Deductions, Items
from appraisal.schemes.spec.rules.judgements import Mean, Mix, SurveyScore
from appraisal.schemes.spec.rules.measures import (
    Attainment,
    Completeness,
    Either,
    Growth,
    Inverse,
    Plain,
    Ratio,
    Step,
    Within,
)


def kind_of(rule: Any) -> str | None:
    """The tag of the kind; in angle brackets, so that it is never taken for a key of the document."""
    if isinstance(rule, Rule):
        return f"<{rule.kind}>"
    if isinstance(rule, dict):
        return next((f"<{key}>" for key in rule if key in KINDS), None)
    return None


ScoreRule = Annotated[
    Annotated[Attainment, Tag("<attainment>")]
    | Annotated[Inverse, Tag("<inverse>")]
    | Annotated[Ratio, Tag("<ratio>")]
    | Annotated[Growth, Tag("<growth>")]
    | Annotated[Plain, Tag("<figure>")]
    | Annotated[Within, Tag("<within>")]
    | Annotated[Step, Tag("<step>")]
    | Annotated[Completeness, Tag("<completeness>")]
    | Annotated[Either, Tag("<either>")]
    | Annotated[Deductions, Tag("<deductions>")]
    | Annotated[Items, Tag("<items>")]
    | Annotated[Mean, Tag("<mean>")]
    | Annotated[SurveyScore, Tag("<survey>")]
    | Annotated[Mix, Tag("<mix>")]
    | Annotated[Formula, Tag("<expr>")]
    | Annotated[Met, Tag("<met>")],
    Discriminator(kind_of),
]

RULES: tuple[type[Rule], ...] = (
    Attainment, Inverse, Ratio, Growth, Plain, Within, Step, Completeness, Either,
    Deductions, Items, Mean, SurveyScore, Mix, Formula, Met,
)  # fmt: skip
KINDS: dict[str, type[Rule]] = {rule.kind: rule for rule in RULES}

__all__ = [
    "HUNDRED", "KINDS", "RULES", "ZERO", "Attainment", "Completeness", "Deductions", "Either", "Formula", "Gives",
    "Growth", "Inverse", "Items", "Mean", "Met", "Mix", "Pick", "Plain", "Ratio", "Rule", "ScoreRule", "Step",
    "SurveyScore", "Within",
]  # fmt: skip
