"""Worked examples in files: a scheme, a day, what goes in, and what must come out to the digit.

    scheme: S004-15            # the key of a scheme or an id of the catalogue
    as_of: 2026-03-31
    variant: runnable          # or another variant of the scheme, or parameters with their values
    period: month              # where the scheme knows more than one kind of period
    input: {collected: {actual: 870000, target: 1000000}, …}
    output: {result_completion: 43.5, total: 74, grade: pass}

A file holds one case, or several under `cases`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.schemes.problems import proposal
from appraisal.schemes.reading import read
from appraisal.schemes.spec import Scheme
from appraisal.schemes.variants import UnknownVariantError, vary
from appraisal.scoring.case_inputs import Entered, entered
from appraisal.scoring.case_outputs import Difference, outputs_of
from appraisal.scoring.comparing import compare
from appraisal.scoring.engine import score
from appraisal.scoring.leaf import UnfitInputError
from appraisal.scoring.refusals import CaseError
from appraisal.scoring.roll_up import roll_up
from appraisal.scoring.scored import Scored, sealed
from appraisal.scoring.sheet import WorkingDay
from appraisal.scoring.values import WrongKindError

NOT_BY_PERIOD = "{scheme} is not appraised by '{written}'; by {known}"
UNKNOWN_VARIANT = "unknown variant '{written}'; known: {known}"
NO_ROLL_UP = "{scheme} does not roll up {count} periods"
KEYS = ("case", "says", "scheme", "as_of", "variant", "period", "input", "output", "explains", "rule")


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    scheme: str
    as_of: date
    variant: Any
    period: str | None
    given: Mapping[str, Any]
    expected: Mapping[str, Any] | None
    # Phrases that the explanation must hold.
    explains: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What a case came to: the outputs, what is missing, and where it differs from what was expected."""

    case: Case
    scheme: str
    outputs: dict[str, Any]
    missing: list[str]
    explanation: dict[str, Any]
    differences: list[Difference] = field(default_factory=list)


def cases_in(text: str, *, file: str) -> Iterator[Case]:
    """The cases of a document. Raises CaseError, or SchemeRefusedError for what is no plain YAML."""
    data, _ = read(text, file=file)
    listed = data.get("cases", [data])
    if not isinstance(listed, list):
        raise CaseError("cases", "a list of cases is expected")
    shared = {key: data[key] for key in ("scheme", "as_of", "variant", "period") if "cases" in data and key in data}
    for place, one in enumerate(listed, start=1):
        if not isinstance(one, dict):
            raise CaseError(f"cases[{place}]", "a case is a list of keys with values")
        yield case_of({**shared, **one}, place)


def case_of(data: Mapping[str, Any], place: int) -> Case:
    for key in data:
        if key not in KEYS:
            raise CaseError(str(key), "unknown key; known are {known}", proposal(str(key), KEYS), known=", ".join(KEYS))
    for key in ("scheme", "as_of", "input"):
        if data.get(key) is None:
            raise CaseError(key, "this key is missing")
    if not isinstance(data["input"], dict):
        raise CaseError("input", "keys with values are expected")
    expected = data.get("output")
    if expected is not None and not isinstance(expected, dict):
        raise CaseError("output", "keys with values are expected")
    return Case(
        name=str(data.get("case", place)),
        scheme=str(data["scheme"]),
        as_of=_day(data["as_of"]),
        variant=data.get("variant"),
        period=data.get("period"),
        given=data["input"],
        expected=expected,
        explains=tuple(data.get("explains", ())),
    )


def _day(written: Any) -> date:
    try:
        return date.fromisoformat(str(written))
    except ValueError as error:
        raise CaseError("as_of", "'{written}' is not a date; write it like 2026-03-31", written=written) from error


def run(case: Case, scheme: Scheme, *, is_working_day: WorkingDay) -> Outcome:
    """Scores the case. Raises CaseError where it does not fit the scheme."""
    period: Any = case.period or scheme.period_kinds[0]
    if period not in scheme.period_kinds:
        known = ", ".join(scheme.period_kinds)
        raise CaseError("period", NOT_BY_PERIOD, scheme=scheme.scheme, written=period, known=known)
    try:
        varied, settings = vary(scheme, _variant(case.variant))
        found = entered(varied, case.given, settings)
        scored = score(
            varied,
            found.inputs,
            period_kind=period,
            parameters=settings,
            as_of=case.as_of,
            is_working_day=is_working_day,
        )
        found.settings = settings
        if found.totals is not None:
            scored = _rolled_up(varied, found, scored)
        outputs, missing = outputs_of(varied, scored, found, period=period)
    except UnknownVariantError as error:
        raise CaseError("variant", UNKNOWN_VARIANT, error.near, written=error.written, known=error.known) from error
    except UnfitInputError as error:
        raise CaseError(f"input.{error.key}", error.sentence, **error.params) from error
    except WrongKindError as error:
        raise CaseError("input", error.sentence, **error.params) from error
    outcome = Outcome(case, varied.scheme, outputs, missing, sealed(scored.to_json()))
    outcome.differences = _differences(case, varied, outcome)
    return outcome


def _rolled_up(scheme: Scheme, found: Entered, scored: Scored) -> Scored:
    """The total of the longer period, beside what the scheme works out anyway."""
    totals = found.totals or ()
    try:
        year = roll_up(scheme, totals, parameters=found.settings)
    except ValueError as error:
        raise CaseError("input.totals", NO_ROLL_UP, scheme=scheme.scheme, count=len(totals)) from error
    year.results, year.tables = scored.results, scored.tables
    return year


def _variant(written: Any) -> Any:
    if not isinstance(written, dict):
        return written
    return {key: Decimal(value) if isinstance(value, int) else value for key, value in written.items()}


def _differences(case: Case, scheme: Scheme, outcome: Outcome) -> list[Difference]:
    if case.expected is None:
        return _unexplained(case, outcome)
    found: list[Difference] = []
    for key, expected in case.expected.items():
        if key not in outcome.outputs:
            near = proposal(str(key), outcome.outputs)
            raise CaseError(f"output.{key}", "{scheme} has no such output", near, scheme=scheme.scheme)
        found += compare(scheme, key, expected, outcome.outputs[key])
    return found + _unexplained(case, outcome)


def _unexplained(case: Case, outcome: Outcome) -> list[Difference]:
    sentences = "\n".join(_sentences(outcome.explanation))
    return [Difference("explanation", phrase, None) for phrase in case.explains if str(phrase) not in sentences]


def _sentences(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if set(part) == {"zh", "en"}:
            yield from (str(part["zh"]), str(part["en"]))
        for value in part.values():
            yield from _sentences(value)
    elif isinstance(part, list):
        for value in part:
            yield from _sentences(value)
