"""A case typed into a form: the fields that a scheme's inputs need, and what was typed as a worked example."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.people.forms import DayInput
from appraisal.schemes.spec import AnyInput, Deliverable, Incident, Ledger, Measure, Rating, Scheme, Survey
from appraisal.schemes.spec.inputs import DOCUMENT_COLUMNS
from appraisal.schemes.variants import RUNNABLE
from appraisal.scoring.case_inputs import amounts_of
from appraisal.scoring.cases import Case
from appraisal.scoring.wording import ADDED
from appraisal.workshop.fields import ExactField
from appraisal.workshop.prefilling import initial_of
from appraisal.workshop.words import INPUTS, PERIODS, listed, side

APART = re.compile(r"[,，、;；\n]+")
SPARE_ROWS = 2
MOST_ROWS = 200
EXAMPLE = "example"


@dataclass(slots=True)
class Block:
    """One input on the page: its fields, or the columns and rows of its table."""

    key: str
    label: str
    kind: str
    note: str = ""
    names: list[str] = field(default_factory=list)
    columns: list[tuple[str, str, Any, dict[str, Any]]] = field(default_factory=list)
    rows: int = 0


class CalculatorForm(forms.Form):
    as_of = forms.DateField(label=gettext_lazy("Day of the reckoning"), widget=DayInput())
    period = forms.ChoiceField(label=gettext_lazy("Kind of period"))
    variant = forms.ChoiceField(label=gettext_lazy("Reading"))

    def __init__(
        self, scheme: Scheme, data: Mapping[str, Any] | None = None, *, case: Case | None = None, today: date
    ) -> None:
        self.example = case
        given, rows = initial_of(scheme, case.given if case else {})
        super().__init__(data, initial={"as_of": case.as_of if case else today, **given})
        self.scheme = scheme
        self.blocks: list[Block] = []
        self._choose(case)
        for key, spec in scheme.inputs.items():
            self._add_input(key, spec, rows.get(key, 0))
        for key in amounts_of(scheme):
            self._block(
                Block(key, _("Amount: %(name)s") % {"name": key}, "amount"), {"": ExactField(label=_("Amount"))}
            )
        self._add_beside()

    def _choose(self, case: Case | None) -> None:
        period, variant = self.fields["period"], self.fields["variant"]
        assert isinstance(period, forms.ChoiceField)
        assert isinstance(variant, forms.ChoiceField)
        period.choices = [(kind, str(PERIODS[kind])) for kind in self.scheme.period_kinds]
        readings = [(RUNNABLE, _("As written, proposals for what is missing"))]
        readings += [(key, side(one.label)) for key, one in self.scheme.variants.items()]
        written = case.variant if case else None
        if isinstance(written, dict):
            readings.append((EXAMPLE, _("As in the first worked example")))
        variant.choices = readings
        known = {key for key, _label in readings}
        self.initial["period"] = (case.period if case else None) or self.scheme.period_kinds[0]
        self.initial["variant"] = EXAMPLE if isinstance(written, dict) else written if written in known else RUNNABLE

    def _block(self, block: Block, fields: dict[str, forms.Field]) -> None:
        for name, one in fields.items():
            one.required = False
            full = f"in_{block.key}__{name}"
            self.fields[full] = one
            block.names.append(full)
        self.blocks.append(block)

    def _add_input(self, key: str, spec: AnyInput, rows: int) -> None:
        block = Block(key, side(spec.label), str(INPUTS[spec.kind]), side(spec.definition))
        if isinstance(spec, Ledger | Incident | Deliverable):
            self._add_table(block, spec, rows)
            return
        self._block(block, _fields(spec))

    def _add_table(self, block: Block, spec: Ledger | Incident | Deliverable, rows: int) -> None:
        block.columns = _columns(spec)
        posted = self.data.get(f"in_{block.key}__rows", "") if self.is_bound else ""
        block.rows = min(int(posted), MOST_ROWS) if posted.isdigit() else rows + SPARE_ROWS
        fields: dict[str, forms.Field] = {"given": forms.BooleanField(label=_("Given, even without a row"))}
        for row in range(block.rows):
            for name, label, kind, choices in block.columns:
                fields[f"{row}__{name}"] = _cell(label, kind, choices)
        self._block(block, fields)

    def _add_beside(self) -> None:
        one_line = _("Separated by commas, the oldest first.")
        if self.scheme.grades is not None:
            grades = [("", "—"), *((band.grade, side(band.label)) for band in self.scheme.grades.bands)]
            self._block(
                Block("grade", _("Grade"), _("for outcomes")), {"": forms.ChoiceField(choices=grades, label=_("Grade"))}
            )
            history = forms.CharField(label=_("Grades of earlier periods"), help_text=one_line)
            self._block(Block("history", _("Grades of earlier periods"), _("for outcomes")), {"": history})
        if self.scheme.roll_up is not None:
            totals = forms.CharField(label=_("Totals of the periods"), help_text=one_line)
            self._block(Block("totals", _("Totals of the periods"), _("for the roll-up")), {"": totals})

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """The blocks with their bound fields, for the page."""
        found = []
        for block in self.blocks:
            fields = [self[name] for name in block.names]
            table = [fields[1 + row * len(block.columns) :][: len(block.columns)] for row in range(block.rows)]
            found.append(
                {"block": block, "fields": [] if block.columns else fields, "table": table, "given": fields[0]}
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.given: dict[str, Any] = {}
        for block in self.blocks:
            if any(name in self.errors for name in block.names):
                continue
            values = {name.partition("__")[2]: data.get(name) for name in block.names}
            try:
                self._take(block, {name: value for name, value in values.items() if value not in (None, "")})
            except ValidationError as error:
                self.add_error(block.names[0], error)
        return data

    def _take(self, block: Block, values: dict[str, Any]) -> None:
        if block.columns:
            rows = [_row(block, row, values) for row in range(block.rows)]
            filled = [row for row in rows if row]
            if filled or values.get("given"):
                self.given[block.key] = filled
        elif values and block.key in ("history", "totals") and block.key not in self.scheme.inputs:
            self.given[block.key] = [_past(one, block.key) for one in APART.split(values[""])]
        elif values and block.key not in self.scheme.inputs:
            self.given[block.key] = values[""]
        elif values:
            self.given[block.key] = _value(self.scheme.inputs[block.key], values)

    @property
    def case(self) -> Case:
        chosen = self.cleaned_data["variant"]
        if chosen == EXAMPLE and self.example is not None:
            chosen = self.example.variant
        return Case(
            name="", scheme=self.scheme.scheme, as_of=self.cleaned_data["as_of"], variant=chosen,
            period=self.cleaned_data["period"], given=self.given, expected=None, explains=(),
        )  # fmt: skip


def _fields(spec: Measure | Rating | Survey) -> dict[str, forms.Field]:
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
        return {"actual": _cell(_("Value"), spec.type, spec.choices)}
    fields: dict[str, forms.Field] = {"actual": ExactField(label=_("Actual"))}
    if spec.target != "none":
        fields["target"] = ExactField(label=_("Target"))
    return fields | {f"part_{part.key}": ExactField(label=side(part.label)) for part in spec.split}


def _columns(spec: Ledger | Incident | Deliverable) -> list[tuple[str, str, Any, dict[str, Any]]]:
    if isinstance(spec, Incident):
        severities = {key: severity.label for key, severity in spec.severities.items()}
        return [("severity", _("Severity"), "choice", severities), ("day", _("Day"), "date", {})]
    if isinstance(spec, Deliverable):
        kinds = {**DOCUMENT_COLUMNS, **({"document": "choice"} if spec.expected else {})}
        return [(name, side(ADDED[name]), kind, spec.expected) for name, kind in kinds.items()]
    return [(name, side(column.label), column.type, column.choices) for name, column in spec.columns.items()]


def _cell(label: str, kind: str, choices: Mapping[str, Any]) -> forms.Field:
    if kind in ("number", "money"):
        return ExactField(label=label, required=False)
    if kind == "flag":
        return forms.ChoiceField(label=label, choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))])
    if kind == "choice":
        return forms.ChoiceField(label=label, choices=[("", "—"), *((key, side(one)) for key, one in choices.items())])
    if kind == "date":
        return forms.DateField(label=label, widget=DayInput())
    return forms.CharField(label=label, max_length=500)


def _row(block: Block, row: int, values: dict[str, Any]) -> dict[str, Any]:
    cells = {name: values.get(f"{row}__{name}") for name, *_rest in block.columns}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in cells.items()
        if value is not None
    }


def _past(written: str, key: str) -> Any:
    text = written.strip()
    if text in ("", "-", "—"):
        return None
    return ExactField().clean(text) if key == "totals" else text


def _value(spec: Any, values: dict[str, Any]) -> Any:
    if isinstance(spec, Rating):
        return [_rating(one.strip()) for one in APART.split(values["ratings"]) if one.strip()]
    if isinstance(spec, Survey):
        if "points" not in values and "promoters" not in values:
            raise ValidationError(_("Enter the figure of the survey."))
        return values
    if "actual" not in values:
        raise ValidationError(_("Enter the actual figure."))
    actual = values["actual"]
    if spec.type != "number":
        return actual.isoformat() if isinstance(actual, date) else actual
    parts = {name.removeprefix("part_"): value for name, value in values.items() if name.startswith("part_")}
    if "target" not in values and not parts:
        return actual
    return {"actual": actual, "target": values.get("target"), **({"split": parts} if parts else {})}


def _rating(text: str) -> Any:
    try:
        return ExactField().clean(text)
    except ValidationError:
        return text
