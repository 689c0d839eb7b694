"""The columns a table of figures may have; the parts of split figures are columns of their own."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from appraisal.people.imports.cells import plain, read_code, read_text
from appraisal.people.imports.columns import Column
from appraisal.records.known import Known, simplified
from appraisal.records.periods import read_period

NUMBER = re.compile(r"-?\d{1,14}(\.\d{1,4})?")
MEASURED = re.compile(r"-?\d{1,14}(\.\d{1,30})?")
ORNAMENTS = re.compile(r"[\s,¥$%元]|CNY|RMB")
SPLIT = "split."


def read_number(value: Any) -> Decimal | None:
    """1,000,000.50 and ￥1000000.5 are one number; what a spreadsheet computed is taken to its 15 digits."""
    if isinstance(value, float):
        value = format(Decimal(f"{value:.15g}"), "f")
    text = _bare(value)
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise ValueError(_("This is not a number with at most four decimals."))
    return Decimal(text)


def read_measured(value: str) -> Decimal | None:
    """A number as typed, with all its decimals."""
    text = _bare(value)
    if text and not MEASURED.fullmatch(text):
        raise ValueError(text)
    return Decimal(text) if text else None


def _bare(value: Any) -> str:
    return ORNAMENTS.sub("", unicodedata.normalize("NFKC", plain(value)).upper().replace("−", "-"))


def read_count(value: Any) -> int | None:
    number = read_number(value)
    if number is not None and (number != int(number) or number < 0):
        raise ValueError(_("This is not a whole number."))
    return None if number is None else int(number)


def read_written(value: Any) -> Any:
    """As it stands there; a faulty formula is refused."""
    return None if not plain(value) else value


FIXED = (
    Column(
        "period", gettext_lazy("Period"), "期间 考核周期 周期 月份 季度 年份 考核期间 月度", read_period, required=True
    ),
    Column(
        "number",
        gettext_lazy("Employee number"),
        "工号 员工编号 员工号 人员编号 employeeno employeeid staffno",
        read_code,
        required=True,
    ),
    Column(
        "measure", gettext_lazy("Figure"), "指标 指标名称 考核指标 数据项 measure input", read_text(120), required=True
    ),
    Column("target", gettext_lazy("Target"), "目标值 目标 指标值 计划值", read_number),
    # A number, a word, yes or no, a day or a time: the figure of the row says which.
    Column("actual", gettext_lazy("Actual"), "实际值 实际 实际完成 完成值 实际完成值 value", read_written),
    Column(
        "answers", gettext_lazy("Number of answers"), "答卷数 问卷数 样本数 有效答卷数 回收份数 responses", read_count
    ),
    Column("promoters", gettext_lazy("Promoters"), "推荐者 推荐者人数 推荐人数", read_count),
    Column("detractors", gettext_lazy("Detractors"), "贬损者 贬损者人数 批评者", read_count),
    Column("note", gettext_lazy("Note"), "备注 说明 更正原因 comment remark", read_text(1000)),
)


def columns_of(known: Known) -> tuple[Column, ...]:
    """The fixed columns, and one for every part that some figure is made of."""
    parts: dict[str, Column] = {}
    for figure in known.figures.values():
        for key, label in figure.parts.items():
            names = {simplified(label["zh"]), label["zh"], label["en"].replace(" ", ""), key}
            parts.setdefault(key, Column(SPLIT + key, in_reader_language(label), " ".join(sorted(names)), read_number))
    return FIXED + tuple(parts.values())


def in_reader_language(label: dict[str, str]) -> str:
    return label["en"] if get_language() == "en" else label["zh"]
