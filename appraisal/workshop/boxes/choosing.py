"""Boxes that choose among what the scheme has: inputs, columns, severities, ways of reckoning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from appraisal.schemes.spec import Deductions, Incident, Items, Ledger, Rule
from appraisal.schemes.spec.base import Document
from appraisal.schemes.spec.rules.judgements import JUDGED, Share
from appraisal.workshop.boxes.base import ABSENT, Box, Desk, Entry
from appraisal.workshop.boxes.naming import key_from
from appraisal.workshop.boxes.plain import FROM, words_field
from appraisal.workshop.boxes.words import choice_words
from appraisal.workshop.words import INPUTS, labels_of, side

NEW = "new:"
# What a new input of the kind begins with; everything can be changed on its own page.
BEGINNINGS: dict[str, dict[str, Any]] = {
    "measure": {"kind": "measure", "owner": "hr", "target": "optional"},
    "rating": {"kind": "rating", "by": "manager", "scale": {"points": 100}},
    "survey": {"kind": "survey", "by": "customers", "scale": {"points": 100}},
    "incident": {
        "kind": "incident", "confirmed_by": "hr",
        "severities": {
            "minor": {"label": {"zh": "轻微", "en": "Minor"}}, "serious": {"label": {"zh": "严重", "en": "Serious"}},
        },
    },
    "ledger": {
        "kind": "ledger", "owner": "manager",
        "columns": {
            "what": {"label": {"zh": "事项", "en": "Item"}, "type": "text"},
            "points": {"label": {"zh": "分值", "en": "Points"}, "type": "number"},
            "status": {
                "label": {"zh": "状态", "en": "Status"}, "type": "choice",
                "choices": {"done": {"zh": "完成", "en": "Done"}, "late": {"zh": "逾期", "en": "Late"},
                            "not_done": {"zh": "未完成", "en": "Not done"}},
            },
        },
    },
    "document": {"kind": "document", "by": "employee"},
}  # fmt: skip
NEW_WORDS: dict[str, Any] = {
    "measure": gettext_lazy("+ a new figure"),
    "rating": gettext_lazy("+ a new rating"),
    "survey": gettext_lazy("+ a new survey"),
    "incident": gettext_lazy("+ new incidents"),
    "ledger": gettext_lazy("+ a new table"),
}


def input_kinds(model: type[Document], name: str) -> tuple[str, ...]:
    """The kinds of input that a field may name; none where it names no input."""
    if model is Share and name == "of":
        return JUDGED
    return model.reads.get(name, ()) if issubclass(model, Rule) else ()


class InputBox(Box):
    """One of the inputs that fit, or a new one that is made along with the rule."""

    shape = "reads"
    kinds: ClassVar[tuple[str, ...]] = ()

    def build(self) -> None:
        inputs = self.desk.scheme.inputs
        fitting = [
            (key, f"{side(spec.label)} · {INPUTS[spec.kind]}")
            for key, spec in inputs.items()
            if spec.kind in self.kinds
        ]
        raw = None if self.raw is ABSENT else str(self.raw)
        if raw is not None and raw not in dict(fitting):
            fitting.append((raw, raw))
        new = [(NEW + kind, NEW_WORDS[kind]) for kind in self.kinds]
        choices = [("", "—"), *fitting, *new]
        spot = self.spot
        self.add(
            "", forms.ChoiceField(label=spot.label, choices=choices, required=spot.required, help_text=spot.help), raw
        )
        for part, label in (("zh", _("Name of the new input, Chinese")), ("en", _("Name of the new input, English"))):
            self.add(part, words_field(label, required=False))

    def value(self, form: Entry) -> Any:
        chosen = self.typed(form)
        if not chosen or not chosen.startswith(NEW):
            return chosen or ABSENT
        zh, en = self.typed(form, "zh"), self.typed(form, "en")
        if not zh and not en:
            self.refuse(form, _("Give the new input a name."), "zh")
            return ABSENT
        label = {"zh": zh or en, "en": en or zh}
        kind = chosen.removeprefix(NEW)
        taken = {*self.desk.scheme.inputs, *form.made, *names_of(self.desk)}
        key = key_from(label, taken=taken, fallback=kind)
        head = {"kind": kind, "label": label}
        form.made[key] = {**head, **BEGINNINGS[kind]}
        return key


def names_of(desk: Desk) -> set[str]:
    """Everything in the scheme that already has a name for formulas."""
    return set(labels_of(desk.scheme))


class PickBox(Box):
    """A way of reckoning, or the parameter that chooses it."""

    ways: ClassVar[tuple[str, ...]] = ()

    def build(self) -> None:
        name = str(self.spot.path[-1])
        choosing = {key: one for key, one in self.desk.scheme.parameters.items() if one.choices}
        words = pgettext("a parameter that chooses", "parameter “%(name)s”")
        choices = [
            *((way, choice_words(name, way)) for way in self.ways),
            *((FROM + key, words % {"name": side(one.label)}) for key, one in choosing.items()),
        ]
        default = self.spot.default.word if self.spot.default is not None else ""
        raw = default if self.raw is ABSENT else self.raw
        if isinstance(raw, dict):
            raw = FROM + str(raw["parameter"]) if "parameter" in raw else raw.get("word")
        self.add("", forms.ChoiceField(label=self.spot.label, choices=choices, help_text=self.spot.help), raw)

    def value(self, form: Entry) -> Any:
        chosen = self.typed(form) or ""
        return {"parameter": chosen.removeprefix(FROM)} if chosen.startswith(FROM) else chosen or ABSENT


Known = Callable[[Desk], list[tuple[str, Any]]]


class KnownBox(Box):
    """One of the words that another choice of the page leaves."""

    source: Known

    def build(self) -> None:
        known = self.source(self.desk)
        raw = None if self.raw is ABSENT else self.raw
        if raw is not None and raw not in dict(known):
            known = [*known, (raw, raw)]
        spot = self.spot
        choices = [("", "—"), *known]
        self.add(
            "", forms.ChoiceField(label=spot.label, choices=choices, required=spot.required, help_text=spot.help), raw
        )

    def value(self, form: Entry) -> Any:
        return self.typed(form) or ABSENT


def _chosen(desk: Desk, name: str) -> Any:
    """The input as it is chosen now, or how a new one begins: as the document writes it, or as the scheme reads it."""
    key = desk.said(name)
    if key.startswith(NEW):
        return BEGINNINGS.get(key.removeprefix(NEW), {})
    return desk.scheme.inputs.get(key)


def _labels(parts: Any) -> list[tuple[str, Any]]:
    return [(key, _label(one)) for key, one in (parts or {}).items()]


def _label(part: Any) -> str:
    label = part.get("label", part) if isinstance(part, dict) else getattr(part, "label", part)
    return choice_side(label)


def choice_side(label: Any) -> str:
    if isinstance(label, dict):
        return str(label["en" if get_language() == "en" else "zh"])
    return side(label)


def severities(desk: Desk) -> list[tuple[str, Any]]:
    spec = _chosen(desk, "deductions")
    if isinstance(spec, dict):
        return _labels(spec.get("severities"))
    return _labels(spec.severities) if isinstance(spec, Incident) else []


def columns(desk: Desk) -> list[tuple[str, Any]]:
    spec = _chosen(desk, "items")
    if isinstance(spec, dict):
        return _labels(spec.get("columns"))
    return _labels(spec.columns) if isinstance(spec, Ledger) else []


def statuses(desk: Desk) -> list[tuple[str, Any]]:
    spec = _chosen(desk, "items")
    name = desk.said("status")
    if isinstance(spec, dict):
        return _labels(spec.get("columns", {}).get(name, {}).get("choices"))
    column = spec.columns.get(name) if isinstance(spec, Ledger) else None
    return _labels(column.choices) if column is not None else []


KNOWN: dict[tuple[type[Document], str], Known] = {
    (Deductions, "each"): severities, (Deductions, "leaves_nothing"): severities,
    (Items, "off"): statuses, (Items, "status"): columns, (Items, "value"): columns,
}  # fmt: skip


def known_keys(model: type[Document], name: str) -> Known | None:
    return KNOWN.get((model, name))
