"""The result that a calibration leaves: the score and its explanation stand, the grade above them is the session's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from appraisal.calibration.models import CalibrationDecision
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.states import Origin
from appraisal.scoring.decimals import plain
from appraisal.scoring.explanation import Node, Said
from appraisal.scoring.scored import FORMAT

LABEL = Said("校准", "Calibration")


def take_over(appraisals: Sequence[Appraisal], *, at: datetime) -> None:
    """Sets the decided grades on locked appraisals with their `calibration_decision`, and stores what changed.

    Runs inside the engine's `change`, which saves the columns.
    """
    changed = []
    for appraisal in appraisals:
        decision: CalibrationDecision = appraisal.calibration_decision  # type: ignore[attr-defined]
        appraisal.calibrated_by_id = decision.by_id
        if decision.is_change:
            appraisal.final_grade, appraisal.final_origin = decision.to_grade, Origin.CALIBRATION
            changed.append((appraisal, decision))
    explanations = _of_reviews([appraisal for appraisal, _decision in changed])
    Result.objects.bulk_create(
        Result(
            appraisal=appraisal, origin=Origin.CALIBRATION, score=_score(appraisal), grade=decision.to_grade,
            explanation=explain(explanations.get(appraisal.pk, {}), appraisal, decision), by_id=decision.by_id, at=at,
            reason=decision.reason_for_employee,
        )
        for appraisal, decision in changed
    )  # fmt: skip


def _of_reviews(appraisals: Sequence[Appraisal]) -> dict[int, dict[str, Any]]:
    rows = Result.objects.filter(appraisal__in=appraisals, origin=Origin.REVIEW).order_by("at", "pk")
    return dict(rows.values_list("appraisal_id", "explanation"))


def explain(review: Mapping[str, Any], appraisal: Appraisal, decision: CalibrationDecision) -> dict[str, Any]:
    """The manager's computation under a node that says which grade was set above it; why stands on the result."""
    before, after = decision.from_grade, decision.to_grade
    inner = review.get("tree")
    node = Node(
        rule="calibration",
        key="calibration",
        label=LABEL,
        value=appraisal.review_score,
        branch=after,
        sentence=Said(
            f"上级评分对应等级{before}，校准定为等级{after}。",
            f"The manager's score gives grade {before}; calibration set it to {after}.",
        ),
        assumed=bool(inner and inner["assumed"]),
    )
    score = None if appraisal.review_score is None else plain(appraisal.review_score)
    whole = {"format": FORMAT, "total": score, "grade": before, "missing": [], **review}
    return {**whole, "tree": {**node.to_json(), "children": [inner] if inner else []}}


def _score(appraisal: Appraisal) -> Decimal:
    """Only what a manager has scored comes into calibration."""
    assert appraisal.review_score is not None
    return appraisal.review_score
