"""Roles, pools and HR partners."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from appraisal.people.models import ReportingLine, User
from appraisal.people.roles import NOBODY, Role, partner_or_hr_pools, roles_of, users_in_pool, users_in_pools
from tests.cast import PARTS, Cast
from tests.factories.people import OrgUnitFactory


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_every_role_has_its_group(db: None) -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


@pytest.mark.parametrize("part", PARTS)
def test_the_cast_holds_the_roles_it_is_named_for(cast: Cast, part: str) -> None:
    role = PARTS[part][5]
    expected = frozenset({role.value}) if role else frozenset()
    assert roles_of(fresh(cast.members[part].user)).names == expected


def test_a_partner_holds_the_unit_and_those_below(cast: Cast) -> None:
    roles = roles_of(cast.hr_partner.user)
    assert roles.partner_unit_ids == {cast.sales.pk, cast.east.pk}
    assert roles.pools == {f"hr_partner:{cast.sales.pk}", f"hr_partner:{cast.east.pk}"}
    assert roles.person_id == cast.hr_partner.person.pk


def test_a_unit_whose_number_begins_like_the_partnered_one_is_not_meant(cast: Cast) -> None:
    sibling = OrgUnitFactory(id=cast.sales.pk * 10)
    assert sibling.pk not in roles_of(cast.hr_partner.user).partner_unit_ids


def test_roles_are_read_once_and_with_one_query(cast: Cast, django_assert_num_queries) -> None:
    user = fresh(cast.hr_partner.user)
    with django_assert_num_queries(1):
        roles_of(user)
    with django_assert_num_queries(0):
        roles_of(user)
    with django_assert_num_queries(1):
        roles_of(fresh_hr := cast.hr.user)
    assert roles_of(fresh_hr).pools == {"hr"}


def test_who_has_reports_leads(cast: Cast) -> None:
    assert {part for part in PARTS if roles_of(fresh(cast.members[part].user)).leads} == {
        "manager", "second_level", "sales_director",
    }  # fmt: skip
    ReportingLine.objects.filter(manager=cast.manager.person).update(ends_on=date(2026, 1, 1))
    assert roles_of(fresh(cast.manager.user)).leads is False


def test_strangers_and_closed_accounts_hold_nothing(cast: Cast) -> None:
    cast.hr.user.is_active = False
    assert roles_of(cast.hr.user) is NOBODY
    assert roles_of(AnonymousUser()) is NOBODY


def test_the_first_administrator_is_the_superuser(cast: Cast) -> None:
    root = User.objects.create(username="root", is_superuser=True)
    assert roles_of(root).names == {"sysadmin"}
    assert list(users_in_pool("sysadmin").order_by("pk")) == [cast.sysadmin.user, root]
    assert users_in_pools(["sysadmin"]) == {"sysadmin": [cast.sysadmin.user.pk, root.pk]}


def test_pools_are_filled_one_by_one_as_in_bulk(cast: Cast) -> None:
    pools = ["hr", "legal", f"hr_partner:{cast.east.pk}", f"hr_partner:{cast.rd.pk}", "unknown"]
    bulk = users_in_pools(pools)
    assert bulk == {
        "hr": [cast.hr.user.pk, cast.hr_two.user.pk],
        "legal": [cast.legal.user.pk],
        f"hr_partner:{cast.east.pk}": [cast.hr_partner.user.pk],
        f"hr_partner:{cast.rd.pk}": [],
        "unknown": [],
    }
    assert {pool: sorted(users_in_pool(pool).values_list("pk", flat=True)) for pool in pools} == bulk


def test_pools_cost_the_same_for_many(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        users_in_pools(["hr", *(f"hr_partner:{unit.pk}" for unit in (cast.sales, cast.east, cast.rd))])


def test_who_left_is_in_no_pool(cast: Cast) -> None:
    User.objects.filter(username__in=["hr", "hr_partner"]).update(is_active=False)
    assert users_in_pools(["hr", f"hr_partner:{cast.sales.pk}"]) == {
        "hr": [cast.hr_two.user.pk],
        f"hr_partner:{cast.sales.pk}": [],
    }


def test_work_for_a_unit_without_partner_goes_to_hr(cast: Cast) -> None:
    assert partner_or_hr_pools([cast.east.pk, cast.rd.pk]) == {
        cast.east.pk: f"hr_partner:{cast.east.pk}",
        cast.rd.pk: "hr",
    }
