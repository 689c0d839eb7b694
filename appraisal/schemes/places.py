"""Where in its document a finding of the validator stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from appraisal.schemes.problems import Problem
from appraisal.schemes.reading import Path, read

PART = re.compile(r"[^.\[\]]+|\[[0-9]+\]")


def placed(problems: Iterable[Problem], text: str, *, file: str) -> tuple[Problem, ...]:
    data, reading = read(text, file=file)
    named = dict(_named(data.get("indicators", ()), ("indicators",)))
    for place, band in enumerate((data.get("grades") or {}).get("bands", ())):
        named[f"grades.bands.{band.get('grade')}"] = ("grades", "bands", place)

    def line(key: str) -> int:
        path = _path(key, named)
        while path and path not in reading.lines:
            path = path[:-1]
        return reading.lines.get(path, 1)

    return tuple(replace(problem, line=line(problem.key), file=file) for problem in problems)


def _path(key: str, named: dict[str, Path]) -> Path:
    """As the document has it: indicators are known by their names, and people count from one."""
    first = next((name for name in named if key == name or key.startswith(f"{name}.")), "")
    rest = key[len(first) :] if first else key
    parts = tuple(int(part[1:-1]) - 1 if part.startswith("[") else _key(part) for part in PART.findall(rest))
    return (*named[first], *parts) if first else parts


def _key(part: str) -> str | int:
    return int(part) if part.isdigit() else part


def _named(branches: Any, path: Path) -> Iterator[tuple[str, Path]]:
    for place, branch in enumerate(branches):
        yield str(branch.get("group") or branch.get("indicator")), (*path, place)
        yield from _named(branch.get("of") or (), (*path, place, "of"))
