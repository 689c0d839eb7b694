"""Finding a scheme of the catalogue by its key or by an id, in the version that was valid on a day."""

from datetime import date
from functools import cache

from appraisal.schemes.catalogue_files import catalogue_files
from appraisal.schemes.loader import load_scheme
from appraisal.schemes.spec import Scheme


@cache
def library() -> dict[str, tuple[Scheme, ...]]:
    """Every scheme by its key, its versions oldest first."""
    found: dict[str, list[Scheme]] = {}
    for path in catalogue_files():
        scheme = load_scheme(path.read_text(encoding="utf-8"), file=str(path))
        found.setdefault(scheme.scheme, []).append(scheme)
    return {key: tuple(sorted(versions, key=lambda one: one.valid_from)) for key, versions in found.items()}


def names_of(written: str) -> tuple[str, ...]:
    """The keys that a key or an id of the catalogue stands for."""
    schemes = library()
    if written in schemes:
        return (written,)
    return tuple(key for key, versions in schemes.items() if written.upper() in versions[-1].ids)


def version_on(key: str, day: date) -> Scheme:
    """The version valid on the day; before the first one was valid, the first."""
    versions = library()[key]
    valid = [version for version in versions if version.valid_from <= day]
    return valid[-1] if valid else versions[0]
