"""A part that is one of several kinds: the rule of an indicator, an input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, get_args

from django import forms
from django.utils.translation import gettext_lazy

from appraisal.schemes.spec import KINDS, AnyInput
from appraisal.schemes.spec.base import Document
from appraisal.workshop.boxes.base import ABSENT, Box, Desk, Entry, Spot
from appraisal.workshop.boxes.drawing import group_of
from appraisal.workshop.boxes.words import RULE_KINDS
from appraisal.workshop.words import INPUTS

INPUT_KINDS: dict[str, type[Document]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(AnyInput)[0])
}


class KindBox(Box):
    """The choice of the kind, and the fields of the kind that is chosen now."""

    shape = "kind"
    models: ClassVar[Mapping[str, type[Document]]] = {}
    label: ClassVar[Any] = ""
    titled: ClassVar[bool] = True

    def build(self) -> None:
        raw = self.raw if isinstance(self.raw, dict) else {}
        self.before = self.kind_of(raw)
        typed = str(self.desk.typed.get(f"{self.spot.name}.kind", ""))
        self.kind = typed if typed in self.models else self.before
        carried = raw if self.kind == self.before else self.carried(raw)
        desk = Desk(self.desk.scheme, self.desk.typed, carried, self.spot.name)
        spot = Spot(self.spot.name, self.spot.path, self.spot.label, required=True)
        self.group = group_of(self.models[self.kind], without=("kind",))(spot, carried or ABSENT, desk)
        field = forms.ChoiceField(label=self.label, choices=self.choices(), required=True)
        self.add("kind", field, self.kind)

    def kind_of(self, raw: Mapping[Any, Any]) -> str:
        raise NotImplementedError

    def choices(self) -> list[tuple[str, Any]]:
        raise NotImplementedError

    def carried(self, raw: Mapping[Any, Any]) -> dict[Any, Any]:
        """What the new kind has in common with the one before."""
        known = self.models[self.kind].model_fields
        return {key: one for key, one in raw.items() if key in known and key != "kind" and one != "none"}

    def inner(self) -> list[Box]:
        return [self.group]

    def read(self, form: Entry) -> Any:
        return self.group.read(form) if self.kind == self.before and self.raw is not ABSENT else self.group.value(form)


class RuleBox(KindBox):
    models = KINDS
    label = gettext_lazy("How it is scored")

    def kind_of(self, raw: Mapping[Any, Any]) -> str:
        return next((key for key in raw if key in KINDS), "attainment")

    def choices(self) -> list[tuple[str, Any]]:
        return [(kind, words) for kind, (words, _says) in RULE_KINDS.items()]

    def carried(self, raw: Mapping[Any, Any]) -> dict[Any, Any]:
        """The input too, which every kind names in its own way."""
        found = super().carried(raw)
        old, new = KINDS[self.before].reads, KINDS[self.kind].reads
        if old and new:
            key = str(raw.get(next(iter(old)), ""))
            spec = self.desk.scheme.inputs.get(key)
            field, kinds = next(iter(new.items()))
            if spec is not None and spec.kind in kinds:
                found = {field: key, **found}
        return found

    @property
    def says(self) -> Any:
        return RULE_KINDS[self.kind][1]


class AnyInputBox(KindBox):
    models = INPUT_KINDS
    label = gettext_lazy("Kind of input")
    titled = False
    says = ""

    def kind_of(self, raw: Mapping[Any, Any]) -> str:
        return str(raw.get("kind", "measure"))

    def choices(self) -> list[tuple[str, Any]]:
        return [(kind, INPUTS[kind]) for kind in self.models]

    def read(self, form: Entry) -> Any:
        found = super().read(form)
        if not isinstance(found, dict):
            found = {}
        return {**found, "kind": self.kind} if "kind" in found else {"kind": self.kind, **found}
