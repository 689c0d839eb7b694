"""What a draft would have done: the same inputs scored by one version or two, side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.schemes.spec import Group, Indicator, Number, PeriodKind, Scheme
from appraisal.scoring.decimals import ZERO
from appraisal.scoring.engine import score
from appraisal.scoring.explanation import Node
from appraisal.scoring.inputs import Inputs
from appraisal.scoring.leaf import Numbers
from appraisal.scoring.plan import Settings
from appraisal.scoring.scored import Scored
from appraisal.scoring.sums import SUM

# Branches of a rule in which a bound decided, not the figure.
AT_A_BOUND = {"capped": "cap", "floored": "floor", "below_gate": "gate", "zero_line": "zero line"}


@dataclass(frozen=True, slots=True)
class Version:
    """A scheme with its parameters, for one kind of period."""

    scheme: Scheme
    period_kind: PeriodKind
    settings: Settings = field(default_factory=dict)

    def score(self, inputs: Inputs) -> Scored:
        return score(self.scheme, inputs, period_kind=self.period_kind, parameters=self.settings)


@dataclass(slots=True)
class Change:
    """Somebody whose grade would be another one, and the indicators that moved the total most."""

    who: str
    before: str | None
    after: str | None
    total_before: Decimal | None
    total_after: Decimal | None
    because: list[tuple[str, Decimal]]


@dataclass(slots=True)
class Outlook:
    """How one version scores a population."""

    count: int = 0
    incomplete: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    totals: list[Decimal] = field(default_factory=list)
    # How often a cap, a floor, a gate or a zero line decided, by indicator.
    bounds: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def mean(self) -> Decimal | None:
        return sum(self.totals, ZERO) / len(self.totals) if self.totals else None

    def add(self, scored: Scored) -> None:
        self.count += 1
        if scored.total is None:
            self.incomplete += 1
            return
        self.totals.append(scored.total)
        if scored.grade is not None:
            self.grades[scored.grade] += 1
        for node in leaves(scored.tree):
            if node.branch in AT_A_BOUND:
                self.bounds[node.key, AT_A_BOUND[node.branch]] += 1


@dataclass(slots=True)
class Comparison:
    before: Outlook
    after: Outlook
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One more point of weight for the indicator, taken evenly from its neighbours: how the mean total moves, and how
    many grades change."""

    indicator: str
    mean_moves: Decimal
    grades_changed: int


def leaves(node: Node) -> list[Node]:
    """The indicators below, in the order of the scheme."""
    if node.rule == SUM or node.rule in {"bands", "veto", "adjusted"}:
        return [leaf for child in node.children for leaf in leaves(child)]
    return [node]


def outlook(version: Version, population: Mapping[str, Inputs]) -> Outlook:
    found = Outlook()
    for inputs in population.values():
        found.add(version.score(inputs))
    return found


def compared(before: Version, after: Version, population: Mapping[str, Inputs]) -> Comparison:
    """Both versions on the same inputs, and whose grade would change."""
    found = Comparison(Outlook(), Outlook(), [])
    for who, inputs in population.items():
        old, new = before.score(inputs), after.score(inputs)
        found.before.add(old)
        found.after.add(new)
        if old.grade != new.grade:
            change = Change(who, old.grade, new.grade, old.total, new.total, because(old, new))
            found.changes.append(change)
    return found


def because(old: Scored, new: Scored, most: int = 3) -> list[tuple[str, Decimal]]:
    """The indicators whose contribution changed most, the greatest change first."""
    earlier = {node.key: node.contribution or ZERO for node in leaves(old.tree)}
    later = {node.key: node.contribution or ZERO for node in leaves(new.tree)}
    moved = [(key, later.get(key, ZERO) - earlier.get(key, ZERO)) for key in dict.fromkeys([*earlier, *later])]
    return sorted((pair for pair in moved if pair[1]), key=lambda pair: -abs(pair[1]))[:most]


def sensitivities(version: Version, population: Mapping[str, Inputs]) -> list[Sensitivity]:
    """What each weight is worth, for every indicator that has neighbours on its level."""
    base = {who: version.score(inputs) for who, inputs in population.items()}
    found: list[Sensitivity] = []
    for key in (leaf.key for level in levels(version.scheme.indicators) if len(level) > 1 for leaf in level):
        scheme = version.scheme.model_copy(update={"indicators": heavier(version, version.scheme.indicators, key)})
        moved, changed, counted = ZERO, 0, 0
        for who, inputs in population.items():
            scored = Version(scheme, version.period_kind, version.settings).score(inputs)
            old = base[who]
            if scored.total is not None and old.total is not None:
                moved += scored.total - old.total
                counted += 1
            changed += scored.grade != old.grade
        found.append(Sensitivity(key, moved / counted if counted else ZERO, changed))
    return found


def levels(branches: Sequence[Group | Indicator]) -> list[list[Indicator]]:
    """The indicators that stand beside each other, level by level."""
    own = [branch for branch in branches if isinstance(branch, Indicator)]
    below = [level for branch in branches if isinstance(branch, Group) for level in levels(branch.of)]
    return [own, *below]


def heavier(version: Version, branches: tuple[Group | Indicator, ...], key: str) -> tuple[Group | Indicator, ...]:
    """The same tree with one point of weight more for the indicator, and as much less for those beside it."""
    beside = [branch for branch in branches if isinstance(branch, Indicator)]
    if key not in {branch.key for branch in beside}:
        return tuple(
            branch.model_copy(update={"of": heavier(version, branch.of, key)}) if isinstance(branch, Group) else branch
            for branch in branches
        )
    share = Decimal(1) / (len(beside) - 1)
    return tuple(
        branch if isinstance(branch, Group) else weighed(version, branch, Decimal(1) if branch.key == key else -share)
        for branch in branches
    )


def weighed(version: Version, indicator: Indicator, step: Decimal) -> Indicator:
    """With so much more weight, whatever parameter it came from."""
    figure = Numbers(version.scheme, version.settings).figure("weight", indicator.weight)
    weight = ZERO if figure is None else figure.value
    return indicator.model_copy(update={"weight": Number.model_construct(assumed=weight + step)})
