"""Forms over single parts of a draft. Each writes its changes into the document at their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.schemes.reading import Path
from appraisal.schemes.spec import Group, Indicator, Number, Scheme
from appraisal.workshop.fields import ExactField
from appraisal.workshop.patching import Patch, set_number, set_parameter
from appraisal.workshop.words import INPUTS, STEPS, shown, side

ORIGINS = (
    ("value", gettext_lazy("stated by the source")),
    ("assumed", gettext_lazy("our own choice (assumed)")),
    ("missing", gettext_lazy("still missing")),
)
LOWER = (("", "—"), ("at_least", gettext_lazy("at least")), ("above", gettext_lazy("above")))
UPPER = (("", "—"), ("below", gettext_lazy("below")), ("at_most", gettext_lazy("at most")))
UNITS = (("working", gettext_lazy("working days")), ("calendar", gettext_lazy("calendar days")))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form: what it is about, and its fields by name; `fixed`: what cannot be changed here."""

    label: str
    names: tuple[str, ...] = ()
    note: str = ""
    depth: int = 0
    fixed: str = ""
    is_group: bool = False
    # A weight that stands elsewhere, for the sums of the page.
    weight: str = ""
    # By which the part is found, and whether it can move among those beside it.
    key: str = ""
    up: bool = False
    down: bool = False


class PartForm(forms.Form):
    """`rows` are drawn one below the other; `write` puts what changed into the document."""

    def __init__(self, scheme: Scheme, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.scheme = scheme
        self.rows: list[Row] = list(self.lines())

    def lines(self) -> Iterator[Row]:
        raise NotImplementedError

    def write(self, patch: Patch) -> None:
        raise NotImplementedError

    @property
    def drawn(self) -> list[tuple[Row, list[forms.BoundField]]]:
        return [(row, [self[name] for name in row.names]) for row in self.rows]


class ParametersForm(PartForm):
    def lines(self) -> Iterator[Row]:
        for key, one in self.scheme.parameters.items():
            label = side(one.label)
            if one.choices:
                choices = [("", "—"), *((name, side(words)) for name, words in one.choices.items())]
                self.fields[f"value_{key}"] = forms.ChoiceField(label=_("Value"), choices=choices, required=False)
            else:
                self.fields[f"value_{key}"] = ExactField(label=_("Value"), required=False)
            self.fields[f"origin_{key}"] = forms.ChoiceField(label=_("Where it comes from"), choices=ORIGINS)
            self.initial[f"value_{key}"] = one.setting
            self.initial[f"origin_{key}"] = _origin(one)
            note = " ".join([side(one.unit), one.clause or ""]).strip()
            yield Row(label, (f"value_{key}", f"origin_{key}"), note, key=key)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.scheme.parameters:
            value, origin = data.get(f"value_{key}"), data.get(f"origin_{key}")
            if origin == "missing" and value not in (None, ""):
                # Whoever types the number that was missing need not say so as well.
                data[f"origin_{key}"] = "assumed"
            elif origin in ("value", "assumed") and value in (None, ""):
                self.add_error(f"value_{key}", _("Enter a value, or say that it is still missing."))
        return data

    def write(self, patch: Patch) -> None:
        for key, one in self.scheme.parameters.items():
            value, origin = self.cleaned_data[f"value_{key}"], self.cleaned_data[f"origin_{key}"]
            value = None if value in (None, "") else value
            if (origin, value) != (_origin(one), one.setting):
                set_parameter(patch, key, origin, value)


def _origin(parameter: Any) -> str:
    return "missing" if parameter.missing else "value" if parameter.value is not None else "assumed"


class WeightsForm(PartForm):
    def lines(self) -> Iterator[Row]:
        self.places: dict[str, tuple[Path, Number]] = {}
        yield from self._below(self.scheme.indicators, ("indicators",), 0)

    def _below(self, branches: tuple[Group | Indicator, ...], path: Path, depth: int) -> Iterator[Row]:
        for place, branch in enumerate(branches):
            here, name = (*path, place), f"weight_{branch.key}"
            about: dict[str, Any] = {
                "depth": depth, "is_group": isinstance(branch, Group), "key": branch.key, "up": place > 0,
                "down": place + 1 < len(branches),
            }  # fmt: skip
            number = shown(self.scheme, branch.weight)
            if number is not None and branch.weight.parameter is not None:
                words = _("%(number)s, from the parameter “%(name)s”") % {"number": number, "name": number.name}
                yield Row(side(branch.label), fixed=words, weight=number.value, **about)
            else:
                self.fields[name] = ExactField(label=_("Weight"), required=not branch.weight.missing)
                self.initial[name] = _value(branch.weight)
                self.places[name] = ((*here, "weight"), branch.weight)
                note = _("assumed") if branch.weight.assumed is not None else ""
                yield Row(side(branch.label), (name,), note, **about)
            if isinstance(branch, Group):
                yield from self._below(branch.of, (*here, "of"), depth + 1)

    def write(self, patch: Patch) -> None:
        for name, (path, number) in self.places.items():
            value = self.cleaned_data[name]
            if value is not None and value != _value(number):
                set_number(patch, path, value)


def _value(number: Number | None) -> Decimal | None:
    if number is None:
        return None
    return number.value if number.value is not None else number.assumed


class GradesForm(PartForm):
    def lines(self) -> Iterator[Row]:
        for place, band in enumerate(self.scheme.grades.bands if self.scheme.grades else ()):
            names: list[str] = []
            fixed: list[str] = []
            for edge, kinds, bound in (("lower", LOWER, band.lower), ("upper", UPPER, band.upper)):
                if bound is not None and bound.parameter is not None:
                    number = shown(self.scheme, bound)
                    kind = dict(kinds)[_kind(band, kinds)]
                    fixed.append(
                        _("%(bound)s %(number)s, from the parameter “%(name)s”")
                        % {"bound": kind, "number": number, "name": number and number.name}
                    )
                    continue
                kind_field, number_field = f"{edge}_kind_{place}", f"{edge}_{place}"
                label = _("From") if edge == "lower" else _("To")
                self.fields[kind_field] = forms.ChoiceField(label=label, choices=kinds, required=False)
                self.fields[number_field] = ExactField(label=_("Points"), required=False)
                self.initial[kind_field], self.initial[number_field] = _kind(band, kinds), _value(bound)
                names += [kind_field, number_field]
            last = place + 1 == len(self.scheme.grades.bands) if self.scheme.grades else True
            yield Row(
                f"{band.grade} · {side(band.label)}", tuple(names), fixed="; ".join(fixed), key=str(place),
                up=place > 0, down=not last,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in [name for name in self.fields if "_kind_" in name]:
            number = name.replace("_kind_", "_")
            if bool(data.get(name)) != (data.get(number) is not None) and number not in self.errors:
                self.add_error(number, _("A bound has a word and a number; for none leave both empty."))
        return data

    def write(self, patch: Patch) -> None:
        for place, band in enumerate(self.scheme.grades.bands if self.scheme.grades else ()):
            for edge, kinds, bound in (("lower", LOWER, band.lower), ("upper", UPPER, band.upper)):
                if f"{edge}_{place}" in self.fields:
                    old = _kind(band, kinds)
                    new = (self.cleaned_data[f"{edge}_kind_{place}"], self.cleaned_data[f"{edge}_{place}"])
                    _rebound(patch, ("grades", "bands", place), old, _value(bound), new)


def _kind(band: Any, kinds: Any) -> str:
    return next((kind for kind, _label in kinds if kind and getattr(band, kind) is not None), "")


def _rebound(patch: Patch, band: Path, old: str, value: Decimal | None, new: tuple[str, Decimal | None]) -> None:
    kind, number = new
    if not old and not kind:
        return
    if not kind:
        patch.remove((*band, old))
    elif not old:
        patch.insert((*band, kind), f"{number:f}" if number is not None else "")
    else:
        if kind != old:
            patch.rename((*band, old), kind)
        if number is not None and number != value:
            set_number(patch, (*band, old), number)


class StepsForm(PartForm):
    def lines(self) -> Iterator[Row]:
        for name, step in self.scheme.steps.items():
            if step is None:
                continue
            count, unit = f"days_{name}", f"unit_{name}"
            self.fields[count] = forms.IntegerField(label=_("Days"), min_value=1, max_value=999, required=False)
            self.fields[unit] = forms.ChoiceField(label=_("Kind of days"), choices=UNITS)
            self.initial[count] = step.within.count if step.within else None
            self.initial[unit] = step.within.unit if step.within else "working"
            note = _("assumed") if "within" in step.assumed else ""
            yield Row(str(STEPS[name]), (count, unit), note)

    def write(self, patch: Patch) -> None:
        for name, step in self.scheme.steps.items():
            if step is None:
                continue
            count, unit = self.cleaned_data[f"days_{name}"], self.cleaned_data[f"unit_{name}"]
            path: Path = ("steps", name, "within")
            written = f"{count} {unit} day{'' if count == 1 else 's'}"
            if step.within is None and count:
                patch.insert(path, written)
            elif step.within is not None and not count:
                patch.remove(path)
            elif step.within is not None and written != str(step.within):
                patch.replace(path, written)


class InputsForm(PartForm):
    """Nothing is typed here: each input has a page of its own."""

    def lines(self) -> Iterator[Row]:
        for key, spec in self.scheme.inputs.items():
            note = str(INPUTS[spec.kind]) if spec.required else f"{INPUTS[spec.kind]} · {_('may be left out')}"
            yield Row(side(spec.label), note=note, key=key)

    def write(self, patch: Patch) -> None:
        pass


PARTS: dict[str, tuple[type[PartForm], Any]] = {
    "weights": (WeightsForm, gettext_lazy("Indicators and weights")),
    "inputs": (InputsForm, gettext_lazy("Inputs")),
    "parameters": (ParametersForm, gettext_lazy("Parameters")),
    "grades": (GradesForm, gettext_lazy("Grades")),
    "steps": (StepsForm, gettext_lazy("Steps and days")),
}
