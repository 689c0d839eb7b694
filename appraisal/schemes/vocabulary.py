"""Every set of keys that a part of a scheme document may have, to propose what a misspelt one might mean."""

from appraisal.schemes.spec import Scheme
from appraisal.schemes.spec.base import Document


def _documents() -> list[type[Document]]:
    found: list[type[Document]] = []
    waiting: list[type[Document]] = [Document]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return found


WORDS_BY_FIELDS: tuple[frozenset[str], ...] = tuple(frozenset(document.model_fields) for document in _documents())

assert frozenset(Scheme.model_fields) in WORDS_BY_FIELDS
