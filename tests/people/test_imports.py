"""The difference a list makes, what stands against it, and its application as a whole."""

import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from appraisal.people import exports
from appraisal.people.imports.actions import check_upload, confirm_upload, discard_upload, store_upload, token_of
from appraisal.people.imports.columns import PEOPLE, POSITIONS, UNITS
from appraisal.people.imports.plan import make_plan
from appraisal.people.models import OrgUnit, PeopleImport, Person, Position, ReportingLine, User
from appraisal.people.queries import manager_of
from tests.cast import PARTS, Cast
from workflow.errors import Conflict, GuardRefused, NotAllowed
from workflow.models import Fact

AT = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
DAY = date(2026, 4, 1)
HEAD = "工号,姓名,部门编码,部门,岗位,直接上级工号,入职日期,离职日期,邮箱"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def listed(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode()


def upload_of(cast: Cast, content: bytes) -> PeopleImport:
    return store_upload(acting_user=cast.hr.user, at=AT, content=content, file_name="people.csv", effective_on=DAY)


def run(cast: Cast, content: bytes) -> dict[str, int]:
    upload = upload_of(cast, content)
    plan = check_upload(acting_user=cast.hr.user, upload=upload)
    assert plan.problems == []
    return confirm_upload(acting_user=cast.hr.user, at=AT, upload=upload, token=token_of(upload, plan))


def faults(content: bytes) -> list[tuple[int, str, str]]:
    plan, _known = make_plan(content, on=DAY)
    return [(problem.line, problem.column, problem.message) for problem in plan.problems]


MANAGER, HIGHER = "Manager's number", "Code of the department above"
NOBODY = "Nobody with this number is in the file or in the register."
NO_UNIT = "This department is not known. Add it to the sheet of departments, or give its code and its name."
NO_DATE = "This is not a date that can be read with certainty. Please write it as 2026-03-31."
LEFT_BEHIND = "4 people still report to this person (1004, 1005, 1006, 1007): please give them another manager."
NEW = "1008,钱多,SALES-EAST,,销售专员,1003,2026-04-01,,qian@example.com"
WANG = "1003,王强,SALES-EAST,,,{},2020-01-01,{},manager@example.com"
LI_NA = "1004,李娜,SALES-EAST,,销售专员,1003,2020-01-01,,employee@example.com"


def test_the_difference_is_shown_before_anything_is_written(cast: Cast) -> None:
    content = listed(
        NEW,
        LI_NA,
        "1005,刘洋洋,RD,,销售专员,2001,2020-01-01,,colleague_one@example.com",
        "1006,赵敏,SALES-EAST,,销售专员,1003,2020-01-01,2026-04-30,colleague_two@example.com",
    )
    plan, _known = make_plan(content, on=DAY)
    assert plan.problems == []
    assert plan.counts == {"new": 1, "changed": 1, "leaving": 1, "unchanged": 1, "units": 0, "positions": 0}
    assert [(change.label, change.before, change.after) for change in plan.staying[0].changes] == [
        ("Name", "刘洋", "刘洋洋"),
        ("Department", "SALES-EAST", "RD"),
        ("Manager's number", "1003", "2001"),
    ]
    assert [(change.label, change.after) for change in plan.leaving[0].changes] == [("Left on", date(2026, 4, 30))]
    assert Person.objects.count() == len(PARTS)


def test_a_confirmed_list_is_applied(cast: Cast) -> None:
    counts = run(
        cast,
        listed(
            NEW,
            "1009,新人,SALES-WEST,华西销售组,销售主管,1008,2026-05-01,,",
            "1005,刘洋洋,RD,,,2001,2020-01-01,,liu@example.com",
            "1006,赵敏,SALES-EAST,,销售专员,1003,2020-01-01,2026-03-31,colleague_two@example.com",
        ),
    )
    assert counts == {"new": 2, "changed": 1, "leaving": 1, "unchanged": 0, "units": 1, "positions": 1}
    qian = Person.objects.get(number="1008")
    assert (qian.org_unit, qian.position, qian.legal_entity) == (cast.east, cast.specialist, cast.entity)
    assert (qian.user.username, qian.user.has_usable_password(), qian.user.email) == ("1008", False, "qian@example.com")
    assert manager_of(qian, DAY) == cast.manager.person
    newcomer = Person.objects.get(number="1009")
    west = OrgUnit.objects.get(code="SALES-WEST")
    assert (newcomer.org_unit, west.name, west.path) == (west, "华西销售组", f"/{west.pk}/")
    assert newcomer.position == Position.objects.get(name="销售主管")
    assert manager_of(newcomer, date(2026, 5, 1)) == qian
    liu = Person.objects.get(number="1005")
    assert (liu.name, liu.org_unit, liu.position, liu.user.email) == ("刘洋洋", cast.rd, None, "liu@example.com")
    assert manager_of(liu, date(2026, 3, 31)) == cast.manager.person
    assert manager_of(liu, DAY) == cast.outsider.person
    assert User.objects.get(username="colleague_two").is_active is False
    assert manager_of(cast.colleague_two.person, DAY) is None
    assert Fact.objects.get().data["new"] == 2


def test_the_same_list_twice_changes_nothing(cast: Cast) -> None:
    content = listed(
        NEW,
        "1009,新人,SALES-WEST,华西销售组,销售主管,1008,2026-05-01,,",
        "1006,赵敏,SALES-EAST,,销售专员,1003,2020-01-01,2026-03-15,colleague_two@example.com",
    )
    run(cast, content)
    plan, _known = make_plan(content, on=DAY)
    assert (plan.problems, plan.is_empty, plan.unchanged) == ([], True, 3)


def test_columns_that_the_file_lacks_leave_things_as_they_are(cast: Cast) -> None:
    plan, _known = make_plan(listed("1004,李娜,2020-01-01", head="工号,姓名,入职日期"), on=DAY)
    assert (plan.problems, plan.is_empty, plan.unchanged) == ([], True, 1)


def test_a_file_with_an_error_changes_nothing(cast: Cast) -> None:
    upload = upload_of(cast, listed(NEW, LI_NA.replace("1003", "9999")))
    plan = check_upload(acting_user=cast.hr.user, upload=upload)
    with pytest.raises(GuardRefused, match="Nothing has been imported"):
        confirm_upload(acting_user=cast.hr.user, at=AT, upload=upload, token=token_of(upload, plan))
    assert Person.objects.count() == len(PARTS)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ((NEW.replace("1003", "9999"),), (2, MANAGER, NOBODY)),
        ((NEW.replace("1003", "1008"),), (2, MANAGER, "Nobody reports to themselves.")),
        ((NEW, NEW.replace("qian@", "q@")), (3, "Employee number", "This number already stands on line 2.")),
        ((NEW.replace("2026-04-01", "1/4/26"),), (2, "Hired on", NO_DATE)),
        ((NEW.replace("SALES-EAST", "SALES-NORTH"),), (2, "Department code", NO_UNIT)),
        ((NEW.replace("SALES-EAST,", ",华中组"),), (2, "Department", NO_UNIT)),
        ((NEW.replace("SALES-EAST", ""),), (2, "Department", "This cell must not be empty.")),
        ((NEW.replace("qian@example.com", "qian"),), (2, "Mail address", "This is not a mail address.")),
        ((NEW.replace("qian@", "EMPLOYEE@"),), (2, "Mail address", "Somebody else has the same mail address.")),
        ((NEW.replace("钱多", ""),), (2, "Name", "This cell must not be empty.")),
        ((NEW.replace("01,,", "01,2026-03-01,"),), (2, "Left on", "This day lies before the hiring.")),
        ((NEW.replace("1008", "hr"),), (2, "Employee number", "An account of another kind already has this name.")),
        ((NEW.replace("2026-04-01", "2019-04-01"),), (2, MANAGER, "This manager does not work here on 2019-04-01.")),
        ((WANG.format("1004", ""),), (2, MANAGER, "The managers go round in a circle: 1003 → 1004 → 1003.")),
        ((WANG.format("1002", "2026-04-30"),), (2, "Left on", LEFT_BEHIND)),
    ],
)  # fmt: skip
def test_faults_are_named_by_row_and_column(cast: Cast, rows: tuple[str, ...], fault: tuple[int, str, str]) -> None:
    assert faults(listed(*rows)) == [fault]


def test_a_circle_through_the_file_and_the_register_is_found(cast: Cast) -> None:
    rows = ["1008,钱多,RD,,,1004,2026-04-01,,", "1001,周明,SALES,,,1008,2020-01-01,,sales_director@example.com"]
    assert faults(listed(*rows)) == [
        (2, MANAGER, "The managers go round in a circle: 1008 → 1004 → 1003 → 1002 → 1001 → 1008.")
    ]


def test_a_leaving_manager_is_fine_when_the_file_redirects_the_reports(cast: Cast) -> None:
    rows = [f"{n},{name},SALES-EAST,,销售专员,1002,2020-01-01,,{part}@example.com" for part, n, name in [
        ("employee", 1004, "李娜"), ("colleague_one", 1005, "刘洋"), ("colleague_two", 1006, "赵敏"),
        ("colleague_three", 1007, "孙磊"),
    ]]  # fmt: skip
    run(cast, listed("1003,王强,SALES-EAST,,,1002,2020-01-01,2026-03-31,manager@example.com", *rows))
    assert manager_of(cast.employee.person, DAY) == cast.second_level.person


def test_who_left_can_come_back(cast: Cast) -> None:
    gone = LI_NA.replace("2020-01-01,,", "2020-01-01,2026-02-27,")
    run(cast, listed(gone))
    assert not User.objects.get(username="employee").is_active
    run(cast, listed(LI_NA))
    assert User.objects.get(username="employee").is_active
    assert list(
        ReportingLine.objects.filter(person=cast.employee.person)
        .order_by("starts_on")
        .values_list("starts_on", "ends_on")
    ) == [(date(2020, 1, 1), date(2026, 2, 27)), (DAY, None)]


def test_a_leaving_still_to_come_can_be_moved_and_taken_back(cast: Cast) -> None:
    lines = ReportingLine.objects.filter(person=cast.employee.person).values_list("starts_on", "ends_on")
    for last in ("2026-06-30", "2026-05-29"):
        run(cast, listed(LI_NA.replace("2020-01-01,,", f"2020-01-01,{last},")))
        assert list(lines.all()) == [(date(2020, 1, 1), date.fromisoformat(last))]
    run(cast, listed(LI_NA))
    assert list(lines.all()) == [(date(2020, 1, 1), None)]


def test_departments_and_positions_have_sheets_of_their_own(cast: Cast) -> None:
    content = exports.as_xlsx(
        [
            ("People", PEOPLE, [["1008", "钱多", "", "", "WEST-2", "", "LEAD", "", "1003", "2026-04-01", "", "", ""]]),
            (
                "Departments",
                UNITS,
                [
                    ["WEST-2", "西南组", "", "WEST", "1008"],
                    ["WEST", "西部", "West", "SALES", ""],
                    ["RD", "研究院", "Research", "PH", "2001"],
                ],
            ),
            ("Positions", POSITIONS, [["LEAD", "组长", "Lead"]]),
        ]
    )
    assert run(cast, content) == {"new": 1, "changed": 0, "leaving": 0, "unchanged": 0, "units": 3, "positions": 1}
    west, west_two = OrgUnit.objects.get(code="WEST"), OrgUnit.objects.get(code="WEST-2")
    assert west_two.path == f"/{cast.company.pk}/{cast.sales.pk}/{west.pk}/{west_two.pk}/"
    assert (west_two.head.number, Person.objects.get(number="1008").position.name) == ("1008", "组长")
    assert (OrgUnit.objects.get(code="RD").name, OrgUnit.objects.get(code="RD").head) == (
        "研究院",
        cast.outsider.person,
    )
    assert make_plan(content, on=DAY)[0].is_empty


@pytest.mark.parametrize(
    ("unit", "fault"),
    [
        (["NEW", "新", "", "NOWHERE", ""], (2, HIGHER, NO_UNIT)),
        (["SALES", "销售部", "", "SALES-EAST", ""], (2, HIGHER, "This department would stand below itself.")),
        (["NEW", "新", "", "PH", "9999"], (2, "Number of the head", NOBODY)),
    ],
)  # fmt: skip
def test_faults_of_departments_are_named(cast: Cast, unit: list[str], fault: tuple[int, str, str]) -> None:
    content = exports.as_xlsx([("People", PEOPLE, []), ("Departments", UNITS, [unit])])
    assert faults(content) == [fault]


def test_a_difference_that_is_no_longer_true_is_refused(cast: Cast) -> None:
    upload = upload_of(cast, listed(LI_NA.replace("李娜", "李丽娜")))
    token = token_of(upload, check_upload(acting_user=cast.hr.user, upload=upload))
    Person.objects.filter(number="1004").update(name="李安娜")
    with pytest.raises(Conflict) as refusal:
        confirm_upload(acting_user=cast.hr.user, at=AT, upload=upload, token=token)
    assert refusal.value.reason == "People have changed since the difference was shown. Please look at the new one."
    assert Person.objects.get(number="1004").name == "李安娜"


def test_a_token_of_another_file_is_refused(cast: Cast) -> None:
    first, second = upload_of(cast, listed(NEW)), upload_of(cast, listed(NEW))
    token = token_of(first, check_upload(acting_user=cast.hr.user, upload=first))
    for wrong in (token, "", "forged"):
        with pytest.raises(Conflict):
            confirm_upload(acting_user=cast.hr.user, at=AT, upload=second, token=wrong)


def test_a_file_is_applied_once_and_not_kept(cast: Cast) -> None:
    upload = upload_of(cast, listed(NEW))
    token = token_of(upload, check_upload(acting_user=cast.hr.user, upload=upload))
    confirm_upload(acting_user=cast.hr.user, at=AT, upload=upload, token=token)
    with pytest.raises(GuardRefused, match="already been imported"):
        confirm_upload(acting_user=cast.hr.user, at=AT, upload=upload, token=token)
    stored = PeopleImport.objects.get()
    assert (bytes(stored.content), stored.counts["new"]) == (b"", 1)
    discard_upload(acting_user=cast.hr.user, upload=stored)
    assert PeopleImport.objects.count() == 1


@pytest.mark.parametrize("part", ["employee", "manager", "auditor", "hr_partner", "finance"])
def test_only_hr_and_administrators_import(cast: Cast, part: str) -> None:
    with pytest.raises(NotAllowed):
        store_upload(acting_user=cast.members[part].user, at=AT, content=b"x", file_name="x", effective_on=DAY)


def test_an_export_can_be_imported_again_and_runs_no_formula(cast: Cast) -> None:
    Person.objects.filter(number="1004").update(name="=HYPERLINK(0)", name_en="@Na")
    rows = exports.people_rows(Person.objects.order_by("number"), DAY)
    text = exports.as_csv(PEOPLE, rows)
    assert "1004,'=HYPERLINK(0),'@Na," in text.decode("utf-8-sig")
    for content in (text, exports.as_xlsx([("People", PEOPLE, rows)])):
        plan, _known = make_plan(content, on=DAY)
        assert (plan.problems, plan.is_empty, plan.unchanged) == ([], True, len(PARTS))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_templates_are_read_without_a_fault(cast: Cast, language: str) -> None:
    with translation.override(language):
        contents = exports.template_csv(), exports.template_xlsx()
    for content in contents:
        plan, _known = make_plan(content, on=DAY)
        assert (plan.problems, plan.ignored_columns, plan.is_empty) == ([], (), True)


def company(count: int, changed: str = "") -> bytes:
    head = f"{HEAD},法人主体"
    rows = [
        f"E{n},员工{n}{changed},U{n % 50},部门{n % 50},岗位{n % 20},{f'E{n // 10}' if n else ''},2020-01-01,,"
        f"e{n}@corp.example,PH-SH"
        for n in range(count)
    ]
    return listed(*rows, head=head)


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    counts = []
    for size, changed in ((100, ""), (100, "甲"), (600, ""), (600, "乙")):
        with CaptureQueriesContext(connection) as queries:
            run(cast, company(size, changed))
        counts.append(len(queries))
    new, changed, both, changed_many = counts
    assert changed_many == changed
    assert max(new, both) <= 60


@pytest.mark.slow
def test_ten_thousand_rows_are_imported_in_reasonable_time(cast: Cast, capsys) -> None:
    for changed, name in (("", "new"), ("甲", "changed")):
        started = time.perf_counter()
        counts = run(cast, company(10_000, changed))
        took = time.perf_counter() - started
        with capsys.disabled():
            print(f"10,000 {name}: dry run and confirmation in {took:.1f} s")
        assert (counts[name], took < 120) == (10_000, True)
