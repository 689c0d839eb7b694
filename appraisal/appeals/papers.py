"""What lies beside a case: the words on each contested indicator, the calibration, the result now and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appraisal.appeals.models import Appeal, AppealItem
from appraisal.appeals.queries import items_of
from appraisal.appeals.states import Ruling
from appraisal.assessments import results
from appraisal.assessments.models import Submission
from appraisal.assessments.overrides import what_it_replaces
from appraisal.assessments.states import Writer
from appraisal.calibration.models import CalibrationDecision
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.process import scheme_of
from appraisal.scoring.inputs import Source
from workflow.errors import Refusal


@dataclass(frozen=True, slots=True)
class Sayings:
    """What was said about one contested indicator, and its node of the explanation."""

    label: str
    employee: str
    manager: str
    points: str
    node: Mapping[str, Any] | None


def papers_for(appeal: Appeal, *, at: datetime, with_preview: bool) -> dict[str, Any]:
    appraisal, items = appeal.appraisal, items_of(appeal)
    result = Result.objects.filter(appraisal=appraisal).select_related("by").order_by("-at", "-pk").first()
    # The last that each of them handed in.
    handed_in = dict(Submission.objects.filter(appraisal=appraisal).order_by("pk").values_list("writer", "content"))
    calibration = CalibrationDecision.objects.filter(appraisal=appraisal, is_current=True).select_related("by").first()
    tree = (result.explanation if result else {}).get("tree")
    return {
        "result": result,
        "tree": tree,
        "sayings": [_sayings(appraisal, item, label, handed_in, tree) for item, label in items if item.indicator],
        "calibration": calibration,
        "preview": _preview(appraisal, [item for item, _label in items], at) if with_preview else None,
    }


def _sayings(appraisal: Appraisal, item: AppealItem, label: str, handed_in: Mapping[str, Any], tree: Any) -> Sayings:
    """Comments stand under the indicator, the manager's points under the input that they are given for."""
    own, manager = (handed_in.get(writer, {}).get("entries", {}) for writer in (Writer.EMPLOYEE, Writer.MANAGER))
    rated = what_it_replaces(scheme_of(appraisal.track), item.indicator).key
    return Sayings(
        label=label,
        employee=str(own.get(item.indicator, {}).get("comment", "")),
        manager=str(manager.get(item.indicator, {}).get("comment", "")),
        points=str(manager.get(rated, {}).get("points", "")),
        node=_node(tree, item.indicator),
    )


def _node(tree: Any, key: str) -> Mapping[str, Any] | None:
    """The indicator's own node of the tree."""
    if not isinstance(tree, dict):
        return None
    if tree.get("key") == key:
        return tree
    return next((found for child in tree.get("children", ()) if (found := _node(child, key)) is not None), None)


def _preview(appraisal: Appraisal, items: list[AppealItem], at: datetime) -> dict[str, Any] | None:
    """The result to which the rulings as written would lead; nothing while no figure changes."""
    upheld = [item for item in items if item.ruling == Ruling.UPHELD]
    overrides = {item.indicator: item.new_value for item in upheld if item.indicator and item.new_value is not None}
    if not overrides:
        return None
    try:
        after = results.compute(appraisal, overrides, set_by=Source("", at, ""))
    except Refusal as refusal:
        return {"refusal": refusal.reason}
    return {"total": after.total, "grade": after.grade, "missing": bool(after.missing)}
