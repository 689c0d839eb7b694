"""The columns a list of people may have, by their Chinese and English headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.people.imports.cells import read_code, read_date, read_email, read_text, read_zone
from appraisal.people.imports.tables import Table

if TYPE_CHECKING:
    from workflow.verdicts import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in the reader's language, and where."""

    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: Text
    # Other headings that mean this column, separated by blanks.
    aliases: str
    read: Callable[[Any], Any]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the file has it: only the columns that the file has."""

    line: int
    cells: dict[str, Any]

    def get(self, key: str) -> Any:
        return self.cells.get(key)


@dataclass(slots=True)
class Sheet:
    """All rows of a table whose columns are recognised, and what could not be read."""

    rows: list[Row] = field(default_factory=list)
    keys: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)


_short, _long = read_text(80), read_text(120)
PEOPLE = (
    Column(
        "number",
        gettext_lazy("Employee number"),
        "工号 员工编号 员工号 人员编号 employeeno employeeid staffno",
        read_code,
        required=True,
    ),
    Column("name", gettext_lazy("Name"), "姓名 员工姓名 中文名 fullname", _short, required=True),
    Column("name_en", gettext_lazy("English name"), "英文名 英文姓名", _short),
    Column("email", gettext_lazy("Mail address"), "邮箱 电子邮箱 电子邮件 邮件 工作邮箱 mail", read_email),
    Column("unit_code", gettext_lazy("Department code"), "部门编码 部门代码 部门编号 orgcode", read_code),
    Column("unit_name", gettext_lazy("Department"), "部门 部门名称 所属部门 departmentname orgunit", _long),
    Column("position_code", gettext_lazy("Position code"), "岗位编码 岗位代码 职位编码", read_code),
    Column("position_name", gettext_lazy("Position"), "岗位 岗位名称 职位 职务 jobtitle title", _long),
    Column(
        "manager",
        gettext_lazy("Manager's number"),
        "直接上级工号 上级工号 直属上级工号 主管工号 汇报对象工号 managernumber managerno managerid",
        read_code,
    ),
    Column("hired_on", gettext_lazy("Hired on"), "入职日期 入职时间 hiredate startdate", read_date, required=True),
    Column("left_on", gettext_lazy("Left on"), "离职日期 离职时间 leavingdate leavedate", read_date),
    Column(
        "legal_entity",
        gettext_lazy("Legal entity"),
        "法人主体 法人主体编码 公司主体 用工主体 签约主体 entity company",
        _long,
    ),
    Column("time_zone", gettext_lazy("Time zone"), "时区", read_zone),
)
UNITS = (
    Column("code", gettext_lazy("Department code"), "部门编码 部门代码 部门编号 unitcode", read_code, required=True),
    Column("name", gettext_lazy("Department"), "部门名称 部门 名称 unit", _long, required=True),
    Column("name_en", gettext_lazy("English name"), "英文名 英文名称", _long),
    Column(
        "parent",
        gettext_lazy("Code of the department above"),
        "上级部门编码 上级部门代码 上级编码 parentcode",
        read_code,
    ),
    Column("head", gettext_lazy("Number of the head"), "负责人工号 部门负责人工号 headnumber", read_code),
)
POSITIONS = (
    Column("code", gettext_lazy("Position code"), "岗位编码 岗位代码 职位编码", read_code, required=True),
    Column("name", gettext_lazy("Position"), "岗位名称 岗位 职位 名称", _long, required=True),
    Column("name_en", gettext_lazy("English name"), "英文名 英文名称", _long),
)


def normal(heading: str) -> str:
    """A heading without what people decorate it with: blanks, stars, brackets and what stands in them."""
    text = unicodedata.normalize("NFKC", heading).lower()
    text = re.sub(r"[(\[【].*?[)\]】]", "", text)
    return re.sub(r"[\s_*'.:\-]", "", text)


@cache
def headings(column: Column) -> frozenset[str]:
    """The column's label in every language, its key and its other names."""
    labels = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels.append(str(column.label))
    return frozenset(normal(name) for name in (*labels, column.key, *column.aliases.split()))


def recognised(table: Table, columns: tuple[Column, ...]) -> list[Column | None]:
    """For every heading of the table the column that it means."""
    return [next((column for column in columns if normal(name) in headings(column)), None) for name in table.header]


def read_sheet(table: Table, columns: tuple[Column, ...]) -> Sheet:
    places = recognised(table, columns)
    found = [column.key for column in places if column]
    sheet = Sheet(
        keys=frozenset(found),
        ignored=tuple(name for name, column in zip(table.header, places, strict=True) if name and column is None),
    )
    for column in columns:
        if column.required and column.key not in sheet.keys:
            sheet.problems.append(
                Problem(table.header_line, str(column.label), "", _("This column is missing from the table."))
            )
        if found.count(column.key) > 1:
            message = _("This column stands here twice.")
            sheet.problems.append(Problem(table.header_line, str(column.label), "", message))
    if not sheet.problems:
        for line, cells in table.rows:
            _read_row(line, cells, places, sheet)
    return sheet


def _read_row(line: int, cells: tuple[Any, ...], places: list[Column | None], sheet: Sheet) -> None:
    values: dict[str, Any] = {}
    sound = True
    for column, cell in zip_longest(places, cells):
        if column is None:
            continue
        try:
            values[column.key] = _read_cell(column, cell)
        except ValueError as error:
            sheet.problems.append(Problem(line, str(column.label), str(cell or ""), str(error)))
            sound = False
    if any(cell not in (None, "") for cell in cells[len(places) :]):
        message = _("This row has more cells than the table has columns. Is there a comma inside a cell?")
        sheet.problems.append(Problem(line, "", "", message))
        sound = False
    if sound:
        sheet.rows.append(Row(line, values))


def _read_cell(column: Column, cell: Any) -> Any:
    value = column.read(cell)
    if column.required and not value:
        raise ValueError(_("This cell must not be empty."))
    return value
