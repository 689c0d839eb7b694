"""Password and authenticator app, through the pages."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from tests.journeys.pages import Person, Stage

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
PASSWORD = "correct-horse-battery"


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def signs_in(visitor: Person) -> None:
    visitor.goes("account_login").fills("User name or mail address", "employee")
    visitor.page.locator("input[type=password]").fill(PASSWORD)
    visitor.presses("Sign in")


def test_with_password_and_authenticator_app(stage: Stage) -> None:
    user = stage.cast.employee.user
    user.set_password(PASSWORD)
    user.save()
    visitor = stage.visitor()
    visitor.goes("home:inbox")
    signs_in(visitor)
    visitor.goes("mfa_activate_totp")
    visitor.page.locator("input[type=password]").fill(PASSWORD)
    visitor.page.locator("form button[type=submit]").first.click()
    secret = visitor.page.locator("code.secret").inner_text().strip()
    visitor.page.locator("input[name=code]").fill(code(secret))
    visitor.presses("Turn it on")
    expect(visitor.page.locator("input[name=code]")).to_have_count(0)
    visitor.goes("account_logout").presses("Sign out", visitor.page.locator("main"))
    signs_in(visitor)
    expect(visitor.page.locator("input[name=code]")).to_be_visible()
    visitor.goes("home:inbox")
    assert "/accounts/" in visitor.page.url
