"""Explanations of the library with one number changed, and sealed anew so that only arithmetic can tell."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from appraisal.schemes.catalogue_files import case_files
from appraisal.schemes.library import names_of, version_on
from appraisal.scoring.cases import cases_in, run
from appraisal.scoring.scored import digest_of
from workflow.calendars import is_mainland_working_day

Json = dict[str, Any]
Path = tuple[Any, ...]
NUMBERS = {"value", "contribution", "weight", "counted_weight", "total", "out_of"}


def nodes(document: Json) -> Iterator[tuple[Path, Json]]:
    waiting: list[tuple[Path, Json]] = [(("tree",), document["tree"])]
    waiting += [(("results", place), node) for place, node in enumerate(document["results"])]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        waiting += [((*path, "children", place), child) for place, child in enumerate(node["children"])]


@cache
def explanations() -> dict[str, Json]:
    """For every kind of rule and result, and every branch of it, the first worked example that shows it."""
    found: dict[str, Json] = {}
    seen: set[tuple[str, str]] = set()
    for path in case_files():
        for case in cases_in(path.read_text(encoding="utf-8"), file=path.name):
            (key,) = names_of(case.scheme)
            outcome = run(case, version_on(key, case.as_of), is_working_day=is_mainland_working_day)
            shows = {(node["rule"], kind_of_branch(node)) for _, node in nodes(outcome.explanation)}
            if shows - seen:
                seen |= shows
                found[f"{path.parent.name}: {case.name}"] = json.loads(json.dumps(outcome.explanation))
    return found


def kind_of_branch(node: Json) -> str:
    """Branches named after grades and words of the scheme are all alike."""
    return str(node["branch"]) if node["rule"] not in {"bands", "veto", "item", "deduction", "mark", "row"} else ""


def numbers(part: Any, path: Path = ()) -> Iterator[Path]:
    """Every number that takes part in the computation: figures, values, weights, cells of tables."""
    if isinstance(part, dict):
        for key, value in part.items():
            inside = key in NUMBERS or (len(path) >= 4 and path[0] == "tables" and path[2] == "rows")
            if (
                isinstance(value, str)
                and inside
                and part.get("word") is None
                and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value)
            ):
                yield (*path, key)
            elif isinstance(value, dict | list):
                yield from numbers(value, (*path, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from numbers(value, (*path, index))


def at(document: Any, path: Path) -> Any:
    for part in path:
        document = document[part]
    return document


def forged(document: Json, path: Path) -> Json:
    """The last digit of one number changed, and the seal made anew."""
    copy = json.loads(json.dumps(document))
    holder = at(copy, path[:-1])
    text = holder[path[-1]]
    holder[path[-1]] = text[:-1] + str((int(text[-1]) + 1) % 10)
    copy["digest"] = digest_of({key: value for key, value in copy.items() if key != "digest"})
    return copy
