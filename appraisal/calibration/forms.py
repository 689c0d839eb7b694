"""What is typed when calibrating."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from appraisal.calibration.actions import Guideline
from appraisal.calibration.models import CalibrationSession
from appraisal.calibration.queries import grade_labels
from appraisal.calibration.states import SessionState, Ties
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.process import scheme_of
from appraisal.people.models import OrgUnit

LONG = 2000


class SessionForm(forms.Form):
    """One field for the share of each grade that the cycle's schemes have; all left empty: no guideline."""

    name = forms.CharField(label=_("Name of the session"), max_length=120)
    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.order_by("path"), label=_("Looks at"), required=False, empty_label=_("The whole cycle"),
        help_text=_("A department with all units below it. Nobody can be looked at in two sessions at once."),
    )  # fmt: skip
    smallest_group = forms.IntegerField(
        label=_("Smallest group"), min_value=1, max_value=1000, initial=10,
        help_text=_("For fewer people the guideline says nothing: a share of five people is a lottery."),
    )  # fmt: skip
    ties = forms.ChoiceField(
        label=_("Equal remainders"), choices=Ties.choices, initial=Ties.HIGHER,
        help_text=_("Shares become whole people by largest remainder. This decides when two are equally close."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, cycle: AppraisalCycle, session: CalibrationSession | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grades = _grades_of(cycle)
        for grade in self.grades:
            self.fields[f"share_{grade}"] = forms.DecimalField(
                label=grade, min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
            )
        if session is not None:
            self.initial = {
                **self.initial,
                "name": session.name, "org_unit": session.org_unit_id, "smallest_group": session.smallest_group,
                "ties": session.ties, **{f"share_{grade}": share for grade, share in session.guideline.items()},
            }  # fmt: skip
            self.fields["org_unit"].disabled = session.state != SessionState.PREPARING

    @property
    def share_fields(self) -> list[forms.BoundField]:
        return [self[f"share_{grade}"] for grade in self.grades]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [data.get(f"share_{grade}") for grade in self.grades]
        total = sum((share for share in given if share is not None), Decimal(0))
        if any(share is not None for share in given) and total != 100 and not self.errors:
            raise forms.ValidationError(
                _gettext("The shares of the guideline add up to %(total)s, not to 100."),
                params={"total": f"{total.normalize():f}"},
            )
        return data

    @property
    def guideline(self) -> Guideline:
        data = self.cleaned_data
        if all(data.get(f"share_{grade}") is None for grade in self.grades):
            return Guideline({}, data["smallest_group"], data["ties"])
        shares = {grade: data.get(f"share_{grade}") or Decimal(0) for grade in self.grades}
        return Guideline(shares, data["smallest_group"], data["ties"])


def _grades_of(cycle: AppraisalCycle) -> list[str]:
    found: dict[str, None] = {}
    for track in cycle.tracks.order_by("pk"):
        grades = scheme_of(track).grades
        found |= dict.fromkeys(grades.names if grades else ())
    return list(found)


class DecisionForm(forms.Form):
    """The grade as it is: confirmed. Another one: with both reasons."""

    grade = forms.ChoiceField(label=_("Grade"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason for the record"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For HR and auditors. Needed when the grade changes."),
    )  # fmt: skip
    reason_for_employee = forms.CharField(
        label=_("Reason for the employee"), max_length=LONG, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The employee reads it with the released result. Needed when the grade changes."),
    )  # fmt: skip
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, appraisal: Appraisal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appraisal = appraisal
        field = self.fields["grade"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grade_labels(appraisal)
        # A scheme without grades is confirmed all the same.
        field.required = bool(appraisal.review_grade)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("grade") not in {None, self.appraisal.review_grade}:
            for name in ("reason", "reason_for_employee"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A changed grade needs this reason."))
        return data
