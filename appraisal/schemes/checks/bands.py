from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from appraisal.schemes.checks.ranges import range_of_total
from appraisal.schemes.checks.spans import Span, meeting, span_of
from appraisal.schemes.problems import Problem
from appraisal.schemes.spec import Grades, Scheme


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
            yield Problem("band_empty", {"name": span.name}, f"grades.bands.{span.name}")
    step = None if grades.round is None else Decimal(1).scaleb(-grades.round.places)
    for upper, lower in pairwise(spans):
        yield from _meets(upper, lower, step)
    if spans[0].upper is not None:
        yield Problem("band_open_top", {"at": f"{spans[0].upper:f}"}, f"grades.bands.{spans[0].name}")
    if spans[-1].lower is not None:
        yield Problem("band_open_bottom", {"at": f"{spans[-1].lower:f}"}, f"grades.bands.{spans[-1].name}")


def _meets(upper: Span, lower: Span, step: Decimal | None) -> Iterator[Problem]:
    fault = meeting(upper, lower, step)
    if fault is not None:
        params = {"at": f"{fault.at:f}", "upper": upper.name, "lower": lower.name}
        yield Problem("band_gap" if fault.kind == "gap" else "band_overlap", params, f"grades.bands.{lower.name}")


def _twice(grades: Grades) -> Iterator[Problem]:
    for name in dict.fromkeys(grades.names):
        if grades.names.count(name) > 1:
            yield Problem("duplicate_grade", {"name": name}, f"grades.bands.{name}")


def _spans(scheme: Scheme, grades: Grades) -> list[Span] | None:
    """Nothing while a bound is missing: that is reported for itself."""
    spans = [span_of(scheme, band, band.grade) for band in grades.bands]
    known = [span for span in spans if span is not None]
    return known if len(known) == len(spans) else None


def grades_are_reachable(scheme: Scheme) -> Iterator[Problem]:
    spans = None if scheme.grades is None else _spans(scheme, scheme.grades)
    least, most = range_of_total(scheme)
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
            params = {"name": span.name, "least": _shown(least), "most": _shown(most)}
            yield Problem("grade_unreachable", params, f"grades.bands.{span.name}", level="warning")


def _shown(bound: Decimal | None) -> str:
    return "∞" if bound is None else f"{bound.normalize():f}"
