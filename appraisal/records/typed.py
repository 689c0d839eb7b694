"""Typed values: how a figure, a fact or a cell of a ledger is read from what people and spreadsheets write.

A ValueError says, in the reader's language, why it cannot be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appraisal.people.imports.cells import plain, read_date, read_text
from appraisal.records.imports.columns import read_number
from appraisal.records.known import folded
from appraisal.schemes.spec import Measure, Survey
from appraisal.schemes.spec.base import Text
from appraisal.schemes.spec.inputs import Column
from appraisal.scoring.values import Value

YES = frozenset({"yes", "y", "true", "1", "是", "√", "有", "对"})
NO = frozenset({"no", "n", "false", "0", "否", "×", "x", "无", "错"})
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
LONGEST = 1000
# What a measure tells in a word instead of a number.
FACTS = frozenset({"choice", "flag", "date"})


def is_fact(given: Measure | Survey) -> bool:
    return isinstance(given, Measure) and given.type in FACTS


def read_flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = unicodedata.normalize("NFKC", plain(value)).lower()
    if not word:
        return None
    if word in YES or word in NO:
        return word in YES
    raise ValueError(_("Write yes or no here."))


def read_time(value: Any) -> Decimal | None:
    """Minutes since midnight."""
    if isinstance(value, datetime | time):
        return Decimal(value.hour * 60 + value.minute)
    text = unicodedata.normalize("NFKC", plain(value))
    if not text:
        return None
    match = CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(_("Write the time like 14:25."))
    return Decimal(int(match[1]) * 60 + int(match[2]))


def read_choice(value: Any, choices: Mapping[str, Text]) -> str | None:
    word = plain(value)
    if not word:
        return None
    for key, label in choices.items():
        if folded(word) in {folded(key), folded(label.zh), folded(label.en)}:
            return key
    known = _(", ").join(_in_reader_language(label) for label in choices.values())
    raise ValueError(_("Known here are: %(names)s.") % {"names": known})


def _in_reader_language(label: Text) -> str:
    return label.en if get_language() == "en" else label.zh


READERS: dict[str, Callable[[Any], Value | None]] = {
    "number": read_number, "money": read_number, "time": read_time, "date": read_date, "flag": read_flag,
}  # fmt: skip


def read_typed(kind: str, value: Any, choices: Mapping[str, Text]) -> Value | None:
    """None for an empty cell."""
    if kind == "choice":
        return read_choice(value, choices)
    reader = READERS.get(kind)
    return reader(value) if reader is not None else read_text(LONGEST)(value) or None


def stored(value: Value | None) -> str | None:
    """The one spelling in which a value is kept."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
    return value.isoformat() if isinstance(value, date) else value


def loaded(kind: str, text: str | None) -> Value | None:
    """What a kept spelling stands for."""
    if text is None or text == "":
        return None
    if kind in {"number", "money", "time"}:
        return Decimal(text)
    if kind == "flag":
        return text == "yes"
    return date.fromisoformat(text) if kind == "date" else text


def clock_words(minutes: Decimal) -> str:
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}"


def shown(kind: str, text: str | None, choices: Mapping[str, Text]) -> str:
    """As a person reads it, and as the reader of a table reads it again."""
    value = loaded(kind, text)
    if value is None or text is None:
        return ""
    if kind == "choice":
        return _in_reader_language(choices[text]) if text in choices else text
    if kind == "flag":
        return _("yes") if value else _("no")
    if kind == "time" and isinstance(value, Decimal):
        return clock_words(value)
    return text


def cell_value(column: Column, text: str | None) -> Value | None:
    """A cell as formulas reckon with it; what an empty one stands for where the scheme says so."""
    value = loaded(column.type, text)
    return column.default if value is None else value
