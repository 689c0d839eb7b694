"""What is wrong with a scheme document: where it stands, what it is, and what might be meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding without words: `appraisal.schemes.describe` says it in the reader's language."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    line: int | None = None
    file: str = ""
    level: Literal["error", "warning"] = "error"


class SchemeRefusedError(ValueError):
    """The document is no scheme. Carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(f"{first.file}:{first.line}: {first.key}: {first.code} {dict(first.params)}")


def proposal(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest to the one written, or nothing."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), "")
