"""Rules over measures: attainment, ratio, growth."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from appraisal.schemes.spec import Attainment, Growth, Ratio
from appraisal.schemes.spec import Measure as MeasureSpec
from appraisal.scoring.decimals import HUNDRED, shown
from appraisal.scoring.explanation import PERCENT, Figure, Said, Used
from appraisal.scoring.inputs import Absent, Given, Measure
from appraisal.scoring.leaf import Bench, Head, Judge, Judged, UnfitInputError, said
from appraisal.scoring.sheet import Sheet


@dataclass(slots=True)
class Limits:
    """What bounds the points: none below the gate, never under the floor, never over the cap."""

    floor: Decimal
    cap: Decimal | None
    gate: Decimal | None = None

    def formula(self, over: str, branch: str) -> str:
        """The value as it follows from what is not bounded yet, by the branch that was taken."""
        return {"below_gate": f"floor if {over} < gate else -1", "capped": f"min({over}, cap)"}.get(
            branch, over if branch == "plain" else f"max({over}, floor)"
        )

    def bound(self, value: Decimal) -> tuple[Decimal, str, Said]:
        if self.gate is not None and value < self.gate:
            gate = shown(self.gate)
            points = shown(self.floor)
            return (
                self.floor,
                "below_gate",
                Said(f"，低于门槛 {gate}%，得 {points} 分。", f", below the gate of {gate}%: {points} points."),
            )
        if self.cap is not None and value > self.cap:
            points = shown(self.cap)
            return self.cap, "capped", Said(f"，封顶得 {points} 分。", f", capped at {points} points.")
        if value < self.floor:
            points = shown(self.floor)
            return (
                self.floor,
                "floored",
                Said(f"，按下限得 {points} 分。", f", raised to the floor of {points} points."),
            )
        points = shown(value)
        return value, "plain", Said(f"，得 {points} 分。", f": {points} points.")


@dataclass(slots=True)
class Reading:
    """One measure of the scheme, and how it is asked for."""

    key: str
    label: Said
    unit: Said
    parts: dict[str, Said]
    share_labels: dict[str, Said]

    @classmethod
    def of(cls, bench: Bench, key: str) -> "Reading":
        spec = bench.scheme.inputs[key]
        assert isinstance(spec, MeasureSpec)
        parts = {part.key: said(part.label) for part in spec.split}
        shares = {name: Said(f"{part.zh}占比", f"Share of {part.en.lower()}") for name, part in parts.items()}
        return cls(key, said(spec.label), said(spec.unit), parts, shares)

    def measure(self, sheet: Sheet) -> Measure | Absent | None:
        given: Given | None = sheet.get(self.key)
        if given is None or isinstance(given, Measure | Absent):
            return given
        raise UnfitInputError(self.key, "a measure is expected")

    def used(self, measure: Measure) -> Used:
        figures: tuple[Figure, ...] = (Figure("actual", measure.actual, "given", self.unit),)
        if measure.target is not None:
            figures += (Figure("target", measure.target, "given", self.unit),)
        if measure.split:
            figures += tuple(
                Figure(f"part.{key}", value, "given", self.unit, self.parts.get(key))
                for key, value in measure.split.items()
            )
        return Used(self.key, self.label, figures, (measure.source,))

    def shares(self, measure: Measure) -> tuple[Figure, ...]:
        if not measure.split or measure.actual == 0:
            return ()
        return tuple(
            Figure(f"share.{key}", value * HUNDRED / measure.actual, "derived", PERCENT, self.share_labels.get(key))
            for key, value in measure.split.items()
        )


def absent(head: Head, label: Said, given: Absent, key: str) -> Judged:
    sentence = Said(
        f"本期没有数据（{given.reason}），不计入，权重由其余指标分担。",
        f"No figure in this period ({given.reason}): left out, the others share its weight.",
    )
    return head.left_out("absent", sentence, (Used(key, label, (), (given.source,)),))


def attainment(bench: Bench, rule: Attainment) -> Judge:
    head = bench.head
    reading = Reading.of(bench, rule.attainment)
    limits = Limits(
        bench.figure("floor", rule.floor) or Decimal(0),
        bench.figure("cap", rule.cap),
        bench.figure("gate", rule.gate),
    )

    def judge(sheet: Sheet) -> Judged:
        measure = reading.measure(sheet)
        if not isinstance(measure, Measure):
            return without(head, reading, measure)
        target = measure.target
        if target is None or target <= 0:
            reason = "no_target" if target is None else "target_not_positive"
            return head.missing(reading.key, reason, reading.label)
        attained = measure.actual * HUNDRED / target
        points, branch, tail = limits.bound(attained)
        actual, goal, percent, unit = shown(measure.actual), shown(target), shown(attained), reading.unit
        sentence = Said(
            f"实际 {actual} {unit.zh}，目标 {goal} {unit.zh}，完成 {percent}%{tail.zh}",
            f"{actual} of a target of {goal} {unit.en} is {percent}%{tail.en}",
        )
        derived = (Figure("attained", attained, "derived", PERCENT), *reading.shares(measure))
        formulas = (("attained", "actual * 100 / target"), ("value", limits.formula("attained", branch)))
        return head.counted(points, branch, sentence, (reading.used(measure),), derived, formulas)

    return judge


def ratio(bench: Bench, rule: Ratio) -> Judge:
    def percent(part: Decimal, whole: Decimal) -> Decimal:
        return part * HUNDRED / whole

    words = Said("{first} ÷ {second} = {percent}%", "{first} of {second} is {percent}%")
    return _two_measures(bench, rule, percent, words, f"{rule.ratio} * 100 / {rule.over}")


def growth(bench: Bench, rule: Growth) -> Judge:
    def percent(now: Decimal, before: Decimal) -> Decimal:
        return (now - before) * HUNDRED / before

    words = Said("由 {second} 到 {first}，增长 {percent}%", "from {second} to {first} is a growth of {percent}%")
    return _two_measures(bench, rule, percent, words, f"({rule.growth} - {rule.over}) * 100 / {rule.over}")


def _two_measures(
    bench: Bench,
    rule: Ratio | Growth,
    percent: Callable[[Decimal, Decimal], Decimal],
    words: Said,
    text: str,
) -> Judge:
    key = rule.ratio if isinstance(rule, Ratio) else rule.growth
    remainder = said(rule.remainder) if isinstance(rule, Ratio) and rule.remainder else None
    head, first, second = bench.head, Reading.of(bench, key), Reading.of(bench, rule.over)
    target = bench.figure("target", rule.target)
    limits = Limits(bench.figure("floor", rule.floor) or Decimal(0), bench.figure("cap", rule.cap))

    def judge(sheet: Sheet) -> Judged:
        above, below = first.measure(sheet), second.measure(sheet)
        if not isinstance(above, Measure):
            return without(head, first, above)
        if not isinstance(below, Measure):
            return without(head, second, below)
        used = (first.used(above), second.used(below))
        if below.actual <= 0:
            return head.left_out("nothing_to_divide_by", _no_value(second.label, below.actual), used)
        found = percent(above.actual, below.actual)
        derived: tuple[Figure, ...] = (Figure("percent", found, "derived", PERCENT),)
        if remainder is not None:
            derived += (Figure("remainder", HUNDRED - found, "derived", PERCENT, remainder),)
        points, branch, tail = limits.bound(found if target is None else found * HUNDRED / target)
        says = {"first": shown(above.actual), "second": shown(below.actual), "percent": shown(found)}
        over = "percent" if target is None else "percent * 100 / target"
        formulas: tuple[tuple[str, str], ...] = (("percent", text), ("value", limits.formula(over, branch)))
        if remainder is not None:
            formulas += (("remainder", "100 - percent"),)
        return head.counted(points, branch, _with_tail(words, says, target, tail), used, derived, formulas)

    return judge


def _with_tail(words: Said, says: dict[str, str], target: Decimal | None, tail: Said) -> Said:
    goal = Said("", "")
    if target is not None:
        goal = Said(f"，目标 {shown(target)}%", f", against a target of {shown(target)}%")
    return Said(words.zh.format_map(says) + goal.zh + tail.zh, words.en.format_map(says) + goal.en + tail.en)


def _no_value(label: Said, below: Decimal) -> Said:
    return Said(
        f"{label.zh}为 {shown(below)}，比率没有数值，不计入，权重由其余指标分担。",
        f"{label.en} is {shown(below)}, so the ratio has no value: left out, the others share its weight.",
    )


def without(head: Head, reading: Reading, given: Absent | None) -> Judged:
    if given is None:
        return head.missing(reading.key, "not_given", reading.label)
    return absent(head, reading.label, given, reading.key)
