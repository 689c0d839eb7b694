"""What the checks say of a document, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from appraisal.schemes.describe import describe
from appraisal.schemes.problems import Problem, SchemeRefusedError
from appraisal.schemes.validator import examined

SHOWN = 120


@dataclass(frozen=True, slots=True)
class Finding:
    problem: Problem
    line: int
    # The line as it is written.
    text: str

    @property
    def sentence(self) -> str:
        return describe(self.problem)

    @property
    def level(self) -> str:
        return self.problem.level


@lru_cache(maxsize=64)
def findings_of(text: str) -> tuple[Finding, ...]:
    """Every finding by its line: what keeps the document from being read, or what the checks report of it."""
    try:
        return found_in(examined(text, file=""), text)
    except SchemeRefusedError as error:
        return found_in(error.problems, text)


def found_in(problems: Iterable[Problem], text: str) -> tuple[Finding, ...]:
    lines = text.splitlines()
    found = []
    for problem in problems:
        line = problem.line or 1
        found.append(Finding(problem, line, lines[line - 1].strip()[:SHOWN] if line <= len(lines) else ""))
    return tuple(sorted(found, key=lambda finding: (finding.level != "error", finding.line)))
