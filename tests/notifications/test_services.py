"""Real Celery, Redis, PostgreSQL and SMTP, with the failures that happen: kills, doubles, a broker that forgets."""

import multiprocessing
import os
import random
import signal
from collections import Counter
from datetime import timedelta

import pytest
import redis
from django.db import connections
from django.utils import timezone

from notifications import clock, leases, outbox, queries
from notifications.models import OutboxMessage
from notifications.states import MessageState
from tests.notifications.processes import processes, redis_url, wait_until
from tests.notifications.rig.apps import always_awake

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

LETTERS = 40


@pytest.fixture
def broker():
    client = redis.Redis.from_url(redis_url())
    client.flushdb()
    yield client
    client.flushdb()


@pytest.fixture
def started(mail_server, broker, tmp_path):
    with processes(mail_port=mail_server.port, folder=tmp_path) as started:
        yield started


@pytest.fixture
def people(person):
    return [person(f"p{number}") for number in range(4)]


def enqueue_letters(people, letter):
    outbox.enqueue(
        [letter(recipient, slot=str(number)) for recipient in people for number in range(LETTERS // len(people))],
        at=timezone.now(),
    )


def all_sent():
    return not OutboxMessage.objects.exclude(state=MessageState.SENT).exists()


def assert_each_once(people, mail_server):
    """In Pingheng exactly once; by mail at least once, and exactly once for who looks at the Message-ID."""
    now = timezone.now()
    assert [queries.unread_count(each, at=now) for each in people] == [LETTERS // len(people)] * len(people)
    assert set(mail_server.message_ids) == set(OutboxMessage.objects.values_list("message_id", flat=True))
    assert len(set(mail_server.message_ids)) == LETTERS


def test_a_worker_killed_in_the_middle_of_sending_loses_nothing(started, people, letter, mail_server):
    mail_server.hold_at = LETTERS // 2
    enqueue_letters(people, letter)
    worker = started.worker()
    started.beat()
    assert mail_server.holding.wait(60), started.logs()
    started.kill(worker)
    left = OutboxMessage.objects.exclude(state=MessageState.SENT).count()

    started.worker()
    wait_until(all_sent, seconds=90, logs=started.logs)
    assert left > 0
    assert_each_once(people, mail_server)
    # The one whose acceptance the dead worker never heard of came twice, under the same Message-ID.
    assert max(Counter(mail_server.message_ids).values()) == 2


def test_two_beats_and_two_workers_send_each_mail_once(started, people, letter, mail_server):
    mail_server.seconds_per_mail = 0.02
    enqueue_letters(people, letter)
    for start in (started.worker, started.worker, started.beat, started.beat):
        start()

    wait_until(all_sent, seconds=90, logs=started.logs)
    assert_each_once(people, mail_server)
    assert Counter(mail_server.message_ids).most_common(1)[0][1] == 1


def test_a_broker_that_forgets_everything_loses_nothing(started, people, letter, mail_server, broker):
    mail_server.seconds_per_mail = 0.05
    enqueue_letters(people, letter)
    started.worker()
    started.beat()
    wait_until(lambda: len(mail_server.accepted) >= 5, seconds=60, logs=started.logs)
    broker.flushdb()
    outbox.enqueue([letter(people[0], slot="after the flush")], at=timezone.now())

    wait_until(all_sent, seconds=90, logs=started.logs)
    assert len(mail_server.message_ids) == len(set(mail_server.message_ids)) == LETTERS + 1


def send_and_die_at_random(seed, port):
    """A sender that is killed between any two writes, as often as not before the end."""
    from django.conf import settings

    from notifications import sender

    settings.EMAIL_PORT = port
    chance = random.Random(seed)
    for name in ("begin_attempt", "settle"):
        setattr(leases, name, dying(getattr(leases, name), chance))
    sender.send_one = dying(sender.send_one, chance)
    while sender.send_due(at=timezone.now()):
        pass


def dying(write, chance):
    def write_or_die(*args, **kwargs):
        if chance.random() < 0.0025:
            os.kill(os.getpid(), signal.SIGKILL)
        result = write(*args, **kwargs)
        if chance.random() < 0.0025:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return write_or_die


@pytest.mark.slow
def test_two_thousand_messages_under_crashes_go_once_each_and_none_is_left(person, letter, mail_server, monkeypatch):
    people = [person(f"p{number}") for number in range(20)]
    outbox.enqueue([letter(each, slot=str(number)) for each in people for number in range(100)], at=timezone.now())
    clock.register(always_awake)
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=5))
    killed = run_until_empty(mail_server.port)

    ids = Counter(mail_server.message_ids)
    assert not OutboxMessage.objects.exclude(state=MessageState.SENT).exists()
    assert set(ids) == set(OutboxMessage.objects.values_list("message_id", flat=True))
    assert len(ids) == 2000
    assert killed >= 5
    # A mail goes again only when its sender died between the server's word and our note of it.
    assert ids.total() - len(ids) <= killed


def run_until_empty(port):
    """Two senders at any time; a dead one is followed by the next. Returns how many were killed."""
    context, senders, running = multiprocessing.get_context("fork"), [], []
    while not all_sent():
        # A child must not talk on its parent's connection.
        connections.close_all()
        while len(running) < 2:
            senders.append(context.Process(target=send_and_die_at_random, args=(len(senders), port)))
            senders[-1].start()
            running.append(senders[-1])
        running[0].join(0.2)
        running = [process for process in running if process.exitcode is None]
    for process in running:
        process.join()
    return sum(process.exitcode == -signal.SIGKILL for process in senders)
