"""Brings the demo company's people into being, as a system administrator would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from appraisal.demo.company import ENTITY, PARTNER, PASSWORD, POSITIONS, UNITS, people
from appraisal.people.actions import grant_partner, grant_role, hire
from appraisal.people.models import LegalEntity, OrgUnit, Person, Position, User
from workflow.calendars import ensure_mainland, synchronise

HIRED = date(2021, 3, 1)
FOUNDER = {"username": "setup", "last_name": "系统初始化", "name_en": "Set-up"}


@dataclass(frozen=True, slots=True)
class Staff:
    """The company by employee number and by unit code."""

    entity: LegalEntity
    units: dict[str, OrgUnit]
    people: dict[str, Person]

    def user(self, number: str) -> User:
        user = self.people[number].user
        assert user is not None
        return user

    def in_unit(self, code: str, position: str = "SPEC") -> list[Person]:
        return [
            person
            for _number, person in sorted(self.people.items())
            if person.org_unit.code == code and person.position is not None and person.position.code == position
        ]


def staff_company(*, at: datetime) -> Staff:
    calendar = ensure_mainland()
    synchronise(calendar, years=range(2025, 2028))
    founder = User.objects.create(**FOUNDER, is_superuser=True, password=make_password(None))
    code, name, name_en = ENTITY
    entity = LegalEntity.objects.create(code=code, name=name, name_en=name_en, calendar=calendar)
    units = _units()
    positions = {
        code: Position.objects.create(code=code, name=name, name_en=name_en)
        for code, (name, name_en) in POSITIONS.items()
    }
    hired: dict[str, Person] = {}
    for part in people():
        hired[part.number] = hire(
            acting_user=founder, at=at, number=part.number, name=part.name, name_en=part.name_en,
            email=f"{part.number}@xinghe.example", legal_entity=entity, org_unit=units[part.unit],
            position=positions[part.position], hired_on=HIRED, manager=hired.get(part.manager or ""),
        )  # fmt: skip
    staff = Staff(entity, units, hired)
    _grant(staff, founder, at)
    # One hash for all: hashing 120 passwords as they deserve would take longer than everything else.
    User.objects.filter(person__isnull=False).update(password=make_password(PASSWORD))
    User.objects.filter(pk=founder.pk).update(is_active=False)
    return staff


def _units() -> dict[str, OrgUnit]:
    units: dict[str, OrgUnit] = {}
    for code, (name, name_en, parent) in UNITS.items():
        above = units[parent] if parent else None
        unit = OrgUnit.objects.create(code=code, name=name, name_en=name_en, parent=above)
        unit.path = f"{above.path if above else '/'}{unit.pk}/"
        unit.save(update_fields=["path"])
        units[code] = unit
    return units


def _grant(staff: Staff, founder: User, at: datetime) -> None:
    for part in people():
        for role in part.roles:
            grant_role(acting_user=founder, at=at, user=staff.user(part.number), role=role)
    number, unit = PARTNER
    grant_partner(acting_user=founder, at=at, user=staff.user(number), org_unit=staff.units[unit])
