"""What is typed about documents."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.people.forms import DayInput


class HandInForm(forms.Form):
    file = forms.FileField(label=_("File"))


class DueForm(forms.Form):
    due_on = forms.DateField(label=_("Due day"), required=False, widget=DayInput())


class JudgeForm(forms.Form):
    quality = forms.DecimalField(
        label=_("Quality out of 100"), required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)
