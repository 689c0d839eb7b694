"""Results hang together: none rests on itself, none has the name of something else."""

from collections import Counter
from collections.abc import Iterator

from appraisal.schemes.checks.formulas import unknown
from appraisal.schemes.checks.naming import branches_of, formulas_of
from appraisal.schemes.expressions import mentions_in
from appraisal.schemes.problems import Problem
from appraisal.schemes.spec import Pay, Scheme

SCORE = "total"
RESERVED = ("total", "grade", "as_of", "history", "totals", "value", "weight")


def no_result_rests_on_itself(scheme: Scheme) -> Iterator[Problem]:
    reads = _reads(scheme)
    reported: set[str] = set()
    for name in reads:
        path = _way_back(name, reads)
        if path and not reported & set(path):
            reported |= set(path)
            key = name if name == SCORE else f"results.{name}"
            yield Problem("rests_on_itself", {"name": name, "path": " → ".join(path)}, key)


def _reads(scheme: Scheme) -> dict[str, set[str]]:
    """What each result reads of other results; the score as a whole counts as one of them."""
    marks = {*branches_of(scheme), "total", "grade"}
    found: dict[str, set[str]] = {SCORE: set(), **{key: set() for key in scheme.results}}
    for key, result in scheme.results.items():
        if result.rows_of in scheme.results:
            found[key].add(str(result.rows_of))
    for written in formulas_of(scheme):
        area, _, rest = written.place.partition(".")
        if area in {"outcomes", "total"} or area.startswith("veto["):
            continue
        reader = rest.split(".", maxsplit=1)[0] if area == "results" else SCORE
        for mention in mentions_in(written.text):
            if mention.name in scheme.results:
                found[reader].add(mention.name)
            elif reader != SCORE and mention.name in marks and mention.name not in scheme.inputs:
                found[reader].add(SCORE)
    return found


def _way_back(start: str, reads: dict[str, set[str]]) -> list[str]:
    """From a result to itself, where there is such a way."""
    waiting, seen = [[start]], {start}
    while waiting:
        path = waiting.pop()
        for name in sorted(reads.get(path[-1], ())):
            if name == start:
                return [*path, start]
            if name not in seen:
                seen.add(name)
                waiting.append([*path, name])
    return []


def names_are_told_apart(scheme: Scheme) -> Iterator[Problem]:
    places: list[tuple[str, tuple[str, ...]]] = [
        ("inputs", tuple(scheme.inputs)), ("parameters", tuple(scheme.parameters)), ("results", tuple(scheme.results)),
    ]  # fmt: skip
    names = Counter(name for _, part in places for name in part)
    for area, part in places:
        for name in part:
            if name in RESERVED:
                yield Problem("name_reserved", {"name": name}, f"{area}.{name}")
            elif (names[name] > 1 and area != "inputs") or (area == "results" and name in branches_of(scheme)):
                yield Problem("name_twice", {"name": name}, f"{area}.{name}")


def outcomes_pay_results(scheme: Scheme) -> Iterator[Problem]:
    for key, outcome in scheme.outcomes.items():
        if key in scheme.results or key in branches_of(scheme):
            yield Problem("name_twice", {"name": key}, f"outcomes.{key}")
        if isinstance(outcome, Pay) and not outcome.times and outcome.of not in scheme.results:
            yield unknown("unknown_result", outcome.of, scheme.results, f"outcomes.{key}.of")
