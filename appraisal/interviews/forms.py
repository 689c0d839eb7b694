from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal
from appraisal.interviews.actions import AgreedAction, Appointment, Record
from appraisal.interviews.models import Interview
from appraisal.interviews.rules import minutes_between, minutes_needed
from appraisal.interviews.states import ActionOwner

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
LONG = 4000


class OnAppraisal(forms.Form):
    """Its times are those of the employee's place."""

    def __init__(self, *args: Any, appraisal: Appraisal, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appraisal, self.at = appraisal, at
        self.zone = ZoneInfo(appraisal.zone)
        self.needed = minutes_needed(appraisal)

    def moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone)


class AppointmentForm(OnAppraisal):
    day = forms.DateField(label=_("Day"), widget=DAY)
    start = forms.TimeField(label=_("Begins at"), widget=TIME)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=480)
    place = forms.CharField(
        label=_("Place"), max_length=200, required=False, help_text=_("A room, or the address of a video meeting.")
    )

    def __init__(self, *args: Any, interview: Interview | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].initial = max(self.needed, 30)
        if self.needed:
            self.fields["minutes"].help_text = _("At least %(needed)d, as the scheme asks.") % {"needed": self.needed}
        if interview is not None:
            start = interview.planned_start.astimezone(self.zone)
            self.initial.update(
                day=start.date(), start=start.time(), minutes=interview.planned_minutes, place=interview.place
            )

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        if minutes < self.needed:
            raise forms.ValidationError(
                _("Plan at least %(needed)d minutes: the scheme asks for them."), params={"needed": self.needed}
            )
        return minutes

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("day") and data.get("start") and self.moment(data["day"], data["start"]) < self.at:
            self.add_error("day", _("This moment has passed. An interview already held is recorded below."))
        return data

    @property
    def appointment(self) -> Appointment:
        data = self.cleaned_data
        return Appointment(self.moment(data["day"], data["start"]), data["minutes"], data["place"])


class RecordForm(OnAppraisal):
    held_on = forms.DateField(label=_("Held on"), widget=DAY)
    began = forms.TimeField(label=_("Began at"), widget=TIME)
    ended = forms.TimeField(label=_("Ended at"), widget=TIME)
    strengths = forms.CharField(label=_("What went well"), max_length=LONG, widget=forms.Textarea)
    improvements = forms.CharField(label=_("What should improve"), max_length=LONG, widget=forms.Textarea)
    notes = forms.CharField(
        label=_("Further notes"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The employee reads the whole record."),
    )  # fmt: skip

    def __init__(self, *args: Any, interview: Interview | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if interview is None:
            return
        start = (interview.started_at or interview.planned_start).astimezone(self.zone)
        self.initial.update(held_on=start.date(), began=start.time())
        if interview.ended_at is not None:
            self.initial["ended"] = interview.ended_at.astimezone(self.zone).time()
        self.initial.update({name: getattr(interview, name) for name in ("strengths", "improvements", "notes")})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not all(data.get(name) for name in ("held_on", "began", "ended")):
            return data
        start, end = self.moment(data["held_on"], data["began"]), self.moment(data["held_on"], data["ended"])
        held = minutes_between(start, end)
        if end > self.at:
            self.add_error("ended", _("The interview cannot end in the future."))
        elif held <= 0:
            self.add_error("ended", _("The end lies before the beginning."))
        elif held < self.needed:
            self.add_error(
                "ended",
                forms.ValidationError(
                    _("The interview lasted %(held)d minutes; the scheme asks for at least %(needed)d."),
                    params={"held": held, "needed": self.needed},
                ),
            )
        return data

    def record(self, actions: list[AgreedAction]) -> Record:
        data = self.cleaned_data
        return Record(
            self.moment(data["held_on"], data["began"]), self.moment(data["held_on"], data["ended"]), actions,
            data["strengths"], data["improvements"], data["notes"],
        )  # fmt: skip


if TYPE_CHECKING:
    _FormSet = forms.BaseFormSet["ActionForm"]
else:
    _FormSet = forms.BaseFormSet


class ActionForm(forms.Form):
    text = forms.CharField(label=_("Action"), max_length=300)
    owner = forms.ChoiceField(label=_("Who"), choices=ActionOwner.choices, initial=ActionOwner.EMPLOYEE)
    due_on = forms.DateField(label=_("Until"), required=False, widget=DAY)

    def has_changed(self) -> bool:
        """A row without words or day was left empty, or taken out on the page."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("text", "due_on"))


class BaseActionForms(_FormSet):
    """Rows left empty, or taken out on the page, do not count; one has to remain."""

    def initial_form_count(self) -> int:
        """What is sent back is a new list: no row of it has to be there because it was before."""
        return 0 if self.is_bound else super().initial_form_count()

    def clean(self) -> None:
        if not any(self.errors) and not agreed_in(self):
            raise forms.ValidationError(_("Write down at least one action agreed for the next period."))


def agreed_in(rows: forms.BaseFormSet[Any]) -> list[AgreedAction]:
    return [
        AgreedAction(data["text"], data["owner"], data["due_on"])
        for data in (form.cleaned_data for form in rows.forms)
        if data.get("text")
    ]


ActionForms = forms.formset_factory(ActionForm, formset=BaseActionForms, extra=1, max_num=30, absolute_max=40)


class ConfirmForm(forms.Form):
    comment = forms.CharField(
        label=_("Your comment"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands beside the record and changes nothing in it."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    answer = forms.CharField(widget=forms.HiddenInput, max_length=20)
    comment = forms.CharField(label=_("Comment"), max_length=LONG, required=False, widget=forms.Textarea)
    witness = forms.CharField(label=_("Witness"), max_length=120, required=False)
