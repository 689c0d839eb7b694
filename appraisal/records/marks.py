"""Whose a figure on record is, where it is not the employee's own.

What is appraised may be a unit or an organisation for which an employee answers. Its figures, ledgers and documents
stand with that employee, and their input key says whose they are: `sales-u4` is the sales of unit 4, `sales-o7` those
of organisation 7. The keys of a scheme have no hyphen.
"""

from __future__ import annotations

SEPARATOR = "-"


def mark_of(unit_id: int | None, organisation_id: int | None) -> str:
    if unit_id is not None:
        return f"u{unit_id}"
    return f"o{organisation_id}" if organisation_id is not None else ""


Whose = tuple[int, str]


def whose(employee_id: int, unit_id: int | None, organisation_id: int | None) -> Whose:
    """Whose a result is: a department's never counts for its head, and a new head takes over the department's."""
    mark = mark_of(unit_id, organisation_id)
    return (0, mark) if mark else (employee_id, "")


def marked(key: str, mark: str) -> str:
    return f"{key}{SEPARATOR}{mark}" if mark else key


def parted(key: str) -> tuple[str, str]:
    """The scheme's own key, and the mark."""
    own, _separator, mark = key.partition(SEPARATOR)
    return own, mark
