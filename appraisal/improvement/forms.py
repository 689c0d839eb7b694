"""What is typed about an improvement plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from appraisal.improvement.actions import Content, Target
from appraisal.improvement.conclusions import Conclusion
from appraisal.improvement.models import ImprovementPlan, Milestone
from appraisal.improvement.states import CONCLUSIONS, FollowUp, Operator
from appraisal.people.forms import DayInput, PersonByNumber
from appraisal.records.forms import NumberField
from appraisal.records.imports.columns import read_measured

LONG = forms.Textarea(attrs={"rows": 6})
MOST_TARGETS = 12


class PlanForm(forms.Form):
    concerns = forms.CharField(
        label=_("Concerns, each with a recent example"),
        max_length=4000,
        widget=LONG,
        required=False,
        help_text=_("Two or three, each with a day and what happened. The employee reads this."),
    )
    support = forms.CharField(
        label=_("Help that is given"),
        max_length=4000,
        widget=LONG,
        required=False,
        help_text=_("Training, visits together, time: what the company does for the plan to succeed."),
    )
    mentor = PersonByNumber(
        label=_("Mentor (employee number)"),
        required=False,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    starts_on = forms.DateField(label=_("Starts on"), required=False, widget=DayInput())
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=12, initial=3)
    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The plan pauses until the employee has acknowledged the change."),
    )

    def __init__(self, *args: Any, amends: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not amends:
            del self.fields["reason"]

    def content(self, targets: list[Target]) -> Content:
        given = self.cleaned_data
        return Content(
            given["concerns"], given["support"], given["mentor"], given["starts_on"], given["months"], targets
        )


class TargetForm(forms.Form):
    id = forms.IntegerField(required=False, widget=forms.HiddenInput())
    text = forms.CharField(label=_("Target"), max_length=300)
    operator = forms.ChoiceField(label=_("Meant as"), choices=Operator.choices)
    start_value = NumberField(label=_("Start"), required=False)
    change = NumberField(label=_("Value or improvement"))
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    due_on = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("change") is not None and not self.errors:
            milestone = Milestone(
                operator=given["operator"], start_value=given.get("start_value"), change=given["change"]
            )
            if milestone.target is None:
                self.add_error("start_value", _("An improvement in per cent or points needs a start that is not zero."))
        return given

    def target(self) -> Target:
        given = self.cleaned_data
        return Target(
            given["text"], given["change"], given["operator"], given["start_value"], given["unit"], given["due_on"],
            given["id"],
        )  # fmt: skip


if TYPE_CHECKING:
    Rows = BaseFormSet[TargetForm]
else:
    Rows = BaseFormSet


class TargetRows(Rows):
    """Rows come and go on the page: what is not sent any more is gone, not empty."""

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()


TargetForms = formset_factory(TargetForm, formset=TargetRows, extra=0, max_num=MOST_TARGETS, validate_max=True)


def plan_form(plan: ImprovementPlan, data: Mapping[str, Any] | None, *, amends: bool) -> PlanForm:
    initial = {
        "concerns": plan.concerns, "support": plan.support, "mentor": plan.mentor, "starts_on": plan.starts_on,
        "months": plan.months,
    }  # fmt: skip
    return PlanForm(data, initial=initial, amends=amends)


def target_forms(plan: ImprovementPlan, data: Mapping[str, Any] | None) -> BaseFormSet[TargetForm]:
    initial = [
        {
            "id": each.pk, "text": each.text, "operator": each.operator, "start_value": each.start_value,
            "change": each.change, "unit": each.unit, "due_on": each.due_on,
        }
        for each in plan.milestones.order_by("position", "pk")
    ]  # fmt: skip
    return TargetForms(data, initial=None if data is not None else initial, prefix="targets")


def targets_in(rows: BaseFormSet[TargetForm]) -> list[Target]:
    """The rows that are still on the page: a row that was taken away is not sent."""
    return [row.target() for row in rows if row.cleaned_data.get("text")]


class CheckInForm(forms.Form):
    held_on = forms.DateField(label=_("Held on"), widget=DayInput())
    progress = forms.CharField(label=_("How it stands"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    help_given = forms.CharField(
        label=_("Help given since the last one"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    employee_comment = forms.CharField(
        label=_("What the employee says"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class MeasuredField(NumberField):
    """What was measured may have more decimals than a target has."""

    def to_python(self, value: Any) -> Any:
        try:
            return read_measured(str(forms.CharField.to_python(self, value) or ""))
        except ValueError as error:
            raise ValidationError(_("Enter the value that was reached as a number.")) from error


class JudgeForm(forms.Form):
    reached = MeasuredField(label=_("Reached"))


class ConclusionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("How the plan ends"),
        choices=[(state.value, state.label) for state in CONCLUSIONS],
        widget=forms.RadioSelect(),
    )
    text = forms.CharField(
        label=_("Conclusion"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What was reached and what was not. The employee reads this."),
    )
    follow_up = forms.ChoiceField(
        label=_("What follows"),
        choices=FollowUp.choices,
        initial=FollowUp.NONE,
        help_text=_("A transfer or dismissal is only possible when the targets were not met, and a second person of "
                    "HR has to agree."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason for what follows"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def conclusion(self) -> Conclusion:
        given = self.cleaned_data
        return Conclusion(given["outcome"], given["text"], given["follow_up"], given["reason"])
