from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import delivery, leases, outbox, rechecks
from notifications.models import NoticePreference, OutboxMessage
from notifications.sender import send_due
from tests.notifications.rig.kinds import BROKEN, REMINDER, RETURNED, WINDOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def states():
    return list(OutboxMessage.objects.order_by("id").values_list("state", "channel"))


def test_a_mail_goes_out_whole_and_is_marked_as_sent(person, letter, at, mail_server):
    outbox.enqueue([letter(person(language="en"))], at=at)

    assert send_due(at=at) == Counter(mail=1)
    [mail] = mail_server.accepted
    message = OutboxMessage.objects.get()
    assert (mail["To"], mail["From"]) == ("wang@pingheng.example", "Pingheng <hr@pingheng.example>")
    assert mail["Subject"] == "Self-review & 2026-03-06 18:00"
    assert mail["Message-ID"] == message.message_id
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert (message.state, message.channel, message.attempts, message.lease_holder) == ("sent", "mail", 1, "")
    assert at <= message.sent_at < at + timedelta(minutes=1)


def test_what_was_sent_is_not_sent_again(person, letter, at, mail_server):
    outbox.enqueue([letter(person())], at=at)
    send_due(at=at)
    outbox.enqueue([letter(person("li")), letter(OutboxMessage.objects.get().recipient)], at=at)

    assert send_due(at=at) == Counter(mail=1)
    assert [mail["To"] for mail in mail_server.accepted] == ["wang@pingheng.example", "li@pingheng.example"]


def test_nothing_goes_before_its_time(person, letter, at, mail_server):
    outbox.enqueue([letter(person(), not_before=at + timedelta(hours=1))], at=at)

    assert send_due(at=at) == Counter()
    assert send_due(at=at + timedelta(hours=1)) == Counter(mail=1)


def test_a_message_no_longer_wanted_is_suppressed_with_its_reason(person, letter, at, mail_server, monkeypatch):
    wang = person()

    def closed(messages):
        return {message.id: "The step was done." if message.subject_id == "7" else None for message in messages}

    monkeypatch.setitem(rechecks.RECHECKS, "rig.step_open", closed)
    outbox.enqueue([letter(wang, still_wanted="rig.step_open", subject_id=number) for number in (7, 8)], at=at)

    assert send_due(at=at) == Counter(suppressed=1, mail=1)
    assert list(OutboxMessage.objects.order_by("subject_id").values_list("state", "suppressed_reason")) == [
        ("suppressed", "The step was done."),
        ("sent", ""),
    ]


def test_a_recheck_that_fails_on_one_message_holds_up_only_that_one(person, letter, at, mail_server, monkeypatch):
    wang = person()

    def fragile(messages):
        return {message.id: {"8": None, "9": None}[message.subject_id] for message in messages}

    monkeypatch.setitem(rechecks.RECHECKS, "rig.fragile", fragile)
    outbox.enqueue([letter(wang, still_wanted="rig.fragile", subject_id=number) for number in (7, 8, 9)], at=at)

    assert send_due(at=at) == Counter(retry=1, mail=2)
    message = OutboxMessage.objects.get(state="queued")
    assert (message.subject_id, message.last_error, message.attempts) == ("7", "KeyError: '7'", 1)


def test_a_message_that_cannot_be_rendered_fails_and_the_others_go(person, letter, at, mail_server):
    wang = person()
    outbox.enqueue([letter(wang, kind=BROKEN.name), letter(wang)], at=at)

    assert send_due(at=at) == Counter(failed=1, mail=1)
    assert states() == [("failed", "mail"), ("sent", "mail")]
    assert OutboxMessage.objects.get(state="failed").last_error.startswith("TemplateDoesNotExist: notices/rig/there_is")


def test_a_message_of_a_kind_that_is_gone_fails_and_the_others_go(person, letter, at, mail_server):
    wang = person()
    outbox.enqueue([letter(wang), letter(wang, slot="second")], at=at)
    OutboxMessage.objects.filter(slot="opened").update(kind="rig.gone")

    assert send_due(at=at) == Counter(failed=1, mail=1)


def test_a_refused_address_is_final_and_the_others_go(person, letter, at, mail_server):
    mail_server.refuse_address["wang@pingheng.example"] = "550 no such user"
    outbox.enqueue([letter(person("wang")), letter(person("li"))], at=at)

    assert send_due(at=at) == Counter(failed=1, mail=1)
    assert states() == [("failed", "mail"), ("sent", "mail")]
    assert "550" in OutboxMessage.objects.get(state="failed").last_error


def test_a_full_mailbox_is_tried_again_with_growing_pauses_until_it_fails(person, letter, at, mail_server):
    mail_server.refuse_address["wang@pingheng.example"] = "452 mailbox full"
    outbox.enqueue([letter(person())], at=at)
    pauses = []
    moment = at
    for _ in range(leases.MOST_ATTEMPTS - 1):
        assert send_due(at=moment) == Counter(retry=1)
        message = OutboxMessage.objects.get()
        pauses.append(round((message.not_before - moment).total_seconds() / 60))
        # Always in working hours, so that only the pauses count here.
        OutboxMessage.objects.update(not_before=at)
        moment = at

    assert pauses == [1, 5, 15, 60, 240, 720, 1440]
    assert send_due(at=at) == Counter(failed=1)
    assert states() == [("failed", "mail")]


def test_a_retry_that_falls_into_the_night_waits_for_the_morning(person, letter, at, mail_server):
    mail_server.refuse_data.append("451 try later")
    late = at.replace(hour=19, minute=59, second=30)
    outbox.enqueue([letter(person(), kind=RETURNED.name)], at=late)

    assert send_due(at=late) == Counter(retry=1)
    assert send_due(at=late + timedelta(minutes=2)) == Counter(held=1)
    assert send_due(at=at.replace(day=4, hour=8, minute=30)) == Counter(mail=1)


def test_when_the_server_is_away_one_attempt_counts_and_the_rest_wait(person, letter, at, settings, mail_server):
    wang = person()
    open_port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    outbox.enqueue([letter(wang, slot=str(number)) for number in range(5)], at=at)

    assert send_due(at=at) == Counter(retry=1, released=4)
    assert list(OutboxMessage.objects.order_by("id").values_list("attempts", flat=True)) == [1, 0, 0, 0, 0]
    settings.EMAIL_PORT = open_port
    assert send_due(at=at + timedelta(minutes=2)) == Counter(mail=5)


@pytest.mark.parametrize("changes", [{"is_active": False}, {"email": ""}])
def test_whom_no_mail_can_reach_has_the_notice_in_pingheng_only(person, letter, at, mail_server, changes):
    outbox.enqueue([letter(person(**changes))], at=at)

    assert send_due(at=at) == Counter(in_app=1)
    assert states() == [("sent", "in_app")]
    assert mail_server.accepted == []


def test_a_third_mail_of_the_day_goes_to_the_digest_and_rights_do_not_count(person, letter, at, mail_server):
    wang, li = person("wang"), person("li")
    outbox.enqueue([letter(wang, kind=WINDOW.name, slot=str(number)) for number in range(3)], at=at)
    outbox.enqueue([letter(wang, kind=RETURNED.name, slot=str(number)) for number in range(3)], at=at)
    outbox.enqueue([letter(li, kind=RETURNED.name)], at=at)

    assert send_due(at=at) == Counter(mail=6, digest=1)
    outbox.enqueue([letter(wang, kind=RETURNED.name, slot="later")], at=at + timedelta(hours=3))
    assert send_due(at=at + timedelta(hours=3)) == Counter(digest=1)
    tomorrow = at + timedelta(days=1)
    outbox.enqueue([letter(wang, kind=RETURNED.name, slot="tomorrow")], at=tomorrow)
    assert send_due(at=tomorrow) == Counter(mail=1)


def test_a_second_attempt_of_one_mail_is_not_a_second_mail_of_the_day(person, letter, at, mail_server):
    wang = person()
    mail_server.refuse_data += ["451 try later", "451 try later"]
    outbox.enqueue([letter(wang, kind=RETURNED.name, slot=str(number)) for number in range(2)], at=at)

    assert send_due(at=at) == Counter(retry=2)
    assert send_due(at=at + timedelta(minutes=2)) == Counter(mail=2)


def test_the_preference_of_the_group_decides(person, letter, at, mail_server):
    wang = person()
    NoticePreference.objects.create(user=wang, group="immediate", delivery="in_app")
    NoticePreference.objects.create(user=wang, group="digest", delivery="immediate")
    NoticePreference.objects.create(user=wang, group="rights", delivery="in_app")
    outbox.enqueue([letter(wang, kind=kind.name) for kind in (RETURNED, REMINDER, WINDOW)], at=at)

    assert send_due(at=at) == Counter(in_app=1, mail=2)
    assert list(OutboxMessage.objects.filter(channel="in_app").values_list("kind", flat=True)) == [RETURNED.name]


def test_at_night_mail_is_held_to_the_morning_and_rights_that_end_sooner_go_at_once(person, letter, at, mail_server):
    wang = person()
    night, morning = at.replace(hour=23), at.replace(day=4, hour=8, minute=30)
    outbox.enqueue(
        [
            letter(wang, kind=RETURNED.name),
            letter(wang, kind=WINDOW.name, slot="ends later", deadline=at.replace(day=4, hour=18)),
            letter(wang, kind=WINDOW.name, slot="ends sooner", deadline=at.replace(day=4, hour=0)),
        ],
        at=night,
    )

    assert send_due(at=night) == Counter(held=2, mail=1)
    assert set(OutboxMessage.objects.filter(state="queued").values_list("not_before", flat=True)) == {morning}
    assert send_due(at=night) == Counter()
    assert send_due(at=morning) == Counter(mail=2)


def test_a_lease_that_ran_out_comes_back_and_a_fresh_one_does_not(person, letter, at, mail_server):
    outbox.enqueue([letter(person())], at=at)
    holder, [message] = leases.claim(at=at, limit=10)

    assert send_due(at=at + leases.LEASE - timedelta(seconds=1)) == Counter()
    assert send_due(at=at + leases.LEASE + timedelta(seconds=1)) == Counter(mail=1)
    assert leases.begin_attempt(message, holder=holder, at=timezone.now()) is False
    assert leases.settle([message.id], holder=holder, state="failed") == 0
    assert states() == [("sent", "mail")]


def test_a_message_that_kills_its_sender_every_time_fails_in_the_end(person, letter, at, mail_server):
    outbox.enqueue([letter(person())], at=at)
    moment = at
    for _ in range(leases.MOST_ATTEMPTS):
        leases.return_stale(at=moment)
        holder, [message] = leases.claim(at=moment, limit=10)
        leases.begin_attempt(message, holder=holder, at=moment)
        moment += leases.LEASE + timedelta(seconds=1)

    assert send_due(at=moment) == Counter()
    assert states() == [("failed", "")]


def test_two_senders_never_hold_the_same_message(person, letter, at):
    wang = person()
    outbox.enqueue([letter(wang, slot=str(number)) for number in range(6)], at=at)
    _, first = leases.claim(at=at, limit=4)
    _, second = leases.claim(at=at, limit=4)

    assert len(first) == 4
    assert len(second) == 2
    assert not {each.id for each in first} & {each.id for each in second}


def test_only_the_servers_word_on_this_mail_is_final():
    from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected

    assert delivery.is_final(SMTPRecipientsRefused({"a": (550, b"no")})) is True
    assert delivery.is_final(SMTPRecipientsRefused({"a": (550, b"no"), "b": (450, b"later")})) is False
    assert delivery.is_final(SMTPDataError(554, b"spam")) is True
    assert delivery.is_final(SMTPDataError(451, b"later")) is False
    assert delivery.is_final(SMTPSenderRefused(530, b"sign in", "hr@pingheng.example")) is False
    assert delivery.is_final(SMTPServerDisconnected()) is False
