"""A small company whose rights everybody knows. Tests name its people instead of making their own.

company
├── sales        sales_director → second_level → manager → employee, three colleagues
│   └── east     (the manager's team; hr_partner is partner of sales and of all below it)
├── rd           outsider
└── staff        hr, hr_two, hr_partner, legal, finance, operations, data_owner, auditor, sysadmin
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from guardian.shortcuts import assign_perm

from appraisal.people.models import LegalEntity, OrgUnit, Person, Position, ReportingLine, User
from appraisal.people.states import Role
from workflow import calendars

HIRED = date(2020, 1, 1)

# name in the cast: number, name, English name, unit, manager, group
PARTS: dict[str, tuple[str, str, str, str, str | None, Role | None]] = {
    "sales_director": ("1001", "周明", "Zhou Ming", "sales", None, Role.SALES_DIRECTOR),
    "second_level": ("1002", "陈静", "Chen Jing", "sales", "sales_director", None),
    "manager": ("1003", "王强", "Wang Qiang", "east", "second_level", None),
    "employee": ("1004", "李娜", "Li Na", "east", "manager", None),
    "colleague_one": ("1005", "刘洋", "Liu Yang", "east", "manager", None),
    "colleague_two": ("1006", "赵敏", "Zhao Min", "east", "manager", None),
    "colleague_three": ("1007", "孙磊", "Sun Lei", "east", "manager", None),
    "outsider": ("2001", "吴刚", "Wu Gang", "rd", None, None),
    "hr": ("3001", "郑芳", "Zheng Fang", "staff", None, Role.HR),
    "hr_two": ("3002", "冯丽", "Feng Li", "staff", None, Role.HR),
    "hr_partner": ("3003", "韩雪", "Han Xue", "staff", None, None),
    "legal": ("3004", "曹军", "Cao Jun", "staff", None, Role.LEGAL),
    "finance": ("3005", "许婷", "Xu Ting", "staff", None, Role.FINANCE),
    "operations": ("3006", "何伟", "He Wei", "staff", None, Role.OPERATIONS),
    "data_owner": ("3007", "吕超", "Lü Chao", "staff", None, Role.DATA_OWNER),
    "auditor": ("3008", "沈洁", "Shen Jie", "staff", None, Role.AUDITOR),
    "sysadmin": ("3009", "马林", "Ma Lin", "staff", None, Role.SYSADMIN),
}


@dataclass(frozen=True, slots=True)
class Member:
    user: User
    person: Person


@dataclass(frozen=True, slots=True)
class Cast:
    employee: Member
    colleague_one: Member
    colleague_two: Member
    colleague_three: Member
    manager: Member
    second_level: Member
    sales_director: Member
    hr: Member
    hr_two: Member
    hr_partner: Member
    legal: Member
    finance: Member
    operations: Member
    data_owner: Member
    auditor: Member
    sysadmin: Member
    outsider: Member
    entity: LegalEntity
    company: OrgUnit
    sales: OrgUnit
    east: OrgUnit
    rd: OrgUnit
    staff: OrgUnit
    specialist: Position

    @property
    def colleagues(self) -> tuple[Member, Member, Member]:
        return (self.colleague_one, self.colleague_two, self.colleague_three)

    @property
    def members(self) -> dict[str, Member]:
        return {part: getattr(self, part) for part in PARTS}


def build_cast(password: str | None = None) -> Cast:
    """All parts with accounts; user names are the names of the parts. Without a password: use `force_login`."""
    entity, _created = LegalEntity.objects.get_or_create(
        code="PH-SH",
        defaults={
            "name": "评衡科技（上海）有限公司",
            "name_en": "Pingheng Technology (Shanghai)",
            "calendar": calendars.ensure_mainland(),
        },
    )
    units = _units()
    specialist = Position.objects.create(code="SALES-SPECIALIST", name="销售专员", name_en="Sales specialist")
    users = _users(password)
    people = {
        part: Person(
            number=number, name=name, name_en=name_en, email=users[part].email, user=users[part], legal_entity=entity,
            org_unit=units[unit], position=specialist if unit == "east" and part != "manager" else None, hired_on=HIRED,
        )
        for part, (number, name, name_en, unit, _manager, _role) in PARTS.items()
    }  # fmt: skip
    Person.objects.bulk_create(people.values())
    ReportingLine.objects.bulk_create(
        ReportingLine(person=people[part], manager=people[row[4]], starts_on=HIRED)
        for part, row in PARTS.items()
        if row[4] is not None
    )
    assign_perm("appraisal.partner_orgunit", users["hr_partner"], units["sales"])
    members = {part: Member(users[part], people[part]) for part in PARTS}
    return Cast(**members, **units, entity=entity, specialist=specialist)


def _units() -> dict[str, OrgUnit]:
    company = OrgUnit.objects.create(code="PH", name="评衡科技", name_en="Pingheng")
    sales = OrgUnit.objects.create(code="SALES", name="销售部", name_en="Sales", parent=company)
    east = OrgUnit.objects.create(code="SALES-EAST", name="华东销售组", name_en="Sales East", parent=sales)
    rd = OrgUnit.objects.create(code="RD", name="研发部", name_en="Research", parent=company)
    staff = OrgUnit.objects.create(code="STAFF", name="职能部", name_en="Staff", parent=company)
    return {"company": company, "sales": sales, "east": east, "rd": rd, "staff": staff}


def _users(password: str | None) -> dict[str, User]:
    stored = _hashed(password) if password else "!"
    users = {
        part: User(
            username=part,
            password=stored,
            email=f"{part}@example.com",
            first_name=name,
            name_en=name_en,
        )
        for part, (_number, name, name_en, _unit, _manager, _role) in PARTS.items()
    }
    User.objects.bulk_create(users.values())
    groups = dict(Group.objects.values_list("name", "pk"))
    User.groups.through.objects.bulk_create(
        User.groups.through(user_id=users[part].pk, group_id=groups[row[5].value])
        for part, row in PARTS.items()
        if row[5] is not None
    )
    return users


@cache
def _hashed(password: str) -> str:
    return make_password(password)
