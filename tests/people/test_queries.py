"""Who reports to whom, who sees whom."""

from datetime import date

import pytest

from appraisal.people.models import ReportingLine
from appraisal.people.queries import (
    manager_of,
    managers_on,
    org_tree,
    people_directory,
    reports_of,
    second_level,
    visible_people,
    with_managers,
)
from tests.cast import PARTS, Cast

DAY = date(2026, 3, 31)


def test_the_chain_of_managers(cast: Cast) -> None:
    assert manager_of(cast.employee.person, DAY) == cast.manager.person
    assert second_level(cast.employee.person, DAY) == cast.second_level.person
    assert second_level(cast.second_level.person, DAY) is None
    assert manager_of(cast.sales_director.person, DAY) is None
    assert list(reports_of(cast.manager.person, DAY)) == [
        cast.employee.person, *(colleague.person for colleague in cast.colleagues)
    ]  # fmt: skip


def test_lines_hold_from_their_first_to_their_last_day(cast: Cast) -> None:
    person = cast.employee.person
    ReportingLine.objects.filter(person=person).update(ends_on=date(2026, 3, 31))
    ReportingLine.objects.create(person=person, manager=cast.outsider.person, starts_on=date(2026, 4, 1))
    assert manager_of(person, date(2019, 12, 31)) is None
    assert manager_of(person, date(2026, 3, 31)) == cast.manager.person
    assert manager_of(person, date(2026, 4, 1)) == cast.outsider.person


def test_managers_of_many_cost_one_query(cast: Cast, django_assert_num_queries) -> None:
    ids = [member.person.pk for member in cast.members.values()]
    with django_assert_num_queries(1):
        managers = managers_on(ids, DAY)
    assert managers == {
        cast.second_level.person.pk: cast.sales_director.person.pk,
        cast.manager.person.pk: cast.second_level.person.pk,
        cast.employee.person.pk: cast.manager.person.pk,
        **{colleague.person.pk: cast.manager.person.pk for colleague in cast.colleagues},
    }


TEAM = ("employee", "colleague_one", "colleague_two", "colleague_three")


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("hr", tuple(PARTS)),
        ("auditor", tuple(PARTS)),
        ("sysadmin", tuple(PARTS)),
        ("employee", ("employee",)),
        ("outsider", ("outsider",)),
        ("legal", ("legal",)),
        ("manager", ("manager", *TEAM)),
        ("second_level", ("second_level", "manager", *TEAM)),
        ("sales_director", ("sales_director", "second_level", "manager")),
        ("hr_partner", ("hr_partner", "sales_director", "second_level", "manager", *TEAM)),
    ],
)
def test_who_sees_whom(cast: Cast, part: str, seen: tuple[str, ...]) -> None:
    people = set(visible_people(cast.members[part].user, DAY))
    assert people == {cast.members[name].person for name in seen}


def test_the_directory_is_narrowed_by_text_unit_and_status(cast: Cast) -> None:
    user = cast.hr.user
    assert list(people_directory(user, DAY, text=" 李娜 ")) == [cast.employee.person]
    assert list(people_directory(user, DAY, text="li na")) == [cast.employee.person]
    assert list(people_directory(user, DAY, text="1004")) == [cast.employee.person]
    assert people_directory(user, DAY, unit_id=cast.sales.pk).count() == 7
    assert people_directory(user, DAY, unit_id=cast.east.pk).count() == 5
    person = cast.employee.person
    person.left_on = date(2026, 3, 30)
    person.save()
    assert person not in people_directory(user, DAY)
    assert list(people_directory(user, DAY, status="left")) == [person]
    assert person in people_directory(user, DAY, status="all")


def test_managers_stand_beside_their_people(cast: Cast, django_assert_num_queries) -> None:
    people = [cast.employee.person, cast.outsider.person]
    with django_assert_num_queries(2):
        rows = with_managers(people, DAY)
    assert rows == [(cast.employee.person, cast.manager.person), (cast.outsider.person, None)]


def test_the_tree_counts_the_people_of_a_unit_and_below(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        tree = org_tree(DAY)
    assert [(branch.unit.code, branch.depth, branch.people) for branch in tree] == [
        ("PH", 0, 17),
        ("RD", 1, 1),
        ("SALES", 1, 7),
        ("SALES-EAST", 2, 5),
        ("STAFF", 1, 9),
    ]
