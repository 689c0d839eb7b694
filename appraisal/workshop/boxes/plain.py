"""Boxes for single values: words, numbers with their origin, choices, formulas."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.schemes.describe import SENTENCES
from appraisal.schemes.expressions import ExpressionError, parse
from appraisal.schemes.spec.base import Parameter
from appraisal.workshop.boxes.base import ABSENT, Box, Entry, required_words
from appraisal.workshop.boxes.words import choice_words
from appraisal.workshop.fields import ExactField
from appraisal.workshop.words import side

OWN: dict[str, Any] = {
    "value": gettext_lazy("stated by the source"),
    "assumed": gettext_lazy("our own choice (assumed)"),
    "missing": gettext_lazy("still missing"),
}
FROM = "parameter:"
LONGEST = MaxLengthValidator(2000)
LONG = frozenset({"clause", "definition", "examples", "note", "anchor", "remainder", "raters", "formula"})


class WordsField(forms.CharField):
    """Words without the characters that no document can hold."""

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").replace("\r\n", "\n")
        return "".join(
            sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co")
        )


class OptionalNumber(ExactField):
    """Whether it must be there is decided together with where it comes from."""

    def validate(self, value: Any) -> None:
        pass


class QuietChoice(forms.ChoiceField):
    """A choice whose empty answer has a meaning of its own, so that nothing need say that it is optional."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def words_field(label: Any, *, required: bool, help_text: Any = "", long: bool = False) -> WordsField:
    widget = forms.Textarea(attrs={"rows": 2}) if long else forms.TextInput(attrs={"autocomplete": "off"})
    return WordsField(label=label, required=required, help_text=help_text, validators=[LONGEST], widget=widget)


class WordsBox(Box):
    def build(self) -> None:
        long = str(self.spot.path[-1]) in LONG
        spot = self.spot
        self.add("", words_field(spot.label, required=spot.required, help_text=spot.help, long=long), self.raw or None)

    def value(self, form: Entry) -> Any:
        return self.typed(form) or ABSENT


class TextBox(Box):
    """The same words in both languages; one side left empty says what the other says."""

    bare: ClassVar[bool] = False

    def build(self) -> None:
        raw = self.raw if isinstance(self.raw, dict) else {"zh": self.raw or None, "en": self.raw or None}
        long = str(self.spot.path[-1]) in LONG
        for key, label in (("zh", _("%(what)s, Chinese")), ("en", _("%(what)s, English"))):
            words = label % {"what": self.spot.label}
            one = words_field(words, required=self.spot.required and key == "zh", help_text=self.spot.help, long=long)
            self.add(key, one, raw.get(key))
        self.fields[f"{self.spot.name}.en"].help_text = _("Left empty: the same as in Chinese.")

    def value(self, form: Entry) -> Any:
        zh, en = self.typed(form, "zh"), self.typed(form, "en")
        if not zh and not en:
            return ABSENT
        both = {"zh": zh or en, "en": en or zh}
        return both["zh"] if self.bare and both["zh"] == both["en"] else both


class UnitBox(TextBox):
    bare = True


class WholeBox(Box):
    def build(self) -> None:
        spot = self.spot
        raw = spot.default if self.raw is ABSENT else self.raw
        self.add("", forms.IntegerField(label=spot.label, help_text=spot.help, required=False), raw)

    def value(self, form: Entry) -> Any:
        number = self.typed(form)
        return ABSENT if number is None else number


class FlagBox(Box):
    def build(self) -> None:
        raw = self.spot.default if self.raw is ABSENT else self.raw
        self.add("", forms.BooleanField(label=self.spot.label, required=False, help_text=self.spot.help), bool(raw))

    def value(self, form: Entry) -> Any:
        return bool(self.typed(form))


class ChoiceBox(Box):
    words: ClassVar[tuple[str, ...]] = ()

    def build(self) -> None:
        field_name = str(self.spot.path[-1])
        choices = [(word, choice_words(field_name, word)) for word in self.words]
        spot, default = self.spot, self.spot.default
        if default is None:
            choices.insert(0, ("", "—"))
        raw = default if self.raw is ABSENT else self.raw
        needed = spot.required or default is not None
        self.add("", forms.ChoiceField(label=spot.label, choices=choices, required=needed, help_text=spot.help), raw)

    def value(self, form: Entry) -> Any:
        return self.typed(form) or ABSENT


class ManyBox(Box):
    """Some of a few words; one alone is written without brackets where the document allows it."""

    words: ClassVar[tuple[str, ...]] = ()
    one_alone: ClassVar[bool] = False

    def labels(self) -> list[tuple[str, Any]]:
        return [(word, choice_words(str(self.spot.path[-1]), word)) for word in self.words]

    def build(self) -> None:
        raw = [self.raw] if isinstance(self.raw, str) else list(self.raw or ())
        spot = self.spot
        one = forms.MultipleChoiceField(
            label=spot.label, choices=self.labels(), required=spot.required, help_text=spot.help,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.add("", one, raw)

    def value(self, form: Entry) -> Any:
        chosen = self.typed(form) or []
        return chosen[0] if self.one_alone and len(chosen) == 1 else chosen or ABSENT


class ParametersBox(ManyBox):
    def labels(self) -> list[tuple[str, Any]]:
        return [(key, side(one.label)) for key, one in self.desk.scheme.parameters.items()]


class FormulaBox(Box):
    def build(self) -> None:
        spot = self.spot
        raw = None if self.raw is ABSENT else str(self.raw)
        one = WordsField(
            label=spot.label, required=spot.required, help_text=spot.help,
            widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "data-code": ""}),
        )  # fmt: skip
        self.add("", one, raw)

    def value(self, form: Entry) -> Any:
        text = self.typed(form)
        if not text:
            return ABSENT
        text = " ".join(text.split())
        try:
            parse(text)
        except ExpressionError as error:
            self.refuse(form, str(SENTENCES[error.code]) % {"written": text[:60], "part": error.written})
        return text


class NumberBox(Box):
    """A number and where it comes from; a parameter may hold it."""

    bounded: ClassVar[bool] = False
    shares_parameters: ClassVar[bool] = True

    def build(self) -> None:
        origin, number = self.written()
        spot = self.spot
        self.add("n", OptionalNumber(label=spot.label, required=spot.required, help_text=spot.help), number)
        source = QuietChoice(label=_("Where it comes from"), choices=self.origins())
        self.add("o", source, origin)

    def written(self) -> tuple[str, Any]:
        raw = self.raw
        if raw is ABSENT or raw is None:
            return "", None
        if not isinstance(raw, dict):
            return ("none", None) if raw == "none" else ("value", raw)
        if "parameter" in raw:
            return FROM + str(raw["parameter"]), None
        origin = next((one for one in OWN if one in raw), "")
        return origin, None if origin == "missing" else raw.get(origin)

    def origins(self) -> list[tuple[str, Any]]:
        empty = [] if self.spot.required else [("", self.unset())]
        found = [*empty, *((word, label) for word, label in OWN.items())]
        if self.bounded:
            found.append(("none", _("no bound")))
        if self.shares_parameters:
            numbers = {key: one for key, one in self.desk.scheme.parameters.items() if not one.choices}
            found += [
                (FROM + key, _("parameter “%(name)s”%(value)s") % {"name": side(one.label), "value": self._set(one)})
                for key, one in numbers.items()
            ]
        return found

    def unset(self) -> str:
        default = self.spot.default
        number = getattr(default, "value", None)
        return _("not set (%(number)s holds)") % {"number": f"{number:f}"} if number is not None else _("not set")

    @staticmethod
    def _set(one: Parameter) -> str:
        return "" if one.number is None else f" = {one.number:f}"

    def value(self, form: Entry) -> Any:
        origin, number = self.typed(form, "o") or "", self.typed(form, "n")
        kept = {"clause": self.raw["clause"]} if isinstance(self.raw, dict) and "clause" in self.raw else {}
        before, old = self.written()
        if origin == before and origin.startswith((FROM, "missing", "none")) and number is not None:
            # Whoever types a number need not say as well that it is no longer missing or held elsewhere.
            origin = "assumed" if before == "missing" else "value"
        elif origin == before and before in OWN and number is None and old is not None and not self.spot.required:
            return ABSENT
        if origin.startswith(FROM):
            return {"parameter": origin.removeprefix(FROM), **kept}
        if origin in ("missing", "none"):
            return {"missing": True, **kept} if origin == "missing" else "none"
        return self._own(form, origin, number, kept)

    def _own(self, form: Entry, origin: str, number: Decimal | None, kept: dict[str, Any]) -> Any:
        name = f"{self.spot.name}.n"
        if number is None:
            if name not in form.errors and (origin or self.spot.required):
                self.refuse(form, _("Enter a number, or say that it is still missing."), "n")
            return ABSENT
        if origin == "assumed":
            return {"assumed": number, **kept}
        return {"value": number, **kept} if kept else number


class BoundBox(NumberBox):
    bounded = True


class OriginBox(NumberBox):
    """The number of a parameter: its keys stand in the parameter itself."""

    spans = True
    shares_parameters = False

    def value(self, form: Entry) -> Any:
        written = super().value(form)
        if written is ABSENT or isinstance(written, dict):
            return written or {}
        return {"value": written}


class EdgeBox(Box):
    """One side of a band: which bound, and its number."""

    spans = True
    kinds: ClassVar[tuple[tuple[str, Any], ...]] = ()

    def build(self) -> None:
        kind = next((word for word, _label in self.kinds if word in self.raw), "")
        self.number = NumberBox(self.spot.below("at", self.spot.label), self.raw.get(kind, ABSENT), self.desk)
        self.add(
            "kind", forms.ChoiceField(label=self.spot.help, choices=[("", "—"), *self.kinds], required=False), kind
        )

    def inner(self) -> list[Box]:
        return [self.number]

    def value(self, form: Entry) -> Any:
        kind, number = self.typed(form, "kind"), self.number.read(form)
        if bool(kind) != (number is not ABSENT):
            self.refuse(form, _("A bound has a word and a number; for none leave both empty."), "kind")
        return {kind: number} if kind and number is not ABSENT else {}


def must(box: Box, form: Entry, value: Any) -> None:
    """Refuses what is empty but has to be there."""
    if value is ABSENT and box.spot.required and not any(name in form.errors for name in box.all_fields()):
        box.refuse(form, required_words())
