"""Hiring, moving, leaving, and who may give which rights."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import translation

from appraisal.people import actions
from appraisal.people.models import PeopleRegister, Person, ReportingLine, User
from appraisal.people.queries import manager_of, reports_of
from appraisal.people.roles import Role, roles_of
from tests.cast import PARTS, Cast
from workflow import calendars, facts
from workflow.clocks import ClockRule, set_clock
from workflow.errors import GuardRefused, NotAllowed
from workflow.models import Fact, WorkCalendar, WorkItem
from workflow.verification import verify_all

AT = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
DAY = date(2026, 4, 1)


def log() -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(fact.name, facts.sentence(fact)) for fact in Fact.objects.order_by("seq")]


def hire(cast: Cast, **changes: object) -> Person:
    data = {
        "number": "1008", "name": "钱多", "legal_entity": cast.entity, "org_unit": cast.east, "hired_on": DAY,
        "email": "qian@example.com", "manager": cast.manager.person, **changes,
    }  # fmt: skip
    return actions.hire(acting_user=cast.hr.user, at=AT, **data)


def test_a_hired_person_has_an_account_a_manager_and_a_fact(cast: Cast) -> None:
    person = hire(cast)
    assert (person.user.username, person.user.email, person.user.get_full_name()) == (
        "1008",
        "qian@example.com",
        "钱多",
    )
    assert not person.user.has_usable_password()
    assert manager_of(person, DAY) == cast.manager.person
    assert log() == [("person.hired", "郑芳 added 1008, hired on 2026-04-01")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": "1004"}, "The employee number 1004 is taken."),
        ({"number": "hr"}, "The employee number hr is taken."),
        ({"email": "EMPLOYEE@example.com"}, "The mail address EMPLOYEE@example.com belongs to somebody else."),
        ({"hired_on": date(2019, 1, 1)}, "Wang Qiang does not work here on 2019-01-01."),
    ],
)
def test_a_hiring_that_does_not_fit_is_refused(cast: Cast, changes: dict[str, object], reason: str) -> None:
    with translation.override("en"), pytest.raises(GuardRefused) as refusal:
        hire(cast, **changes)
    assert refusal.value.reason == reason
    assert Person.objects.count() == len(PARTS)


def test_changed_data_reach_the_account_and_the_log_without_names(cast: Cast) -> None:
    person = actions.update_person(
        acting_user=cast.hr.user, at=AT, person=cast.employee.person, changes={"name": "李丽娜", "org_unit": cast.rd}
    )
    assert (person.name, person.org_unit) == ("李丽娜", cast.rd)
    assert User.objects.get(username="employee").get_full_name() == "李丽娜"
    assert log() == [("person.changed", "郑芳 changed name, org_unit of 1004")]


def test_nothing_changed_leaves_no_fact(cast: Cast) -> None:
    actions.update_person(acting_user=cast.hr.user, at=AT, person=cast.employee.person, changes={"name": "李娜"})
    assert log() == []


def test_a_new_manager_begins_on_the_day_and_the_old_ends_the_day_before(cast: Cast) -> None:
    person = cast.employee.person
    actions.change_manager(acting_user=cast.hr.user, at=AT, person=person, manager=cast.outsider.person, on=DAY)
    assert list(person.lines.order_by("starts_on").values_list("manager__number", "starts_on", "ends_on")) == [
        ("1003", date(2020, 1, 1), date(2026, 3, 31)),
        ("2001", date(2026, 4, 1), None),
    ]
    assert log() == [("person.manager_changed", "郑芳 changed the manager of 1004 from 1003 to 2001 as of 2026-04-01")]


def test_a_second_thought_on_the_same_day_replaces_the_first(cast: Cast) -> None:
    person = cast.employee.person
    for manager in (cast.outsider.person, cast.second_level.person, None):
        actions.change_manager(acting_user=cast.hr.user, at=AT, person=person, manager=manager, on=DAY)
    assert list(person.lines.values_list("manager__number", "ends_on")) == [("1003", date(2026, 3, 31))]


@pytest.mark.parametrize("below", ["manager", "employee"])
def test_a_circle_of_managers_is_refused(cast: Cast, below: str) -> None:
    with translation.override("en"), pytest.raises(GuardRefused, match="round in a circle"):
        actions.change_manager(
            acting_user=cast.hr.user, at=AT, person=cast.sales_director.person,
            manager=cast.members[below].person, on=DAY,
        )  # fmt: skip


def test_a_change_before_one_already_entered_is_refused(cast: Cast) -> None:
    person = cast.employee.person
    actions.change_manager(
        acting_user=cast.hr.user, at=AT, person=person, manager=cast.outsider.person, on=date(2026, 7, 1)
    )
    with translation.override("en"), pytest.raises(GuardRefused, match="on 2026-07-01, is already entered"):
        actions.change_manager(acting_user=cast.hr.user, at=AT, person=person, manager=None, on=DAY)


def test_the_reports_of_who_leaves_go_one_level_up(cast: Cast) -> None:
    actions.leave(acting_user=cast.hr.user, at=AT, person=cast.manager.person, on=date(2026, 3, 31))
    assert {person.number for person in reports_of(cast.second_level.person, DAY)} == {"1004", "1005", "1006", "1007"}
    assert manager_of(cast.manager.person, DAY) is None
    assert not User.objects.get(username="manager").is_active


def test_a_successor_from_the_team_moves_up_and_takes_the_others(cast: Cast) -> None:
    heir = cast.colleague_one.person
    actions.leave(acting_user=cast.hr.user, at=AT, person=cast.manager.person, on=DAY, successor=heir)
    after = date(2026, 4, 2)
    assert manager_of(heir, after) == cast.second_level.person
    assert {person.number for person in reports_of(heir, after)} == {"1004", "1006", "1007"}
    assert manager_of(cast.employee.person, DAY) == cast.manager.person


def test_who_leaves_later_keeps_the_account_until_then(cast: Cast) -> None:
    actions.leave(acting_user=cast.hr.user, at=AT, person=cast.employee.person, on=date(2026, 4, 30))
    assert User.objects.get(username="employee").is_active
    assert actions.close_accounts_of_leavers(at=datetime(2026, 4, 30, 15, tzinfo=UTC)) == 0
    assert actions.close_accounts_of_leavers(at=datetime(2026, 4, 30, 16, tzinfo=UTC)) == 1
    assert not User.objects.get(username="employee").is_active


def test_a_leaving_can_be_moved_and_taken_back(cast: Cast) -> None:
    person = cast.employee.person
    actions.leave(acting_user=cast.hr.user, at=AT, person=person, on=date(2026, 3, 30))
    actions.leave(acting_user=cast.hr.user, at=AT, person=person, on=date(2026, 3, 31))
    assert list(person.lines.values_list("ends_on", flat=True)) == [date(2026, 3, 31)]
    actions.stay(acting_user=cast.hr.user, at=AT, person=person)
    assert manager_of(person, DAY) == cast.manager.person
    assert User.objects.get(username="employee").is_active
    assert [name for name, _sentence in log()] == ["person.left", "person.left", "person.stayed"]


def test_roles_and_partners_are_given_and_taken(cast: Cast) -> None:
    user = cast.outsider.user
    common = {"acting_user": cast.sysadmin.user, "at": AT, "user": user}
    actions.grant_role(**common, role=Role.FINANCE)
    actions.grant_role(**common, role=Role.FINANCE)
    actions.grant_partner(**common, org_unit=cast.rd)
    assert roles_of(user).pools == {"finance", f"hr_partner:{cast.rd.pk}"}
    actions.revoke_role(**common, role=Role.FINANCE)
    actions.revoke_partner(**common, org_unit=cast.rd)
    assert roles_of(user).pools == frozenset()
    assert log() == [
        ("role.granted", "马林 gave the role finance to outsider"),
        ("partner.granted", "马林 made outsider HR partner of RD"),
        ("role.revoked", "马林 took the role finance from outsider"),
        ("partner.revoked", "马林 relieved outsider as HR partner of RD"),
    ]


def test_nobody_changes_their_own_roles(cast: Cast) -> None:
    with translation.override("en"), pytest.raises(NotAllowed) as refusal:
        actions.grant_role(acting_user=cast.sysadmin.user, at=AT, user=cast.sysadmin.user, role=Role.HR)
    assert refusal.value.reason == "Nobody changes their own roles."


@pytest.mark.parametrize("part", [part for part in PARTS if part != "sysadmin"])
def test_only_an_administrator_gives_roles(cast: Cast, part: str) -> None:
    with pytest.raises(NotAllowed):
        actions.grant_role(acting_user=cast.members[part].user, at=AT, user=cast.outsider.user, role=Role.HR)


@pytest.mark.parametrize("part", [part for part in PARTS if part not in ("sysadmin", "hr", "hr_two")])
def test_only_hr_and_administrators_change_people_and_calendars(cast: Cast, part: str) -> None:
    acting = {"acting_user": cast.members[part].user, "at": AT}
    person = cast.employee.person
    attempts = [
        lambda: actions.update_person(**acting, person=person, changes={"name": "X"}),
        lambda: actions.change_manager(**acting, person=person, manager=None, on=DAY),
        lambda: actions.leave(**acting, person=person, on=DAY),
        lambda: actions.stay(**acting, person=person),
        lambda: actions.set_calendar_day(**acting, calendar_id=1, day=DAY, is_working=False, name=""),
        lambda: actions.restore_calendar_day(**acting, calendar_id=1, day=DAY),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert ReportingLine.objects.filter(ends_on__isnull=False).count() == 0


def test_a_day_set_by_hand_is_recorded(cast: Cast) -> None:
    calendar = WorkCalendar.objects.get()
    acting = {"acting_user": cast.hr.user, "at": AT, "calendar_id": calendar.pk, "day": date(2026, 6, 18)}
    actions.set_calendar_day(**acting, is_working=False, name="司庆")
    assert not calendars.day_book(calendar.pk).is_working(date(2026, 6, 18))
    actions.restore_calendar_day(**acting)
    actions.restore_calendar_day(**acting)
    assert log() == [
        ("calendar.day_set", "郑芳 set 2026-06-18 in the calendar CN"),
        ("calendar.day_restored", "郑芳 restored 2026-06-18 in the calendar CN"),
    ]


def test_an_open_deadline_moves_with_a_day_off_and_not_back(cast: Cast) -> None:
    calendar = WorkCalendar.objects.get()
    anchor = datetime(2026, 6, 16, 2, tzinfo=UTC)
    # The Dragon Boat festival is on Friday 19 June: three working days end on Monday 22 June.
    clock = set_clock(ClockRule(3), anchor=anchor, days=calendars.daybook_of(calendar), zone="Asia/Shanghai")
    item = WorkItem.objects.create(
        content_type=ContentType.objects.get_for_model(PeopleRegister), object_id=1, state="kept", role="hr", pool="hr",
        opened_at=anchor, due_at=clock.due_at, due_rule=clock.rule,
    )  # fmt: skip
    assert item.due_at == datetime(2026, 6, 22, 15, 59, 59, 999999, tzinfo=UTC)
    acting = {"acting_user": cast.hr.user, "at": AT, "calendar_id": calendar.pk, "day": date(2026, 6, 18)}
    actions.set_calendar_day(**acting, is_working=False, name="司庆")
    item.refresh_from_db()
    assert item.due_at == datetime(2026, 6, 23, 15, 59, 59, 999999, tzinfo=UTC)
    actions.restore_calendar_day(**acting)
    item.refresh_from_db()
    assert item.due_at == datetime(2026, 6, 23, 15, 59, 59, 999999, tzinfo=UTC)


def test_the_registers_chain_holds(cast: Cast) -> None:
    hire(cast)
    actions.stay(acting_user=cast.hr.user, at=AT, person=cast.employee.person)
    register = PeopleRegister.objects.get()
    assert (register.chain_length, Fact.objects.count()) == (2, 2)
    assert verify_all()[1] == []


def test_a_language_is_ones_own_choice(cast: Cast) -> None:
    actions.set_language(acting_user=cast.employee.user, language="en")
    assert User.objects.get(username="employee").language == "en"
