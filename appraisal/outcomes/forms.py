"""What is typed about the consequences of a result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from appraisal.outcomes.models import OutcomeProposal
from appraisal.records.forms import NumberField


class AmountField(NumberField):
    def to_python(self, value: Any) -> Any:
        amount = super().to_python(value)
        if amount is not None and (amount < 0 or amount != round(amount, 2)):
            raise ValidationError(_("This is not an amount of money with at most two decimals."))
        return amount


class BaseForm(forms.Form):
    base = AmountField(label=_("Base"))
    month_salary = AmountField(label=_("Salary of a month"), required=False)


def base_form(proposal: OutcomeProposal, data: Any = None) -> BaseForm:
    form = BaseForm(data, initial={"base": proposal.base, "month_salary": proposal.month_salary})
    if not proposal.needs_salary:
        del form.fields["month_salary"]
    return form
