"""What a draft would have done: the same inputs scored by one version or two, side by side."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from statistics import median

from appraisal.schemes.spec import PeriodKind, Scheme
from appraisal.scoring.decimals import CONTEXT, ZERO
from appraisal.scoring.explanation import Node, Said
from appraisal.scoring.inputs import Inputs
from appraisal.scoring.leaf import Missing, UnfitInputError, said
from appraisal.scoring.plan import TOTAL, Plan, Settings, new_plan
from appraisal.scoring.scored import Scored
from appraisal.scoring.sheet import WorkingDay
from appraisal.scoring.sums import SUM
from appraisal.scoring.values import WrongKindError

# Branches of a rule in which a bound decided, not the figure.
AT_A_BOUND = {"capped": "cap", "floored": "floor", "below_gate": "gate", "zero_line": "zero line"}
ON_TOP = frozenset({"bands", "veto", "adjusted"})
UNFIT = "unfit"


@dataclass(slots=True)
class Version:
    """A scheme with its parameters, for one kind of period. Set up once, run for thousands of people."""

    scheme: Scheme
    period_kind: PeriodKind
    settings: Settings = field(default_factory=dict)
    as_of: date | None = None
    is_working_day: WorkingDay | None = None
    plan: Plan = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        with localcontext(CONTEXT):
            self.plan = new_plan(self.scheme, self.period_kind, self.settings)

    def score(self, inputs: Inputs) -> Scored:
        """Total and grade. Inputs of another scheme may not fit this one: then that is what is missing."""
        try:
            with localcontext(CONTEXT):
                return self.plan.run(inputs, self.as_of, self.is_working_day, with_results=False)
        except UnfitInputError as error:
            return self._without(error.key)
        except (WrongKindError, ArithmeticError):
            return self._without("")

    def _without(self, key: str) -> Scored:
        spec = self.scheme.inputs.get(key)
        label = said(spec.label) if spec is not None else Said(key, key)
        node = Node(SUM, "total", TOTAL, status="missing", branch=UNFIT)
        return Scored(None, None, node, (Missing("", key, UNFIT, label),))


@dataclass(slots=True)
class Change:
    """Somebody whose grade would be another one, and the indicators that moved the total most."""

    who: str
    before: str | None
    after: str | None
    total_before: Decimal | None
    total_after: Decimal | None
    because: list[tuple[str, Decimal]]

    @property
    def moved(self) -> Decimal | None:
        if self.total_before is None or self.total_after is None:
            return None
        return self.total_after - self.total_before


@dataclass(slots=True)
class Outlook:
    """How one version scores a population."""

    count: int = 0
    incomplete: int = 0
    # With a total that lies in no band.
    ungraded: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    totals: list[Decimal] = field(default_factory=list)
    # How often a cap, a floor, a gate or a zero line decided, by indicator or group; "total" for the whole.
    bounds: Counter[tuple[str, str]] = field(default_factory=Counter)
    # How many people lack it.
    gaps: Counter[Missing] = field(default_factory=Counter)

    @property
    def mean(self) -> Decimal | None:
        return sum(self.totals, ZERO) / len(self.totals) if self.totals else None

    @property
    def median(self) -> Decimal | None:
        return median(self.totals) if self.totals else None

    def add(self, scored: Scored) -> None:
        self.count += 1
        if scored.total is None:
            self.incomplete += 1
            self.gaps.update({Missing("", gap.key, gap.reason, gap.label) for gap in scored.missing})
            return
        self.totals.append(scored.total)
        if scored.grade is None:
            self.ungraded += 1
        else:
            self.grades[scored.grade] += 1
        self.bounds.update(set(bounds_in(scored.tree)))


@dataclass(slots=True)
class Comparison:
    before: Outlook
    after: Outlook
    changes: list[Change]


def bounds_in(node: Node) -> Iterator[tuple[str, str]]:
    """Where a bound decided: of an indicator, of a group, of the whole."""
    if node.rule == SUM:
        yield from ((node.key, figure.name) for figure in node.figures if figure.name in ("cap", "floor"))
    elif node.rule == "veto":
        yield "total", "red line"
    elif node.branch in AT_A_BOUND:
        yield "total" if node.rule == "adjusted" else node.key, AT_A_BOUND[node.branch]
    if node.rule == SUM or node.rule in ON_TOP:
        for child in node.children:
            yield from bounds_in(child)


def leaves(node: Node) -> list[Node]:
    """The indicators below, in the order of the scheme."""
    if node.rule == SUM or node.rule in ON_TOP:
        return [leaf for child in node.children for leaf in leaves(child)]
    return [node]


def outlook(version: Version, population: Mapping[str, Inputs]) -> Outlook:
    found = Outlook()
    for inputs in population.values():
        found.add(version.score(inputs))
    return found


def compared(before: Version, after: Version, population: Mapping[str, Inputs]) -> Comparison:
    """Both versions on the same inputs, and whose grade would change; where there are no grades, whose total."""
    found = Comparison(Outlook(), Outlook(), [])
    graded = before.scheme.grades is not None or after.scheme.grades is not None
    for who, inputs in population.items():
        old, new = before.score(inputs), after.score(inputs)
        found.before.add(old)
        found.after.add(new)
        if (old.grade, old.total is None) != (new.grade, new.total is None) or (not graded and old.total != new.total):
            change = Change(who, old.grade, new.grade, old.total, new.total, because(old, new))
            found.changes.append(change)
    return found


def because(old: Scored, new: Scored, most: int = 3) -> list[tuple[str, Decimal]]:
    """The indicators whose contribution changed most, the greatest change first."""
    if old.total is None or new.total is None:
        return []
    earlier = {node.key: node.contribution or ZERO for node in leaves(old.tree)}
    later = {node.key: node.contribution or ZERO for node in leaves(new.tree)}
    moved = [(key, later.get(key, ZERO) - earlier.get(key, ZERO)) for key in dict.fromkeys([*earlier, *later])]
    return sorted((pair for pair in moved if pair[1]), key=lambda pair: -abs(pair[1]))[:most]


def sampled(population: Mapping[str, Inputs], most: int) -> dict[str, Inputs]:
    """Not more than so many, taken evenly from beginning to end."""
    step = max(1, -(-len(population) // most))
    names: Sequence[str] = list(population)[::step]
    return {name: population[name] for name in names}
