import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from appraisal.home.checklist import first_steps
from appraisal.schemes.actions import load_catalogue
from appraisal.schemes.catalogue_files import catalogue_files
from appraisal.schemes.models import SchemeVersion
from appraisal.workshop.queries import Asked, cards, catalogue_version
from appraisal.workshop.reading_page import document_of
from tests.cast import Cast, Member
from tests.counting import counted_queries
from tests.schemes.documents import small_text
from tests.workshop.conftest import AT

pytestmark = pytest.mark.django_db
Page = Callable[[Member, str], str]
Draft = Callable[..., SchemeVersion]
VERSIONS = [(path.parent.name, path.stem) for path in catalogue_files()]


def keys(cast: Cast, **asked: str) -> list[str]:
    return [card.scheme.scheme for card in cards(cast.hr.user, Asked(**asked))]


def test_every_scheme_of_the_catalogue_and_of_the_database_is_in_the_library_once(cast: Cast, draft: Draft) -> None:
    load_catalogue(acting_user=None, at=AT)
    draft()
    found = cards(cast.hr.user, Asked())
    assert len(found) == len(VERSIONS) + 1
    assert sorted(keys(cast)) == sorted([*(key for key, _day in VERSIONS), "small"])
    assert {card.state for card in found} == {"draft", "published", "catalogue"}


def test_the_library_is_narrowed_by_text_in_both_languages_state_subject_period_and_numbers(
    cast: Cast, draft: Draft
) -> None:
    draft()
    draft(small_text(("scheme: small", "scheme: gap"), ("value: 120}", "missing: true}")))
    assert keys(cast, text="銷售專員") == ["sales-specialist"]
    assert keys(cast, text="sales specialist") == ["sales-specialist"]
    assert keys(cast, text="s003-01") == ["sales-specialist"]
    assert keys(cast, state="draft") == ["gap", "small"]
    assert keys(cast, state="draft", numbers="missing") == ["gap"]
    assert keys(cast, state="draft", numbers="complete") == ["small"]
    assert keys(cast, state="draft", period="month") == []
    assert keys(cast, state="draft", subject="team") == []


def test_the_list_says_what_is_missing(cast: Cast, draft: Draft, page: Page) -> None:
    draft(small_text(("value: 120}", "missing: true}")))
    text = page(cast.hr, "/schemes/?state=draft")
    assert "1 missing" in text
    assert "<li>Cap</li>" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_the_same_for_one_scheme_and_for_three(
    cast: Cast, client: Client, draft: Draft, rows: int
) -> None:
    for number in range(rows):
        draft(small_text(("scheme: small", f"scheme: small-{'abc'[number]}")))
    client.force_login(cast.hr.user)
    client.get("/schemes/")
    with counted_queries() as queries:
        assert client.get("/schemes/").status_code == 200
    assert len(queries) == 5, "\n".join(queries)


def test_a_version_reads_like_a_document(cast: Cast, draft: Draft, page: Page) -> None:
    version = draft()
    text = page(cast.hr, f"/schemes/{version.pk}/")
    for words in (
        "“Sales”: actual ÷ target × 100. At most 120.",
        "The mean of “Rating”, on a scale of 100.",
        "From 100, for each of “Violations”: Minor −5.",
        "at least 80",
        "Manager: 5 working days, from the day the step is reached",
        "comes out",
        "The checks find nothing.",
        "wrote this version",
    ):
        assert words in text, words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_scheme_of_the_catalogue_can_be_read(language: str) -> None:
    for key, day in VERSIONS:
        version = catalogue_version(key, day)
        assert version is not None
        with translation.override(language):
            document = document_of(version.scheme)
        assert len(document["tree"]) >= len(version.scheme.all_indicators)
        assert len(document["outcomes"]) == len(version.scheme.outcomes)


def test_a_scheme_of_the_catalogue_has_its_page(cast: Cast, page: Page) -> None:
    text = page(cast.auditor, "/schemes/catalogue/key-account-manager/2020-01-01/")
    assert "In the catalogue" in text
    assert "/schemes/catalogue/key-account-manager/2020-01-01/copy/" not in text
    assert "/schemes/catalogue/key-account-manager/2020-01-01/copy/" in page(
        cast.hr, "/schemes/catalogue/key-account-manager/2020-01-01/"
    )


def test_unknown_schemes_of_the_catalogue_are_unknown(cast: Cast, client: Client) -> None:
    client.force_login(cast.hr.user)
    for path in ("catalogue/no-such/2020-01-01/", "catalogue/key-account-manager/1999-01-01/", "999999/"):
        assert client.get(f"/schemes/{path}").status_code == 404, path


def test_two_versions_are_compared_in_words(cast: Cast, draft: Draft, page: Page) -> None:
    first = draft()
    second = draft(small_text(("valid_from: 2026-01-01", "valid_from: 2026-07-01"), ("weight: 30", "weight: 35")))
    text = page(cast.sysadmin, f"/schemes/{second.pk}/difference/?with={first.pk}")
    assert "Indicators › People › of › Manner › Weight" in text
    assert re.search(r"<del>30</del>.*<ins>35</ins>", text, re.DOTALL)
    assert "2 places differ" in text
    assert "Indicators" in page(cast.hr, f"/schemes/{second.pk}/difference/")


def test_a_version_is_downloaded_as_it_is_written(cast: Cast, client: Client, draft: Draft) -> None:
    version = draft()
    client.force_login(cast.auditor.user)
    response = client.get(f"/schemes/{version.pk}/document/")
    assert response.content.decode() == version.document
    assert response.headers["Content-Disposition"] == 'attachment; filename="small-2026-01-01.yaml"'


def test_the_first_steps_lead_to_the_library_and_so_does_the_bar(cast: Cast, page: Page) -> None:
    assert [(step.url, step.done) for step in first_steps() if "scheme" in step.label] == [("/schemes/", False)]
    assert 'class="top-nav-link" href="/schemes/" aria-current="page"' in page(cast.hr, "/schemes/")
