"""Boxes that hold boxes: parts with several fields, lists, tables by key, and what is left to YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from appraisal.schemes.describe import describe
from appraisal.schemes.problems import SchemeRefusedError
from appraisal.schemes.reading import read
from appraisal.workshop.boxes.base import ABSENT, Box, Desk, Entry, Spot
from appraisal.workshop.boxes.naming import key_from
from appraisal.workshop.boxes.plain import WordsField, must
from appraisal.workshop.rewriting import entry, same

LONGEST = MaxLengthValidator(20_000)
Make = Callable[[Spot, Any, Desk], Box]


class GroupBox(Box):
    """A part with its fields. Keys that have no box stay as they are."""

    shape = "group"

    def build(self) -> None:
        raw = self.raw if isinstance(self.raw, dict) else {}
        self.boxes = [make(spot, raw if spans else raw.get(spot.path[-1], ABSENT), self.desk)
                      for spot, make, spans in self.parts()]  # fmt: skip

    def parts(self) -> Iterable[tuple[Spot, Make, bool]]:
        raise NotImplementedError

    def inner(self) -> list[Box]:
        return self.boxes

    def value(self, form: Entry) -> Any:
        raw = self.raw if isinstance(self.raw, dict) else {}
        boxed = {box.spot.path[-1] for box in self.boxes if not box.spans}
        found = {key: one for key, one in raw.items() if key not in boxed}
        for box in self.boxes:
            if box.spans:
                found = self._spanned(form, box, found)
                continue
            one = box.read(form)
            must(box, form, one)
            if one is not ABSENT:
                found[box.spot.path[-1]] = one
        ordered = {key: found[key] for key in raw if key in found}
        return {**ordered, **found} or ABSENT

    @staticmethod
    def _spanned(form: Entry, box: Box, found: dict[Any, Any]) -> dict[Any, Any]:
        if not box.touched(form):
            return found
        keys = getattr(box, "keys", ())
        return {**{key: one for key, one in found.items() if key not in keys}, **box.value(form)}


class RowsBox(Box):
    """Rows that can be added and removed. A new row that is left empty is none."""

    shape = "rows"
    make: Make

    def build(self) -> None:
        self.written = self.pairs()
        self.rows: list[tuple[str, Box]] = []
        count = self.desk.count(self.spot.name, max(len(self.written), int(self.spot.required)))
        for place in range(max(count, len(self.written))):
            key, raw = self.written[place] if place < len(self.written) else (None, ABSENT)
            path = (*self.spot.path, place if key is None else key)
            spot = Spot(f"{self.spot.name}.{place}", path, self.row_label(key, place))
            box = self.make(spot, raw, self.desk)
            if raw is ABSENT:
                # Left empty it is no row; once something is typed, its box asks for the rest.
                for one in box.all_fields().values():
                    one.required = False
            self.rows.append((spot.name, box))
            self.fields[f"{spot.name}.gone"] = forms.BooleanField(label=_("Remove this row"), required=False)
            self.row_fields(spot, key, place)

    def pairs(self) -> list[tuple[Any, Any]]:
        return [(place, one) for place, one in enumerate(self.raw or ())]

    def row_label(self, key: Any, place: int) -> str:
        return _("%(what)s, row %(number)s") % {"what": self.spot.label, "number": place + 1}

    def row_fields(self, spot: Spot, key: Any, place: int) -> None:
        pass

    def inner(self) -> list[Box]:
        return [box for _name, box in self.rows]

    def refuse(self, form: Entry, words: Any, part: str | None = None) -> None:
        """At the first row, where there is one."""
        if self.rows and part is None:
            self.rows[0][1].refuse(form, words)
        else:
            super().refuse(form, words, part)

    def row_names(self, place: int) -> list[str]:
        name = self.rows[place][0]
        gone = [f"{name}.gone"] if place < len(self.written) else []
        return [*([f"{name}.key"] if f"{name}.key" in self.fields else []), *gone]

    def kept(self, form: Entry) -> Iterable[tuple[int, str, Box]]:
        for place, (name, box) in enumerate(self.rows):
            if form.cleaned_data.get(f"{name}.gone"):
                continue
            if place < len(self.written) or any(one in form.changed_data for one in self._of_row(name, box)):
                yield place, name, box

    @staticmethod
    def _of_row(name: str, box: Box) -> list[str]:
        return [f"{name}.key", *box.all_fields()]

    def value(self, form: Entry) -> Any:
        found = []
        for _place, _name, box in self.kept(form):
            one = box.read(form)
            if one is not ABSENT:
                found.append(one)
        return found or (ABSENT if self.raw is ABSENT or not self.spot.required else [])


class TableBox(RowsBox):
    """Rows by their key: chosen among the known ones, or made of the English words."""

    def pairs(self) -> list[tuple[Any, Any]]:
        return list(self.raw.items()) if isinstance(self.raw, dict) else []

    def known(self) -> list[tuple[str, Any]]:
        return []

    def row_label(self, key: Any, place: int) -> str:
        return str(dict(self.known()).get(key, key)) if key is not None else str(super().row_label(key, place))

    def row_fields(self, spot: Spot, key: Any, place: int) -> None:
        known = self.known()
        name = f"{spot.name}.key"
        if known:
            choices = [("", "—"), *known, *([(key, key)] if key is not None and key not in dict(known) else [])]
            self.fields[name] = forms.ChoiceField(label=_("For"), choices=choices, required=False)
        else:
            words = _("For formulas: small letters, digits and _. Left empty: made of the English words.")
            self.fields[name] = WordsField(label=_("Short name"), required=False, max_length=60, help_text=words)
        self.initial[name] = key

    def value(self, form: Entry) -> Any:
        found: dict[Any, Any] = {}
        for _place, name, box in self.kept(form):
            one = box.read(form)
            key = form.cleaned_data.get(f"{name}.key") or key_from(one, taken=found)
            if not key or key in found:
                form.add_error(f"{name}.key", _("This key is missing or stands here twice."))
                continue
            found[int(key) if str(key).isdigit() else key] = one if one is not ABSENT else {}
        return found or (ABSENT if self.raw is ABSENT or not self.spot.required else {})


class YamlBox(Box):
    """What is too deep for a form, as a few lines of YAML of its own."""

    def build(self) -> None:
        text = None if self.raw is ABSENT else written_out(self.raw)
        rows = min(max((text or "").count("\n") + 2, 3), 16)
        one = WordsField(
            label=self.spot.label, required=self.spot.required, strip=False, validators=[LONGEST],
            help_text=self.spot.help or _("In YAML, as in the document."),
            widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "wrap": "off", "data-code": ""}),
        )  # fmt: skip
        self.add("", one, text)

    def value(self, form: Entry) -> Any:
        text = self.typed(form) or ""
        if not text.strip():
            return ABSENT
        try:
            data, _reading = read("value:\n" + "".join(f"  {line}\n" for line in text.splitlines()), file="")
        except SchemeRefusedError as error:
            for problem in error.problems:
                line = min(max((problem.line or 2) - 1, 1), len(text.splitlines()))
                self.refuse(form, _("Line %(line)s: %(sentence)s") % {"line": line, "sentence": describe(problem)})
            return self.raw
        return self.raw if same(self.raw, data["value"]) else data["value"]


def written_out(raw: Any) -> str:
    """The value as the lines below a key, without their indent."""
    if isinstance(raw, dict):
        return "\n".join(entry(key, one, 0) for key, one in raw.items())
    return entry("value", raw, 0).removeprefix("value:").strip()
