"""What a deployment must be told, and what it is warned of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config.checks import source_is_offered
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("on_laptop", "source", "warnings"),
    [(True, "", []), (False, "", ["config.W001"]), (False, "https://example.com/pingheng", [])],
)
def test_a_site_for_others_is_warned_when_it_offers_no_source(
    settings: Any, on_laptop: bool, source: str, warnings: list[str]
) -> None:
    settings.ON_LAPTOP, settings.SOURCE_URL = on_laptop, source
    assert [found.id for found in source_is_offered(None)] == warnings


def test_without_a_source_the_footer_has_no_link_to_one(client: Client, settings: Any, db: None) -> None:
    settings.SOURCE_URL = ""
    page = client.get("/accounts/login/", headers={"accept-language": "en"}).content.decode()
    assert "AGPL-3.0" in page
    assert "Source code" not in page


def _starts(tmp_path: Path, **environment: str) -> bool:
    told = {"PINGHENG_VAR": str(tmp_path), "PATH": os.environ["PATH"], **environment}
    start = [sys.executable, "-c", "import config.settings"]
    return subprocess.run(start, cwd=ROOT, env=told, check=False, capture_output=True).returncode == 0


def test_away_from_the_laptop_nothing_starts_without_a_key_of_its_own(tmp_path: Path) -> None:
    assert _starts(tmp_path)
    assert not _starts(tmp_path, BASE_URL="https://appraisal.example.com")
    assert _starts(tmp_path, BASE_URL="https://appraisal.example.com", SECRET_KEY="a-key-of-its-own")


def test_a_mail_server_that_does_not_answer_is_given_up() -> None:
    assert site.EMAIL_TIMEOUT == 10


def _entrance() -> list[str]:
    found: list[str] = []

    def walk(resolver: URLResolver, before: str) -> None:
        for entry in resolver.url_patterns:
            route = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry, route)
            elif isinstance(entry, URLPattern) and route.startswith("accounts/"):
                found.append(route)

    walk(get_resolver(), "")
    return found


def _path(route: str) -> str:
    for regex, value in (
        ("^confirm-email/(?P<key>[-:\\w]+)/$", "confirm-email/1:abc/"),
        ("^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/reset/key/1-abc/"),
        ("<str:key>", "1:abc"),
    ):
        route = route.replace(regex, value)
    return f"/{route}"


@pytest.mark.parametrize("route", _entrance())
def test_every_page_of_the_entrance_is_drawn_by_the_site_or_closed(route: str, cast: Cast, client: Client) -> None:
    """django-allauth brings pages of its own, which would stand there without the site's frame."""
    cast.employee.user.set_password("a long one of their own")
    cast.employee.user.save()
    for member in (None, cast.employee):
        if member is not None:
            client.force_login(member.user)
        answer = client.get(_path(route), headers={"accept-language": "en"}, follow=True)
        assert answer.status_code in {200, 404, 405}
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            assert str(answer.templates[0].origin).startswith(str(site.BASE_DIR / "templates")), answer.templates[
                0
            ].name


@pytest.mark.parametrize("address", ["email/", "confirm-email/", "confirm-email/1:abc/", "login/code/confirm/"])
def test_pages_of_accounts_that_are_not_for_this_site_do_not_exist(address: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.employee.user)
    assert client.get(f"/accounts/{address}").status_code == 404
    assert client.post(f"/accounts/{address}", {"email": "x@example.com", "action_add": ""}).status_code == 404
