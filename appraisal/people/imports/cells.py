"""How a cell is read. A ValueError says, in the reader's language, why it cannot be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

# 2026-03-31, 2026/3/31, 2026.3.31, 2026年3月31日, 20260331, each perhaps followed by a time.
DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]?\d{1,2}:\d{2}(?::\d{2})?)?")
CODE = re.compile(r"[\w.\-/]{1,40}")
FAULTY_FORMULAS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def read_text(limit: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = plain(value)
        if len(text) > limit:
            raise ValueError(_("This is longer than %(limit)s characters.") % {"limit": limit})
        return text

    return read


def read_code(value: Any) -> str:
    text = unicodedata.normalize("NFKC", plain(value))
    if text and not CODE.fullmatch(text):
        raise ValueError(_("Numbers and codes have up to 40 letters, digits, dots, slashes and hyphens."))
    return text


def read_email(value: Any) -> str:
    text = unicodedata.normalize("NFKC", plain(value))
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise ValueError(_("This is not a mail address.")) from None
    return text


def read_date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", plain(value)).replace("年 ", "年").replace("月 ", "月")
    if not text:
        return None
    match = DATE.fullmatch(text)
    try:
        if match:
            year, *parts = (part for part in match.groups() if part)
            day = date(int(year), int(parts[0]), int(parts[1]))
            if 1940 <= day.year <= 2100:
                return day
    except ValueError:
        pass
    raise ValueError(_("This is not a date that can be read with certainty. Please write it as 2026-03-31."))


def read_zone(value: Any) -> str:
    text = plain(value)
    if text and text not in _zones():
        raise ValueError(_("This time zone is not known. Please write it as Asia/Shanghai."))
    return text


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def plain(value: Any) -> str:
    """Text of a cell; 1001.0, as spreadsheets store it, is 1001."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if text in FAULTY_FORMULAS:
        raise ValueError(_("The formula in this cell has an error."))
    return text
