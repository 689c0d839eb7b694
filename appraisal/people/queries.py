"""Who reports to whom on a day, who may see whom, and the tree of units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet

from appraisal.people.models import Organisation, OrgUnit, PeopleRegister, Person, ReportingLine, User
from appraisal.people.roles import partner_grants, roles_of
from appraisal.people.states import Role
from workflow.models import Fact
from workflow.writes import among

HISTORY = 50

SEES_EVERYBODY = frozenset({Role.HR.value, Role.AUDITOR.value, Role.SYSADMIN.value})


def holding_on(day: date, prefix: str = "") -> Q:
    """The reporting lines that hold on the day; `prefix` leads to them from another model."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def employed_on(day: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}hired_on__lte": day}) & (
        Q(**{f"{prefix}left_on__isnull": True}) | Q(**{f"{prefix}left_on__gte": day})
    )


def works_on(person: Person, day: date) -> bool:
    """As `employed_on`, of one that is loaded."""
    return person.hired_on <= day and (person.left_on is None or person.left_on >= day)


def managers_on(person_ids: Collection[int], day: date) -> dict[int, int]:
    """The manager of each person who has one on the day, by id, in one query."""
    lines = ReportingLine.objects.filter(holding_on(day), person_id__in=among(person_ids))
    return dict(lines.values_list("person_id", "manager_id"))


def manager_of(person: Person, day: date) -> Person | None:
    return Person.objects.filter(holding_on(day, "reports__"), reports__person=person).first()


def second_level(person: Person, day: date) -> Person | None:
    """The manager's manager."""
    manager = manager_of(person, day)
    return manager_of(manager, day) if manager else None


def reports_of(person: Person, day: date) -> QuerySet[Person]:
    return Person.objects.filter(holding_on(day, "lines__"), lines__manager=person).order_by("number")


def visible_people(user: User, day: date) -> QuerySet[Person]:
    """Whom the user may see: everybody for HR, auditors and administrators; else oneself, two levels down, and the
    people of the units one partners."""
    roles = roles_of(user)
    everybody = Person.objects.order_by("number")
    if roles.names & SEES_EVERYBODY:
        return everybody
    lines = ReportingLine.objects.filter(holding_on(day))
    direct = lines.filter(manager_id=roles.person_id).values("person_id")
    indirect = lines.filter(manager_id__in=direct).values("person_id")
    return everybody.filter(
        Q(pk=roles.person_id) | Q(pk__in=direct) | Q(pk__in=indirect) | Q(org_unit_id__in=roles.partner_unit_ids)
    )


def people_directory(
    user: User, day: date, *, text: str = "", unit_id: int | None = None, status: str = "employed"
) -> QuerySet[Person]:
    """The people whom the user may see, narrowed by text, unit (with those below it) and status."""
    people = visible_people(user, day).select_related("org_unit", "position", "legal_entity", "user")
    if text := text.strip():
        people = people.filter(
            Q(number__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text) | Q(email__icontains=text)
        )
    if unit_id is not None:
        people = people.filter(org_unit__path__contains=f"/{unit_id}/")
    if status == "employed":
        people = people.filter(employed_on(day))
    elif status == "left":
        people = people.filter(left_on__lt=day)
    return people


def with_managers(people: Iterable[Person], day: date) -> list[tuple[Person, Person | None]]:
    """Each person with their manager on the day, in two queries."""
    people = list(people)
    ids = managers_on([person.pk for person in people], day)
    managers = Person.objects.in_bulk(set(ids.values()))
    return [(person, managers.get(ids[person.pk]) if person.pk in ids else None) for person in people]


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree, with its depth and the people employed in it and below it."""

    unit: OrgUnit
    depth: int
    people: int


def org_tree(day: date) -> list[Branch]:
    """All units, each right after the one above it, siblings by code, in one query."""
    units = list(OrgUnit.objects.annotate(own=Count("people", filter=employed_on(day, "people__"))).order_by("code"))
    totals: dict[int, int] = defaultdict(int)
    children: dict[int | None, list[OrgUnit]] = defaultdict(list)
    for unit in units:
        children[unit.parent_id].append(unit)
        for unit_id in _above(unit):
            totals[unit_id] += unit.own
    branches: list[Branch] = []
    waiting = [(unit, 0) for unit in reversed(children[None])]
    while waiting:
        branch, depth = waiting.pop()
        branches.append(Branch(branch, depth, totals[branch.pk]))
        waiting += [(child, depth + 1) for child in reversed(children[branch.pk])]
    return branches


def _above(unit: OrgUnit) -> list[int]:
    return [int(part) for part in unit.path.split("/") if part]


def person_of(user: User) -> Person | None:
    return Person.objects.select_related("org_unit", "position", "legal_entity").filter(user=user).first()


def units_of(unit_ids: Collection[int]) -> QuerySet[OrgUnit]:
    return OrgUnit.objects.filter(pk__in=unit_ids).order_by("path")


def changes_of(person: Person) -> QuerySet[Fact]:
    """What the register says about the person and their account, newest first."""
    about = Q(data__person=person.number)
    if person.user is not None:
        about |= Q(data__user=person.user.username)
    return _register_facts().filter(about)[:HISTORY]


def _register_facts() -> QuerySet[Fact]:
    register = ContentType.objects.get_for_model(PeopleRegister)
    return Fact.objects.filter(content_type=register).order_by("-seq")


def role_changes() -> QuerySet[Fact]:
    names = ["role.granted", "role.revoked", "partner.granted", "partner.revoked"]
    return _register_facts().filter(name__in=names)[:HISTORY]


def role_holders(text: str = "") -> QuerySet[User]:
    """Users with a role or a partnered unit; with a text, all users whom it finds."""
    users = User.objects.prefetch_related("groups").select_related("person__org_unit").order_by("username")
    if text := text.strip():
        return users.filter(
            Q(username__icontains=text)
            | Q(first_name__icontains=text)
            | Q(person__name_en__icontains=text)
            | Q(person__number__icontains=text)
        )
    granted = partner_grants().values("user_id")
    return users.filter(Q(groups__name__in=Role.values) | Q(is_superuser=True) | Q(pk__in=granted)).distinct()


def partnered_units(users: Iterable[User]) -> dict[int, list[OrgUnit]]:
    """The units granted to each user, without those below them, in two queries."""
    granted = partner_grants().filter(user__in=[user.pk for user in users]).values_list("user_id", "object_pk")
    pairs = [(user_id, int(unit_id)) for user_id, unit_id in granted]
    units = OrgUnit.objects.in_bulk({unit_id for _user_id, unit_id in pairs})
    found: dict[int, list[OrgUnit]] = defaultdict(list)
    for user_id, unit_id in pairs:
        if unit_id in units:
            found[user_id].append(units[unit_id])
    return found


def organisation_directory(*, text: str = "", kind: str = "", retired: bool = False) -> QuerySet[Organisation]:
    """Those in use, or those that are not any more; the caller has asked whether the user may read them."""
    found = Organisation.objects.filter(is_active=not retired).select_related("contact").order_by("code")
    if kind:
        found = found.filter(kind=kind)
    if text := text.strip():
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text))
    return found
