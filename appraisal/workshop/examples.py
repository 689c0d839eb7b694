"""The worked examples kept with a version: what each comes to, and where it differs from what is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from appraisal.schemes.catalogue_files import CASES, CATALOGUE
from appraisal.schemes.describe import describe_with_place
from appraisal.schemes.library import shelf, version_on
from appraisal.schemes.loader import parsed
from appraisal.schemes.models import Origin, SchemeVersion
from appraisal.schemes.problems import SchemeRefusedError
from appraisal.schemes.spec import Scheme
from appraisal.scoring.case_outputs import Difference
from appraisal.scoring.cases import Case, cases_in, run
from appraisal.scoring.refusals import CaseError
from appraisal.workshop.refusals import refusal_words
from workflow.calendars import is_mainland_working_day


@dataclass(frozen=True, slots=True)
class Example:
    """`refusal`: the example does not fit the scheme and was not scored."""

    name: str
    case: Case | None = None
    differences: tuple[Difference, ...] = ()
    refusal: str = ""
    total: Any = None
    grade: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.differences or self.refusal)


def cases_text(version: SchemeVersion) -> str:
    if version.cases or version.origin != Origin.CATALOGUE:
        return version.cases
    return catalogue_cases(version.key)


def catalogue_cases(key: str) -> str:
    path = CATALOGUE / key / CASES
    return path.read_text(encoding="utf-8") if key in shelf() and path.exists() else ""


def examples_of(version: SchemeVersion) -> tuple[Example, ...]:
    text = cases_text(version)
    file = f"{version.key}/{version.valid_from.isoformat()}.yaml"
    return examples_in(text, version.document, file, get_language() or "") if text else ()


@lru_cache(maxsize=64)
def examples_in(text: str, document: str, file: str, language: str) -> tuple[Example, ...]:
    """`language` is that of the refusals, which are kept with the rest."""
    scheme = parsed(document, file)
    try:
        cases = list(cases_in(text, file=CASES))
    except CaseError as error:
        return (Example(name=CASES, refusal=refusal_words(error)),)
    except SchemeRefusedError as error:
        return (Example(name=CASES, refusal="; ".join(describe_with_place(problem) for problem in error.problems)),)
    return tuple(_examples(scheme, cases))


def _examples(scheme: Scheme, cases: list[Case]) -> Iterator[Example]:
    for case in cases:
        if not _is_of(scheme, case):
            continue
        try:
            outcome = run(case, scheme, is_working_day=is_mainland_working_day)
        except CaseError as error:
            yield Example(case.name, case, refusal=refusal_words(error))
            continue
        yield Example(
            case.name, case, tuple(outcome.differences), "", outcome.outputs.get("total"),
            str(outcome.outputs.get("grade") or ""),
        )  # fmt: skip


def _is_of(scheme: Scheme, case: Case) -> bool:
    """The catalogue keeps the examples of all versions of a scheme in one file: each has its day."""
    paths = shelf().get(scheme.scheme, ())
    if len(paths) < 2 or not any(path.stem == scheme.valid_from.isoformat() for path in paths):
        return True
    return version_on(scheme.scheme, case.as_of).valid_from == scheme.valid_from


def first_example(version: SchemeVersion) -> Case | None:
    """What the calculator begins with: the first example with a total, or the first that can be scored."""
    fitting = [one for one in examples_of(version) if one.case is not None and not one.refusal]
    return next((one.case for one in fitting if one.total is not None), fitting[0].case if fitting else None)
