"""A case typed into a form: the fields that a scheme's inputs need, and what was typed as a worked example."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.people.forms import DayInput
from appraisal.schemes.spec import AnyInput, Deliverable, Incident, Ledger, Rating, Scheme, Survey
from appraisal.schemes.variants import RUNNABLE
from appraisal.scoring.case_inputs import amounts_of
from appraisal.scoring.cases import Case
from appraisal.workshop.calculator_cells import cell, columns_of, fields_of, setting_of
from appraisal.workshop.fields import ExactField
from appraisal.workshop.prefilling import initial_of
from appraisal.workshop.words import INPUTS, PERIODS, side

APART = re.compile(r"[,，、;；\n]+")
SPARE_ROWS = 2
MOST_ROWS = 200
EXAMPLE = "example"
SET = "set_"


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
        self,
        scheme: Scheme,
        data: Mapping[str, Any] | None = None,
        *,
        case: Case | None = None,
        today: date,
        only: Collection[str] | None = None,
        kept: Mapping[str, Any] | None = None,
    ) -> None:
        """`only`: these inputs and nothing beside. `kept`: what was typed, drawn again without a verdict."""
        self.example, self.kept = case, kept or {}
        given, rows = initial_of(scheme, case.given if case else {})
        super().__init__(data, initial={"as_of": case.as_of if case else today, **given})
        self.scheme = scheme
        self.blocks: list[Block] = []
        self._choose(case)
        for key, spec in scheme.inputs.items():
            if only is None or key in only:
                self._add_input(key, spec, rows.get(key, 0))
        if only is None:
            self._add_beside()
        self.initial.update({name: self.kept[name] for name in self.fields if name in self.kept})

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
        self._block(block, fields_of(spec))

    def _add_table(self, block: Block, spec: Ledger | Incident | Deliverable, rows: int) -> None:
        block.columns = columns_of(spec)
        posted = str((self.data if self.is_bound else self.kept).get(f"in_{block.key}__rows", ""))
        drawn = posted.isascii() and posted.isdigit()
        block.rows = min(int(posted), MOST_ROWS) if drawn else rows + SPARE_ROWS
        fields: dict[str, forms.Field] = {"given": forms.BooleanField(label=_("Given, even without a row"))}
        for row in range(block.rows):
            for name, label, kind, choices in block.columns:
                fields[f"{row}__{name}"] = cell(label, kind, choices)
        self._block(block, fields)

    def _add_beside(self) -> None:
        for key, parameter in self.scheme.parameters.items():
            self.fields[f"{SET}{key}"] = setting_of(parameter)
        for key in amounts_of(self.scheme):
            self._block(
                Block(key, _("Amount: %(name)s") % {"name": key}, "amount"), {"": ExactField(label=_("Amount"))}
            )
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
    def settings(self) -> dict[str, Any]:
        """The parameters that were set by hand."""
        typed = {name.removeprefix(SET): one for name, one in self.cleaned_data.items() if name.startswith(SET)}
        return {key: one for key, one in typed.items() if one not in (None, "")}

    @property
    def set_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(SET)]

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
        chosen: Any = self.cleaned_data["variant"]
        if chosen == EXAMPLE and self.example is not None:
            chosen = self.example.variant
        if self.settings:
            named = (
                self.scheme.variants[chosen].sets if isinstance(chosen, str) and chosen in self.scheme.variants else {}
            )
            chosen = {**(chosen if isinstance(chosen, dict) else named), **self.settings}
        return Case(
            name="", scheme=self.scheme.scheme, as_of=self.cleaned_data["as_of"], variant=chosen,
            period=self.cleaned_data["period"], given=self.given, expected=None, explains=(),
        )  # fmt: skip


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
