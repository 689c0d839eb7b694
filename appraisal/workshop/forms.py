"""What is typed in the workshop."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from appraisal.people.forms import DayInput
from appraisal.schemes.reading import MAX_CHARACTERS
from appraisal.workshop.actions import Head

CODE = forms.Textarea(
    attrs={"rows": 12, "spellcheck": "false", "wrap": "off", "autocomplete": "off", "autocapitalize": "off"}
)


class HeadForm(forms.Form):
    key = forms.CharField(
        label=_("Short name"), max_length=60,
        help_text=_("Small letters, digits and hyphens. A version of the same scheme keeps its key."),
        validators=[RegexValidator(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", _("Use small letters, digits and hyphens."))],
    )  # fmt: skip
    title_zh = forms.CharField(label=_("Chinese title"), max_length=200)
    title_en = forms.CharField(label=_("English title"), max_length=200)
    valid_from = forms.DateField(label=_("Valid from"), widget=DayInput())

    @property
    def head(self) -> Head:
        return Head(**{name: self.cleaned_data[name] for name in ("key", "title_zh", "title_en", "valid_from")})


class DocumentForm(forms.Form):
    """`seen` is the digest of the text that the page was drawn from."""

    text = forms.CharField(
        label=_("Document"), strip=False,
        widget=CODE, max_length=MAX_CHARACTERS,
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput)


class CasesForm(DocumentForm):
    text = forms.CharField(
        label=_("Worked examples"), strip=False, required=False, widget=CODE, max_length=MAX_CHARACTERS
    )
