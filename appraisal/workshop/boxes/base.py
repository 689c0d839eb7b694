"""What all boxes have in common. A box turns one value of the document into form fields, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from appraisal.schemes.reading import Path, dotted
from appraisal.schemes.spec import Scheme


class Absent:
    """The key is not written."""

    def __bool__(self) -> bool:
        return False


ABSENT: Final = Absent()
MOST_ROWS = 60
RARE = frozenset({
    "when", "otherwise", "alternatives", "floor_when", "rests_on", "looks_at", "remainder", "round", "split",
    "at_least_rows", "at_most_rows", "below_minimum", "scored", "periods", "absent", "raters", "note", "combine",
    "without", "partial", "gives", "floor",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """What the boxes of one page share: the scheme, and what was typed so far."""

    scheme: Scheme
    typed: Mapping[str, Any] = field(default_factory=dict)
    # The rule or input as it stands, for boxes whose choices hang on another box, and the name of its fields.
    beside: Mapping[str, Any] = field(default_factory=dict)
    prefix: str = ""

    def said(self, name: str) -> str:
        """What another box of the same part says now."""
        return str(self.typed.get(f"{self.prefix}.{name}") or self.beside.get(name, ""))

    def count(self, name: str, written: int) -> int:
        """How many rows to draw: those of the document, or as many as were drawn before and asked for."""
        drawn = str(self.typed.get(f"{name}.rows", ""))
        return min(int(drawn), MOST_ROWS) if drawn.isascii() and drawn.isdigit() else written


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands: the name of its fields, its path in the document, and what people call it."""

    name: str
    path: Path
    label: Any
    help: Any = ""
    required: bool = False
    default: Any = None

    @property
    def is_inner(self) -> bool:
        """Whether it is a part of a part, which needs a frame of its own."""
        return "." in self.name and not self.name.rpartition(".")[2].isdigit()

    def below(self, part: str | int, label: Any, **more: Any) -> Spot:
        return Spot(f"{self.name}.{part}", (*self.path, part), label, **more)


class Box:
    """`raw` is the value as the document has it, or ABSENT. What nobody changed is written back as it was."""

    shape: ClassVar[str] = "fields"
    # A box over several keys of the part around it hands back those keys, not a value of its own.
    spans: ClassVar[bool] = False

    def __init__(self, spot: Spot, raw: Any, desk: Desk) -> None:
        self.spot, self.raw, self.desk = spot, raw, desk
        self.fields: dict[str, forms.Field] = {}
        self.initial: dict[str, Any] = {}
        self.build()

    def build(self) -> None:
        raise NotImplementedError

    def value(self, form: Entry) -> Any:
        """What was typed, as the document writes it; ABSENT for nothing."""
        raise NotImplementedError

    def add(self, part: str, one: forms.Field, initial: Any = None) -> None:
        name = f"{self.spot.name}.{part}" if part else self.spot.name
        self.fields[name] = one
        self.initial[name] = initial

    def read(self, form: Entry) -> Any:
        if not self.touched(form):
            return self.raw
        return self.value(form)

    def touched(self, form: Entry) -> bool:
        return any(name in form.changed_data for name in self.all_fields())

    def typed(self, form: Entry, part: str = "") -> Any:
        return form.cleaned_data.get(f"{self.spot.name}.{part}" if part else self.spot.name)

    def refuse(self, form: Entry, words: Any, part: str | None = None) -> None:
        name = next(iter(self.all_fields()), None) if part is None else f"{self.spot.name}.{part}"
        if name in form.fields:
            form.add_error(name, words)
        else:
            form.add_error(None, _("%(what)s: %(words)s") % {"what": self.spot.label, "words": words})

    def all_fields(self) -> dict[str, forms.Field]:
        return {**self.fields, **{name: one for box in self.inner() for name, one in box.all_fields().items()}}

    def all_initial(self) -> dict[str, Any]:
        return {**self.initial, **{name: one for box in self.inner() for name, one in box.all_initial().items()}}

    def inner(self) -> list[Box]:
        return []

    @property
    def is_rare(self) -> bool:
        """Seldom needed, and not written here either: drawn below the rest."""
        return self.raw is ABSENT and not self.spot.required and str(self.spot.path[-1]) in RARE

    def row_names(self, place: int) -> list[str]:
        """The fields that a row has beside those of its box."""
        return []

    def walk(self) -> Iterator[Box]:
        yield self
        for box in self.inner():
            yield from box.walk()


# A box without a tick is not sent: the page says which boxes it drew.
SENDS_NOTHING = (forms.MultipleChoiceField, forms.BooleanField)
BOXES = "boxes"


class Entry(forms.Form):
    """The form over one box and everything inside it; `data_written` is what the document shall say."""

    use_required_attribute = False

    def __init__(
        self, box: Box, data: Mapping[str, Any] | None = None, *, kept: Mapping[str, Any] | None = None
    ) -> None:
        """`kept`: what was typed, drawn again without a verdict."""
        super().__init__(data, initial={**box.all_initial(), **({} if kept is None else typed_again(box, kept))})
        self.box = box
        self.fields.update(box.all_fields())
        self.data_written: Any = None
        # New inputs that a rule asks for, by their key.
        self.made: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.data_written = self.box.read(self)
        return data

    @property
    def boxes_drawn(self) -> str:
        return " ".join(name for name, one in self.fields.items() if isinstance(one, SENDS_NOTHING))

    @property
    def drawn(self) -> dict[str, Any]:
        return self._drawn(self.box)

    def _drawn(self, box: Box) -> dict[str, Any]:
        """The box with its bound fields and those inside it, for the page."""
        found: dict[str, Any] = {"box": box, "rare": box.is_rare, "fields": [self[name] for name in box.fields]}
        inner = [self._drawn(one) for one in box.inner()]
        if box.shape == "rows":
            found["rows"] = [
                {**one, "more": [self[name] for name in box.row_names(place)]} for place, one in enumerate(inner)
            ]
        rare = [one for one in inner if one["rare"]]
        more = {"faulty": self.is_bound and any(self._faulty(one["box"]) for one in rare)} if rare else None
        return {**found, "inner": inner, "rare_inside": more}

    def _faulty(self, box: Box) -> bool:
        return any(name in self.errors for name in box.all_fields())

    def blame(self, place: str, words: str) -> None:
        """A problem of the document, at the box that stands nearest to its place."""
        boxes = [(dotted(box.spot.path), box) for box in self.box.walk() if box.fields]
        fitting = [
            (len(path), box) for path, box in boxes if place == path or place.startswith((f"{path}.", f"{path}["))
        ]
        if not fitting:
            self.add_error(None, words)
            return
        most = max(length for length, _box in fitting)
        next(box for length, box in fitting if length == most).refuse(self, words)


def typed_again(box: Box, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as the first values of a form that is drawn anew."""
    found: dict[str, Any] = {}
    drawn = frozenset(str(kept.get(BOXES, "")).split())
    for name, one in box.all_fields().items():
        if isinstance(one, SENDS_NOTHING):
            if name in drawn:
                is_one = isinstance(one, forms.BooleanField) or not isinstance(kept, QueryDict)
                found[name] = name in kept if is_one else cast("QueryDict", kept).getlist(name)
        elif name in kept:
            found[name] = kept[name]
    return found


def required_words() -> str:
    return _("Something must be written here.")
