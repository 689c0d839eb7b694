"""A formula as people read it: with the names of its figures, and with their numbers."""

import ast
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from appraisal.schemes.expressions import FUNCTIONS, OF_INPUT, OVER_ROWS, parse
from appraisal.schemes.spec import Scheme
from appraisal.scoring.decimals import shown
from appraisal.scoring.explanation import Said
from appraisal.scoring.expressions import compiled_node
from appraisal.scoring.sheet import Reader
from appraisal.scoring.values import Names, NotGivenError, NoValueError, Value, truth

SIGNS: dict[type, str] = {
    ast.Add: " + ", ast.Sub: " − ", ast.Mult: " × ", ast.Div: " ÷ ",
    ast.Eq: " = ", ast.NotEq: " ≠ ", ast.Lt: " < ", ast.LtE: " ≤ ", ast.Gt: " > ", ast.GtE: " ≥ ",
}  # fmt: skip
STRENGTH: dict[type, int] = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2}
WORDS = {
    "and": Said(" 且 ", " and "), "or": Said(" 或 ", " or "), "not": Said("非 ", "not "),
    "in": Said(" 属于 ", " is one of "), "not in": Said(" 不属于 ", " is none of "),
    "yes": Said("是", "yes"), "no": Said("否", "no"), "where": Said("，其中 ", ", where "),
    "min": Said("较小值", "the smaller of "), "max": Said("较大值", "the larger of "),
    "abs": Said("绝对值", "size of "),
    "floor": Said("向下取整", "rounded down "), "ceil": Said("向上取整", "rounded up "),
    "round": Said("四舍五入", "rounded "), "clamp": Said("限于上下限之间", "kept between "),
    "sum": Said("合计", "sum over "), "count": Said("计数", "number of "), "mean": Said("平均", "mean over "),
    "largest": Said("最大值", "largest of "), "smallest": Said("最小值", "smallest of "),
    "any": Said("任一", "any of "), "all": Said("全部", "all of "),
    "target": Said("目标", "target of "), "given": Said("已提供", "given: "), "answers": Said("人数", "answers to "),
    "part": Said("其中", "part of "), "lookup": Said("查表", "from the table "),
    "marginal": Said("分段累进", "by brackets "),
    "add_days": Said("加天数", "plus days "), "add_weeks": Said("加周数", "plus weeks "),
    "add_months": Said("加月数", "plus months "), "days_between": Said("相隔天数", "days between "),
    "week_of": Said("第几周", "week counted from "), "nth_weekday": Said("当月第几个星期几", "weekday of the month "),
    "weekdays_in_month": Said("当月星期几的个数", "weekdays in the month "),
    "working_days_after": Said("顺延工作日", "working days after "),
    "working_days_before": Said("提前工作日", "working days before "),
    "working_days_between": Said("工作日数", "working days between "),
    "working_day_from": Said("遇休顺延", "working day from "),
}  # fmt: skip
# The columns that kinds of result add by themselves.
ADDED = {
    "portion": Said("分得金额", "Portion"), "place": Said("名次", "Place"), "value": Said("数值", "Value"),
    "triggered": Said("触发", "Triggered"), "light": Said("红绿灯", "Light"), "x": Said("本季完成额", "Reached"),
    "base": Said("任务基数", "Base"), "accrued": Said("计提奖金", "Accrued"), "back_pay": Said("补发", "Back-pay"),
    "shortfall": Said("欠基数", "Shortfall"), "carry": Said("转入下季", "Carried on"),
    "deduction": Said("扣发固定工资", "Off the fixed salary"), "paid": Said("实发奖金", "Paid"),
    "floating": Said("浮动工资", "Floating salary"), "severity": Said("类别", "Severity"), "day": Said("日期", "Day"),
    "document": Said("文件", "Document"), "status": Said("状态", "Status"), "quality": Said("质量", "Quality"),
    "version": Said("版本", "Version"), "due": Said("截止日", "Due"), "handed_in": Said("提交日", "Handed in"),
}  # fmt: skip
LONGEST = 260
NUMERALS = "0123456789.,() +−×÷"


class Writer:
    """Writes one formula in one language; with numbers instead of names where `numbers` is set."""

    def __init__(
        self, reader: Reader, language: int, *, numbers: bool, names: Names | None = None, table: str | None = None
    ) -> None:
        self.reader = reader
        self.language = language
        self.numbers = numbers
        # Inside a row its columns come first.
        self.names: Names = reader if names is None else names
        self.tables = () if table is None else (table,)

    def word(self, key: str) -> str:
        return WORDS[key][self.language]

    def write(self, node: Any, inside: tuple[str, ...] = ()) -> str:
        return WRITERS[type(node)](self, node, inside)

    def constant(self, node: Any, inside: tuple[str, ...]) -> str:
        return value_says(node.value)[self.language]

    def worked(self, node: Any) -> str | None:
        """The value itself; a part that was passed over, and has none, keeps its name."""
        try:
            value = compiled_node(node)(self.names)
            if isinstance(value, str):
                return self.choice(node.id if isinstance(node, ast.Name) else "", value, ()) or value
            return value_says(value)[self.language]
        except (NotGivenError, NoValueError):
            return None

    def name(self, node: Any, inside: tuple[str, ...]) -> str:
        if self.numbers and not inside and (value := self.worked(node)) is not None:
            return value
        for column in self.columns(node.id, inside):
            return str(column.label.zh if self.language == 0 else column.label.en)
        if (inside or self.tables) and node.id in ADDED and node.id not in self.reader.sheet.scheme.parameters:
            return ADDED[node.id][self.language]
        return self.reader.label(node.id)[self.language]

    def columns(self, name: str, inside: tuple[str, ...]) -> list[Any]:
        """The columns of that name in the rows that the formula is within, the nearest first."""
        scheme = self.reader.sheet.scheme
        found = []
        for nearest in (*reversed(inside), *self.tables):
            table: str | None = nearest
            while table is not None:
                part = scheme.inputs.get(table) or scheme.results.get(table)
                found.append(getattr(part, "columns", {}).get(name))
                table = getattr(part, "rows_of", None)
        return [column for column in found if column is not None]

    def choice(self, name: str, word: str, inside: tuple[str, ...]) -> str | None:
        """The label of a word that a choice has."""
        scheme = self.reader.sheet.scheme
        for owner in (*self.columns(name, inside), scheme.inputs.get(name), scheme.parameters.get(name)):
            label = getattr(owner, "choices", {}).get(word)
            if label is not None:
                return str(label.zh if self.language == 0 else label.en)
        for table in (*inside, *self.tables):
            spec = scheme.inputs.get(table)
            texts = getattr(spec, "expected", {}) if name == "document" else {}
            severities = getattr(spec, "severities", {}) if name == "severity" else {}
            found = texts.get(word) or getattr(severities.get(word), "label", None)
            if found is not None:
                return str(found.zh if self.language == 0 else found.en)
        label = word_label(scheme, word)
        return None if label is None else label[self.language]

    def taken(self, node: Any, inside: tuple[str, ...]) -> Any:
        """The branch of a choice that was taken."""
        while isinstance(node, ast.IfExp) and not inside:
            node = node.body if truth(compiled_node(node.test)(self.names)) else node.orelse
        return node

    def binary(self, node: Any, inside: tuple[str, ...]) -> str:
        strength = STRENGTH[type(node.op)]
        if isinstance(node.left, ast.IfExp) or isinstance(node.right, ast.IfExp):
            node = ast.BinOp(self.taken(node.left, inside), node.op, self.taken(node.right, inside))
        left, right = self.write(node.left, inside), self.write(node.right, inside)
        if isinstance(node.left, ast.BinOp) and STRENGTH[type(node.left.op)] < strength:
            left = f"({left})"
        weaker = isinstance(node.right, ast.BinOp) and (
            STRENGTH[type(node.right.op)] < strength
            or (STRENGTH[type(node.right.op)] == strength and isinstance(node.op, ast.Sub | ast.Div))
        )
        return f"{left}{SIGNS[type(node.op)]}({right})" if weaker else f"{left}{SIGNS[type(node.op)]}{right}"

    def unary(self, node: Any, inside: tuple[str, ...]) -> str:
        inner = self.write(node.operand, inside)
        return f"{self.word('not')}({inner})" if isinstance(node.op, ast.Not) else f"−{inner}"

    def boolean(self, node: Any, inside: tuple[str, ...]) -> str:
        joint = self.word("and" if isinstance(node.op, ast.And) else "or")
        parts = [self.write(part, inside) for part in node.values]
        loose = [isinstance(part, ast.BoolOp) and isinstance(part.op, ast.Or) for part in node.values]
        return joint.join(f"({text})" if open_ else text for text, open_ in zip(parts, loose, strict=True))

    def chosen(self, node: Any, inside: tuple[str, ...]) -> str:
        """Only the branch that was taken; inside rows, where each row may take its own, both."""
        if inside:
            test, yes, no = (self.write(part, inside) for part in (node.test, node.body, node.orelse))
            return f"（{test}？{yes}：{no}）" if self.language == 0 else f"({yes} if {test}, else {no})"
        branch = node.body if truth(compiled_node(node.test)(self.names)) else node.orelse
        if isinstance(branch, ast.Constant) and not self.numbers:
            test = self.write(node.test, inside)
            return f"{self.write(branch)}（{test}）" if self.language == 0 else f"{self.write(branch)} ({test})"
        return self.write(branch, inside)

    def compare(self, node: Any, inside: tuple[str, ...]) -> str:
        text = self.write(node.left, inside)
        for operator, part in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.In | ast.NotIn):
                listed = ("、", ", ")[self.language].join(self._choice(node.left, item, inside) for item in part.elts)
                text += f"{self.word('in' if isinstance(operator, ast.In) else 'not in')}{listed}"
            else:
                text += f"{SIGNS[type(operator)]}{self._choice(node.left, part, inside)}"
        return text

    def _choice(self, left: Any, part: Any, inside: tuple[str, ...] = ()) -> str:
        """A word by the label of the choice it stands for."""
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and isinstance(left, ast.Name):
            return self.choice(left.id, part.value, inside) or part.value
        return self.write(part, inside)

    def call(self, node: Any, inside: tuple[str, ...]) -> str:
        name = node.func.id
        if name == "given":
            return self.given(node, inside)
        if self.numbers and not inside and (value := self.worked(node)) is not None:
            return value
        if name in FUNCTIONS:
            listed = ", ".join(self.write(argument, inside) for argument in node.args)
            return f"{self.word(name)}({listed})"
        first = self.reader.label(node.args[0].id)[self.language]
        if name in OF_INPUT:
            return f"{first}{self.word(name)}" if self.language == 0 else f"{self.word(name)}{first}"
        if name in OVER_ROWS:
            deeper = (*inside, node.args[0].id)
            parts = [self.write(argument, deeper) for argument in node.args[1:]]
            listed = self.word("where").join(parts)
            return f"{self.word(name)}({first}{': ' if listed else ''}{listed})"
        return f"{self.word(name)}({first}: {self.write(node.args[1], inside)})"

    def given(self, node: Any, inside: tuple[str, ...]) -> str:
        """Whether a figure was given; in rows, where each has its own answer, what is asked."""
        name = node.args[0].id
        if name in ADDED and inside:
            label, has = ADDED[name][self.language], True
        elif self.columns(name, inside):
            column = self.columns(name, inside)[0].label
            label, has = (column.zh, column.en)[self.language], True
        else:
            label, has = self.reader.label(name)[self.language], truth(compiled_node(node)(self.names))
        if self.language == 0:
            return f"{'已' if has else '未'}提供{label}"
        return f"{label} {'' if has else 'not '}given"


WRITERS: dict[type, Callable[[Writer, Any, tuple[str, ...]], str]] = {
    ast.Constant: Writer.constant, ast.Name: Writer.name, ast.BinOp: Writer.binary, ast.UnaryOp: Writer.unary,
    ast.BoolOp: Writer.boolean, ast.IfExp: Writer.chosen, ast.Compare: Writer.compare, ast.Call: Writer.call,
}  # fmt: skip


def word_label(scheme: Scheme, word: str) -> Said | None:
    """The label of a word that a table says."""
    for table in scheme.tables.values():
        for row in table.rows:
            if row.says == word and row.label is not None:
                return Said(row.label.zh, row.label.en)
    return None


def value_says(value: Value) -> Said:
    if isinstance(value, bool):
        return WORDS["yes" if value else "no"]
    if isinstance(value, Decimal):
        text = shown(value)
        return Said(text, text)
    text = value.isoformat() if isinstance(value, date) else value
    return Said(text, text)


@lru_cache(maxsize=4096)
def reads_alike(text: str) -> bool:
    """By its names the formula reads the same whatever the figures are: no branch is taken, nothing is asked for."""
    return not any(
        isinstance(node, ast.IfExp) or (isinstance(node, ast.Name) and node.id == "given")
        for node in ast.walk(parse(text))
    )


def by_names(text: str, reader: Reader, language: int, names: Names | None, table: str | None) -> str:
    known, place = reader.sheet.numbers.readings, (text, table, language)
    if place in known:
        return known[place]
    named = Writer(reader, language, numbers=False, names=names, table=table).write(parse(text))
    if reads_alike(text):
        known[place] = named
    return named


def formula_says(
    text: str,
    reader: Reader,
    value: Value,
    names: Names | None = None,
    table: str | None = None,
    *,
    verdict: bool = False,
) -> Said:
    """The formula by its names, then by its numbers, then what it comes to; in a row by the columns of its table."""
    node, result = parse(text), value_says(value)
    if isinstance(value, str):
        result = word_label(reader.sheet.scheme, value) or result
    sides: list[str] = []
    numbered = ""
    for language in (0, 1):
        named = by_names(text, reader, language, names, table)
        # Numbers and signs alone are the same in every language.
        if language == 0 or numbered.strip(NUMERALS):
            numbered = Writer(reader, language, numbers=True, names=names, table=table).write(node)
        if isinstance(value, bool):
            ends = (f"：{result.zh}", f": {result.en}")[language] if verdict else ""
            with_numbers = any(character.isdigit() for character in numbered) and numbered != named
            beside = (f"（{numbered}）", f" ({numbered})")[language] if with_numbers else ""
            sides.append(f"{named}{beside}{ends}")
            continue
        steps = [named, numbered, result[language]] if len(named) <= LONGEST else [numbered, result[language]]
        said_once = [step for place, step in enumerate(steps) if place == 0 or step != steps[place - 1]]
        sides.append(" = ".join(said_once))
    return Said(f"{sides[0]}。", f"{sides[1]}.")
