"""Indicators that are worked out by a formula or won by a condition."""

from decimal import Decimal

from appraisal.schemes.spec import Formula, Met
from appraisal.scoring.bands import rounding_says, rounding_text
from appraisal.scoring.decimals import HUNDRED, ZERO, rounded, shown
from appraisal.scoring.explanation import Said
from appraisal.scoring.expressions import compiled
from appraisal.scoring.gaps import GAPS, judged_without
from appraisal.scoring.leaf import Bench, Judge, Judged
from appraisal.scoring.sheet import Reader, Sheet
from appraisal.scoring.values import number, truth
from appraisal.scoring.wording import formula_says


def formula(bench: Bench, rule: Formula) -> Judge:
    head, work = bench.head, compiled(rule.expr)
    cap, floor = bench.figure("cap", rule.cap), bench.figure("floor", rule.floor)
    bounds = _bounds(rule)

    def judge(sheet: Sheet) -> Judged:
        reader = Reader(sheet)
        try:
            exact = number(work(reader))
        except GAPS as gap:
            return judged_without(head, gap, reader)
        value = exact if rule.round is None else rounded(exact, rule.round.places, rule.round.mode)
        branch = "plain"
        if cap is not None and value > cap:
            value, branch = cap, "capped"
        if floor is not None and value < floor:
            value, branch = floor, "floored"
        sentence = formula_says(rule.expr, reader, exact)
        if branch != "plain":
            limit = Said("封顶", "capped at") if branch == "capped" else Said("按下限", "raised to")
            zh, en = sentence.zh.rstrip("。"), sentence.en.rstrip(".")
            sentence = Said(f"{zh}，{limit.zh} {shown(value)}。", f"{en}, {limit.en} {shown(value)}.")
        formulas = (("worked", rule.expr), ("value", bounds)) if bounds != "worked" else (("value", rule.expr),)
        node = head.counted(value, branch, sentence, tuple(reader.used.values()), (), formulas)
        node.figures += tuple(reader.figures.values())
        if rule.round is not None:
            node.rounding = rounding_says(rule.round)
        node.assumed = node.assumed or reader.assumed
        return node

    return judge


def _bounds(rule: Formula) -> str:
    text = "worked"
    if rule.round is not None:
        text = rounding_text(text, rule.round)
    if rule.cap is not None:
        text = f"min({text}, cap)"
    return text if rule.floor is None else f"max({text}, floor)"


def met(bench: Bench, rule: Met) -> Judge:
    head, work = bench.head, compiled(rule.met)

    def judge(sheet: Sheet) -> Judged:
        reader = Reader(sheet)
        try:
            holds = truth(work(reader))
        except GAPS as gap:
            return judged_without(head, gap, reader)
        full = HUNDRED if head.out_of is None else head.out_of
        value: Decimal = full if holds else ZERO
        says = formula_says(rule.met, reader, holds)
        sentence = Said(f"{'达到' if holds else '未达到'}：{says.zh}", f"{'Met' if holds else 'Not met'}: {says.en}")
        everything = "100" if head.out_of is None else "weight"
        formulas = (("value", f"{everything} if ({rule.met}) else 0"),)
        node = head.counted(value, "met" if holds else "not_met", sentence, tuple(reader.used.values()), (), formulas)
        node.figures += tuple(reader.figures.values())
        node.assumed = node.assumed or reader.assumed
        return node

    return judge
