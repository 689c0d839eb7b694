"""What stands against a list of people as a whole: who is named twice, unknown, gone, or above themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from appraisal.people.imports.columns import PEOPLE, Problem, Row
from appraisal.people.imports.known import Known

if TYPE_CHECKING:
    from appraisal.people.imports.plan import Entry

LABELS = {column.key: column.label for column in PEOPLE}
SHOWN = 5


def without_repeats(rows: Sequence[Row], problems: list[Problem]) -> list[Row]:
    """The first row of every number; the others are problems."""
    first: dict[str, int] = {}
    kept = []
    for row in rows:
        number = row.cells["number"]
        if number in first:
            message = _("This number already stands on line %(line)s.") % {"line": first[number]}
            problems.append(Problem(row.line, str(LABELS["number"]), number, message))
        else:
            first[number] = row.line
            kept.append(row)
    return kept


def problems_of(entries: Sequence[Entry], known: Known, on: date) -> list[Problem]:
    """Checks that need all rows, run once each row is sound in itself."""
    found = [problem for check in (_accounts, _dates, _addresses, _managers) for problem in check(entries, known, on)]
    return found or [*_left_behind(entries, known, on), *_circles(entries, known, on)]


def _problem(entry: Entry, key: str, message: str) -> Problem:
    return Problem(entry.line, str(LABELS[key]), _shown(entry.number if key == "number" else entry.after[key]), message)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _accounts(entries: Sequence[Entry], known: Known, on: date) -> Iterator[Problem]:
    for entry in entries:
        if entry.number not in known.people and entry.number in known.usernames:
            yield _problem(entry, "number", _("An account of another kind already has this name."))


def _dates(entries: Sequence[Entry], known: Known, on: date) -> Iterator[Problem]:
    for entry in entries:
        if entry.after["left_on"] and entry.after["left_on"] < entry.after["hired_on"]:
            yield _problem(entry, "left_on", _("This day lies before the hiring."))


def _addresses(entries: Sequence[Entry], known: Known, on: date) -> Iterator[Problem]:
    in_file = {entry.number for entry in entries}
    owners: Counter[str] = Counter(
        person.email.lower() for number, person in known.people.items() if person.email and number not in in_file
    )
    owners.update(entry.after["email"].lower() for entry in entries if entry.after["email"])
    for entry in entries:
        if owners[entry.after["email"].lower()] > 1:
            yield _problem(entry, "email", _("Somebody else has the same mail address."))


def _managers(entries: Sequence[Entry], known: Known, on: date) -> Iterator[Problem]:
    absent = _absence(entries, known)
    for entry in entries:
        manager = entry.after["manager"]
        if not manager or not _manager_is_new(entry, known, on):
            continue
        begins = max(on, entry.after["hired_on"]) if entry.number in known.people else entry.after["hired_on"]
        if manager == entry.number:
            yield _problem(entry, "manager", _("Nobody reports to themselves."))
        elif manager not in absent:
            yield _problem(entry, "manager", _("Nobody with this number is in the file or in the register."))
        elif absent[manager](begins):
            yield _problem(
                entry, "manager", _("This manager does not work here on %(day)s.") % {"day": begins.isoformat()}
            )
        elif entry.number in known.later_lines:
            yield _problem(entry, "manager", _("A later change of manager is already entered for this person."))


def _manager_is_new(entry: Entry, known: Known, on: date) -> bool:
    return entry.number not in known.people or entry.changes_key("manager") or entry.returns(on)


def _absence(entries: Sequence[Entry], known: Known) -> dict[str, Callable[[date], bool]]:
    """For everybody after the import: whether they are absent on a day."""
    spans = {number: (person.hired_on, person.left_on) for number, person in known.people.items()}
    spans.update({entry.number: (entry.after["hired_on"], entry.after["left_on"]) for entry in entries})

    def outside(first: date, last: date | None) -> Callable[[date], bool]:
        return lambda day: day < first or (last is not None and day > last)

    return {number: outside(first, last) for number, (first, last) in spans.items()}


def managers_after(entries: Sequence[Entry], known: Known) -> dict[str, str]:
    return {**known.managers, **{entry.number: entry.after["manager"] for entry in entries}}


def _left_behind(entries: Sequence[Entry], known: Known, on: date) -> Iterator[Problem]:
    """Who leaves may not leave reports without a manager; they are given a new one in the same file."""
    leavers = {entry.number: entry for entry in entries if entry.leaves}
    gone = {number for number, person in known.people.items() if person.left_on and person.left_on < on}
    gone |= {entry.number for entry in entries if entry.after["left_on"]}
    reports: dict[str, list[str]] = defaultdict(list)
    for number, manager in managers_after(entries, known).items():
        if manager in leavers and number not in gone:
            reports[manager].append(number)
    for manager, numbers in reports.items():
        names = ", ".join(sorted(numbers)[:SHOWN]) + ("…" if len(numbers) > SHOWN else "")
        message = _("%(count)s people still report to this person (%(names)s): please give them another manager.")
        yield _problem(leavers[manager], "left_on", message % {"count": len(numbers), "names": names})


def _circles(entries: Sequence[Entry], known: Known, on: date) -> Iterator[Problem]:
    managers = managers_after(entries, known)
    lines = {entry.number: entry for entry in entries}
    safe: set[str] = set()
    for start in lines:
        chain: list[str] = []
        number = start
        while number and number not in safe and number not in chain:
            chain.append(number)
            number = managers.get(number, "")
        if number and number not in safe:
            circle = chain[chain.index(number) :]
            entry = next(lines[each] for each in circle if each in lines)
            way = " → ".join([*circle, number])
            yield _problem(entry, "manager", _("The managers go round in a circle: %(way)s.") % {"way": way})
        safe.update(chain)
