from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from notifications import outbox
from notifications.models import OutboxMessage
from notifications.rendering import render_mail, revive, title_or_label
from tests.notifications.rig.kinds import BROKEN

pytestmark = pytest.mark.django_db


def rendered(letter, recipient, at, zone="Asia/Shanghai"):
    outbox.enqueue([letter(recipient)], at=at)
    return render_mail(OutboxMessage.objects.select_related("recipient").get(), zone=ZoneInfo(zone))


def test_a_mail_is_in_the_recipients_language(person, letter, at):
    chinese = rendered(letter, person("wang", language="zh-hans"), at)
    assert (chinese.subject, chinese.text.splitlines()[0]) == ("自评 & 2026-03-06 18:00", "Li <Lei> & co: 自评")


def test_without_a_choice_the_mail_is_in_the_sites_language(person, letter, at):
    assert rendered(letter, person(language=""), at).subject == "自评 & 2026-03-06 18:00"


def test_dates_are_in_the_recipients_zone(person, letter, at):
    english = rendered(letter, person(language="en"), at, zone="Europe/Berlin")
    assert english.subject == "Self-review & 2026-03-06 11:00"


def test_names_are_escaped_in_html_and_left_alone_in_text(person, letter, at):
    mail = rendered(letter, person(language="en"), at)
    assert "<p>Li &lt;Lei&gt; &amp; co: Self-review</p>" in mail.html
    assert mail.text.startswith("Li <Lei> & co: Self-review\n")


def test_links_are_whole_addresses_of_this_site(person, letter, at):
    mail = rendered(letter, person(language="en"), at)
    assert "Open it here: https://pingheng.example/appraisals/7/" in mail.text
    assert 'href="https://pingheng.example/appraisals/7/"' in mail.html


def test_only_whole_dates_and_moments_come_back_as_such():
    told = {"a": "2026-03-06", "b": "2026-03-06T10:00:00Z", "c": "2026-03-06 and so on", "d": ["2026-99"], "e": 3}
    assert revive(told, "en") == {
        "a": datetime(2026, 3, 6).date(),
        "b": datetime(2026, 3, 6, 10, tzinfo=ZoneInfo("UTC")),
        "c": "2026-03-06 and so on",
        "d": ["2026-99"],
        "e": 3,
    }


def test_a_notice_that_cannot_be_rendered_is_listed_by_its_kind(person, letter, at):
    outbox.enqueue([letter(person(), kind=BROKEN.name)], at=at)
    assert title_or_label(OutboxMessage.objects.get(), language="en") == "Broken"


def test_a_notice_of_a_kind_that_is_gone_is_still_listed(person, letter, at):
    outbox.enqueue([letter(person())], at=at)
    OutboxMessage.objects.update(kind="rig.gone")
    assert title_or_label(OutboxMessage.objects.get(), language="en") == "Notice"
