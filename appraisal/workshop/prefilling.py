"""A worked example as the first values of the calculator."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from appraisal.schemes.spec import Deliverable, Incident, Ledger, Rating, Scheme, Survey
from appraisal.workshop.patching import number as plain


def initial_of(scheme: Scheme, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """The values by the name of their field, and how many rows each table has."""
    found: dict[str, Any] = {}
    rows: dict[str, int] = {}
    for key, value in given.items():
        if isinstance(value, dict) and set(value) == {"absent"}:
            continue
        spec = scheme.inputs.get(key)
        if isinstance(spec, Ledger | Incident | Deliverable):
            table = _rows(spec, value)
            rows[key] = len(table)
            found[f"in_{key}__given"] = True
            for place, row in enumerate(table):
                found |= {f"in_{key}__{place}__{name}": _cell(spec, name, cell) for name, cell in row.items()}
        elif spec is None:
            found[f"in_{key}__"] = _line(value)
        else:
            found |= {f"in_{key}__{name}": one for name, one in _figures(spec, value).items()}
    return found, rows


def _figures(spec: Any, value: Any) -> dict[str, Any]:
    if isinstance(spec, Rating):
        return {"ratings": _line(value["ratings"] if isinstance(value, dict) else value)}
    if not isinstance(value, dict):
        if isinstance(spec, Survey):
            return {"points": _said(value)}
        return {"actual": _keyed(value, spec.choices)}
    parts = {f"part_{name}": _said(one) for name, one in (value.get("split") or {}).items()}
    return {name: _said(one) for name, one in value.items() if name != "split"} | parts


def _rows(spec: Any, value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        counts = {kind: int(many) for kind, many in value.items() if kind != "incidents"}
        value = value.get("incidents") or [kind for kind, many in counts.items() for _one in range(many)]
    if not isinstance(value, list):
        return []
    if isinstance(spec, Incident):
        return [row if isinstance(row, dict) else {"severity": row} for row in value]
    if isinstance(spec, Deliverable):
        return [row if isinstance(row, dict) else {"document": row, "status": "accepted"} for row in value]
    return [row for row in value if isinstance(row, dict)]


def _cell(spec: Any, name: str, value: Any) -> str:
    if isinstance(spec, Incident) and name == "severity":
        return _keyed(value, {key: severity.label for key, severity in spec.severities.items()})
    if isinstance(spec, Deliverable):
        return _keyed(value, spec.expected if name == "document" else {})
    column = spec.columns.get(name) if isinstance(spec, Ledger) else None
    return _keyed(value, column.choices if column is not None else {})


def _keyed(value: Any, choices: Mapping[str, Any]) -> str:
    """An example may name a choice by its label in either language; the form knows it by its key."""
    return next((key for key, label in choices.items() if value in (key, label.zh, label.en)), _said(value))


def _line(value: Any) -> str:
    return ", ".join(_said(one) or "-" for one in value) if isinstance(value, list) else _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)
