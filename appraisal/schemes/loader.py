"""From the text of a scheme to the scheme, or to everything that is wrong with it."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from appraisal.schemes.expressions import ARITIES
from appraisal.schemes.problems import Problem, SchemeRefusedError, proposal
from appraisal.schemes.reading import Path, Reading, dotted, read
from appraisal.schemes.spec import KINDS, Scheme
from appraisal.schemes.vocabulary import WORDS_BY_FIELDS

FORMULA_CODES = (
    "formula_unreadable", "formula_too_long", "formula_too_deep", "formula_forbidden", "formula_number",
    "formula_function", "formula_arguments", "formula_name",
)  # fmt: skip
WORDING = {
    "missing": "missing_key",
    "literal_error": "bad_choice",
    "enum": "bad_choice",
    "union_tag_invalid": "bad_choice",
    "union_tag_not_found": "no_kind",
    "exact_number": "not_exact",
    "number_size": "number_size",
    "days": "bad_days",
    "one_of": "one_of",
    "two_bounds": "two_bounds",
    "string_pattern_mismatch": "bad_spelling",
    "date_from_datetime_parsing": "bad_date",
    "date_parsing": "bad_date",
    "too_short": "empty",
    "string_too_short": "empty",
    **{code: code for code in FORMULA_CODES},
}


def load_scheme(text: str, *, file: str) -> Scheme:
    """The scheme in the document. Raises SchemeRefusedError with file, line and key of every problem."""
    data, reading = read(text, file=file)
    try:
        return Scheme.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise SchemeRefusedError(_problem(detail, data, reading) for detail in details) from error


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=128)
def parsed(text: str, file: str) -> Scheme:
    """The same scheme for the same text, parsed once."""
    return load_scheme(text, file=file)


def _problem(detail: ErrorDetails, data: Any, reading: Reading) -> Problem:
    path, rest = _in_document(detail["loc"], data)
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, data, reading)
    context = {name: str(value) for name, value in detail.get("ctx", {}).items()}
    params = {"written": _short(detail["input"]), **context}
    if kind == "missing":
        path = (*path, *rest[-1:])
        params = {"missing": str(rest[-1]) if rest else ""}
    if kind == "union_tag_not_found":
        params = {"known": ", ".join(KINDS)}
        params["proposal"] = _nearest_rule(detail["input"])
    if kind == "union_tag_invalid":
        discriminator = params["discriminator"].strip("'")
        path = (*path, discriminator)
        params["written"] = params["tag"]
    if "expected" in params or "expected_tags" in params:
        known = _words(params.get("expected") or params["expected_tags"])
        params |= {"known": ", ".join(known), "proposal": proposal(params["written"], known)}
    if kind == "formula_function":
        params["proposal"] = proposal(params["part"], ARITIES)
    code = WORDING.get(kind, "bad_value")
    return Problem(code, params, dotted(path), _line(path, reading), reading.file)


def _unknown_key(path: Path, data: Any, reading: Reading) -> Problem:
    written = str(path[-1]) if path else ""
    siblings = frozenset(str(key) for key in _at(data, path[:-1]))
    known = _known_beside(siblings - {written})
    params = {"written": written, "proposal": proposal(written, known - siblings)}
    return Problem("unknown_key", params, dotted(path), _line(path, reading), reading.file)


def _known_beside(siblings: frozenset[str]) -> frozenset[str]:
    """The keys of those parts of a document that share most keys with what stands beside."""
    most = max(len(fields & siblings) for fields in WORDS_BY_FIELDS)
    return frozenset().union(*(fields for fields in WORDS_BY_FIELDS if len(fields & siblings) == most))


def _in_document(location: tuple[int | str, ...], data: Any) -> tuple[Path, tuple[int | str, ...]]:
    """The path that really exists: pydantic also names the alternatives of a union on its way."""
    path: list[int | str] = []
    left: list[int | str] = []
    for part in location:
        here = _at(data, tuple(path))
        exists = (isinstance(here, dict) and part in here) or (
            isinstance(here, list) and isinstance(part, int) and part < len(here)
        )
        (path if exists else left).append(_own_key(here, part) if exists else part)
    return tuple(path), tuple(left)


def _own_key(here: Any, part: int | str) -> int | str:
    return next((key for key in here if key == part), part) if isinstance(here, dict) else part


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _line(path: Path, reading: Reading) -> int | None:
    while path not in reading.lines and path:
        path = path[:-1]
    return reading.lines.get(path, 1)


def _words(expected: str) -> list[str]:
    return [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",") if word.strip()]


def _nearest_rule(written: Any) -> str:
    keys: Iterable[Any] = written if isinstance(written, dict) else ()
    return next((near for key in keys if (near := proposal(str(key), KINDS))), "")


def _short(written: Any) -> str:
    if isinstance(written, dict | BaseModel):
        return ""
    text = str(written)
    return text if len(text) <= 60 else f"{text[:57]}…"
