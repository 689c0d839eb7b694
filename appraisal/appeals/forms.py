from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.appeals.actions import Contested, ItemRuling
from appraisal.appeals.models import AppealItem
from appraisal.appeals.rules import EXTENSION_DAYS, value_fits
from appraisal.appeals.states import Ground, Ruling
from appraisal.assessments.overrides import what_it_replaces
from appraisal.assessments.sheet import text
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.schemes.spec import Text
from appraisal.scoring.decimals import plain

if TYPE_CHECKING:
    from workflow.verdicts import Text as Said

LONG = 4000


class StatementForm(forms.Form):
    statement = forms.CharField(
        label=_("Your statement"), max_length=LONG, widget=forms.Textarea,
        help_text=_("What happened, in your own words. The panel reads it; your manager does not."),
    )  # fmt: skip
    wanted = forms.CharField(
        label=_("What should change"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ContestForm(forms.Form):
    """One indicator, or the result as a whole: contested or not, and then on which ground and in which words."""

    chosen = forms.BooleanField(required=False)
    ground = forms.ChoiceField(label=_("Ground"), choices=[("", "—"), *Ground.choices], required=False)
    text = forms.CharField(
        label=_("What is wrong with it"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, *, indicator: str, label: str, initial: dict[str, str]) -> None:
        super().__init__(data, prefix=f"contest-{indicator or 'whole'}", initial=initial)
        self.indicator = indicator
        self.fields["chosen"].label = label

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("chosen"):
            if not data.get("ground"):
                self.add_error("ground", _("Choose the ground."))
            if not (data.get("text") or "").strip():
                self.add_error("text", _("Say what is wrong."))
        return data

    @property
    def contested(self) -> Contested | None:
        data = self.cleaned_data
        return Contested(data["ground"], data["text"], self.indicator) if data.get("chosen") else None


class LodgeForms:
    """The statement and one contest for each indicator, bound or from the draft."""

    def __init__(self, labels: Mapping[str, str], data: Any = None, draft: Mapping[str, str] | None = None) -> None:
        kept = {} if data is not None else dict(draft or {})
        self.statement = StatementForm(data, initial=kept)
        self.contests = [
            ContestForm(data, indicator=key, label=label, initial=_of_prefix(kept, key))
            for key, label in labels.items()
        ]
        self.nothing_chosen = False

    def is_valid(self) -> bool:
        valid = all([self.statement.is_valid(), *(form.is_valid() for form in self.contests)])
        self.nothing_chosen = valid and not self.contested
        return valid and not self.nothing_chosen

    @property
    def contested(self) -> list[Contested]:
        return [found for form in self.contests if (found := form.contested) is not None]


def _of_prefix(draft: Mapping[str, str] | None, key: str) -> dict[str, str]:
    prefix = f"contest-{key or 'whole'}-"
    return {name.removeprefix(prefix): value for name, value in (draft or {}).items() if name.startswith(prefix)}


def unit_words(unit: object) -> str:
    return text(unit) if isinstance(unit, Text) else str(unit or "")


class RulingForm(forms.Form):
    """The panel's word on one contested item."""

    ruling = forms.ChoiceField(label=_("Ruling"), choices=Ruling.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))
    new_value = forms.DecimalField(max_digits=18, decimal_places=4, required=False)
    new_grade = forms.ChoiceField(label=_("New grade"), required=False)

    def __init__(self, data: Any, *, item: AppealItem, appraisal: Appraisal, label: str) -> None:
        initial = {
            "ruling": item.ruling,
            "reason": item.ruling_reason,
            "new_value": None if item.new_value is None else plain(item.new_value),
            "new_grade": item.new_grade,
        }
        super().__init__(data, prefix=f"item-{item.pk}", initial=initial)
        self.item, self.appraisal, self.label = item, appraisal, label
        scheme = scheme_of(appraisal.track)
        self.unit: Said = ""
        if item.indicator:
            del self.fields["new_grade"]
            self._name_value(item.indicator)
        else:
            del self.fields["new_value"]
            grades = scheme.grades.bands if scheme.grades else ()
            self.fields["new_grade"].choices = [("", _("no new grade")), *((b.grade, text(b.label)) for b in grades)]  # type: ignore[attr-defined]
            self.fields["new_grade"].help_text = _("Only where no figure is wrong, for example after a calibration.")

    def _name_value(self, indicator: str) -> None:
        replaced = what_it_replaces(scheme_of(self.appraisal.track), indicator)
        field = self.fields["new_value"]
        field.label = _("New value: %(what)s") % {"what": text(replaced.label)}
        field.widget.attrs["inputmode"] = "decimal"
        self.unit = _("points") if replaced.is_points else unit_words(replaced.unit)
        field.help_text = _("Empty where no figure changes. The score is computed anew from it.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        value: Decimal | None = data.get("new_value")
        grade: str = data.get("new_grade") or ""
        if data.get("ruling") == Ruling.UPHELD and not self.errors:
            verdict = value_fits(self.appraisal, self.item, value, grade)
            if not verdict:
                self.add_error("new_value" if "new_value" in self.fields else "new_grade", verdict.message)
        return data

    @property
    def given(self) -> ItemRuling:
        data = self.cleaned_data
        return ItemRuling(data["ruling"], data["reason"], data.get("new_value"), data.get("new_grade") or "")


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer to the employee"), max_length=LONG, widget=forms.Textarea,
        help_text=_("The employee reads it with the rulings once everybody has signed."),
    )  # fmt: skip


class ExtensionForm(forms.Form):
    days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=EXTENSION_DAYS, initial=EXTENSION_DAYS)
    reason = forms.CharField(max_length=2000, required=False)
