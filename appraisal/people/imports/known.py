"""What is known before an import, read with a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from appraisal.people.models import LegalEntity, OrgUnit, Person, Position, ReportingLine, User


@dataclass(frozen=True, slots=True)
class Known:
    """Everything by the codes and numbers that files speak of.

    `managers`, by number, are those of the day; for who is not hired yet those of the first day, for who has left
    those of the last.
    """

    people: dict[str, Person]
    units: dict[str, OrgUnit]
    positions: dict[str, Position]
    entities: dict[str, LegalEntity]
    managers: dict[str, str]
    later_lines: frozenset[str]
    usernames: frozenset[str]


def read_known(day: date) -> Known:
    people = {person.number: person for person in Person.objects.all()}
    numbers = {person.pk: number for number, person in people.items()}
    managers, later = _read_lines({person.pk: person for person in people.values()}, day)
    return Known(
        people=people,
        units={unit.code: unit for unit in OrgUnit.objects.all()},
        positions={position.code: position for position in Position.objects.all()},
        entities={entity.code: entity for entity in LegalEntity.objects.all()},
        managers={numbers[person]: numbers[manager] for person, manager in managers.items()},
        later_lines=frozenset(numbers[person] for person in later),
        usernames=frozenset(User.objects.values_list("username", flat=True)),
    )


def _read_lines(people: dict[int, Person], day: date) -> tuple[dict[int, int], set[int]]:
    """The manager of each person on their day, and who has a line that begins after it."""
    managers: dict[int, int] = {}
    later: set[int] = set()
    for person_id, manager_id, starts_on, ends_on in ReportingLine.objects.values_list(
        "person_id", "manager_id", "starts_on", "ends_on"
    ):
        asked = _day_of(people[person_id], day)
        if starts_on > asked:
            later.add(person_id)
        elif ends_on is None or ends_on >= asked:
            managers[person_id] = manager_id
    return managers, later


def _day_of(person: Person, day: date) -> date:
    """The day itself, moved into the time in which the person works here."""
    if person.left_on is not None and person.left_on < day:
        return person.left_on
    return max(day, person.hired_on)
