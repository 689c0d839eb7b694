"""The library: every version that is stored, and every scheme of the catalogue that is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy

from appraisal.cycles.models import Track
from appraisal.people.models import User
from appraisal.schemes.library import loaded, shelf
from appraisal.schemes.loader import digest_of
from appraisal.schemes.models import Origin, SchemeVersion
from appraisal.schemes.problems import SchemeRefusedError
from appraisal.schemes.spec import Scheme
from appraisal.schemes.states import VersionState
from appraisal.workshop.rules import may_read_schemes
from appraisal.workshop.words import PERIODS, SUBJECTS, listed, missing_of

IN_CATALOGUE = "catalogue"
IN_CATALOGUE_LABEL = pgettext_lazy("scheme", "In the catalogue")
ORDER = [VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.PUBLISHED, IN_CATALOGUE, VersionState.RETIRED]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the library, as they stand in the address."""

    text: str = ""
    subject: str = ""
    period: str = ""
    state: str = ""
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    scheme: Scheme
    state: str
    url: str
    missing: tuple[str, ...]
    origin: str

    @property
    def title(self) -> str:
        return self.scheme.title.en if get_language() == "en" else self.scheme.title.zh

    @property
    def other_title(self) -> str:
        return self.scheme.title.zh if get_language() == "en" else self.scheme.title.en

    @property
    def state_label(self) -> str:
        return str(IN_CATALOGUE_LABEL if self.state == IN_CATALOGUE else VersionState(self.state).label)

    @property
    def periods(self) -> str:
        return listed([str(PERIODS[kind]) for kind in self.scheme.period_kinds])

    @property
    def subject(self) -> str:
        return str(SUBJECTS[self.scheme.subject])

    def fits(self, asked: Asked) -> bool:
        scheme = self.scheme
        words = " ".join((scheme.title.zh, scheme.title.en, scheme.scheme, *scheme.ids)).lower()
        return (
            (not asked.text or asked.text.lower() in words)
            and (not asked.subject or scheme.subject == asked.subject)
            and (not asked.period or asked.period in scheme.period_kinds)
            and (not asked.state or self.state == asked.state)
            and (not asked.numbers or bool(self.missing) == (asked.numbers == "missing"))
        )


def visible_versions(user: User) -> QuerySet[SchemeVersion]:
    rows = SchemeVersion.objects.all()
    return rows if may_read_schemes(user) else rows.none()


def cards(user: User, asked: Asked) -> list[Card]:
    """One query, whatever is stored."""
    versions = list(visible_versions(user))
    stored = {version.digest for version in versions}
    found = [_of_version(version) for version in versions]
    found += _of_catalogue(path for paths in shelf().values() for path in paths if _digest(path) not in stored)
    fitting = [card for card in found if card.fits(asked)]
    return sorted(fitting, key=lambda card: (ORDER.index(card.state), card.scheme.scheme, card.scheme.valid_from))


def _of_version(version: SchemeVersion) -> Card:
    scheme = version.scheme
    url = reverse("schemes:scheme_detail", args=[version.pk])
    return Card(scheme, version.state, url, _missing(scheme, get_language() or ""), version.origin)


def _of_catalogue(paths: Iterable[Path]) -> list[Card]:
    found = []
    for path in paths:
        try:
            scheme = loaded(path)
        except SchemeRefusedError:
            continue
        url = reverse("schemes:catalogue_detail", args=[scheme.scheme, scheme.valid_from.isoformat()])
        found.append(Card(scheme, IN_CATALOGUE, url, _missing(scheme, get_language() or ""), Origin.CATALOGUE))
    return found


@lru_cache(maxsize=512)
def _missing(scheme: Scheme, language: str) -> tuple[str, ...]:
    """By the reader's language: the names are in it."""
    return tuple(missing_of(scheme))


@lru_cache(maxsize=512)
def _digest(path: Path) -> str:
    return digest_of(path.read_text(encoding="utf-8"))


def catalogue_version(key: str, day: str) -> SchemeVersion | None:
    """The version of the catalogue as if it were stored; None where there is no such file."""
    path = next((one for one in shelf().get(key, ()) if one.stem == day), None)
    if path is None:
        return None
    scheme, text = loaded(path), path.read_text(encoding="utf-8")
    return SchemeVersion(
        key=key, valid_from=scheme.valid_from, title_zh=scheme.title.zh, title_en=scheme.title.en, document=text,
        digest=digest_of(text), origin=Origin.CATALOGUE, state=IN_CATALOGUE,
    )  # fmt: skip


def is_stored(version: SchemeVersion) -> bool:
    return not version._state.adding


def siblings(version: SchemeVersion) -> list[SchemeVersion]:
    """The stored versions of the same scheme, the newest first, and the one it was copied from."""
    rows = SchemeVersion.objects.filter(key=version.key).defer("cases")
    return list(rows.order_by("-valid_from", "-id"))


def tracks_with(version: SchemeVersion) -> list[Track]:
    """The cycles that run with this version. They keep it, whatever becomes of it."""
    rows = Track.objects.filter(scheme_digest=version.digest).select_related("cycle")
    return list(rows.order_by("-cycle__starts_on", "pk")[:20])
