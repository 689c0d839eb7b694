"""A real browser for every person of the cast, one clock for the site and the tests, and eyes for what went wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from tests.cast import Cast
from tests.journeys.pages import Stage

# Playwright keeps an event loop in this thread; Django sees it and would refuse the database of the same thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "The journeys need Chromium: install it, or name it in the environment variable CHROMIUM."
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def stage(
    request: pytest.FixtureRequest, transactional_db: None, live_server: Any, cast: Cast, browser: Browser,
    tmp_path: Path, settings: Any,
) -> Iterator[Stage]:  # fmt: skip
    """Parametrize `stage` indirectly with a language; without one it is Chinese."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    stage = Stage(browser, live_server.url, cast, getattr(request, "param", "zh-hans"))
    yield stage
    failed = request.node.stash.get(FAILED, True)
    if failed:
        stage.take_pictures(PICTURES / request.node.name.replace("/", "-"))
    complaints = stage.close()
    if not failed:
        assert complaints == []


PICTURES = Path(settings.VAR_DIR) / "journeys"
