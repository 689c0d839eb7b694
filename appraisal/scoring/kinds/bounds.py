"""Rules over one figure: less is better, the figure itself, and the figure within two bounds."""

from decimal import Decimal

from appraisal.schemes.spec import Inverse, Plain, Within
from appraisal.scoring.decimals import HUNDRED, ZERO, shown
from appraisal.scoring.explanation import Said
from appraisal.scoring.inputs import Absent, Measure
from appraisal.scoring.kinds.measures import Limits, Reading, absent, without
from appraisal.scoring.leaf import Bench, Judge, Judged, said
from appraisal.scoring.sheet import Sheet
from appraisal.scoring.values import NotGivenError


def inverse(bench: Bench, rule: Inverse) -> Judge:
    head, reading = bench.head, Reading.of(bench, rule.inverse)
    fixed = bench.figure("target", rule.target)
    limits = Limits(bench.figure("floor", rule.floor) or ZERO, bench.figure("cap", rule.cap))

    def judge(sheet: Sheet) -> Judged:
        measure = reading.measure(sheet)
        if not isinstance(measure, Measure):
            return without(head, reading, measure)
        target = measure.target if fixed is None else fixed
        if target is None:
            return head.missing(reading.key, "no_target", reading.label)
        if measure.actual <= 0:
            # Nothing at all of what should be little: better than any target.
            best = HUNDRED if limits.cap is None else limits.cap
            says = Said(
                f"实际为 {shown(measure.actual)}，得 {shown(best)} 分。", f"The figure is 0: {shown(best)} points."
            )
            text = "100" if limits.cap is None else "cap"
            return head.counted(best, "nothing_at_all", says, (reading.used(measure),), (), (("value", text),))
        reached = target * HUNDRED / measure.actual
        points, branch, tail = limits.bound(reached)
        says = Said(
            f"目标 {shown(target)} ÷ 实际 {shown(measure.actual)} = {shown(reached)}%{tail.zh}",
            f"a target of {shown(target)} over {shown(measure.actual)} is {shown(reached)}%{tail.en}",
        )
        text = limits.formula("target * 100 / actual", branch)
        return head.counted(points, branch, says, (reading.used(measure),), (), (("value", text),))

    return judge


def figure(bench: Bench, rule: Plain) -> Judge:
    head, key, spec = bench.head, rule.figure, bench.scheme.inputs[rule.figure]
    label = said(spec.label)
    out_of = bench.figure("out_of", rule.out_of) or HUNDRED
    cap, floor = bench.figure("cap", rule.cap), bench.figure("floor", rule.floor)

    def judge(sheet: Sheet) -> Judged:
        given = sheet.get(key)
        if isinstance(given, Absent):
            return absent(head, label, given, key)
        try:
            used = sheet.used(key)
        except NotGivenError:
            return head.missing(key, "not_given", label)
        exact = used.figures[0].value
        value, text = exact, key
        if head.out_of is None and out_of != HUNDRED:
            value, text = exact * HUNDRED / out_of, f"{key} * 100 / out_of"
        branch = "plain"
        if cap is not None and value > cap:
            value, branch, text = cap, "capped", f"min({text}, cap)"
        if floor is not None and value < floor:
            value, branch, text = floor, "floored", f"max({text}, floor)"
        says = Said(
            f"{label.zh} {shown(exact)}，得 {shown(value)} 分。", f"{label.en} {shown(exact)}: {shown(value)} points."
        )
        return head.counted(value, branch, says, (used,), (), (("value", text),))

    return judge


def within(bench: Bench, rule: Within) -> Judge:
    head, reading = bench.head, Reading.of(bench, rule.within)
    least, most = bench.figure("least", rule.least) or ZERO, bench.figure("most", rule.most) or ZERO
    outside = bench.figure("outside", rule.outside) or ZERO

    def judge(sheet: Sheet) -> Judged:
        measure = reading.measure(sheet)
        if not isinstance(measure, Measure):
            return without(head, reading, measure)
        inside = least <= measure.actual <= most
        full: Decimal = HUNDRED if head.out_of is None else head.out_of
        value = full if inside else outside
        says = Said(
            f"实际 {shown(measure.actual)}，{'在' if inside else '不在'} {shown(least)} 至 {shown(most)} 之间，"
            f"得 {shown(value)} 分。",
            f"{shown(measure.actual)} is {'' if inside else 'not '}between {shown(least)} and {shown(most)}: "
            f"{shown(value)} points.",
        )
        everything = "100" if head.out_of is None else "weight"
        formulas = (("value", f"{everything} if least <= actual <= most else outside"),)
        return head.counted(value, "within" if inside else "outside", says, (reading.used(measure),), (), formulas)

    return judge
