"""The board in a real browser: cards are moved by drag and by keys, and both say what happened."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from appraisal.calibration.actions import decide, open_session, prepare_session
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.people.models import User
from tests.calibration.conftest import CALIBRATION_ON, CHANGE, NOW, SCORES
from tests.cast import build_cast
from tests.factories.cycles import launch, walk_to

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Playwright keeps an event loop in this thread; Django sees it and would refuse the database of the same thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
AXE = Path(axe_core_python.__file__).parent / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def session(live_server: Any) -> CalibrationSession:
    cast = build_cast()
    rows = launch(cast, cast.employee, *cast.colleagues, steps=CALIBRATION_ON)
    for row, (score, grade) in zip(rows, SCORES, strict=True):
        walk_to(row, Step.CALIBRATING, cast, score=score, grade=grade)
    made = prepare_session(acting_user=cast.hr.user, cycle=rows[0].cycle, name="一季度校准会", at=NOW)
    return open_session(acting_user=cast.hr.user, session=made, at=NOW)


@pytest.fixture
def page(browser: Browser, live_server: Any, session: CalibrationSession) -> Iterator[Page]:
    client = Client()
    client.force_login(User.objects.get(username="hr"))
    context = browser.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 1280, "height": 860})
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("calibration:session_detail", args=[session.pk]))
    yield page
    context.close()


def card(page: Page, name: str) -> Locator:
    return page.locator(f'[data-card][data-name="{name}"]')


def people_in(page: Page, grade: str) -> list[str]:
    cards = page.locator(f'[data-column="{grade}"] [data-card]')
    return [str(one.get_attribute("data-name")) for one in cards.all()]


def decisions() -> list[tuple[str, str, str]]:
    rows = CalibrationDecision.objects.filter(is_current=True).order_by("pk")
    return [(row.appraisal.employee.name, row.from_grade, row.to_grade) for row in rows]


def give_reasons(page: Page) -> None:
    expect(page.locator("#change")).to_be_visible()
    page.fill("#change-reason", CHANGE["reason"])
    page.fill("#change-told", CHANGE["reason_for_employee"])
    page.click("#change [type=submit]")


def test_a_card_dragged_to_another_grade_asks_for_the_reasons(page: Page) -> None:
    card(page, "Li Na").drag_to(page.locator('[data-column="S"] [data-cards]'))
    expect(page.locator("#change-title")).to_have_text("Li Na: B becomes S")
    give_reasons(page)
    expect(card(page, "Li Na")).to_contain_text("B changed to S")
    assert people_in(page, "S") == ["Li Na"]
    expect(page.locator('[data-column="S"] [data-count]')).to_have_text("1")
    expect(page.locator('[data-column="B"] [data-count]')).to_have_text("1")
    expect(page.locator("#board-said")).to_have_text("Li Na: changed from B to S. 3 still undecided.")
    assert decisions() == [("李娜", "B", "S")]
    page.reload()
    assert people_in(page, "S") == ["Li Na"]


def test_a_drag_that_is_thought_better_of_changes_nothing(page: Page) -> None:
    card(page, "Li Na").drag_to(page.locator('[data-column="S"] [data-cards]'))
    page.keyboard.press("Escape")
    expect(page.locator("#board-said")).to_have_text("Li Na is back in B.")
    assert sorted(people_in(page, "B")) == ["Li Na", "Zhao Min"]
    expect(card(page, "Li Na")).to_be_focused()
    assert decisions() == []


def test_keys_move_a_card_and_the_page_says_so(page: Page) -> None:
    card(page, "Li Na").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#board-said")).to_have_text(
        "Li Na: A instead of B. Enter asks for the reasons, Escape puts it back."
    )
    expect(card(page, "Li Na")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#board-said")).to_have_text("Li Na is back in B.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#change-title")).to_have_text("Li Na: B becomes C")
    give_reasons(page)
    expect(page.locator("#board-said")).to_have_text("Li Na: changed from B to C. 3 still undecided.")
    expect(card(page, "Li Na")).to_be_focused()
    assert decisions() == [("李娜", "B", "C")]


def test_everybody_is_confirmed_by_keys_and_the_session_can_then_be_locked(page: Page) -> None:
    for left, name in ((3, "Liu Yang"), (2, "Li Na"), (1, "Zhao Min"), (0, "Sun Lei")):
        card(page, name).focus()
        page.keyboard.press("Enter")
        said = f"{left} still undecided." if left else "Everybody is decided."
        expect(page.locator("[data-left]")).to_have_text(said)
    assert {row[1:] for row in decisions()} == {("A", "A"), ("B", "B"), ("C", "C")}
    page.get_by_role("button", name="Lock").click()
    expect(page.locator(".notice-success")).to_contain_text("The session is locked.")
    card(page, "Li Na").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#board-said")).to_have_text("The session is not open; nothing can be moved.")
    assert sorted(people_in(page, "B")) == ["Li Na", "Zhao Min"]


def test_the_arrows_go_through_a_column_and_space_shows_the_words(page: Page) -> None:
    card(page, "Li Na").focus()
    page.keyboard.press("ArrowDown")
    expect(card(page, "Zhao Min")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#drawer")).to_contain_text("Zhao Min")
    expect(page.locator("#drawer")).to_contain_text("74.5")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_a_refusal_keeps_the_dialog_with_what_was_typed(page: Page) -> None:
    appraisal = Appraisal.objects.get(employee__number="1004")
    decide(acting_user=User.objects.get(username="hr_two"), appraisal=appraisal, grade="B", at=NOW)
    card(page, "Li Na").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    give_reasons(page)
    expect(page.locator("#change [data-error]")).to_contain_text("Somebody else has decided on this grade")
    expect(page.locator("#change-reason")).to_have_value(CHANGE["reason"])
    assert decisions() == [("李娜", "B", "B")]


@pytest.mark.parametrize("name", ["session_detail", "session_table", "session_edit"])
def test_the_pages_can_be_used_by_everybody(page: Page, session: CalibrationSession, name: str) -> None:
    page.goto(reverse(f"calibration:{name}", args=[session.pk]))
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
