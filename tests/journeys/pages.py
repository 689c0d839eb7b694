"""What people do on pages: by the words they read, in their language."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from appraisal.cycles.states import Step
from tests.cast import Cast
from workflow import deadlines

Words = str | Promise
ZONE = ZoneInfo("Asia/Shanghai")
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
# The answers with which the site says no to a form; a browser reports them on its console like faults.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4(09|22)")
# Scripts run when the page has been parsed; a click that comes before them is lost.
READY = "addEventListener('DOMContentLoaded', () => { document.documentElement.dataset.awake = 'yes' })"
WIDE = "document.scrollingElement.scrollWidth > window.innerWidth"

# Machines that run the tests are busy.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


def moment(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


class Person:
    """Somebody of the cast in front of a browser."""

    def __init__(self, stage: Stage, name: str, page: Page) -> None:
        self.stage, self.name, self.page = stage, name, page
        self.t = stage.t

    def goes(self, where: str, *args: Any, query: str = "") -> Person:
        self.page.goto(reverse(where, args=args) + query)
        return self

    @property
    def awake(self) -> Locator:
        """The page as soon as its scripts have been run."""
        return self.page.locator("html[data-awake]")

    def button(self, words: Words, within: Locator | None = None, **values: Any) -> Locator:
        return (within or self.awake).get_by_role("button", name=self.t(words, **values), exact=True)

    def presses(self, words: Words, within: Locator | None = None, **values: Any) -> Person:
        self.button(words, within, **values).first.click()
        return self

    def follows(self, words: Words, within: Locator | None = None, **values: Any) -> Person:
        link = (within or self.awake.locator("main")).get_by_role("link", name=self.t(words, **values), exact=True)
        link.first.click()
        return self

    def field(self, words: Words, within: Locator | None = None, **values: Any) -> Locator:
        """The field with this label; a label says after its name whether the field may stay empty."""
        name, optional = re.escape(capfirst(self.t(words, **values))), re.escape(self.t("optional"))
        label = re.compile(rf"^\s*{name}(\s+{optional})?\s*$")
        return (within or self.awake).get_by_label(label).first

    def fills(self, words: Words, value: str, within: Locator | None = None, **values: Any) -> Person:
        self.field(words, within, **values).fill(value)
        return self

    def chooses(self, words: Words, label: str | re.Pattern[str]) -> Person:
        choice = self.field(words)
        if isinstance(label, re.Pattern):
            label = choice.locator("option").filter(has_text=label).first.inner_text()
        choice.select_option(label=label)
        return self

    def ticks(self, label: str | re.Pattern[str]) -> Person:
        self.awake.get_by_role("checkbox", name=label).check()
        return self

    def confirms(self, words: Words, reason: str = "") -> Person:
        """In the dialog that has opened: the reason and the last button."""
        dialog = self.page.locator("dialog[open]")
        if reason:
            dialog.locator("textarea").last.fill(reason)
        self.button(words, dialog).click()
        return self

    def reads(self, words: Words, **values: Any) -> Person:
        expect(self.page.locator("body")).to_contain_text(self.t(words, **values), ignore_case=False)
        return self

    def sees(self, words: str) -> Person:
        """Words that somebody typed, or a number."""
        expect(self.page.locator("body")).to_contain_text(words)
        return self

    def does_not_see(self, words: str) -> Person:
        expect(self.page.locator("body")).not_to_contain_text(words)
        return self

    def stands_at(self, step: Words) -> Person:
        """On the page of an appraisal: the step that the stepper marks."""
        expect(self.page.locator("[aria-current=step] .step-name").first).to_have_text(self.t(step))
        return self

    def is_archived(self, appraisal: int) -> Person:
        self.goes("home:appraisal", appraisal)
        expect(self.page.locator(".step-card")).to_contain_text(self.t(Step.CLOSED.label))
        return self

    def has_to_do(self, words: Words, whom: str = "") -> Locator:
        """The row of the inbox."""
        self.goes("home:inbox")
        row = self.page.get_by_role("row").filter(has_text=self.t(words))
        row = (row.filter(has_text=whom) if whom else row).first
        expect(row).to_be_visible()
        return row

    def has_nothing_to_do(self, words: Words) -> Person:
        self.goes("home:inbox")
        expect(self.page.get_by_role("row").filter(has_text=self.t(words))).to_have_count(0)
        return self

    def opens(self, words: Words, whom: str = "") -> Person:
        return self.follows("Open", self.has_to_do(words, whom))

    def has_saved(self) -> Person:
        expect(self.page.locator("[data-save-state]").first).to_have_attribute("data-save-state", "saved")
        return self


class Stage:
    """The site at one moment in one language, and everybody's browser."""

    def __init__(self, browser: Browser, url: str, cast: Cast, language: str) -> None:
        self.browser, self.url, self.cast, self.language = browser, url, cast, language
        self.complaints: list[str] = []
        self.contexts: dict[str, BrowserContext] = {}
        self.people: dict[str, Person] = {}
        self.clock: Any = None
        type(cast.hr.user).objects.update(language=language)

    def t(self, words: Words, context: str = "", **values: Any) -> str:
        """In the language of the journey: a msgid, or a lazy label."""
        with translation.override(self.language):
            said = str(words) if isinstance(words, Promise) else pgettext(context, words) if context else gettext(words)
            return said % values if values else said

    def day(self, at: datetime) -> str:
        with translation.override(self.language):
            return date_format(at.astimezone(ZONE), "Y-m-d")

    def name_of(self, part: str) -> str:
        with translation.override(self.language):
            return str(self.cast.members[part].person)

    def travels_to(self, at: datetime, *, sweep: bool = True) -> datetime:
        """Everybody's clock moves; what has fallen due meanwhile is done. Sign-ins are renewed."""
        if self.clock is not None:
            self.clock.stop()
        self.clock = time_machine.travel(at, tick=True)
        self.clock.start()
        if sweep:
            self.sweeps()
        for name in self.people:
            self._sign_in(name)
        return at

    def sweeps(self) -> None:
        deadlines.sweep(at=timezone.now())

    def person(self, name: str, *, width: int = 1280, bypass_csp: bool = False) -> Person:
        if name not in self.people:
            self.contexts[name] = self.browser.new_context(
                base_url=self.url, locale=LOCALES[self.language], viewport={"width": width, "height": 900},
                timezone_id="Asia/Shanghai", bypass_csp=bypass_csp, has_touch=width < 500, is_mobile=width < 500,
            )  # fmt: skip
            self.people[name] = Person(self, name, self._page(name))
            self._sign_in(name)
        return self.people[name]

    def visitor(self) -> Person:
        """Somebody who has not signed in."""
        self.contexts["visitor"] = self.browser.new_context(base_url=self.url, locale=LOCALES[self.language])
        self.people["visitor"] = Person(self, "visitor", self._page("visitor"))
        return self.people["visitor"]

    def second_window(self, name: str) -> Person:
        return Person(self, name, self._page(name))

    def _page(self, name: str) -> Page:
        page = self.contexts[name].new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(READY)
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("console", lambda message: self._hears(name, page, message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"{name} {page.url}: {error}"))
        return page

    def _hears(self, name: str, page: Page, kind: str, text: str) -> None:
        if kind == "error" and not REFUSED.match(text):
            self.complaints.append(f"{name} {page.url}: {text}")

    def _sign_in(self, name: str) -> None:
        if name not in self.cast.members:
            return
        client = Client()
        client.force_login(self.cast.members[name].user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.contexts[name].add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])

    def take_pictures(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, context in self.contexts.items():
            for number, page in enumerate(context.pages):
                page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)

    def close(self) -> list[str]:
        for context in self.contexts.values():
            context.close()
        if self.clock is not None:
            self.clock.stop()
        return self.complaints
