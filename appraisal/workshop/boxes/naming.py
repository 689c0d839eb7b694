"""Keys made of words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from typing import Any

LONGEST = 40


def key_from(data: Any, *, taken: Container[Any], fallback: str = "part") -> str:
    """A free key from the English side of a label: “Net sales” becomes net_sales."""
    words = data.get("label", data) if isinstance(data, dict) else data
    english = words.get("en", "") if isinstance(words, dict) else words
    plain = unicodedata.normalize("NFKD", str(english)).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_")
    if not re.match(r"[a-z]", stem):
        stem = f"{fallback}_{stem}".rstrip("_")
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key
