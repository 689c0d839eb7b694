from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.spec import Scheme


def published_versions(*, on: date | None = None) -> QuerySet[SchemeVersion]:
    """What a cycle may begin with; with a day, what is in force then, older versions after newer ones."""
    versions = SchemeVersion.objects.filter(state=SchemeVersion.State.PUBLISHED)
    return versions if on is None else versions.filter(valid_from__lte=on)


def version_in_force(key: str, *, on: date) -> SchemeVersion | None:
    return published_versions(on=on).filter(key=key).order_by("-valid_from", "-id").first()


@lru_cache(maxsize=128)
def scheme_by_digest(digest: str) -> Scheme:
    """The scheme of a document, by its digest. A digest has one document for ever, so the answer is kept."""
    version = SchemeVersion.objects.filter(digest=digest).order_by("id").first()
    if version is None:
        raise SchemeVersion.DoesNotExist(digest)
    return version.scheme
