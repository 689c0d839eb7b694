"""Which box a field gets, by the type it has in the specification."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic_core import PydanticUndefined

from appraisal.schemes.spec.base import (
    Document,
    Exact,
    Expr,
    Flag,
    Grade,
    Key,
    Number,
    Roles,
    Text,
    Unit,
    Whole,
    Words,
)
from appraisal.schemes.spec.grades import Band
from appraisal.schemes.spec.rules.base import Bound, Pick
from appraisal.workshop.boxes.base import Box, Spot
from appraisal.workshop.boxes.choosing import InputBox, KnownBox, PickBox, input_kinds, known_keys
from appraisal.workshop.boxes.nested import GroupBox, Make, RowsBox, TableBox, YamlBox
from appraisal.workshop.boxes.plain import (
    BoundBox,
    ChoiceBox,
    EdgeBox,
    FlagBox,
    FormulaBox,
    ManyBox,
    NumberBox,
    ParametersBox,
    TextBox,
    UnitBox,
    WholeBox,
    WordsBox,
)
from appraisal.workshop.boxes.words import field_help, field_label
from appraisal.workshop.parts import LOWER, UPPER

BY_TYPE: tuple[tuple[Any, type[Box]], ...] = (
    (Number, NumberBox), (Bound, BoundBox), (Expr, FormulaBox), (Words, WordsBox), (Grade, WordsBox), (Key, WordsBox),
    (Unit, UnitBox), (Text, TextBox), (Flag, FlagBox), (Whole, WholeBox), (int, WholeBox), (Exact, NumberBox),
)  # fmt: skip
# Fields that stand for one thing and are drawn as one, by the part they belong to.
TOGETHER: dict[type[Document], tuple[tuple[str, tuple[str, ...], Any, Any], ...]] = {
    Band: (
        ("lower", ("at_least", "above"), LOWER[1:], ""),
        ("upper", ("below", "at_most"), UPPER[1:], ""),
    ),
}
# Rows may stand in the part itself and in a part of it, not in rows.
DEEPEST_ROWS = 1


@lru_cache(maxsize=256)
def hints_of(model: type[Document]) -> dict[str, Any]:
    return get_type_hints(model, include_extras=True)


def group_of(model: type[Document], *, without: Iterable[str] = (), made: Mapping[str, Make] | None = None) -> Make:
    """The box of a part of this shape, but for some of its fields; `made`: fields with a box of their own."""
    hidden, own = frozenset(without), made or {}

    class Of(GroupBox):
        def parts(self) -> Iterable[tuple[Spot, Make, bool]]:
            together = TOGETHER.get(model, ())
            spanned = {key for _name, keys, _kinds, _help in together for key in keys}
            for name, info in model.model_fields.items():
                if name not in hidden and name not in spanned:
                    make = own.get(name) or make_for(hints_of(model)[name], model, name, self.spot)
                    yield spot_of(self.spot, name, info), make, False
            for name, keys, kinds, _help in together:
                spot = Spot(
                    f"{self.spot.name}.{name}".lstrip("."), self.spot.path, field_label(name), field_label("bound")
                )
                yield spot, edge_of(keys, kinds), True

    return Of


def spot_of(above: Spot, name: str, info: Any) -> Spot:
    default = None if info.default is PydanticUndefined else info.default
    prefix = f"{above.name}." if above.name else ""
    return Spot(
        f"{prefix}{name}", (*above.path, name), field_label(name), field_help(name), info.is_required(), default
    )


def edge_of(keys: tuple[str, ...], kinds: Any) -> Make:
    return type("Edge", (EdgeBox,), {"keys": keys, "kinds": tuple(kinds)})


def make_for(hint: Any, model: type[Document], name: str, above: Spot) -> Make:
    """The box for a field of a part; what nothing fits is left to YAML."""
    if kinds := input_kinds(model, name):
        return type("Reads", (InputBox,), {"kinds": kinds})
    known = known_keys(model, name)
    if known is not None and get_origin(hint) is not dict:
        return type("Known", (KnownBox,), {"source": staticmethod(known)})
    depth = len(above.name.split(".")) if above.name else 0
    return of_type(hint, model, name, depth)


def of_type(hint: Any, model: type[Document], name: str, depth: int) -> Make:
    for known, box in BY_TYPE:
        if hint == known:
            return box
    if hint == Roles:
        return _many(get_args(get_args(get_args(hint)[0])[0]), one_alone=True)
    if get_origin(hint) is Annotated:
        return of_type(get_args(hint)[0], model, name, depth)
    if get_origin(hint) in (Union, types.UnionType):
        rest = [one for one in get_args(hint) if one is not type(None)]
        return of_type(rest[0], model, name, depth) if len(rest) == 1 else YamlBox
    return _holding(hint, model, name, depth)


def _many(words: tuple[str, ...], *, one_alone: bool = False) -> Make:
    return type("Many", (ManyBox,), {"words": words, "one_alone": one_alone})


def _holding(hint: Any, model: type[Document], name: str, depth: int) -> Make:
    """Choices, parts, lists of parts and tables of parts, down to where a form would be deeper than the YAML."""
    inside = get_args(hint)
    if get_origin(hint) is Literal:
        return type("Choice", (ChoiceBox,), {"words": inside})
    if hint is Pick:
        return type("Ways", (PickBox,), {"ways": getattr(model, "ways", {}).get(name, ())})
    if isinstance(hint, type) and issubclass(hint, Document):
        return group_of(hint)
    if get_origin(hint) is dict and inside[0] == Key:
        return _rows(TableBox, inside[1], model, name, depth)
    return _several(inside[0], model, name, depth) if get_origin(hint) is tuple else YamlBox


def _several(hint: Any, model: type[Document], name: str, depth: int) -> Make:
    if get_origin(hint) is Literal:
        return _many(get_args(hint))
    if hint == Key:
        return ParametersBox if name == "rests_on" else YamlBox
    return _rows(RowsBox, hint, model, name, depth)


def _rows(box: type[RowsBox], hint: Any, model: type[Document], name: str, depth: int) -> Make:
    if depth > DEEPEST_ROWS:
        return YamlBox
    below = of_type(hint, model, name, depth)
    source = known_keys(model, name)
    more = {} if source is None else {"known": lambda self: source(self.desk)}
    return type("Rows", (box,), {"make": staticmethod(below), **more})
