"""Factories of accounts, people and what they belong to. Nothing is invented that a test has not asked for."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from appraisal.people.models import LegalEntity, OrgUnit, Person, Position, ReportingLine, User
from workflow import calendars

HIRED = date(2020, 1, 1)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence("user{}".format)
    password = "!"


class LegalEntityFactory(DjangoModelFactory[LegalEntity]):
    class Meta:
        model = LegalEntity
        django_get_or_create = ("code",)

    code = "PH-SH"
    name = "评衡科技（上海）有限公司"
    name_en = "Pingheng Technology (Shanghai)"
    calendar = factory.LazyFunction(calendars.ensure_mainland)


class OrgUnitFactory(DjangoModelFactory[OrgUnit]):
    class Meta:
        model = OrgUnit

    code = factory.Sequence("U{:03}".format)
    name = factory.LazyAttribute(lambda unit: f"部门{unit.code}")


class PositionFactory(DjangoModelFactory[Position]):
    class Meta:
        model = Position

    code = factory.Sequence("P{:03}".format)
    name = factory.LazyAttribute(lambda position: f"岗位{position.code}")


class PersonFactory(DjangoModelFactory[Person]):
    """`account=True` gives the person an account; `manager=…` a line that has held since the hiring."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        account = factory.Trait(user=factory.SubFactory(UserFactory))

    number = factory.Sequence("9{:04}".format)
    name = factory.LazyAttribute(lambda person: f"员工{person.number}")
    legal_entity = factory.SubFactory(LegalEntityFactory)
    org_unit = factory.SubFactory(OrgUnitFactory)
    hired_on = HIRED

    @factory.post_generation
    def manager(obj: Person, create: bool, extracted: Person | None, **kwargs: Any) -> None:
        if create and extracted is not None:
            ReportingLineFactory(person=obj, manager=extracted, starts_on=obj.hired_on)


class ReportingLineFactory(DjangoModelFactory[ReportingLine]):
    class Meta:
        model = ReportingLine

    person = factory.SubFactory(PersonFactory)
    manager = factory.SubFactory(PersonFactory)
    starts_on = HIRED
