"""What is typed on the pages of the people room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from appraisal.people.imports.tables import MAX_BYTES
from appraisal.people.models import OrgUnit, Person
from appraisal.people.roles import Role
from appraisal.people.states import OrganisationKind

if TYPE_CHECKING:
    PersonModelForm = forms.ModelForm[Person]
else:
    PersonModelForm = forms.ModelForm


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PersonByNumber(forms.CharField):
    """An employee number that must exist; the value is the person."""

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        if not number:
            return None
        person = Person.objects.filter(number=number).first()
        if person is None:
            raise ValidationError(_("Nobody has this employee number."))
        return person

    def prepare_value(self, value: Any) -> Any:
        return value.number if isinstance(value, Person) else value


class DirectoryFilter(forms.Form):
    """The filters of the directory, as they stand in the address. What makes no sense is left out."""

    q = forms.CharField(
        label=_("Name, number or mail address"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
    unit = forms.ModelChoiceField(
        OrgUnit.objects.order_by("code"),
        label=_("Department"),
        required=False,
        empty_label=_("All departments"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("employed", _("Employed")), ("left", _("Left")), ("all", _("All"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class PersonForm(PersonModelForm):
    class Meta:
        model = Person
        fields = ["name", "name_en", "email", "org_unit", "position", "legal_entity", "time_zone"]
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("org_unit", "position", "legal_entity"):
            choice = cast("forms.ModelChoiceField[Any]", self.fields[name])
            choice.queryset = choice.queryset.order_by("code") if choice.queryset is not None else None
            choice.empty_label = "—"


class HireForm(PersonForm):
    manager = PersonByNumber(label=_("Manager's number"), required=False)

    class Meta(PersonForm.Meta):
        fields = ["number", "name", "name_en", "email", "org_unit", "position", "legal_entity", "hired_on"]
        widgets = {"hired_on": DayInput()}


class ManagerForm(forms.Form):
    manager = PersonByNumber(
        label=_("Number of the new manager"), required=False, help_text=_("Empty: reports to nobody.")
    )
    on = forms.DateField(label=_("From this day on"), widget=DayInput())


class LeaveForm(forms.Form):
    on = forms.DateField(label=_("Last day of work"), widget=DayInput())
    successor = PersonByNumber(
        label=_("Number of who takes over the reports"),
        required=False,
        help_text=_("Empty: they report to the manager of who leaves."),
    )


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    code = forms.CharField(label=_("Code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    contact = PersonByNumber(
        label=_("Employee number of the contact"),
        required=False,
        help_text=_("Who answers for it here: this person gets the self-review, the interview and the result."),
    )


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File (XLSX or CSV)"))
    effective_on = forms.DateField(
        label=_("Changed managers hold from"),
        widget=DayInput(),
        help_text=_("New people report to their manager from their first day."),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than %(size)s MB."), params={"size": MAX_BYTES // 1024 // 1024})
        return upload


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class PartnerForm(forms.Form):
    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.order_by("code"),
        label=_("Department"),
        empty_label="—",
        help_text=_("Includes all departments below it."),
    )


class DayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=DayInput())
    is_working = forms.TypedChoiceField(
        label=_("This day is"),
        choices=[("", "—"), ("yes", _("a working day")), ("no", _("a day off"))],
        coerce=lambda value: value == "yes",
    )
    name = forms.CharField(
        label=_("Name of the day"), max_length=120, help_text=_("Shown in the calendar, such as “Company day”.")
    )


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser")), *settings.LANGUAGES]
    )
