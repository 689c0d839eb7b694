"""The fields of the calculator: for a single figure, and for a cell of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from appraisal.people.forms import DayInput
from appraisal.schemes.spec import Deliverable, Incident, Ledger, Measure, Parameter, Rating, Survey
from appraisal.schemes.spec.inputs import DOCUMENT_COLUMNS
from appraisal.scoring.wording import ADDED
from appraisal.workshop.fields import ExactField
from appraisal.workshop.patching import number as plain
from appraisal.workshop.words import listed, side


def fields_of(spec: Measure | Rating | Survey) -> dict[str, forms.Field]:
    if isinstance(spec, Rating):
        levels = listed([side(level.label) for level in spec.scale.levels])
        more = _("Or the levels: %(levels)s.") % {"levels": levels} if levels else ""
        words = _("One for each rater, separated by commas.")
        return {"ratings": forms.CharField(label=_("Points"), help_text=escape(f"{words} {more}".strip()))}
    if isinstance(spec, Survey):
        if spec.form == "nps":
            labels = {"promoters": _("Promoters"), "detractors": _("Detractors"), "answers": _("Answers")}
        else:
            labels = {"points": _("Points"), "answers": _("Answers")}
        return {name: ExactField(label=label) for name, label in labels.items()}
    if spec.type != "number":
        return {"actual": cell(_("Value"), spec.type, spec.choices)}
    fields: dict[str, forms.Field] = {"actual": ExactField(label=_("Actual"))}
    if spec.target != "none":
        fields["target"] = ExactField(label=_("Target"))
    return fields | {f"part_{part.key}": ExactField(label=side(part.label)) for part in spec.split}


def columns_of(spec: Ledger | Incident | Deliverable) -> list[tuple[str, str, Any, dict[str, Any]]]:
    if isinstance(spec, Incident):
        severities = {key: severity.label for key, severity in spec.severities.items()}
        return [("severity", _("Severity"), "choice", severities), ("day", _("Day"), "date", {})]
    if isinstance(spec, Deliverable):
        kinds = {**DOCUMENT_COLUMNS, **({"document": "choice"} if spec.expected else {})}
        return [(name, side(ADDED[name]), kind, spec.expected) for name, kind in kinds.items()]
    return [(name, side(column.label), column.type, column.choices) for name, column in spec.columns.items()]


def cell(label: str, kind: str, choices: Mapping[str, Any]) -> forms.Field:
    if kind in ("number", "money"):
        return ExactField(label=label, required=False)
    if kind == "flag":
        return forms.ChoiceField(label=label, choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))])
    if kind == "choice":
        return forms.ChoiceField(label=label, choices=[("", "—"), *((key, side(one)) for key, one in choices.items())])
    if kind == "date":
        return forms.DateField(label=label, widget=DayInput())
    return forms.CharField(label=label, max_length=500)


def setting_of(parameter: Parameter) -> forms.Field:
    """A parameter set for one calculation; left empty it stays as the scheme has it."""
    now = parameter.proposed if parameter.setting is None else parameter.setting
    label = side(parameter.label)
    if parameter.choices:
        usual = _("As in the scheme: %(value)s") % {"value": side(parameter.choices[str(now)])} if now else "—"
        choices = [("", usual), *((key, side(one)) for key, one in parameter.choices.items())]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    words = plain(now) if now is not None and not isinstance(now, str) else _("missing")
    help_text = escape(_("As in the scheme: %(value)s") % {"value": words})
    return ExactField(label=label, required=False, help_text=help_text)
