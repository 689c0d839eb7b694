from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from appraisal.schemes.checks.numbers import value_of
from appraisal.schemes.problems import Problem
from appraisal.schemes.spec import (
    Attainment,
    Band,
    Deductions,
    Grades,
    Group,
    Growth,
    Indicator,
    Number,
    Ratio,
    Scheme,
)

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Span:
    """A band in numbers. No bound: it runs on for ever."""

    grade: str
    lower: Decimal | None
    lower_belongs: bool
    upper: Decimal | None
    upper_belongs: bool

    @property
    def empty(self) -> bool:
        if self.lower is None or self.upper is None:
            return False
        return self.lower > self.upper or (self.lower == self.upper and not (self.lower_belongs and self.upper_belongs))


def bands_close(scheme: Scheme) -> Iterator[Problem]:
    """From the best band to the worst: each begins where the next one ends, both ends are open."""
    grades = scheme.grades
    if grades is None:
        return
    yield from _twice(grades)
    spans = _spans(scheme, grades)
    if spans is None:
        return
    for span in spans:
        if span.empty:
            yield Problem("band_empty", {"name": span.grade}, f"grades.bands.{span.grade}")
    step = None if grades.round is None else Decimal(1).scaleb(-grades.round.places)
    for upper, lower in pairwise(spans):
        yield from _meets(upper, lower, step)
    if spans[0].upper is not None:
        yield Problem("band_open_top", {"at": f"{spans[0].upper:f}"}, f"grades.bands.{spans[0].grade}")
    if spans[-1].lower is not None:
        yield Problem("band_open_bottom", {"at": f"{spans[-1].lower:f}"}, f"grades.bands.{spans[-1].grade}")


def _meets(upper: Span, lower: Span, step: Decimal | None) -> Iterator[Problem]:
    names = {"upper": upper.grade, "lower": lower.grade}
    key = f"grades.bands.{lower.grade}"
    if upper.lower is None or lower.upper is None:
        at = next((bound for bound in (upper.lower, lower.upper) if bound is not None), Decimal(0))
        yield Problem("band_overlap", {"at": f"{at:f}", **names}, key)
        return
    low, high = upper.lower, lower.upper
    both, neither = upper.lower_belongs and lower.upper_belongs, not (upper.lower_belongs or lower.upper_belongs)
    if low < high or (low == high and both):
        yield Problem("band_overlap", {"at": f"{low:f}", **names}, key)
    # Rounded totals come in steps: 81 to 90 and 91 to 100 leave nothing out.
    elif step is not None and both and low - high == step:
        return
    elif low > high or neither:
        yield Problem("band_gap", {"at": f"{high:f}", **names}, key)


def _twice(grades: Grades) -> Iterator[Problem]:
    for name in dict.fromkeys(grades.names):
        if grades.names.count(name) > 1:
            yield Problem("duplicate_grade", {"name": name}, f"grades.bands.{name}")


def _spans(scheme: Scheme, grades: Grades) -> list[Span] | None:
    """Nothing while a bound is missing: that is reported for itself."""
    spans = [_span(scheme, band) for band in grades.bands]
    known = [span for span in spans if span is not None]
    return known if len(known) == len(spans) else None


def _span(scheme: Scheme, band: Band) -> Span | None:
    lower, upper = value_of(scheme, band.lower), value_of(scheme, band.upper)
    if (band.lower and lower is None) or (band.upper and upper is None):
        return None
    return Span(band.grade, lower, band.above is None, upper, band.below is None)


def grades_are_reachable(scheme: Scheme) -> Iterator[Problem]:
    spans = None if scheme.grades is None else _spans(scheme, scheme.grades)
    least, most = _range(scheme, scheme.indicators, lowest=True), _range(scheme, scheme.indicators, lowest=False)
    for span in spans or []:
        too_high = (
            most is not None
            and span.lower is not None
            and (span.lower > most or (span.lower == most and not span.lower_belongs))
        )
        too_low = (
            least is not None
            and span.upper is not None
            and (span.upper < least or (span.upper == least and not span.upper_belongs))
        )
        if too_high or too_low:
            params = {"name": span.grade, "least": _shown(least), "most": _shown(most)}
            yield Problem("grade_unreachable", params, f"grades.bands.{span.grade}", level="warning")


def _shown(bound: Decimal | None) -> str:
    return "∞" if bound is None else f"{bound.normalize():f}"


def _range(scheme: Scheme, branches: tuple[Group | Indicator, ...], *, lowest: bool) -> Decimal | None:
    """The lowest or highest total these branches can have; nothing where a rule has no such bound."""
    total = weights = Decimal(0)
    for branch in branches:
        weight = value_of(scheme, branch.weight)
        if isinstance(branch, Group):
            bound = _range(scheme, branch.of, lowest=lowest)
        else:
            bound = _bound(scheme, branch, lowest=lowest)
        if weight is None or bound is None:
            return None
        total += weight * bound
        weights += weight
    return total / weights if weights else None


def _bound(scheme: Scheme, indicator: Indicator, *, lowest: bool) -> Decimal | None:
    rule = indicator.score
    bound: Number | None
    if isinstance(rule, Attainment | Ratio | Growth):
        bound = rule.floor if lowest else rule.cap
    elif isinstance(rule, Deductions):
        bound = rule.floor if lowest else rule.start
    else:
        return Decimal(0) if lowest else HUNDRED
    return value_of(scheme, bound)
