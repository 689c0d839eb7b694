"""The register's facts in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appraisal.people.models import Person
from appraisal.people.states import Role
from workflow import facts
from workflow.models import Fact


def told(rows: Iterable[Fact]) -> list[tuple[Fact, str]]:
    """Each fact with its sentence; roles and columns, stored by their keys, are named in the reader's language."""
    pairs = []
    for fact in rows:
        fact.data = {**fact.data, **_in_words(fact.data)}
        pairs.append((fact, facts.sentence(fact)))
    return pairs


def _in_words(data: dict[str, Any]) -> dict[str, str]:
    words: dict[str, str] = {}
    if data.get("role") in Role.values:
        words["role"] = str(Role(data["role"]).label)
    if "fields" in data:
        words["fields"] = ", ".join(_label(name) for name in data["fields"].split(", "))
    return words


def _label(name: str) -> str:
    labels = {field.name: field.verbose_name for field in Person._meta.fields}
    return str(labels.get(name, name))
