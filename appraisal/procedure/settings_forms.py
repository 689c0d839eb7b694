"""What a cycle sets of its scheme: the choices and numbers that the scheme keeps as parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from appraisal.assessments.sheet import text
from appraisal.cycles.models import Track
from appraisal.cycles.process import scheme_of, settings_of
from appraisal.records.forms import NumberField
from appraisal.schemes.spec.base import Parameter
from appraisal.scoring.decimals import plain

PREFIX = "set_"


class SettingsForm(forms.Form):
    """A field for each parameter, showing what holds now; only what differs from the scheme is kept."""

    def __init__(self, *args: Any, track: Track, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameters = scheme_of(track).parameters
        settings = settings_of(track)
        for key, parameter in self.parameters.items():
            field = _field(parameter)
            value = settings.get(key, parameter.setting)
            field.initial = plain(value) if isinstance(value, Decimal) else value
            self.fields[f"{PREFIX}{key}"] = field

    def changed_settings(self) -> dict[str, Decimal | str]:
        found: dict[str, Decimal | str] = {}
        for key, parameter in self.parameters.items():
            value = self.cleaned_data.get(f"{PREFIX}{key}")
            if value not in {None, ""} and value != parameter.setting:
                found[key] = value
        return found


def _field(parameter: Parameter) -> forms.Field:
    help_text = text(parameter.note)
    if parameter.assumed is not None:
        help_text = f"{_('Assumed: the source does not give it.')} {help_text}".strip()
    if parameter.choices:
        choices = [(key, text(label)) for key, label in parameter.choices.items()]
        return forms.ChoiceField(label=text(parameter.label), choices=choices, required=False, help_text=help_text)
    unit = text(parameter.unit)
    label = f"{text(parameter.label)} ({unit})" if unit else text(parameter.label)
    return NumberField(label=label, required=False, help_text=help_text)
