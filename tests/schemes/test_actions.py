from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from appraisal.schemes.actions import load_catalogue
from appraisal.schemes.loader import digest_of
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.queries import published_versions, scheme_by_digest, version_in_force
from tests.cast import Cast
from tests.schemes.documents import SALES, SMALL, sales
from workflow.errors import NotAllowed
from workflow.models import Fact

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def stored(text: str, key: str, valid_from: date, state: str = "published") -> SchemeVersion:
    return SchemeVersion.objects.create(
        key=key, valid_from=valid_from, title_zh="方案", title_en="Scheme", document=text,
        digest=digest_of(text), created_at=AT, state=state,
    )  # fmt: skip


def test_the_catalogue_is_stored_as_published_versions() -> None:
    (version,) = load_catalogue(acting_user=None, at=AT)

    assert (version.key, version.valid_from, version.state) == ("sales-specialist", date(2026, 1, 1), "published")
    assert (version.document, version.digest, version.origin) == (SALES, digest_of(SALES), "catalogue")
    assert version.title_zh == "銷售專員崗位職責與績效考核方案"
    assert version.scheme == sales()
    assert list(Fact.objects.values_list("name", "to_state", "at")) == [("scheme.catalogued", "published", AT)]


def test_loading_again_stores_nothing_new() -> None:
    load_catalogue(acting_user=None, at=AT)

    assert load_catalogue(acting_user=None, at=AT) == []
    assert SchemeVersion.objects.count() == 1


def test_hr_may_load_the_catalogue_and_others_may_not(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        load_catalogue(acting_user=cast.manager.user, at=AT)
    assert SchemeVersion.objects.count() == 0

    assert [version.key for version in load_catalogue(acting_user=cast.hr.user, at=AT)] == ["sales-specialist"]


def test_a_scheme_is_parsed_once_for_its_document() -> None:
    (version,) = load_catalogue(acting_user=None, at=AT)

    assert version.scheme is SchemeVersion.objects.get().scheme
    assert scheme_by_digest(version.digest) is version.scheme
    with pytest.raises(SchemeVersion.DoesNotExist):
        scheme_by_digest("0" * 64)


def test_the_version_in_force_is_the_latest_that_has_begun() -> None:
    old = stored(SMALL, "small", date(2025, 1, 1))
    new = stored(SMALL + "# 2026\n", "small", date(2026, 1, 1))
    stored(SMALL + "# draft\n", "small", date(2026, 1, 2), state="draft")

    assert version_in_force("small", on=date(2025, 12, 31)) == old
    assert version_in_force("small", on=date(2026, 6, 1)) == new
    assert version_in_force("small", on=date(2024, 12, 31)) is None
    assert list(published_versions()) == [new, old]
    assert list(published_versions(on=date(2025, 6, 1))) == [old]


def test_the_command_says_what_it_stored_and_may_be_repeated() -> None:
    first, second = StringIO(), StringIO()
    call_command("load_schemes", stdout=first)
    call_command("load_schemes", stdout=second)

    assert first.getvalue().splitlines() == [
        "sales-specialist 2026-01-01 Sales specialist, duties and appraisal plan",
        "1 stored.",
    ]
    assert second.getvalue().splitlines() == ["0 stored."]
