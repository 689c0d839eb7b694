from datetime import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from appraisal.people.imports.tables import Unreadable
from appraisal.records.actions import enter_figure
from appraisal.records.figures import Values
from appraisal.records.imports.actions import check_figures, confirm_figures, store_figures
from appraisal.records.imports.plan import Plan
from appraisal.records.imports.template import template_xlsx
from appraisal.records.models import Actual, FigureImport, FigureRegister
from appraisal.records.periods import Period
from tests.cast import Cast, Member
from tests.factories.cycles import launch
from workflow.errors import Conflict, GuardRefused, NotAllowed
from workflow.queries import history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scheme", "english")]

HEAD = "期间,工号,指标,目标值,实际值,新客户销售额,老客户复购额,答卷数,备注\n"
GOOD = HEAD + (
    "2026Q1,1004,销售额,1000000,960000,600000,360000,,\n"
    "2026年第一季度,1004,客户满意度调研,,88.5,,,25,\n"
    "2026Q1,1005,new_customers,8,6,,,,\n"
    "2026Q1,1005,潜在線索數,,,,,,展会取消\n"
)


def upload(member: Member, at: datetime, text: str, encoding: str = "utf-8") -> FigureImport:
    return store_figures(acting_user=member.user, at=at, content=text.encode(encoding), file_name="第一季度.csv")


def check(member: Member, at: datetime, text: str) -> Plan:
    return check_figures(acting_user=member.user, at=at, upload=upload(member, at, text))


def test_a_table_is_imported_after_its_difference_was_shown(cast: Cast, at: datetime, q1: Period) -> None:
    file = upload(cast.data_owner, at, GOOD, "gbk")
    plan = check_figures(acting_user=cast.data_owner.user, at=at, upload=file)
    assert plan.counts == {"new": 4, "changed": 0, "unchanged": 0}
    assert not Actual.objects.exists()
    confirm_figures(acting_user=cast.data_owner.user, at=at, upload=file, digest=plan.digest)
    rows = {(row.person.number, row.input_key): row for row in Actual.objects.select_related("person")}
    assert {key: row.actual for key, row in rows.items()} == {
        ("1004", "sales"): Decimal(960000),
        ("1004", "satisfaction"): Decimal("88.5"),
        ("1005", "new_customers"): Decimal(6),
        ("1005", "leads"): None,
    }
    assert rows["1004", "sales"].split == {"new": 600000, "repurchase": 360000}
    assert rows["1004", "satisfaction"].answers == 25
    assert rows["1005", "leads"].note == "展会取消"
    assert rows["1004", "sales"].source == "第一季度.csv #2"
    assert [fact.name for fact in history(FigureRegister.objects.get())] == ["figures.imported"]


def test_importing_twice_changes_nothing(cast: Cast, at: datetime) -> None:
    file = upload(cast.data_owner, at, GOOD)
    digest = check_figures(acting_user=cast.data_owner.user, at=at, upload=file).digest
    for _click in range(2):
        counts = confirm_figures(acting_user=cast.data_owner.user, at=at, upload=file, digest=digest)
        assert counts["new"] == 4
    assert check(cast.data_owner, at, GOOD).counts == {"new": 0, "changed": 0, "unchanged": 4}
    assert Actual.objects.count() == 4


def test_a_changed_figure_is_shown_with_what_stood_before(cast: Cast, at: datetime, q1: Period) -> None:
    enter_figure(
        acting_user=cast.hr.user, at=at, person=cast.colleague_one.person, period=q1, input_key="new_customers",
        values=Values(Decimal(5), Decimal(8)),
    )  # fmt: skip
    file = upload(cast.data_owner, at, GOOD)
    plan = check_figures(acting_user=cast.data_owner.user, at=at, upload=file)
    (line,) = plan.changed
    assert line.before is not None
    assert (line.before.actual, line.values.actual) == (5, 6)
    confirm_figures(acting_user=cast.data_owner.user, at=at, upload=file, digest=plan.digest)
    rows = Actual.objects.filter(input_key="new_customers").order_by("pk")
    assert [(row.actual, row.is_current) for row in rows] == [(5, False), (6, True)]


def test_what_was_shown_is_what_is_written(cast: Cast, at: datetime, q1: Period) -> None:
    file = upload(cast.data_owner, at, GOOD)
    digest = check_figures(acting_user=cast.data_owner.user, at=at, upload=file).digest
    enter_figure(
        acting_user=cast.hr.user, at=at, person=cast.colleague_one.person, period=q1, input_key="new_customers",
        values=Values(Decimal(5), Decimal(8)),
    )  # fmt: skip
    with pytest.raises(Conflict):
        confirm_figures(acting_user=cast.data_owner.user, at=at, upload=file, digest=digest)
    assert Actual.objects.count() == 1


BAD = HEAD + (
    "2026Q1,9999,销售额,1000000,960000,600000,360000,,\n"
    "2026Q1,1004,毛利,1,1,,,,\n"
    "March,1004,销售额,1000000,960000,600000,360000,,\n"
    "2026Q1,1005,销售额,1000000,960000,600000,60000,,\n"
    "2026Q1,1006,销售额,1000000,很多,600000,360000,,\n"
    "2026Q1,1007,new_customers,8,6,,,,\n"
    "2026Q1,1007,新增有效客戶數,8,7,,,,\n"
    "2026Q1,1004,实际回款额,,450000,,,,\n"
    "2026Q1,3007,潜在线索数,,3,,,,\n"
)


def test_every_error_is_told_by_line_and_column(cast: Cast, at: datetime) -> None:
    plan = check(cast.data_owner, at, BAD)
    assert [(problem.line, problem.column) for problem in plan.problems] == [
        (2, "Employee number"), (3, "Figure"), (4, "Period"), (5, "Actual"), (6, "Actual"), (8, "Figure"),
        (9, "Figure"), (10, "Employee number"),
    ]  # fmt: skip
    words = [problem.message for problem in plan.problems]
    assert words[0] == "Nobody has this employee number."
    assert words[3] == "The parts add up to 660000, not to this figure."
    assert words[5] == "The same figure already stands on line 7."
    assert words[6] == "This figure is entered by its owner or by HR."
    assert words[7] == "Nobody enters figures about themselves."


def test_a_file_with_one_error_writes_nothing(cast: Cast, at: datetime) -> None:
    file = upload(cast.data_owner, at, GOOD + "2026Q1,9999,销售额,1,1,1,0,,\n")
    plan = check_figures(acting_user=cast.data_owner.user, at=at, upload=file)
    with pytest.raises(GuardRefused):
        confirm_figures(acting_user=cast.data_owner.user, at=at, upload=file, digest=plan.digest)
    assert not Actual.objects.exists()


def test_a_table_without_its_columns_is_refused_as_a_whole(cast: Cast, at: datetime) -> None:
    with pytest.raises(Unreadable):
        check(cast.data_owner, at, "姓名,部门\n李娜,华东\n")


def test_numbers_of_a_workbook_are_exact(cast: Cast, at: datetime) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["期间", "工号", "指标", "实际值"])
    sheet.append([datetime(2026, 3, 1), 1004, "应回款额", 0.1 + 0.2])
    sheet.append(["2026-03", "1004", "实际回款额", "￥1,234,567.50"])
    out = BytesIO()
    book.save(out)
    file = store_figures(acting_user=cast.finance.user, at=at, content=out.getvalue(), file_name="x.xlsx")
    plan = check_figures(acting_user=cast.finance.user, at=at, upload=file)
    assert plan.problems == []
    assert [(line.period.code, line.values.actual) for line in plan.new] == [
        ("2026-03", Decimal("0.3")), ("2026-03", Decimal("1234567.50")),
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["employee", "manager", "auditor", "hr_partner", "legal", "outsider"])
def test_who_owns_no_figure_cannot_import(cast: Cast, at: datetime, part: str) -> None:
    with pytest.raises(NotAllowed):
        upload(cast.members[part], at, GOOD)


def test_another_owner_does_not_open_the_file(cast: Cast, at: datetime) -> None:
    file = upload(cast.data_owner, at, GOOD)
    with pytest.raises(NotAllowed):
        check_figures(acting_user=cast.finance.user, at=at, upload=file)


def test_the_downloaded_table_comes_back_filled_in(cast: Cast, at: datetime, q1: Period) -> None:
    launch(cast, cast.employee, cast.colleague_one)
    content = template_xlsx(cast.finance.user, q1, on=at.date())
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:6] == ("Period", "Employee number", "Name", "Figure", "Target", "Actual")
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("2026Q1", "1004"), ("2026Q1", "1004"), ("2026Q1", "1005"), ("2026Q1", "1005"),
    ]  # fmt: skip
    for line in range(2, 6):
        sheet.cell(line, 6).value = "500"
    out = BytesIO()
    sheet.parent.save(out)
    file = store_figures(acting_user=cast.finance.user, at=at, content=out.getvalue(), file_name="x.xlsx")
    plan = check_figures(acting_user=cast.finance.user, at=at, upload=file)
    assert (plan.problems, plan.counts["new"], plan.ignored_columns) == ([], 4, ("Name",))


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, at: datetime) -> None:
    counts = []
    for people in (["1004"], ["1004", "1005", "1006"]):
        text = HEAD + "".join(f"2026Q1,{number},签约客户数,,3,,,,\n" for number in people)
        file = upload(cast.data_owner, at, text)
        with CaptureQueriesContext(connection) as queries:
            check_figures(acting_user=cast.data_owner.user, at=at, upload=file)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
