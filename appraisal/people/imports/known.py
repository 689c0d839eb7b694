"""What is known before an import, read with a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from appraisal.people.models import LegalEntity, OrgUnit, Person, Position, ReportingLine, User
from appraisal.people.queries import holding_on


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
    first = Q(person__hired_on__gt=day, starts_on=F("person__hired_on"))
    last = Q(person__left_on__lt=day, ends_on=F("person__left_on"))
    lines = ReportingLine.objects.filter(holding_on(day) | first | last).values_list("person_id", "manager_id")
    later = ReportingLine.objects.filter(starts_on__gt=day).exclude(first).values_list("person_id", flat=True)
    return Known(
        people=people,
        units={unit.code: unit for unit in OrgUnit.objects.all()},
        positions={position.code: position for position in Position.objects.all()},
        entities={entity.code: entity for entity in LegalEntity.objects.all()},
        managers={numbers[person]: numbers[manager] for person, manager in lines},
        later_lines=frozenset(numbers[person] for person in later),
        usernames=frozenset(User.objects.values_list("username", flat=True)),
    )
