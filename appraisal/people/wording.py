"""The words of a letter's context: whom it is about and what is to be done, in both languages of the site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import ngettext, override

if TYPE_CHECKING:
    from workflow.verdicts import Text

# In Chinese and in English.
Names = tuple[str, str]
NAMES_IN_A_LETTER = 30


def in_both(key: str, text: Text) -> dict[str, str]:
    """A word of the product in both languages, as a context keeps it."""
    with override("zh-hans"):
        chinese = str(text)
    with override("en"):
        return {f"{key}_zh": chinese, f"{key}_en": str(text)}


def whom(names: Sequence[Names]) -> dict[str, Any]:
    (chinese, english), others = names[0], len(names) - 1
    if not others:
        return {"whom_zh": chinese, "whom_en": english}
    listed = [{"name_zh": zh, "name_en": en} for zh, en in names[:NAMES_IN_A_LETTER]]
    return {
        "count": len(names),
        "whom_zh": _and_others(chinese, others, "zh-hans"),
        "whom_en": _and_others(english, others, "en"),
        "people": listed,
        "more": len(names) - len(listed),
    }


def _and_others(first: str, others: int, language: str) -> str:
    with override(language):
        text = ngettext("%(first)s and %(others)d other", "%(first)s and %(others)d others", others)
        return text % {"first": first, "others": others, "all": others + 1}
