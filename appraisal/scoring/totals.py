"""What stands between the sum of the indicators and the total: coefficient, bounds, red lines."""

from dataclasses import dataclass
from decimal import Decimal

from appraisal.schemes.spec import Scheme, Total, Veto
from appraisal.scoring.bands import Ladder
from appraisal.scoring.decimals import CONTEXT, HUNDRED, ZERO, settled, shown
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.expressions import compiled
from appraisal.scoring.leaf import Numbers, said
from appraisal.scoring.sheet import Reader, Sheet
from appraisal.scoring.values import NotGivenError, number, truth
from appraisal.scoring.wording import formula_says

ADJUSTED = Said("总分", "Total")


@dataclass(slots=True)
class Whole:
    total: Total | None
    out_of: Decimal
    floor: Figure | None
    cap: Figure | None
    vetoes: tuple[tuple[Veto, Figure | None], ...]

    def settle(self, sheet: Sheet, tree: Node) -> tuple[Decimal, Node]:
        """The total out of the full marks of the scheme, times its coefficient and within its bounds."""
        assert tree.value is not None
        if self.total is None:
            return tree.value, tree
        reader, text, value = Reader(sheet), "sum_of_parts", tree.value
        figures = [Figure("sum_of_parts", tree.value)]
        if self.out_of != HUNDRED:
            value, text = settled(CONTEXT.divide(value * self.out_of, HUNDRED)), "sum_of_parts * out_of / 100"
            figures.append(Figure("out_of", self.out_of, "stated"))
        if self.total.times is not None:
            value = CONTEXT.multiply(value, number(compiled(self.total.times)(reader)))
            text = f"{text} * ({self.total.times})"
        branch = "plain"
        if self.cap is not None and value > self.cap.value:
            value, branch, text = self.cap.value, "capped", f"min({text}, cap)"
            figures.append(self.cap)
        if self.floor is not None and value < self.floor.value:
            value, branch, text = self.floor.value, "floored", f"max({text}, floor)"
            figures.append(self.floor)
        label = said(self.total.label) if self.total.label else ADJUSTED
        top = Node("adjusted", "adjusted", label, self.total.clause, value=value, branch=branch, children=[tree])
        top.figures = (*figures, *reader.figures.values())
        top.used = tuple(reader.used.values())
        top.formulas = (("value", text),)
        top.assumed = tree.assumed or reader.assumed or any(figure.origin == "assumed" for figure in figures)
        top.sentence = Said(f"总分 {shown(value)} 分。", f"A total of {shown(value)} points.")
        return value, top

    def judge_red_lines(
        self, sheet: Sheet, ladder: Ladder | None, grade: str | None, total: Decimal, top: Node
    ) -> tuple[str | None, Decimal, Node]:
        for veto, most in self.vetoes:
            reader = Reader(sheet)
            if not self._crossed(veto, reader):
                continue
            says = formula_says(veto.when, reader, value=True)
            node = Node("veto", "veto", said(veto.label), veto.clause, value=total, children=[top])
            node.figures, node.used = tuple(reader.figures.values()), tuple(reader.used.values())
            if most is not None and total > most.value:
                total = node.value = most.value
                node.figures = (*node.figures, most)
                if ladder is not None:
                    grade, _ = ladder.place(total, top)
            elif veto.grade is not None:
                grade = veto.grade
            node.branch = grade or ""
            node.sentence = Said(f"触及红线：{says.zh}", f"A red line is crossed: {says.en}")
            node.assumed = top.assumed
            top = node
        return grade, total, top

    def _crossed(self, veto: Veto, reader: Reader) -> bool:
        """A red line over a figure that need not be given is not crossed without it."""
        try:
            return truth(compiled(veto.when)(reader))
        except NotGivenError as gap:
            spec = reader.sheet.scheme.inputs.get(gap.name)
            if spec is None or spec.required:
                raise
            return False


def whole_of(scheme: Scheme, numbers: Numbers) -> Whole:
    total = scheme.total
    out_of = numbers.figure("out_of", total.out_of) if total else None
    vetoes = tuple((veto, numbers.figure("at_most", veto.at_most) if veto.at_most else None) for veto in scheme.veto)
    return Whole(
        total=total,
        out_of=HUNDRED if out_of is None else out_of.value or ZERO,
        floor=numbers.figure("floor", total.floor) if total and total.floor else None,
        cap=numbers.figure("cap", total.cap) if total and total.cap else None,
        vetoes=vetoes,
    )
