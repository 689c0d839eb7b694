from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.db import transaction

from appraisal.people.models import User
from appraisal.schemes.catalogue_files import CASES, catalogue_files
from appraisal.schemes.loader import digest_of, parsed
from appraisal.schemes.models import Origin, SchemeVersion
from appraisal.schemes.problems import Problem, SchemeRefusedError
from appraisal.schemes.states import VersionVerb
from workflow import engine

# What the first start publishes. The others wait in the library: a company runs the few that are its own.
STARTERS = ("sales-specialist",)


@transaction.atomic
def load_catalogue(*, acting_user: User | None, at: datetime, keys: Collection[str] = STARTERS) -> list[SchemeVersion]:
    """Store every version of these schemes that is not stored yet, as published. Returns the new ones.

    Nobody acting is the system: a command, the first start. A document that is refused, or that still misses a
    number, stops the whole load.
    """
    found = [path for path in catalogue_files() if path.parent.name in keys]
    documents = [(path, path.read_text(encoding="utf-8")) for path in found]
    known = set(
        SchemeVersion.objects.filter(digest__in=[digest_of(text) for _, text in documents]).values_list("key", "digest")
    )
    versions = [_version(path, text, at) for path, text in documents]
    new = [version for version in versions if (version.key, version.digest) not in known]
    return engine.begin(new, VersionVerb.CATALOGUE, acting_user=acting_user, at=at)


def _version(path: Path, text: str, at: datetime) -> SchemeVersion:
    file = f"{path.parent.name}/{path.name}"
    scheme = parsed(text, file)
    if file != f"{scheme.scheme}/{scheme.valid_from.isoformat()}.yaml":
        raise SchemeRefusedError([Problem("wrong_place", {"scheme": scheme.scheme}, line=1, file=file)])
    return SchemeVersion(
        key=scheme.scheme,
        valid_from=scheme.valid_from,
        title_zh=scheme.title.zh,
        title_en=scheme.title.en,
        document=text,
        digest=digest_of(text),
        cases=_cases_beside(path),
        origin=Origin.CATALOGUE,
        created_at=at,
    )


def _cases_beside(path: Path) -> str:
    cases = path.with_name(CASES)
    return cases.read_text(encoding="utf-8") if cases.exists() else ""
