"""Words that are kept for readers of both languages, and the names of roles in them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _


def in_both(words: object) -> str:
    """Lazy words in Chinese and English, for what is stored for readers of either."""
    with override("en"):
        return _in_both(str(words))


@lru_cache(maxsize=200)
def _in_both(english: str) -> str:
    with override("zh-hans"):
        chinese = _(english)
    return english if chinese == english else f"{chinese} / {english}"


def roles_in_both(roles: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(in_both(ROLE_WORDS[role]) for role in roles))


ROLE_WORDS = {
    "employee": gettext_lazy("the employee"),
    "manager": gettext_lazy("the direct manager"),
    "second_level": gettext_lazy("the second-level manager"),
    "hr": gettext_lazy("HR"),
    "hr_partner": gettext_lazy("HR partner"),
    "sales_director": gettext_lazy("Sales director"),
    "legal": gettext_lazy("Legal"),
    "finance": gettext_lazy("Finance"),
    "operations": gettext_lazy("Operations"),
    "data_owner": gettext_lazy("Data owner"),
    "peers": gettext_lazy("team members"),
    "subordinates": gettext_lazy("the people led"),
    "customers": gettext_lazy("customers"),
    "department": gettext_lazy("other departments"),
    "executives": gettext_lazy("the executives"),
    "panel": gettext_lazy("the appeal panel"),
    "mentor": gettext_lazy("the mentor"),
    "system": gettext_lazy("the system"),
}


def role_words(role: str) -> str:
    return str(ROLE_WORDS[role])


def reader_is_english() -> bool:
    return get_language() == "en"
