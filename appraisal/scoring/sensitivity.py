"""What each weight is worth: one more point of it, taken evenly from those beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from appraisal.schemes.spec import Group, Indicator, Number
from appraisal.scoring.decimals import CONTEXT, ZERO
from appraisal.scoring.inputs import Inputs
from appraisal.scoring.leaf import Numbers
from appraisal.scoring.simulation import Version

Branches = Sequence[Group | Indicator]
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """`mean_moves` is nothing where the figures themselves fix the weight, as the points of a list of work do."""

    key: str
    weight: Decimal
    mean_moves: Decimal | None
    grades_changed: int


def sensitivities(version: Version, population: Mapping[str, Inputs]) -> list[Sensitivity]:
    """For every indicator and group that has neighbours on its level."""
    base = {who: version.score(inputs) for who, inputs in population.items()}
    found: list[Sensitivity] = []
    for level in levels(version, version.scheme.indicators):
        for key, weight in level.items():
            with localcontext(CONTEXT):
                tree = reweighed(version, version.scheme.indicators, _factors(level, key))
            heavier = replace(version, scheme=version.scheme.model_copy(update={"indicators": tree}))
            moved, changed, counted = ZERO, 0, 0
            for who, inputs in population.items():
                old, new = base[who], heavier.score(inputs)
                if new.total is not None and old.total is not None:
                    moved += new.total - old.total
                    changed += new.grade != old.grade
                    counted += 1
            found.append(Sensitivity(key, weight, moved / counted if counted else None, changed))
    return found


def levels(version: Version, branches: Branches) -> Iterator[dict[str, Decimal]]:
    """The weights of those that stand beside each other, level by level; of alternatives only one counts."""
    own = {branch.key: weight for branch in branches if (weight := weight_of(version, branch)) > 0}
    if len(own) > 1:
        yield own
    for branch in branches:
        if isinstance(branch, Group) and branch.alternatives:
            for other in branch.of:
                yield from levels(version, (other,))
        elif isinstance(branch, Group):
            yield from levels(version, branch.of)


def weight_of(version: Version, branch: Group | Indicator) -> Decimal:
    """Whatever parameter it comes from."""
    figure = Numbers(version.scheme, version.settings).figure("weight", branch.weight)
    return ZERO if figure is None else figure.value


def _factors(level: Mapping[str, Decimal], key: str) -> dict[str, Decimal]:
    share = ONE / (len(level) - 1)
    return {name: (weight + (ONE if name == key else -share)) / weight for name, weight in level.items()}


def reweighed(
    version: Version, branches: tuple[Group | Indicator, ...], factors: Mapping[str, Decimal]
) -> tuple[Group | Indicator, ...]:
    """The same tree with some weights times a factor."""
    return tuple(
        scaled(version, branch, factors[branch.key])
        if branch.key in factors
        else branch.model_copy(update={"of": reweighed(version, branch.of, factors)})
        if isinstance(branch, Group)
        else branch
        for branch in branches
    )


def scaled(version: Version, branch: Group | Indicator, factor: Decimal) -> Group | Indicator:
    """Weights that are shares of the whole grow with their group; shares of the group stay as they are."""
    weight = Number.model_construct(assumed=weight_of(version, branch) * factor)
    if isinstance(branch, Group) and branch.weights == "of_total":
        inside = tuple(scaled(version, one, factor) for one in branch.of)
        return branch.model_copy(update={"weight": weight, "of": inside})
    return branch.model_copy(update={"weight": weight})
