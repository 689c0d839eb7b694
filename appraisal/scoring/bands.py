"""From a total to a grade."""

from dataclasses import dataclass
from decimal import Decimal

from appraisal.schemes.spec import Rounding, Scheme
from appraisal.scoring.decimals import rounded, shown
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.leaf import Numbers, said

GRADE = Said("等级", "Grade")
PLACES = Said("保留小数位", "Decimal places kept")
MODE_NAMES = {
    "half_up": Said("四舍五入", "half up"),
    "half_even": Said("四舍六入五成双", "half to even"),
    "down": Said("向零舍去", "towards zero"),
    "up": Said("进位", "away from zero"),
}


@dataclass(frozen=True, slots=True)
class Rung:
    grade: str
    label: Said
    lower: Figure | None
    lower_belongs: bool
    upper: Figure | None
    upper_belongs: bool

    def holds(self, total: Decimal) -> bool:
        low, high = self.lower, self.upper
        above = low is None or total > low.value or (self.lower_belongs and total == low.value)
        return above and (high is None or total < high.value or (self.upper_belongs and total == high.value))

    def says(self) -> str:
        """The band as it is written between numbers: 85 ≤ x < 95."""
        low = f"{shown(self.lower.value)} {'≤' if self.lower_belongs else '<'} " if self.lower else ""
        high = f" {'≤' if self.upper_belongs else '<'} {shown(self.upper.value)}" if self.upper else ""
        return f"{low}x{high}"

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in (self.lower, self.upper) if figure is not None)


@dataclass(frozen=True, slots=True)
class Ladder:
    rungs: tuple[Rung, ...]
    rounding: Rounding | None
    clause: str | None

    def place(self, total: Decimal, tree: Node) -> tuple[str | None, Node]:
        """The grade, and the node that says why, on top of the computation of the total."""
        judged = total if self.rounding is None else rounded(total, self.rounding.places, self.rounding.mode)
        rung = next((rung for rung in self.rungs if rung.holds(judged)), None)
        top = Node("bands", "grade", GRADE, self.clause, value=total, children=[tree], assumed=tree.assumed)
        if self.rounding is not None:
            top.rounding = rounding_says(self.rounding)
            top.value = judged
            places = Decimal(self.rounding.places)
            top.figures = (Figure(f"round.{self.rounding.mode}", places, "stated", None, PLACES),)
        if rung is None:
            top.branch, top.sentence = (
                "no_band",
                Said(f"{shown(judged)} 分不在任何等级内。", f"{shown(judged)} is in no band."),
            )
            return None, top
        top.branch, top.figures = rung.grade, (*top.figures, *rung.figures)
        top.assumed = top.assumed or any(figure.origin == "assumed" for figure in rung.figures)
        top.sentence = Said(
            f"总分 {shown(judged)}，在 {rung.says()} 内，等级为 {rung.label.zh}。",
            f"A total of {shown(judged)} lies in {rung.says()}: grade {rung.label.en}.",
        )
        return rung.grade, top


def rounding_says(rounding: Rounding) -> Said:
    name = MODE_NAMES[rounding.mode]
    places = rounding.places
    return Said(f"{name.zh}至小数点后 {places} 位", f"{name.en} to {places} decimal place{'' if places == 1 else 's'}")


def rounding_text(text: str, rounding: Rounding) -> str:
    """The rounding as the explanation writes it, for whoever works it out again."""
    name = "round" if rounding.mode == "half_up" else f"round_{rounding.mode}"
    return f"{name}({text}, {rounding.places})"


def ladder_of(scheme: Scheme, numbers: Numbers) -> Ladder | None:
    if scheme.grades is None:
        return None
    rungs = tuple(
        Rung(
            grade=band.grade,
            label=said(band.label),
            lower=None if band.lower is None else numbers.figure("lower", band.lower),
            lower_belongs=band.above is None,
            upper=None if band.upper is None else numbers.figure("upper", band.upper),
            upper_belongs=band.below is None,
        )
        for band in scheme.grades.bands
    )
    return Ladder(rungs, scheme.grades.round, scheme.grades.clause)
