"""Rules that count steps: points off for each step short of a target, points on for each one beyond it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from appraisal.schemes.spec import Completeness, Either, StepScore
from appraisal.schemes.spec import Measure as MeasureSpec
from appraisal.scoring.decimals import CONTEXT, ZERO, shown
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.expressions import compiled
from appraisal.scoring.gaps import GAPS, judged_without
from appraisal.scoring.inputs import Measure
from appraisal.scoring.kinds.measures import Reading, without
from appraisal.scoring.leaf import Bench, Head, Judge, Judged, said
from appraisal.scoring.sheet import Reader, Sheet
from appraisal.scoring.values import number

STEPS = {"whole": "floor(({}) / per)", "up": "ceil(({}) / per)", "pro_rata": "({}) / per"}


def steps_in(gap: Decimal, per: Decimal, partial: str) -> Decimal:
    """How many steps the gap makes: the full ones, also the begun one, or by its part."""
    exact = CONTEXT.divide(gap, per)
    if partial == "pro_rata":
        return exact
    return exact.to_integral_value(ROUND_FLOOR if partial == "whole" else ROUND_CEILING)


@dataclass(slots=True)
class Stairs:
    head: Head
    reading: Reading
    higher: bool
    per: Decimal
    minus: Decimal
    plus: Decimal
    line: Decimal | None
    cap: Decimal | None
    floor: Decimal | None
    partial: str

    def stand(self, measure: Measure, target: Decimal) -> Node:
        actual, unit, used = measure.actual, self.reading.unit, (self.reading.used(measure),)
        facts = Said(
            f"实际 {shown(actual)} {unit.zh}，目标 {shown(target)} {unit.zh}，",
            f"{shown(actual)} against a target of {shown(target)} {unit.en}: ",
        )
        if self.line is not None and (actual < self.line if self.higher else actual > self.line):
            zero = Said(
                f"越过零分线 {shown(self.line)}，得 0 分。", f"beyond the zero line of {shown(self.line)}, 0 points."
            )
            test = f"actual {'<' if self.higher else '>'} zero_beyond"
            says = Said(facts.zh + zero.zh, facts.en + zero.en)
            return self.head.counted(ZERO, "zero_line", says, used, (), (("value", f"0 if {test} else -1"),))
        short = target - actual if self.higher else actual - target
        count = steps_in(abs(short), self.per, self.partial)
        value, branch, text = self._bounded(count, worse=short > 0)
        moved = count * (self.minus if short > 0 else self.plus)
        tail = Said(
            f"{'差' if short > 0 else '超'} {shown(count)} 档，{'扣' if short > 0 else '加'} {shown(moved)} 分，"
            f"得 {shown(value)} 分。",
            f"{shown(count)} steps {'short' if short > 0 else 'beyond'}, {shown(moved)} points "
            f"{'off' if short > 0 else 'on'}: {shown(value)} points.",
        )
        apart = "target - actual" if (short > 0) == self.higher else "actual - target"
        formulas = (("steps", STEPS[self.partial].format(apart)), ("value", text))
        return self.head.counted(
            value, branch, Said(facts.zh + tail.zh, facts.en + tail.en), used, (Figure("steps", count),), formulas
        )

    def _bounded(self, count: Decimal, *, worse: bool) -> tuple[Decimal, str, str]:
        full = self.head.weight
        if worse:
            value, text, branch = full - count * self.minus, "weight - steps * minus", "below_target"
        else:
            value = full + count * self.plus
            text, branch = "weight + steps * plus" if self.plus else "weight", "at_or_beyond_target"
        if self.floor is not None and value < self.floor:
            return self.floor, "floored", f"max({text}, floor)"
        cap = full if self.cap is None else self.cap
        if value > cap:
            return cap, "capped", f"min({text}, {'weight' if self.cap is None else 'cap'})"
        return value, branch, text


def step(bench: Bench, rule: StepScore) -> Judge:
    spec = bench.scheme.inputs[rule.step]
    assert isinstance(spec, MeasureSpec)
    fixed = bench.figure("target", rule.target)
    stairs = Stairs(
        head=bench.head,
        reading=Reading.of(bench, rule.step),
        higher=spec.better == "higher",
        per=bench.figure("per", rule.per) or Decimal(1),
        minus=bench.figure("minus", rule.minus) or ZERO,
        plus=bench.figure("plus", rule.plus) or ZERO,
        line=bench.figure("zero_beyond", rule.zero_beyond),
        cap=bench.figure("cap", rule.cap),
        floor=bench.figure("floor", rule.floor),
        partial=bench.numbers.pick(rule.partial, rule.ways["partial"]),
    )

    def judge(sheet: Sheet) -> Judged:
        measure = stairs.reading.measure(sheet)
        if not isinstance(measure, Measure):
            return without(stairs.head, stairs.reading, measure)
        target = measure.target if rule.target is None else fixed
        if target is None:
            return stairs.head.missing(stairs.reading.key, "no_target", stairs.reading.label)
        return stairs.stand(measure, target)

    return judge


def completeness(bench: Bench, rule: Completeness) -> Judge:
    head, each = bench.head, bench.figure("each_error", rule.each_error) or ZERO
    floor = bench.figure("floor", rule.floor)
    keys = [key for key in (rule.completeness, rule.of, rule.errors) if key is not None]
    readings = [Reading.of(bench, key) for key in keys]

    def judge(sheet: Sheet) -> Judged:
        found: list[Measure] = []
        for reading in readings:
            measure = reading.measure(sheet)
            if not isinstance(measure, Measure):
                return without(head, reading, measure)
            found.append(measure)
        used = tuple(reading.used(measure) for reading, measure in zip(readings, found, strict=True))
        done, whole = found[0].actual, found[1].actual
        if whole <= 0:
            says = Said(f"{readings[1].label.zh}为 0，没有数值。", f"{readings[1].label.en} is 0: there is no value.")
            return head.left_out("nothing_to_divide_by", says, used)
        errors = found[2].actual if len(found) == 3 else ZERO
        value = CONTEXT.divide(head.weight * done, whole) - errors * each
        text, branch = f"weight * {keys[0]} / {keys[1]}", "plain"
        text += f" - {keys[2]} * each_error" if len(found) == 3 else ""
        if floor is not None and value < floor:
            value, text, branch = floor, f"max({text}, floor)", "floored"
        sentence = Said(
            f"完成 {shown(done)}/{shown(whole)}，错误 {shown(errors)} 处扣 {shown(errors * each)} 分，"
            f"得 {shown(value)} 分。",
            f"{shown(done)} of {shown(whole)} complete, {shown(errors)} errors take {shown(errors * each)} points off: "
            f"{shown(value)} points.",
        )
        return head.counted(value, branch, sentence, used, (), (("value", text),))

    return judge


def either(bench: Bench, rule: Either) -> Judge:
    head, floor = bench.head, bench.figure("floor", rule.floor)
    combine = bench.numbers.pick(rule.combine, rule.ways["combine"])
    ways = [
        (
            said(way.label),
            way,
            bench.figure(f"per_{place}", way.per) or Decimal(1),
            bench.figure(f"minus_{place}", way.minus) or ZERO,
        )
        for place, way in enumerate(rule.either, start=1)
    ]

    def judge(sheet: Sheet) -> Judged:
        reader = Reader(sheet)
        lost: list[Decimal] = []
        try:
            for _, way, per, minus in ways:
                gap = number(compiled(way.reach)(reader)) - number(compiled(way.of)(reader))
                lost.append(max(steps_in(gap, per, "whole") * minus, ZERO))
        except GAPS as without_number:
            return judged_without(head, without_number, reader)
        off = min(lost) if combine == "best" else sum(lost, ZERO)
        value, text = head.weight - off, _either_text(rule, combine)
        branch = "full" if not off else combine
        if floor is not None and value < floor:
            value, branch, text = floor, "floored", f"max({text}, floor)"
        node = head.counted(
            value, branch, _either_says(ways, lost, value), tuple(reader.used.values()), _lost_figures(ways, lost),
            (*_lost_texts(rule), ("value", text)),
        )  # fmt: skip
        node.figures += tuple(reader.figures.values())
        node.assumed = node.assumed or reader.assumed
        return node

    return judge


def _lost_figures(ways: Sequence[tuple[Said, object, Decimal, Decimal]], lost: list[Decimal]) -> tuple[Figure, ...]:
    pairs = zip(ways, lost, strict=True)
    return tuple(
        Figure(f"lost_{place}", off, "derived", None, label) for place, ((label, *_), off) in enumerate(pairs, start=1)
    )


def _lost_texts(rule: Either) -> list[tuple[str, str]]:
    return [
        (f"lost_{place}", f"max(floor((({way.reach}) - ({way.of})) / per_{place}) * minus_{place}, 0)")
        for place, way in enumerate(rule.either, start=1)
    ]


def _either_text(rule: Either, combine: str) -> str:
    names = [f"lost_{place}" for place in range(1, len(rule.either) + 1)]
    return f"weight - min({', '.join(names)})" if combine == "best" else f"weight - ({' + '.join(names)})"


def _either_says(ways: Sequence[tuple[Said, object, Decimal, Decimal]], lost: list[Decimal], value: Decimal) -> Said:
    pairs = [(label, off) for (label, *_), off in zip(ways, lost, strict=True)]
    zh = "；".join(f"按{label.zh}扣 {shown(off)} 分" for label, off in pairs)
    en = "; ".join(f"by {label.en.lower()} {shown(off)} points off" for label, off in pairs)
    return Said(f"{zh}，得 {shown(value)} 分。", f"{en}: {shown(value)} points.")
