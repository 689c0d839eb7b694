"""What the formulas of a scheme may name, and where each of them stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from appraisal.schemes.spec import Group, Indicator, Ledger, Measure, Proposal, Rows, Scheme, columns_of

# Known once the indicators are added up, and after the grade is found.
ADDED_UP = frozenset({"total"})
GRADED = frozenset({"total", "grade"})
ROLES: dict[str, tuple[str, ...]] = {
    "target": ("measure",),
    "part": ("measure",),
    "answers": ("rating", "survey"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A formula, where it stands, the tables whose row it is read in, and what of the score it may already name."""

    place: str
    text: str
    rows: tuple[str, ...] = ()
    # Columns of the same table that were worked out before.
    earlier: tuple[str, ...] = ()
    score: frozenset[str] = frozenset()


@lru_cache(maxsize=512)
def formulas_of(scheme: Scheme) -> tuple[Written, ...]:
    marks = frozenset(branches_of(scheme))
    return (
        *_of_branches(scheme.indicators),
        *_of_total(scheme, marks),
        *_of_results(scheme, marks | GRADED),
        *_of_outcomes(scheme, marks | GRADED),
    )


def branches_of(scheme: Scheme) -> dict[str, Group | Indicator]:
    found: dict[str, Group | Indicator] = {}
    waiting = list(scheme.indicators)
    while waiting:
        branch = waiting.pop(0)
        found[branch.key] = branch
        waiting += branch.of if isinstance(branch, Group) else ()
    return found


def _of_branches(branches: tuple[Group | Indicator, ...]) -> Iterator[Written]:
    for branch in branches:
        if branch.when is not None:
            yield Written(f"{branch.key}.when", branch.when)
        if isinstance(branch, Group):
            if branch.floor_when is not None:
                yield Written(f"{branch.key}.floor_when", branch.floor_when)
            yield from _of_branches(branch.of)
        else:
            for field, text in branch.score.formulas_written():
                yield Written(f"{branch.key}.score.{field}", text)


def _of_total(scheme: Scheme, marks: frozenset[str]) -> Iterator[Written]:
    if scheme.total is not None and scheme.total.times is not None:
        yield Written("total.times", scheme.total.times, score=marks)
    for place, veto in enumerate(scheme.veto, start=1):
        yield Written(f"veto[{place}].when", veto.when, score=marks | ADDED_UP)


def _of_results(scheme: Scheme, score: frozenset[str]) -> Iterator[Written]:
    for key, result in scheme.results.items():
        before: tuple[str, ...] = ()
        for field, text, rows in result.formulas_written():
            yield Written(f"results.{key}.{field}", text, rows, before, score)
            if isinstance(result, Rows):
                before = (*before, field.removeprefix("columns."))


def _of_outcomes(scheme: Scheme, score: frozenset[str]) -> Iterator[Written]:
    for key, outcome in scheme.outcomes.items():
        for place, condition in enumerate(outcome.when if isinstance(outcome, Proposal) else (), start=1):
            if condition.holds is not None:
                yield Written(f"outcomes.{key}.when[{place}].holds", condition.holds, score=score)


def is_table(scheme: Scheme, name: str) -> bool:
    if name in scheme.inputs:
        return columns_of(scheme.inputs[name]) is not None
    return name in scheme.results and scheme.results[name].rows_of is not None


def has_value(scheme: Scheme, name: str) -> bool:
    """Results that are tables alone have no value of their own."""
    if name in scheme.inputs:
        return columns_of(scheme.inputs[name]) is None
    return name not in scheme.results or scheme.results[name].kind not in {"rows", "rank"}


def columns_in(scheme: Scheme, table: str) -> frozenset[str]:
    """The columns of a table, those of its source included."""
    found: set[str] = set()
    name: str | None = table
    for _ in range(len(scheme.results) + 1):
        if name in scheme.inputs:
            return frozenset(found | set(columns_of(scheme.inputs[name]) or {}))
        if name is None or name not in scheme.results:
            break
        found |= set(scheme.results[name].adds())
        name = scheme.results[name].rows_of
    return frozenset(found)


def choices_of(scheme: Scheme, name: str, rows: tuple[str, ...]) -> Mapping[str, object] | None:
    """The words that a name can have, where they are known."""
    for table in reversed(rows):
        source: str | None = table
        while source in scheme.results:
            source = scheme.results[source].rows_of
        spec = scheme.inputs.get(source or "")
        if isinstance(spec, Ledger) and name in spec.columns:
            return spec.columns[name].choices or None
        if spec is not None and name in (columns_of(spec) or {}):
            return getattr(spec, "severities", None) if name == "severity" else None
    spec = scheme.inputs.get(name)
    if isinstance(spec, Measure):
        return spec.choices or None
    parameter = scheme.parameters.get(name)
    return parameter.choices or None if parameter else None
