from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.people.models import User
from appraisal.schemes.actions import load_catalogue
from appraisal.schemes.loader import digest_of, load_scheme
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.reading import read
from appraisal.schemes.states import VersionState, VersionVerb
from appraisal.workshop.patching import Patch, quoted
from appraisal.workshop.rules import may_keep_schemes
from workflow import engine
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState


@dataclass(frozen=True, slots=True)
class Head:
    """What a copy is called, and from when on it holds."""

    key: str
    title_zh: str
    title_en: str
    valid_from: date


def take_from_catalogue(*, acting_user: User, at: datetime, key: str) -> list[SchemeVersion]:
    """Publishes every version of the scheme as it comes with the product. Nothing new: an empty list."""
    _keeps(acting_user)
    return load_catalogue(acting_user=acting_user, at=at, keys=[key])


def copy_scheme(
    *,
    acting_user: User,
    at: datetime,
    document: str,
    cases: str,
    head: Head,
    based_on: SchemeVersion | None = None,
) -> SchemeVersion:
    """A draft with the same rules under its own name. Raises SchemeRefusedError where the head does not fit."""
    _keeps(acting_user)
    text = with_head(document, head)
    scheme = load_scheme(text, file=f"{head.key}.yaml")
    _not_there_yet(scheme.scheme, digest_of(text))
    version = SchemeVersion(
        key=scheme.scheme, valid_from=scheme.valid_from, title_zh=scheme.title.zh, title_en=scheme.title.en,
        document=text, digest=digest_of(text), cases=cases, created_at=at, based_on=based_on,
    )  # fmt: skip
    return engine.begin([version], VersionVerb.WRITE, acting_user=acting_user, at=at)[0]


def with_head(document: str, head: Head) -> str:
    patch = Patch(document)
    patch.replace(("scheme",), head.key)
    patch.replace(("title", "zh"), quoted(head.title_zh))
    patch.replace(("title", "en"), quoted(head.title_en))
    patch.replace(("valid_from",), head.valid_from.isoformat())
    return patch.applied()


@transaction.atomic
def save_document(
    *, acting_user: User, at: datetime, version: SchemeVersion, text: str, seen: str, part: str = "document"
) -> SchemeVersion:
    """Writes the document of a draft. `seen` is the digest of the text that the page was drawn from.

    Raises SchemeRefusedError with every problem where it does not read, Conflict where somebody was first.
    """
    locked = _draft(acting_user, version)
    text = text.replace("\r\n", "\n")
    scheme = load_scheme(text, file=f"{locked.key}.yaml")
    digest = digest_of(text)
    if locked.digest != seen:
        raise Conflict
    if digest == locked.digest:
        return locked
    _not_there_yet(scheme.scheme, digest)
    locked.key, locked.valid_from = scheme.scheme, scheme.valid_from
    locked.title_zh, locked.title_en = scheme.title.zh, scheme.title.en
    locked.document, locked.digest = text, digest
    locked.save(update_fields=["key", "valid_from", "title_zh", "title_en", "document", "digest"])
    engine.record(
        locked, "scheme.edited", acting_user=acting_user, at=at, data={"part": part, "before": seen, "after": digest}
    )
    return locked


@transaction.atomic
def save_cases(*, acting_user: User, at: datetime, version: SchemeVersion, text: str, seen: str) -> SchemeVersion:
    """Writes the worked examples of a draft; only what is plain YAML is kept."""
    locked = _draft(acting_user, version)
    text = text.replace("\r\n", "\n")
    if text.strip():
        read(text, file="cases.yaml")
    if digest_of(locked.cases) != seen:
        raise Conflict
    if text != locked.cases:
        locked.cases = text
        locked.save(update_fields=["cases"])
        data = {"part": "examples", "before": seen, "after": digest_of(text)}
        engine.record(locked, "scheme.edited", acting_user=acting_user, at=at, data=data)
    return locked


def hand_in(*, acting_user: User, at: datetime, version: SchemeVersion, seen: int | None = None) -> None:
    def note(locked: SchemeVersion) -> None:
        locked.handed_in_by = acting_user

    engine.perform(version, VersionVerb.SUBMIT, acting_user=acting_user, at=at, version=seen, change=note)


def send_back(*, acting_user: User, at: datetime, version: SchemeVersion, reason: str, seen: int | None = None) -> None:
    engine.perform(version, VersionVerb.SEND_BACK, acting_user=acting_user, at=at, version=seen, reason=reason)


def publish(*, acting_user: User, at: datetime, version: SchemeVersion, seen: int | None = None) -> None:
    engine.perform(version, VersionVerb.PUBLISH, acting_user=acting_user, at=at, version=seen)


def retire(*, acting_user: User, at: datetime, version: SchemeVersion, reason: str, seen: int | None = None) -> None:
    """No cycle begins with it any more; those that run keep it."""
    engine.perform(version, VersionVerb.RETIRE, acting_user=acting_user, at=at, version=seen, reason=reason)


def _keeps(user: User) -> None:
    verdict = may_keep_schemes(user)
    if not verdict:
        raise NotAllowed(str(verdict.reason), str(verdict.remedy))


def _draft(user: User, version: SchemeVersion) -> SchemeVersion:
    _keeps(user)
    locked = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != VersionState.DRAFT:
        raise NotInThisState(
            _("Only a draft can be changed; this version is no draft any more."),
            _("Copy the version and change the copy."),
        )
    return locked


def _not_there_yet(key: str, digest: str) -> None:
    if SchemeVersion.objects.filter(key=key, digest=digest).exists():
        raise GuardRefused(
            _("There is a version with exactly this document already."),
            _("Change something first, or use the version that is there."),
        )
