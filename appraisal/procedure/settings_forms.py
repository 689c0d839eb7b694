"""What a cycle sets of its scheme: the choices and numbers that the scheme keeps as parameters."""

from __future__ import annotations

from collections.abc import Mapping
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
AS_WRITTEN, OWN = "as_written", "own_settings"


class SettingsForm(forms.Form):
    """A field for each parameter, showing what holds now; only what differs from the scheme is kept.

    Where the scheme names variants, choosing another one than holds now sets its parameters instead.
    """

    def __init__(self, *args: Any, track: Track, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scheme = scheme_of(track)
        self.parameters, self.variants = scheme.parameters, scheme.variants
        settings = settings_of(track)
        self.variant_now = self._variant_of(settings)
        if self.variants:
            self.fields["variant"] = self._variant_field()
        for key, parameter in self.parameters.items():
            field = _field(parameter)
            value = settings.get(key, parameter.setting)
            field.initial = plain(value) if isinstance(value, Decimal) else value
            self.fields[f"{PREFIX}{key}"] = field

    def _variant_of(self, settings: Mapping[str, Decimal | str]) -> str:
        """Which variant the settings are; none of them is the scheme as it is written."""
        if not settings:
            return AS_WRITTEN
        return next((key for key, variant in self.variants.items() if dict(variant.sets) == settings), OWN)

    def _variant_field(self) -> forms.Field:
        choices = [(AS_WRITTEN, _("As written")), *((key, text(one.label)) for key, one in self.variants.items())]
        if self.variant_now == OWN:
            choices.append((OWN, _("As set below")))
        return forms.ChoiceField(
            label=_("Variant of the scheme"), choices=choices, required=False, initial=self.variant_now,
            help_text=_("Choosing another one fills in the settings below."),
        )  # fmt: skip

    @property
    def chosen_variant(self) -> str | None:
        """Another variant than holds now; None where the single settings count."""
        if "variant" not in self.fields:
            return None
        chosen: str = self.cleaned_data.get("variant") or AS_WRITTEN
        return None if chosen in {self.variant_now, OWN} else chosen

    @property
    def single_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def changed_settings(self) -> dict[str, Decimal | str]:
        if (chosen := self.chosen_variant) is not None:
            return {} if chosen == AS_WRITTEN else dict(self.variants[chosen].sets)
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
