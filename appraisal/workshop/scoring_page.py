"""What a calculation came to, for the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appraisal.schemes.spec import Commission, Scheme
from appraisal.scoring.cases import Case, Outcome, run
from appraisal.scoring.wording import ADDED
from appraisal.templatetags.ui_words import figure
from appraisal.workshop.words import labels_of, listed, side
from workflow.calendars import is_mainland_working_day


@dataclass(frozen=True, slots=True)
class Output:
    """`rows` where the result is a table; its first row names the columns."""

    key: str
    label: str
    says: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoned:
    outcome: Outcome
    total: str
    grade: str
    missing: str
    outputs: list[Output]

    @property
    def tree(self) -> dict[str, Any] | None:
        tree: dict[str, Any] = self.outcome.explanation["tree"]
        return tree if self.outcome.outputs.get("total") is not None or tree.get("children") else None

    @property
    def nodes(self) -> list[dict[str, Any]]:
        return [node for node in self.outcome.explanation["results"] if node["status"] == "counted"]


def reckoned(scheme: Scheme, case: Case) -> Reckoned:
    """Raises CaseError where the case does not fit the scheme."""
    outcome = run(case, scheme, is_working_day=is_mainland_working_day)
    outputs = dict(outcome.outputs)
    total, grade = outputs.pop("total", None), outputs.pop("grade", None)
    labels = {key: side(label) for key, label in labels_of(scheme).items()}
    for key, one in scheme.outcomes.items():
        labels[key] = side(one.label)
        levels = one.levels if isinstance(one, Commission) else {}
        labels |= {name: side(level.label) for name, level in levels.items() if name not in labels}
    return Reckoned(
        outcome,
        said(total),
        next((side(band.label) for band in (scheme.grades.bands if scheme.grades else ()) if band.grade == grade), ""),
        listed([labels.get(key, key) for key in outcome.missing]),
        [_output(key, labels, value) for key, value in outputs.items() if value is not None and value != []],
    )


def _output(key: str, labels: dict[str, str], value: Any) -> Output:
    label = labels.get(key, key)
    if isinstance(value, dict):
        return Output(key, label, listed([f"{labels.get(name, name)} {said(one)}" for name, one in value.items()]))
    if not isinstance(value, list):
        return Output(key, label, said(value))
    if not all(isinstance(row, dict) for row in value):
        return Output(key, label, listed([said(one) for one in value]))
    names = list(dict.fromkeys(name for row in value for name in row))
    rows = tuple(tuple(said(row.get(name)) for name in names) for row in value)
    return Output(key, label, columns=tuple(_column(name, labels) for name in names), rows=rows)


def _column(name: str, labels: dict[str, str]) -> str:
    return labels.get(name) or (side(ADDED[name]) if name in ADDED else name)


def said(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal | int):
        return figure(value)
    if isinstance(value, date):
        return value.isoformat()
    return "—" if value is None else str(value)
