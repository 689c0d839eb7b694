from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import clock, digests, kinds, outbox, rechecks
from notifications.digests import DigestLine
from notifications.models import NoticePreference, OutboxMessage
from notifications.rendering import render_mail
from notifications.sender import send_due
from tests.notifications.rig.kinds import REMINDER

pytestmark = pytest.mark.django_db(transaction=True)

OVERDUE = DigestLine("overdue", "评分：李雷", "Score: Li Lei", "/appraisals/1/")
WAITING = DigestLine("waiting", "等待自评：韩梅梅", "Waiting for the self-review of Han Meimei", "/appraisals/2/")


@pytest.fixture
def lines(monkeypatch):
    by_user: dict[int, list[DigestLine]] = {}
    monkeypatch.setattr(digests, "SOURCES", [lambda ids, at: {each: by_user[each] for each in ids if each in by_user}])
    return by_user


def composed():
    return OutboxMessage.objects.filter(kind=kinds.DIGEST.name).order_by("id")


def test_what_there_is_to_do_is_one_mail_a_day(person, at, lines, mail_server):
    wang = person(language="en")
    lines[wang.pk] = [WAITING, OVERDUE]

    assert digests.compose(at=at) == 1
    assert digests.compose(at=at + timedelta(hours=2)) == 0
    assert send_due(at=at) == Counter(mail=1)
    [mail] = mail_server.accepted
    assert mail["Subject"] == "Today in Pingheng: 2 items"
    text = mail.get_body("plain").get_content()
    assert text.index("Overdue") < text.index("Score: Li Lei") < text.index("Waiting for others")
    assert "https://pingheng.example/appraisals/1/" in text
    assert composed().get().slot == "2026-03-03"


def test_the_digest_is_in_the_readers_language(person, at, lines):
    wang = person(language="zh-hans")
    lines[wang.pk] = [OVERDUE]
    digests.compose(at=at)

    mail = render_mail(composed().select_related("recipient").get(), zone=ZoneInfo("Asia/Shanghai"))
    assert "评分：李雷" in mail.text
    assert "Score" not in mail.text
    assert "评分：李雷" in mail.html


def test_nothing_to_say_is_no_mail_and_is_not_asked_again_that_day(person, at, lines):
    wang = person()
    assert digests.compose(at=at) == 0

    lines[wang.pk] = [OVERDUE]
    assert digests.compose(at=at + timedelta(hours=3)) == 0
    assert digests.compose(at=at + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-03T08:40", 0),
        ("2026-03-03T09:29", 0),
        ("2026-03-03T09:30", 1),
        ("2026-03-03T15:00", 1),
        ("2026-03-03T20:00", 0),
        ("2026-03-07T09:30", 0),
        ("2026-03-09T09:30", 1),
    ],
)
def test_the_digest_comes_on_working_days_from_half_past_nine(person, lines, moment, expected):
    lines[person().pk] = [OVERDUE]
    assert digests.compose(at=datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Shanghai"))) == expected


def test_each_person_has_it_at_half_past_nine_of_their_own_zone(person, at, lines):
    wang, karl = person("wang"), person("karl")
    lines[wang.pk] = lines[karl.pk] = [OVERDUE]
    zones = {wang.pk: ZoneInfo("Asia/Shanghai"), karl.pk: ZoneInfo("Europe/Berlin")}
    clock.register(
        lambda ids, moment: {
            each: clock.quiet_end(moment, zone=zones[each], is_working_day=clock.monday_to_friday) for each in ids
        }
    )

    assert digests.compose(at=at) == 1
    assert digests.compose(at=datetime(2026, 3, 3, 9, 29, tzinfo=zones[karl.pk])) == 0
    assert digests.compose(at=datetime(2026, 3, 3, 9, 30, tzinfo=zones[karl.pk])) == 1
    assert list(composed().values_list("recipient", "slot")) == [(wang.pk, "2026-03-03"), (karl.pk, "2026-03-03")]


def test_notices_for_the_digest_go_with_it_once_and_the_read_ones_do_not(person, letter, at, lines, mail_server):
    wang = person(language="en")
    outbox.enqueue([letter(wang, kind=REMINDER.name, slot=slot) for slot in ("unread", "read")], at=at)
    assert send_due(at=at) == Counter(digest=2)
    OutboxMessage.objects.filter(slot="read").update(read_at=at)

    assert digests.compose(at=at) == 1
    assert composed().get().context["notices"] == [
        {"title": "Self-review & 2026-03-06 18:00", "link": "/appraisals/7/"}
    ]
    assert list(OutboxMessage.objects.filter(kind=REMINDER.name).order_by("id").values_list("state", "channel")) == [
        ("sent", "digest"),
        ("sent", "in_app"),
    ]
    assert digests.compose(at=at + timedelta(days=1)) == 0


def test_a_notice_no_longer_wanted_is_left_out_with_its_reason(person, letter, at, lines, mail_server, monkeypatch):
    monkeypatch.setitem(rechecks.RECHECKS, "rig.step_open", lambda messages: {})
    outbox.enqueue([letter(person(), kind=REMINDER.name, still_wanted="rig.step_open")], at=at)
    send_due(at=at)
    monkeypatch.setitem(rechecks.RECHECKS, "rig.step_open", lambda messages: {each.id: "done" for each in messages})

    assert digests.compose(at=at) == 0
    assert list(OutboxMessage.objects.values_list("state", "suppressed_reason")) == [("suppressed", "done")]


def test_who_wants_no_digest_gets_none_and_their_notices_stay_in_pingheng(person, letter, at, lines, mail_server):
    wang = person()
    lines[wang.pk] = [OVERDUE]
    NoticePreference.objects.create(user=wang, group="daily_digest", delivery="in_app")
    outbox.enqueue([letter(wang, kind=REMINDER.name)], at=at)
    send_due(at=at)

    assert digests.compose(at=at) == 0
    assert list(OutboxMessage.objects.values_list("state", "channel")) == [("sent", "in_app")]


@pytest.mark.parametrize("changes", [{"is_active": False}, {"email": ""}])
def test_whom_no_mail_can_reach_has_no_digest_and_nothing_waits_for_ever(
    person, letter, at, lines, changes, mail_server
):
    wang = person()
    outbox.enqueue([letter(wang, kind=REMINDER.name)], at=at)
    send_due(at=at)
    type(wang).objects.filter(pk=wang.pk).update(**changes)
    lines[wang.pk] = [OVERDUE]

    assert digests.compose(at=at) == 0
    assert list(OutboxMessage.objects.values_list("state", "channel")) == [("sent", "in_app")]


def test_a_digest_that_could_not_go_by_evening_is_not_sent_the_next_morning(person, at, lines, mail_server):
    lines[person().pk] = [OVERDUE]
    digests.compose(at=at.replace(hour=19, minute=59))

    assert send_due(at=at.replace(hour=20, minute=1)) == Counter(suppressed=1)
    assert mail_server.accepted == []


def test_the_digest_does_not_count_against_the_mails_of_the_day(person, at, lines, letter, mail_server):
    wang = person()
    lines[wang.pk] = [OVERDUE]
    outbox.enqueue([letter(wang, kind="rig.returned", slot=str(number)) for number in range(2)], at=at)
    digests.compose(at=at)

    assert send_due(at=at) == Counter(mail=3)


def test_the_number_of_queries_does_not_grow_with_the_number_of_people(person, at, lines, letter, mail_server):
    counts = []
    for size, day in ((1, 3), (3, 4)):
        for number in range(size):
            wang = person(f"p{day}{number}")
            lines[wang.pk] = [OVERDUE]
            outbox.enqueue([letter(wang, kind=REMINDER.name)], at=at)
        send_due(at=at)
        with CaptureQueriesContext(connection) as queries:
            digests.compose(at=at.replace(day=day))
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    assert counts[0] == counts[1]
