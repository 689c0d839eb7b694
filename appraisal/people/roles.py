"""Which roles a user holds, and which users stand in a pool."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Concat
from guardian.models import UserObjectPermission

from appraisal.people.models import OrgUnit, ReportingLine, User
from appraisal.people.states import Role

__all__ = [
    "HR_PARTNER",
    "NOBODY",
    "Role",
    "Roles",
    "grants_above",
    "members_of",
    "partner_grants",
    "partner_or_hr_pools",
    "partner_pool",
    "roles_of",
    "users_in_pool",
    "users_in_pools",
]

HR_PARTNER = "hr_partner"


@dataclass(frozen=True, slots=True)
class Roles:
    """`partner_unit_ids` holds the partnered units and all below them, `pools` the pools whose work the user sees.

    `leads`: somebody reports to the user.
    """

    names: frozenset[str]
    partner_unit_ids: frozenset[int]
    person_id: int | None
    leads: bool = False

    @property
    def pools(self) -> frozenset[str]:
        return self.names | {partner_pool(unit_id) for unit_id in self.partner_unit_ids}

    @property
    def is_partner(self) -> bool:
        return bool(self.partner_unit_ids)


NOBODY = Roles(frozenset(), frozenset(), None)


def partner_pool(unit_id: int) -> str:
    return f"{HR_PARTNER}:{unit_id}"


def roles_of(user: User | AnonymousUser) -> Roles:
    """One query, once for the life of the instance."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    if not isinstance(user.roles_cache, Roles):
        user.roles_cache = _read_roles(user)
    return user.roles_cache


def _read_roles(user: User) -> Roles:
    """Rows of the user's groups, then rows of the partnered units: group, person, leads, unit."""
    reports = ReportingLine.objects.filter(manager=OuterRef("person"), ends_on__isnull=True)
    own = User.objects.filter(pk=user.pk).values_list(
        _text(F("groups__name")), "person__pk", Exists(reports), Value(None, BigIntegerField())
    )
    units = _partnered(user).values_list(_text(Value("")), Value(None, BigIntegerField()), Value(value=False), "pk")
    names: set[str] = {Role.SYSADMIN.value} if user.is_superuser else set()
    person_id, leads, unit_ids = None, False, set()
    for name, person, has_reports, unit_id in own.union(units, all=True):
        if unit_id is not None:
            unit_ids.add(unit_id)
            continue
        names |= {name} & set(Role.values)
        person_id, leads = person, has_reports
    return Roles(frozenset(names), frozenset(unit_ids), person_id, leads)


def _text(words: Expression | F) -> Cast:
    return Cast(words, CharField(max_length=150))


def partner_grants() -> QuerySet[Any]:
    """Who was named HR partner of what: rows with `user_id` and `object_pk`, the unit's key as text."""
    return UserObjectPermission.objects.filter(
        permission__codename="partner_orgunit", permission__content_type__app_label="appraisal"
    )


def grants_above(unit: OrgUnit) -> QuerySet[Any]:
    """For an EXISTS on users: whether they partner the unit."""
    return partner_grants().filter(user_id=OuterRef("pk"), object_pk__in=_ids(unit.path))


def _partnered(user: User) -> QuerySet[OrgUnit]:
    """The units granted to the user and those below them."""
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    granted = partner_grants().filter(user_id=user.pk).annotate(path=path)
    return OrgUnit.objects.filter(Exists(granted.filter(path__contains=Concat(Value("/"), "object_pk", Value("/")))))


def users_in_pool(pool: str) -> QuerySet[User]:
    """The active users who may take up what the pool holds."""
    active = User.objects.filter(is_active=True)
    if not pool.startswith(f"{HR_PARTNER}:"):
        return active.filter(_in_group(pool)).distinct()
    path = OrgUnit.objects.filter(pk=int(pool.split(":")[1])).values_list("path", flat=True).first() or ""
    return active.filter(pk__in=partner_grants().filter(object_pk__in=_ids(path)).values("user_id"))


def _in_group(name: str) -> Q:
    return Q(groups__name=name) | Q(is_superuser=True) if name == Role.SYSADMIN else Q(groups__name=name)


def _ids(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def users_in_pools(pools: Iterable[str]) -> dict[str, list[int]]:
    """The same for many pools at once, by user id in order; every pool asked for has an entry."""
    wanted = set(pools)
    units = {int(pool.split(":")[1]): pool for pool in wanted if pool.startswith(f"{HR_PARTNER}:")}
    found: dict[str, set[int]] = defaultdict(set)
    if groups := wanted - set(units.values()):
        members = User.objects.filter(is_active=True, groups__name__in=groups).values_list("groups__name", "pk")
        for name, user_id in members:
            found[name].add(user_id)
    if Role.SYSADMIN in wanted:
        found[Role.SYSADMIN].update(users_in_pool(Role.SYSADMIN).values_list("pk", flat=True))
    if units:
        paths = dict(OrgUnit.objects.filter(pk__in=units).values_list("pk", "path"))
        above = {part for path in paths.values() for part in _ids(path)}
        partners: dict[str, list[int]] = defaultdict(list)
        grants = partner_grants().filter(object_pk__in=above, user__is_active=True)
        for unit_id, user_id in grants.values_list("object_pk", "user_id"):
            partners[unit_id].append(user_id)
        for pk, path in paths.items():
            found[units[pk]].update(user_id for part in _ids(path) for user_id in partners[part])
    return {pool: sorted(found[pool]) for pool in wanted}


def members_of(groups: Iterable[str]) -> dict[str, list[User]]:
    """The active users of several groups, by name of the group, in one query."""
    found: dict[str, list[User]] = defaultdict(list)
    members = User.objects.filter(is_active=True, groups__name__in=set(groups)).order_by("pk")
    for user in members.annotate(group=F("groups__name")):
        found[user.group].append(user)
    return dict(found)


def partner_or_hr_pools(unit_ids: Iterable[int]) -> dict[int, str]:
    """The pool of each unit's HR partners, or HR's where nobody partners the unit, so that no work is left unseen."""
    pools = {unit_id: partner_pool(unit_id) for unit_id in unit_ids}
    members = users_in_pools(pools.values())
    return {unit_id: pool if members[pool] else Role.HR.value for unit_id, pool in pools.items()}
