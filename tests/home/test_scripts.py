"""The scripts in a real browser: nothing typed is lost, whatever the server does."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.cast import build_cast
from tests.home import script_site

pytestmark = [pytest.mark.journey, pytest.mark.urls("tests.home.script_site"), pytest.mark.django_db(transaction=True)]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Playwright keeps an event loop in this thread; Django sees it and would refuse the database of the same thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
AXE = Path(axe_core_python.__file__).parent / "axe.min.js"
KEPT = "JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith('draft:')))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    script_site.server.__init__()  # type: ignore[misc]
    context = browser.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/form/")
    yield page
    context.close()


def state_of(page: Page) -> Any:
    return page.locator("[data-save-state]")


def kept_words(page: Page) -> list[str]:
    drafts = json.loads(page.evaluate(KEPT))
    return [value for _key, draft in drafts for name, value in json.loads(draft)["entries"] if name == "words"]


def test_words_are_saved_after_a_pause_and_the_page_says_when(page: Page) -> None:
    page.fill("#words", "客户满意度提升")
    expect(state_of(page)).to_have_attribute("data-save-state", "saving")
    expect(state_of(page)).to_contain_text("Saved 10:42")
    assert script_site.server.words == "客户满意度提升"
    assert kept_words(page) == []


def wait_for_words(page: Page, words: str) -> None:
    for _ in range(100):
        if script_site.server.words == words:
            return
        page.wait_for_timeout(50)
    assert script_site.server.words == words


def test_leaving_a_field_saves_at_once_and_each_save_builds_on_the_last(page: Page) -> None:
    page.fill("#words", "one")
    page.focus("#elsewhere")
    wait_for_words(page, "one")
    page.check("[name=agreed]")
    page.fill("#words", "two")
    page.focus("#elsewhere")
    wait_for_words(page, "two")
    expect(state_of(page)).to_contain_text("Saved 10:42")
    assert script_site.server.agreed is True
    assert page.get_attribute("form[data-autosave-url]", "data-version") == str(script_site.server.version)


def test_a_broken_server_loses_nothing_and_is_asked_again(page: Page) -> None:
    script_site.server.mood = "broken"
    page.fill("#words", "written while the server was down")
    expect(state_of(page)).to_have_attribute("data-save-state", "failed")
    expect(page.locator("[data-save-retry]")).to_be_visible()
    assert kept_words(page) == ["written while the server was down"]
    script_site.server.mood = "fine"
    page.click("[data-save-retry]")
    expect(state_of(page)).to_contain_text("Saved 10:42")
    assert script_site.server.saves == ["written while the server was down"]


def test_a_reload_before_the_save_brings_the_words_back_and_saves_them(page: Page) -> None:
    script_site.server.mood = "broken"
    page.fill("#words", "not yet on the server")
    expect(state_of(page)).to_have_attribute("data-save-state", "failed")
    script_site.server.mood = "fine"
    page.reload()
    expect(page.locator("#words")).to_have_value("not yet on the server")
    expect(state_of(page)).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    assert script_site.server.words == "not yet on the server"


def test_signed_out_the_words_stay_and_come_back_after_the_next_sign_in(page: Page) -> None:
    script_site.server.mood = "signed_out"
    page.fill("#words", "typed after the session ended")
    expect(state_of(page)).to_contain_text("You have been signed out")
    page.goto("/accounts/login/")
    script_site.server.mood = "fine"
    page.goto("/form/")
    expect(page.locator("#words")).to_have_value("typed after the session ended")
    expect(state_of(page)).to_contain_text("Saved 10:42")


def test_somebody_elses_change_is_told_and_the_own_words_stay_to_be_put_back(page: Page) -> None:
    page.fill("#words", "mine")
    script_site.server.version, script_site.server.words = 5, "theirs"
    expect(state_of(page)).to_contain_text("Wang Qiang changed it at 10:41.")
    expect(page.locator("#words")).to_have_value("mine")
    page.reload()
    expect(page.locator("#words")).to_have_value("theirs")
    expect(page.locator(".kept")).to_have_text("mine")
    page.get_by_role("button", name="Put back").click()
    expect(page.locator("#words")).to_have_value("mine")
    expect(state_of(page)).to_contain_text("Saved 10:42")
    assert script_site.server.words == "mine"


def test_an_older_draft_can_be_let_go(page: Page) -> None:
    page.fill("#words", "mine")
    script_site.server.version, script_site.server.words = 5, "theirs"
    expect(state_of(page)).to_contain_text("Wang Qiang")
    page.reload()
    page.get_by_role("button", name="Discard").click()
    page.reload()
    expect(page.locator("#words")).to_have_value("theirs")
    expect(page.locator(".kept")).to_have_count(0)
    assert script_site.server.words == "theirs"


def test_the_last_words_go_out_when_the_page_is_left(page: Page) -> None:
    page.fill("#words", "closing the tab right away")
    expect(state_of(page)).to_have_attribute("data-save-state", "saving")
    page.goto("/why/")
    wait_for_words(page, "closing the tab right away")
    page.goto("/form/")
    expect(page.locator("#words")).to_have_value("closing the tab right away")


def test_words_typed_while_the_script_is_still_loading_are_saved_too(page: Page) -> None:
    page.route("**/autosave.js", lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.goto("/form/")
    page.fill("#words", "quick fingers")
    expect(state_of(page)).to_contain_text("Saved 10:42")
    assert script_site.server.words == "quick fingers"


def test_characters_are_counted_as_a_reader_counts(page: Page) -> None:
    page.fill("#words", "绩效")
    expect(page.locator("[data-counter-of=words]")).to_have_text("3 more characters needed")
    page.fill("#words", "绩效面谈👍🏽好")
    expect(page.locator("[data-counter-of=words]")).to_have_text("6 / 100")


def test_files_arrive_one_by_one_and_each_says_what_went_wrong_with_it(page: Page) -> None:
    page.set_input_files(
        "#evidence",
        [
            {"name": "visit.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
            {"name": "huge.pdf", "mimeType": "application/pdf", "buffer": b"x" * 1001},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"},
            {"name": "trap.pdf", "mimeType": "application/pdf", "buffer": b"MZ"},
        ],
    )
    rows = page.locator(".file")
    expect(rows.nth(0)).to_contain_text("Uploaded")
    expect(rows.nth(1)).to_contain_text("larger than the limit")
    expect(rows.nth(2)).to_contain_text("not accepted")
    expect(rows.nth(3)).to_contain_text("This is a program, not a PDF.")
    assert script_site.server.uploads == ["visit.pdf"]
    page.get_by_role("button", name="Remove visit.pdf").click()
    expect(rows).to_have_count(3)
    assert script_site.server.uploads == []


def test_a_dialog_opens_takes_the_focus_and_gives_way_to_escape(page: Page) -> None:
    page.get_by_role("button", name="Send back").click()
    expect(page.locator("#send-back")).to_be_visible()
    assert page.evaluate("document.getElementById('send-back').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.locator("#send-back")).to_be_hidden()
    expect(page.get_by_role("button", name="Send back")).to_be_focused()


def test_a_number_opens_its_explanation_beside_the_page(page: Page) -> None:
    page.get_by_role("link", name=re.compile("How this number came about")).click()
    expect(page.locator("#explain-dialog")).to_contain_text("92 % of target.")
    assert page.url.endswith("/form/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_components_are_accessible_fit_the_screen_and_keep_the_policy(
    page: Page, live_server: Any, scheme: Any, width: int
) -> None:
    cast, visitor = build_cast(), Client()
    visitor.force_login(cast.sysadmin.user)
    session = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=scheme)
    page.goto("/gallery/")
    expect(page.locator(".chart-canvas canvas")).to_be_visible()
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


def test_the_theme_follows_the_system_until_the_reader_chooses(page: Page) -> None:
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.click("[data-theme-toggle]")
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-bs-theme", "light")
