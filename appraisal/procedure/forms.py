"""What is typed on the pages of the procedure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.assessments.naming import role_words
from appraisal.cycles.models import AppraisalCycle, Track
from appraisal.cycles.process import ALWAYS_ON, rule_of, scheme_of
from appraisal.cycles.rules import LONGEST_EXTENSION
from appraisal.cycles.states import ROUTE, PeriodKind, Step
from appraisal.people.forms import DayInput, PersonByNumber
from appraisal.people.models import OrgUnit, Person, Position

if TYPE_CHECKING:
    CycleModelForm = forms.ModelForm[AppraisalCycle]
    UnitChoices = forms.ModelMultipleChoiceField[OrgUnit]
else:
    CycleModelForm = forms.ModelForm
    UnitChoices = forms.ModelMultipleChoiceField

SEPARATORS = re.compile(r"[\s,，;；、]+")


class CycleForm(CycleModelForm):
    class Meta:
        model = AppraisalCycle
        fields = ["name", "name_en", "period_kind", "starts_on", "ends_on", "calendar"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}
        labels = {"calendar": _("Work calendar")}
        help_texts = {"calendar": _("Deadlines are counted in its working days.")}

    weeks = forms.IntegerField(
        label=_("Weeks"), required=False, min_value=1, max_value=104,
        help_text=_("Of a phase: so many weeks from its first day. The last day follows from them."),
    )  # fmt: skip
    field_order = ["name", "name_en", "period_kind", "calendar", "starts_on", "weeks", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        starts, ends, weeks = cleaned.get("starts_on"), cleaned.get("ends_on"), cleaned.pop("weeks", None)
        if weeks and starts and cleaned.get("period_kind") == PeriodKind.PHASE:
            ends = cleaned["ends_on"] = starts + timedelta(weeks=weeks, days=-1)
        if not ends and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Enter the last day; of a phase its weeks are enough."))
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The period ends before it begins."))
        return cleaned


class StepsForm(forms.Form):
    """Which steps are on, and how many days each has: two fields a step, named after it."""

    def __init__(self, *args: Any, track: Track, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.track = track
        scheme = scheme_of(track)
        self.rows: list[dict[str, Any]] = []
        for step in (*ROUTE, Step.APPEALED):
            own, extra = scheme.steps.get(step), scheme.optional_steps.get(step)
            base = own or extra
            if base is None:
                continue
            now = rule_of(track, step)
            fixed = step in ALWAYS_ON or step == Step.TRACKING
            if not fixed:
                self.fields[f"{step}_on"] = forms.BooleanField(
                    label=step.label, required=False, initial=now is not None
                )
            if base.within is not None:
                days = (now or base).within
                self.fields[f"{step}_days"] = forms.IntegerField(
                    label=_("Days"), required=False, min_value=1, max_value=999, initial=days.count if days else None
                )
            self.rows.append({"step": step, "rule": base, "fixed": fixed, "by_scheme": own is not None})

    def fields_of_rows(self) -> list[dict[str, Any]]:
        """For the table on the page."""
        return [
            {
                **row,
                "held_by": gettext(", ").join(role_words(role) for role in row["rule"].holder),
                "on": self[f"{row['step']}_on"] if f"{row['step']}_on" in self.fields else None,
                "days": self[f"{row['step']}_days"] if f"{row['step']}_days" in self.fields else None,
            }
            for row in self.rows
        ]

    def steps(self) -> dict[str, dict[str, Any]]:
        """Only what differs from the scheme is kept with the track."""
        changed: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            step, rule = row["step"], row["rule"]
            change: dict[str, Any] = {}
            if not row["fixed"] and self.cleaned_data[f"{step}_on"] != row["by_scheme"]:
                change["on"] = self.cleaned_data[f"{step}_on"]
            days = self.cleaned_data.get(f"{step}_days")
            if days and rule.within is not None and days != rule.within.count:
                change["days"] = days
            if change:
                changed[str(step.value)] = change
        return changed


class UnitsField(UnitChoices):
    """Departments as a tree to tick."""

    def label_from_instance(self, obj: Any) -> str:
        depth = obj.path.count("/") - 2
        return f"{'　' * depth}{obj}"


class PopulationForm(forms.Form):
    """The rule of a track. People are named by their employee numbers, as they come out of a spreadsheet."""

    units = UnitsField(
        OrgUnit.objects.order_by("code"), label=_("Departments"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Each counts with all departments below it."),
    )  # fmt: skip
    positions = forms.ModelMultipleChoiceField(
        Position.objects.order_by("code"), label=_("Positions"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )  # fmt: skip
    hired_before = forms.DateField(
        label=_("Hired before"), required=False, widget=DayInput(),
        help_text=_("Leaves out who has been here too short a time for this period."),
    )  # fmt: skip
    include = forms.CharField(
        label=_("Also these people"), required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=True,
        help_text=_("Employee numbers, separated by commas or lines."),
    )  # fmt: skip
    exclude = forms.CharField(
        label=_("Without these people"), required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=True,
        help_text=_("One a line: the employee number, a space, the reason. For example: 1024 on parental leave"),
    )  # fmt: skip

    def clean_include(self) -> list[int]:
        numbers = [part for part in SEPARATORS.split(self.cleaned_data["include"]) if part]
        return list(_by_number(numbers).values())

    def clean_exclude(self) -> list[dict[str, Any]]:
        rows = [line.strip().split(None, 1) for line in self.cleaned_data["exclude"].splitlines() if line.strip()]
        if bare := [row[0] for row in rows if len(row) < 2]:
            raise ValidationError(_("Please give a reason for: %(numbers)s") % {"numbers": ", ".join(bare)})
        found = _by_number([row[0] for row in rows])
        return [{"person": found[number], "reason": reason} for number, reason in rows]

    def rule(self) -> dict[str, Any]:
        data = self.cleaned_data
        hired = data["hired_before"]
        rule = {
            "units": [unit.pk for unit in data["units"]],
            "positions": [position.pk for position in data["positions"]],
            "hired_before": hired.isoformat() if hired else "",
            "include": data["include"],
            "exclude": data["exclude"],
        }
        return {key: value for key, value in rule.items() if value}

    @classmethod
    def typed(cls, rule: Mapping[str, Any]) -> dict[str, Any]:
        """What the form shows for a stored rule."""
        ids = [*(rule.get("include") or []), *(row["person"] for row in rule.get("exclude") or [])]
        numbers = dict(Person.objects.filter(pk__in=ids).values_list("pk", "number"))
        return {
            "units": rule.get("units") or [],
            "positions": rule.get("positions") or [],
            "hired_before": rule.get("hired_before") or None,
            "include": ", ".join(numbers[pk] for pk in rule.get("include") or [] if pk in numbers),
            "exclude": "\n".join(
                f"{numbers[row['person']]} {row['reason']}"
                for row in rule.get("exclude") or []
                if row["person"] in numbers
            ),
        }


def _by_number(numbers: list[str]) -> dict[str, int]:
    found = dict(Person.objects.filter(number__in=numbers).values_list("number", "pk"))
    if unknown := [number for number in numbers if number not in found]:
        raise ValidationError(_("Nobody has these employee numbers: %(numbers)s") % {"numbers": ", ".join(unknown)})
    return {number: found[number] for number in numbers}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It goes into the record, and the people concerned read it."),
    )  # fmt: skip


class ExtendForm(ReasonForm):
    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=LONGEST_EXTENSION, initial=2)
    field_order = ["days", "reason"]


class HandOverForm(ReasonForm):
    manager = PersonByNumber(label=_("Employee number of the new manager"))
    field_order = ["manager", "reason"]
