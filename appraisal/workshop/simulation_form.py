"""What is asked of a simulation, as it stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from appraisal.cycles.models import Track
from appraisal.cycles.process import scheme_of
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.spec import PeriodKind, Scheme
from appraisal.schemes.variants import runnable
from appraisal.workshop.crowds import MOST
from appraisal.workshop.fields import ExactField
from appraisal.workshop.queries import IN_CATALOGUE_LABEL, is_stored
from appraisal.workshop.reading_page import setting
from appraisal.workshop.words import PERIODS, side

MADE_UP = "made-up"
TRY = "try_"
SIZE, SEED = 200, 1


class SimulationForm(forms.Form):
    people = forms.ChoiceField(label=gettext_lazy("Whom to score"))
    size = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=MOST, initial=SIZE, required=False)
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"), min_value=0, max_value=999_999, initial=SEED, required=False,
        help_text=gettext_lazy("The same seed makes the same people again."),
    )  # fmt: skip
    period = forms.ChoiceField(label=gettext_lazy("Kind of period"), required=False)

    def __init__(
        self,
        version: SchemeVersion,
        others: Mapping[str, SchemeVersion],
        tracks: Iterable[Track],
        data: QueryDict | None = None,
        *,
        beside: str = "",
    ) -> None:
        super().__init__(None if data is None else completed(data))
        self.version, self.others = version, others
        self.tracks = {str(track.pk): track for track in tracks}
        self.scheme: Scheme = runnable(version.scheme)
        people, period = self.fields["people"], self.fields["period"]
        assert isinstance(people, forms.ChoiceField)
        assert isinstance(period, forms.ChoiceField)
        choices: list[Any] = [(MADE_UP, _("People who are made up"))]
        if self.tracks:
            real = [(key, _track(track)) for key, track in self.tracks.items()]
            choices = [(_("People of finished cycles"), real), *choices]
        people.choices = choices
        people.initial = next(iter(self.tracks), MADE_UP)
        # The total of a rolled-up period comes from those of shorter ones, whatever the figures are.
        self.kinds = [kind for kind in self.scheme.period_kinds if not self.scheme.rolls_up_into(kind)] or list(
            self.scheme.period_kinds
        )
        period.choices = [(kind, str(PERIODS[kind])) for kind in self.kinds]
        nothing = ("", _("nothing, or this version without what is tried"))
        self.fields["with"] = forms.ChoiceField(
            label=_("Compared with"), required=False, initial=beside,
            choices=[nothing, *((word, _version(one)) for word, one in others.items())],
        )  # fmt: skip
        self._add_parameters()

    def _add_parameters(self) -> None:
        for key, one in self.scheme.parameters.items():
            now = setting(one, one.setting) or _("missing")
            words = escape(_("Now: %(value)s") % {"value": f"{now} {side(one.unit)}".strip()})
            label = side(one.label)
            if one.choices:
                choices = [("", "—"), *((name, side(words)) for name, words in one.choices.items())]
                made: forms.Field = forms.ChoiceField(label=label, choices=choices, required=False, help_text=words)
            else:
                made = ExactField(label=label, required=False, help_text=words)
            self.fields[TRY + key] = made

    def clean_people(self) -> str:
        chosen: str = self.cleaned_data["people"]
        track = self.tracks.get(chosen)
        if track is not None and scheme_of(track).rolls_up_into(track.cycle.period_kind):
            raise ValidationError(
                _("The totals of this cycle come from those of shorter periods. Choose one of the shorter ones.")
            )
        return chosen

    @property
    def trials(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(TRY)]

    @property
    def tries(self) -> bool:
        return any(field.errors or field.value() for field in self.trials)

    @property
    def tried(self) -> dict[str, Decimal | str]:
        """What differs from the version as it stands."""
        given = {key: self.cleaned_data.get(TRY + key) for key in self.scheme.parameters}
        return {
            key: value
            for key, value in given.items()
            if value not in (None, "") and value != self.scheme.parameters[key].setting
        }

    @property
    def track(self) -> Track | None:
        return self.tracks.get(self.cleaned_data["people"])

    @property
    def other(self) -> SchemeVersion | None:
        return self.others.get(self.cleaned_data["with"])

    @property
    def how_many(self) -> int:
        return cast("int | None", self.cleaned_data["size"]) or SIZE

    @property
    def seed_taken(self) -> int:
        seed = cast("int | None", self.cleaned_data["seed"])
        return SEED if seed is None else seed

    @property
    def period_kind(self) -> PeriodKind:
        return cast("PeriodKind", self.cleaned_data["period"] or self.kinds[0])


def completed(asked: QueryDict) -> QueryDict:
    """With what the address leaves out: the fields show it whoever is scored."""
    found = asked.copy()
    for name, usual in (("size", SIZE), ("seed", SEED)):
        found.setdefault(name, str(usual))
    return found


def shortened(asked: QueryDict) -> str:
    """The address without what says nothing."""
    kept = asked.copy()
    for name in list(kept):
        made_of = name in ("size", "seed", "period") and asked.get("people") != MADE_UP
        if made_of or not kept[name]:
            del kept[name]
    return kept.urlencode()


def _track(track: Any) -> str:
    title = track.title_en if get_language() == "en" else track.title_zh
    words = {"cycle": track.cycle, "track": track, "scheme": title, "count": track.people}
    return _("%(cycle)s · %(track)s · %(scheme)s (%(count)s)") % words


def _version(version: SchemeVersion) -> str:
    label = version.state_label if is_stored(version) else IN_CATALOGUE_LABEL
    return f"{version.title} · {version.valid_from.isoformat()} · {label}"
