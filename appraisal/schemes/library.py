"""Finding a scheme of the catalogue by its key or by an id, in the version that was valid on a day."""

import re
from datetime import date
from functools import cache
from pathlib import Path

from appraisal.schemes.catalogue_files import catalogue_files
from appraisal.schemes.loader import load_scheme
from appraisal.schemes.spec import Scheme

IDS = re.compile(r"^ids: *\[([^\]]*)\]", re.MULTILINE)


@cache
def shelf() -> dict[str, tuple[Path, ...]]:
    """The files of every scheme by its key, the oldest version first; nothing is loaded yet."""
    found: dict[str, tuple[Path, ...]] = {}
    for path in catalogue_files():
        found[path.parent.name] = (*found.get(path.parent.name, ()), path)
    return found


@cache
def loaded(path: Path) -> Scheme:
    return load_scheme(path.read_text(encoding="utf-8"), file=str(path))


@cache
def ids_of(key: str) -> tuple[str, ...]:
    written = IDS.search(shelf()[key][-1].read_text(encoding="utf-8"))
    return tuple(one.strip() for one in written[1].split(",")) if written else ()


def names_of(written: str) -> tuple[str, ...]:
    """The keys that a key or an id of the catalogue stands for."""
    if written in shelf():
        return (written,)
    return tuple(key for key in shelf() if written.upper() in ids_of(key))


def known_names() -> list[str]:
    return [*shelf(), *(one for key in shelf() for one in ids_of(key))]


def newest(key: str) -> Scheme:
    return loaded(shelf()[key][-1])


def version_on(key: str, day: date) -> Scheme:
    """The version valid on the day; before the first one was valid, the first."""
    paths = shelf()[key]
    valid = [path for path in paths if date.fromisoformat(path.stem) <= day]
    return loaded(valid[-1] if valid else paths[0])
