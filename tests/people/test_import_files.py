"""Reading files: encodings, formats, headings and cells."""

from datetime import date, datetime
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import Workbook

from appraisal.people.imports.cells import read_code, read_date, read_email, read_zone
from appraisal.people.imports.columns import PEOPLE, read_sheet
from appraisal.people.imports.tables import Unreadable, decode, read_tables

LIST = "工号,姓名,入职日期\n1004,李娜,2020-01-01\n"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def first_rows(content: bytes) -> list[tuple[int, tuple[object, ...]]]:
    return list(read_tables(content)[0].rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312"])
def test_chinese_encodings_are_recognised(encoding: str) -> None:
    assert first_rows(LIST.encode(encoding)) == [(2, ("1004", "李娜", "2020-01-01"))]


def test_rare_characters_of_gb18030_are_read() -> None:
    assert decode("姓名,㐂𠮷䶮\n".encode("gb18030")) == "姓名,㐂𠮷䶮\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (LIST.encode("utf-16"), "encoded as UTF-16"),
        ("工号,姓名\n1004,".encode() + b"\xff\xff\n", "on line 2 are neither UTF-8 nor GBK/GB18030"),
        ("工号,姓名\n1004,李\ufffd\n".encode(), "on line 2 were damaged"),
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or protected Excel file"),
        (b"PK\x03\x04nothing", "not an Excel workbook"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        first_rows(content)
    assert reason in refusal.value.reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    assert first_rows(LIST.replace(",", delimiter).encode()) == [(2, ("1004", "李娜", "2020-01-01"))]


def test_line_numbers_count_blank_lines_and_breaks_in_cells() -> None:
    content = '工号,姓名\n\n1004,"李\n娜"\n,\n1005,刘洋\n'
    assert first_rows(content.encode()) == [(4, ("1004", "李 娜")), (6, ("1005", "刘洋"))]


def test_a_workbook_gives_its_visible_sheets_with_their_own_types() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["工号", "入职日期"])
    sheet.append([1004.0, datetime(2020, 1, 1)])
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "hidden"
    hidden.append(["工号"])
    out = BytesIO()
    book.save(out)
    tables = read_tables(out.getvalue())
    assert [(table.title, table.header) for table in tables] == [("Sheet", ("工号", "入职日期"))]
    assert list(tables[0].rows) == [(2, (1004, datetime(2020, 1, 1)))]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31", "2026/3/31", "2026.3.31", "2026年3月31日", "2026年3月31", "20260331", "２０２６－０３－３１",
        "2026-03-31 00:00:00", "2026/3/31 0:00", 20260331, 20260331.0, date(2026, 3, 31), datetime(2026, 3, 31, 8),
    ],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(text: object) -> None:
    assert read_date(text) == date(2026, 3, 31)


@pytest.mark.parametrize(
    "text", ["3/31/2026", "31.3.26", "2026-02-30", "2026-13-01", "26-3-31", "昨天", 46112, "#REF!"]
)
def test_doubtful_dates_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"read with certainty|formula"):
        read_date(text)


def test_numbers_stay_what_they_are() -> None:
    assert [read_code(value) for value in (1004, 1004.0, " 007 ", "ＡＢ－１", None)] == [
        "1004",
        "1004",
        "007",
        "AB-1",
        "",
    ]
    with pytest.raises(ValueError, match="letters, digits"):
        read_code("10 04")


def test_addresses_and_zones_are_checked() -> None:
    assert read_email(" li.na＠example.com ") == "li.na@example.com"
    with pytest.raises(ValueError, match="not a mail address"):
        read_email("li.na@")
    assert read_zone("Asia/Shanghai") == "Asia/Shanghai"
    with pytest.raises(ValueError, match="time zone is not known"):
        read_zone("北京时间")


def sheet_of(text: str):
    return read_sheet(read_tables(text.encode())[0], PEOPLE)


@pytest.mark.parametrize(
    "header",
    [
        "工号,姓名,入职日期",
        "工号（必填）,姓 名*,【必填】入职日期",
        "Employee number,Name,Hired on",
        "employee_no,full_name,hire date",
        "number,name,hired_on",
    ],
)
def test_headings_are_recognised_in_both_languages(header: str) -> None:
    sheet = sheet_of(f"{header}\n1004,李娜,2020-01-01\n")
    assert (sheet.problems, sheet.keys) == ([], {"number", "name", "hired_on"})


def test_missing_repeated_and_unknown_columns_are_named() -> None:
    sheet = sheet_of("工号,员工号,姓名,爱好\n1004,1004,李娜,书\n")
    assert [(problem.line, problem.column, problem.message) for problem in sheet.problems] == [
        (1, "Employee number", "This column stands here twice."),
        (1, "Hired on", "This column is missing from the table."),
    ]
    assert sheet.ignored == ("爱好",)


def test_every_fault_of_a_row_is_named_with_its_column() -> None:
    sheet = sheet_of("工号,姓名,入职日期,邮箱\n,李娜,昨天,x\n1005,刘洋,2020-01-01,,多\n1006,赵敏,2020-01-01\n")
    assert [(problem.line, problem.column, problem.value) for problem in sheet.problems] == [
        (2, "Employee number", ""),
        (2, "Hired on", "昨天"),
        (2, "Mail address", "x"),
        (3, "", ""),
    ]
    assert [row.cells["number"] for row in sheet.rows] == ["1006"]


def test_an_apostrophe_that_keeps_a_formula_harmless_is_taken_off() -> None:
    assert first_rows("工号,姓名\n1,'=1+1\n2,'Ali\n".encode()) == [(2, ("1", "=1+1")), (3, ("2", "'Ali"))]
