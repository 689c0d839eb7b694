"""An exact number as people type it."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from appraisal.schemes.spec.base import PLAIN_NUMBER
from appraisal.workshop.patching import number as plain

LONGEST = 20


class ExactField(forms.CharField):
    """1,000,000 and 1000000 are one; no digit is rounded away."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        written = unicodedata.normalize("NFKC", str(super().to_python(value) or ""))
        text = written.replace(",", "").replace("\u2212", "-").replace(" ", "")
        if not text:
            return None
        if not PLAIN_NUMBER.fullmatch(text) or len(text) > LONGEST:
            raise ValidationError(_("This is not a number."))
        return Decimal(text)

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value
