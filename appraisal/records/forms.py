"""What is typed on the pages of the room of records."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from appraisal.people.forms import DayInput, PersonByNumber
from appraisal.people.imports.tables import MAX_BYTES
from appraisal.records.figures import Values, faults_of, net_score, spelled
from appraisal.records.imports.columns import in_reader_language, read_count, read_number
from appraisal.records.known import Known, KnownFigure
from appraisal.records.models import Actual
from appraisal.records.typed import clock_words, read_time, stored

PART = "part_"


class NumberField(forms.CharField):
    """A number as people type it: 1,000,000 and ￥1000000 are one."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        try:
            return read_number(super().to_python(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return spelled(value) if isinstance(value, Decimal) else value


class CountField(NumberField):
    def to_python(self, value: Any) -> Any:
        try:
            return read_count(forms.CharField.to_python(self, value))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ClockField(forms.CharField):
    """A time of day as minutes since midnight."""

    widget = forms.TextInput(attrs={"type": "time"})

    def to_python(self, value: Any) -> Any:
        try:
            return read_time(super().to_python(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return clock_words(value) if isinstance(value, Decimal) else value


def actual_field(known: KnownFigure) -> forms.Field:
    """The widget that fits the type of the figure."""
    if known.type == "choice":
        words = [(key, in_reader_language(label)) for key, label in known.choices.items()]
        return forms.ChoiceField(label=_("What holds"), choices=[("", "—"), *words], required=False)
    if known.type == "flag":
        yes_no = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
        return forms.ChoiceField(label=_("What holds"), choices=yes_no, required=False)
    if known.type == "date":
        return forms.DateField(label=_("Day"), widget=DayInput(), required=False)
    if known.type == "time":
        return ClockField(label=_("Time"), required=False)
    return NumberField(label=_("Points") if known.is_survey else _("Actual"), required=False)


class FigureForm(forms.Form):
    """One figure of one person and period. `seen` is the row that the page was drawn from."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, known: KnownFigure, current: Actual | None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"seen": current.pk if current else None})
        self.known = known
        self.current = current
        if known.wants_target:
            self._add("target", NumberField(label=_("Target"), required=False), current and current.target)
        if known.is_net_score:
            self._add("promoters", CountField(label=_("Promoters"), required=False), current and current.promoters)
            self._add("detractors", CountField(label=_("Detractors"), required=False), current and current.detractors)
        else:
            self._add("actual", actual_field(known), current and (current.told or current.actual))
        for key, part in known.parts.items():
            value = current.split.get(key) if current else None
            self._add(PART + key, NumberField(label=in_reader_language(part), required=False), value)
        if known.is_survey:
            self._add("answers", CountField(label=_("Number of answers"), required=False), current and current.answers)
        help_text = _("Say why the figure is corrected. The employee and the manager can read it.")
        if current is None:
            help_text = _("Needed if there is no such figure in this period: leave it empty and say why.")
        note = forms.CharField(
            label=_("Note"),
            required=current is not None,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=help_text,
        )
        self._add("note", note, None)

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        field.initial = initial
        self.fields[name] = field

    def values(self) -> Values:
        given = self.cleaned_data
        parts = {key: given[PART + key] for key in self.known.parts if given.get(PART + key) is not None}
        if self.known.is_net_score:
            return self._net_values()
        actual = given.get("actual")
        if self.known.type in {"choice", "flag", "date"}:
            return Values(None, told=stored(actual) or "")
        return Values(actual, given.get("target"), parts, given.get("answers"))

    def _net_values(self) -> Values:
        """Nothing is typed for the score itself: it follows from the answers."""
        promoters, detractors, answers = (
            self.cleaned_data.get(name) for name in ("promoters", "detractors", "answers")
        )
        if promoters is None and detractors is None and answers is None:
            return Values(None)
        promoters, detractors = promoters or 0, detractors or 0
        score = net_score(promoters, detractors, answers) if answers else Decimal(0)
        return Values(score, answers=answers, promoters=promoters, detractors=detractors)

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            for fault in faults_of(self.known, self.values(), self.cleaned_data.get("note") or ""):
                field = fault.field.replace("split.", PART)
                self.add_error(field if field in self.fields else self._first_field, fault.message)
        return self.cleaned_data

    @property
    def _first_field(self) -> str:
        return "promoters" if "promoters" in self.fields else "actual"


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Table"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
        return file


class IncidentForm(forms.Form):
    person = PersonByNumber(
        label=_("Employee number"),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    happened_on = forms.DateField(label=_("Day"), widget=DayInput())
    what = forms.ChoiceField(label=_("Severity"))
    kind = forms.CharField(label=_("Kind"), max_length=120, help_text=_("In a few words, such as: false quotation."))
    description = forms.CharField(
        label=_("What happened"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Facts that can be checked: when, what, how it came to light. Whoever decides reads this."),
    )

    def __init__(self, known: Known, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choice = self.fields["what"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "—"), *_severities(known)]


def _severities(known: Known) -> list[tuple[str, list[tuple[str, str]]]]:
    """Severities under the name of the input that they belong to."""
    return [
        (
            in_reader_language(incident.label),
            [
                (f"{key}:{name}", in_reader_language({"zh": severity.label.zh, "en": severity.label.en}))
                for name, severity in incident.severities.items()
            ],
        )
        for key, incident in known.incidents.items()
    ]


class DecisionForm(forms.Form):
    reason = forms.CharField(max_length=2000)
