"""What is typed about a track: by which scheme it goes, and for which units or organisations it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import AppraisalCycle, Track
from appraisal.cycles.states import PeriodKind
from appraisal.people.models import Organisation, OrgUnit, Person
from appraisal.procedure.entrants import Entrant, offered
from appraisal.schemes.models import SchemeVersion
from appraisal.workshop.words import SUBJECTS, missing_of

if TYPE_CHECKING:
    VersionChoices = forms.ModelChoiceField[SchemeVersion]
else:
    VersionChoices = forms.ModelChoiceField


@dataclass(frozen=True, slots=True)
class Refused:
    """A scheme that cannot be chosen, and why."""

    version: SchemeVersion
    why: str


class SchemeChoice(VersionChoices):
    def label_from_instance(self, obj: Any) -> str:
        """With what it is about, where that is not people."""
        subject = obj.scheme.subject
        return str(obj) if subject == "person" else f"{obj} · {SUBJECTS[subject]}"


class TrackForm(forms.Form):
    """A track's name and scheme; its steps and settings are fields of their own, made from the scheme."""

    name = forms.CharField(label=_("Name of the track"), max_length=120)
    scheme_version = SchemeChoice(
        SchemeVersion.objects.none(), label=_("Scheme"),
        help_text=_("Published schemes that are made for this kind of period."),
    )  # fmt: skip

    def __init__(self, *args: Any, cycle: AppraisalCycle, track: Track | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused: list[Refused] = []
        fitting = {track.scheme_version_id} if track is not None else set()
        versions = SchemeVersion.objects.exclude(state=SchemeVersion.State.RETIRED)
        for version in versions.filter(valid_from__lte=cycle.ends_on):
            if why := _why_not(version, cycle.period_kind):
                self.refused.append(Refused(version, why))
            else:
                fitting.add(version.pk)
        choice = self.fields["scheme_version"]
        assert isinstance(choice, SchemeChoice)
        choice.queryset = SchemeVersion.objects.filter(pk__in=fitting)


def _why_not(version: SchemeVersion, kind: str) -> str:
    scheme = version.scheme
    if missing := sum(1 for _name in missing_of(scheme)):
        words = ngettext("%(count)d number is missing.", "%(count)d numbers are missing.", missing)
        return words % {"count": missing}
    if version.state != SchemeVersion.State.PUBLISHED:
        return gettext("It is not published yet.")
    if kind not in scheme.period_kinds:
        kinds = gettext(", ").join(str(PeriodKind(one).label) for one in scheme.period_kinds)
        return gettext("It is made for other periods: %(kinds)s.") % {"kinds": kinds}
    return ""


@dataclass(frozen=True, slots=True)
class Line:
    """A unit or organisation with its fields; `answers` is who does where no number is typed."""

    about: OrgUnit | Organisation
    depth: int
    answers: Person | None
    chosen: forms.BoundField
    person: forms.BoundField
    reason: forms.BoundField


class EntrantsForm(forms.Form):
    """Three fields for each unit or organisation: chosen, the number of who answers for it, why it is left out."""

    def __init__(self, *args: Any, track: Track, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entrants = offered(track)
        rule = track.population
        chosen = {row["id"]: row.get("person") for row in rule.get("subjects") or []}
        reasons = {row["subject"]: row["reason"] for row in rule.get("exclude") or [] if "subject" in row}
        numbers = dict(Person.objects.filter(pk__in=[pk for pk in chosen.values() if pk]).values_list("pk", "number"))
        for entrant in self.entrants:
            about = entrant.about
            assert about is not None
            self.fields[f"in_{about.pk}"] = forms.BooleanField(
                label=str(about), required=False, initial=about.pk in chosen,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )  # fmt: skip
            self.fields[f"person_{about.pk}"] = forms.CharField(
                label=_("Employee number of who is responsible"), required=False, max_length=40,
                initial=numbers.get(chosen.get(about.pk) or 0, ""),
                widget=_line_input(entrant.person.number if entrant.person else ""),
            )  # fmt: skip
            self.fields[f"why_{about.pk}"] = forms.CharField(
                label=_("Why it is left out"), required=False, max_length=300, initial=reasons.get(about.pk, ""),
                widget=_line_input(""),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        typed = {key: value.strip() for key, value in cleaned.items() if key.startswith("person_") and value}
        people = dict(Person.objects.filter(number__in=typed.values()).values_list("number", "pk")) if typed else {}
        self.people = {key: people[number] for key, number in typed.items() if number in people}
        for key in typed.keys() - self.people.keys():
            self.add_error(key, _("Nobody has this employee number."))
        for entrant in self.entrants:
            pk = entrant.about.pk if entrant.about else 0
            if cleaned.get(f"in_{pk}") and cleaned.get(f"why_{pk}"):
                self.add_error(f"why_{pk}", _("It is chosen; take the reason away, or the tick."))
        return cleaned

    def rule(self) -> dict[str, Any]:
        """As the track keeps it."""
        data, subjects, out = self.cleaned_data, [], []
        for entrant in self.entrants:
            pk = entrant.about.pk if entrant.about else 0
            if data[f"in_{pk}"]:
                person = self.people.get(f"person_{pk}")
                named = person is not None and (entrant.person is None or person != entrant.person.pk)
                subjects.append({"id": pk, "person": person} if named else {"id": pk})
            elif data[f"why_{pk}"]:
                out.append({"subject": pk, "reason": data[f"why_{pk}"]})
        found = {"subjects": subjects, "exclude": out}
        return {key: value for key, value in found.items() if value}

    def lines(self) -> Iterator[Line]:
        for entrant in _in_order(self.entrants):
            about = entrant.about
            assert about is not None
            depth = max(about.path.count("/") - 2, 0) if isinstance(about, OrgUnit) else 0
            fields = (self[f"{name}_{about.pk}"] for name in ("in", "person", "why"))
            yield Line(about, min(depth, 6), entrant.person, *fields)


def _line_input(placeholder: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "placeholder": placeholder})


def _in_order(entrants: list[Entrant]) -> list[Entrant]:
    """Units as a tree, each right after the one above it."""
    codes = {entrant.about.pk: entrant.about.code for entrant in entrants if entrant.about is not None}

    def place(entrant: Entrant) -> tuple[str, ...]:
        path = getattr(entrant.about, "path", "")
        return tuple(codes.get(int(part), "") for part in path.split("/") if part)

    return sorted(entrants, key=place)
