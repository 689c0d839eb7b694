"""The forms of the two reviews, of raters, and of who is asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from appraisal.assessments.actions import Patch
from appraisal.assessments.models import RatingRequest, Review
from appraisal.assessments.rules import indicators_of, levels_of, rated_by, scale_of
from appraisal.assessments.sheet import text
from appraisal.assessments.states import Writer
from appraisal.cycles.models import Appraisal
from appraisal.people.models import User
from appraisal.schemes.spec import Rating
from appraisal.schemes.spec.inputs import Level
from appraisal.scoring.decimals import plain

COMMENT_MOST = 2000


def words_field(label: Any, help_text: Any = "", most: int = COMMENT_MOST) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": 3})
    )


def points_field(appraisal: Appraisal, spec: Rating) -> forms.Field:
    """A number on the scale, or one of its named levels."""
    top = scale_of(appraisal, spec)
    if levels := levels_of(appraisal, spec):
        choices = [("", "—"), *((plain(points), level_label(level)) for points, level in levels)]
        return forms.ChoiceField(label=text(spec.label), choices=choices, required=False)
    return forms.DecimalField(
        label=text(spec.label),
        help_text=_("From 0 to %(top)s.") % {"top": f"{top:f}"},
        min_value=Decimal(0),
        max_value=top,
        max_digits=6,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )


def level_label(level: Level) -> str:
    """With what can be seen on this level, where the scheme says it."""
    anchor = text(level.anchor)
    return f"{text(level.label)} – {anchor}" if anchor else text(level.label)


class ReviewForm(forms.Form):
    """One field for each indicator and each rating that the writer gives, and the longer texts.

    What has to be there when it is handed in is shown as required; a draft may lack anything.
    """

    use_required_attribute = False

    def __init__(self, appraisal: Appraisal, writer: Writer, review: Review | None, data: Any = None) -> None:
        super().__init__(data)
        entries = review.entries if review else {}
        self.rated = rated_by(appraisal, writer)
        self.indicators = [leaf.key for leaf in indicators_of(appraisal)]
        for leaf in indicators_of(appraisal):
            self.fields[f"comment-{leaf.key}"] = words_field(self._label(writer, text(leaf.label)))
            self.initial[f"comment-{leaf.key}"] = entries.get(leaf.key, {}).get("comment", "")
        for key, spec in self.rated.items():
            self.fields[f"points-{key}"] = points_field(appraisal, spec)
            self.initial[f"points-{key}"] = entries.get(key, {}).get("points", "")
        for name, its in LONGER[writer].items():
            self.fields[name] = words_field(its[0], its[1], 4000)
            self.initial[name] = getattr(review, name) if review else ""
        if data is None:
            for name in self._wanted(writer):
                self.fields[name].required = True

    def _wanted(self, writer: Writer) -> list[str]:
        points = [f"points-{key}" for key in self.rated]
        if writer == Writer.EMPLOYEE:
            return [*points, *(f"comment-{key}" for key in self.indicators)]
        return [*points, "strengths", "improvements"]

    @staticmethod
    def _label(writer: Writer, indicator: str) -> Any:
        if writer == Writer.EMPLOYEE:
            return _("Your words on “%(indicator)s”") % {"indicator": indicator}
        return _("Your remark on “%(indicator)s”") % {"indicator": indicator}

    @property
    def patch(self) -> Patch:
        given = self.cleaned_data
        entries: dict[str, dict[str, str]] = {
            key: {"comment": given[f"comment-{key}"]} for key in self.indicators if f"comment-{key}" in self.data
        }
        for key in self.rated:
            if f"points-{key}" in self.data:
                points = given[f"points-{key}"]
                written = f"{points:f}" if isinstance(points, Decimal) else str(points or "")
                entries.setdefault(key, {})["points"] = written
        texts = {name: given[name] for name in ("summary", "strengths", "improvements") if name in self.data}
        return Patch(entries=entries, **{name: value for name, value in texts.items() if name in self.fields})

    def place(self, gap: str) -> tuple[str, str]:
        """Label and anchor of what is missing."""
        name = next((name for name in (f"comment-{gap}", f"points-{gap}", gap) if name in self.fields), "")
        if not name:
            return str(_("Evidence")), "evidence"
        label = self[name].label
        return str(label), self[name].id_for_label

    def first_error(self) -> str:
        return next((f"{self[name].label}: {errors[0]}" for name, errors in self.errors.items()), "")


LONGER: dict[Writer, dict[str, tuple[Any, Any]]] = {
    Writer.EMPLOYEE: {
        "summary": (_("Summary"), _("What matters most of this period, beyond the figures.")),
    },
    Writer.MANAGER: {
        "strengths": (_("Strengths"), _("What went well, with examples that the employee recognises.")),
        "improvements": (_("Points to improve"), _("What should be different next period, and how you will help.")),
    },
}


class RatingForm(forms.Form):
    use_required_attribute = False

    def __init__(self, request: RatingRequest, spec: Rating, data: Any = None) -> None:
        given = None if request.points is None else plain(request.points)
        super().__init__(data, initial={"points": given, "comment": request.comment})
        field = points_field(request.appraisal, spec)
        field.label = _("Your points")
        field.required = data is None
        self.fields["points"] = field
        self.fields["comment"] = words_field(
            _("Comment"), _("What you have seen yourself, with an example. Leave out what would give you away.")
        )

    @property
    def points(self) -> str:
        points = self.cleaned_data["points"]
        return f"{points:f}" if isinstance(points, Decimal) else str(points or "")

    def first_error(self) -> str:
        return next((f"{self[name].label}: {errors[0]}" for name, errors in self.errors.items()), "")


class InviteForm(forms.Form):
    """Colleagues to tick, and numbers of people from elsewhere."""

    raters = forms.ModelMultipleChoiceField(
        label=_("Colleagues"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=_("Employee numbers of people from elsewhere"), required=False, help_text=_("Separate them with commas.")
    )

    def __init__(self, candidates: QuerySet[User], data: Any = None) -> None:
        super().__init__(data)
        chosen: Any = self.fields["raters"]
        chosen.queryset = candidates

    def clean_numbers(self) -> list[User]:
        wanted = {part for part in self.cleaned_data["numbers"].replace("，", " ").replace(",", " ").split() if part}
        found = {user.person.number: user for user in User.objects.filter(person__number__in=wanted, is_active=True)
                 .select_related("person")}  # fmt: skip
        if unknown := sorted(wanted - set(found)):
            raise forms.ValidationError(
                _("Nobody with an account has the number: %(numbers)s."), params={"numbers": ", ".join(unknown)}
            )
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("raters") or cleaned.get("numbers")):
            raise forms.ValidationError(_("Choose at least one person."))
        return cleaned

    @property
    def chosen(self) -> list[User]:
        return [*self.cleaned_data["raters"], *self.cleaned_data["numbers"]]
