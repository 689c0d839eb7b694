from io import StringIO

import pytest
from django.core.management import call_command

from notifications import clock, outbox, sweeps, tasks
from notifications.models import OutboxMessage
from notifications.states import MessageState
from tests.notifications.rig.apps import always_awake

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def test_a_sweep_works_on_one_batch_and_says_how_much_it_did(person, letter, at, mail_server, monkeypatch):
    monkeypatch.setattr(sweeps, "BATCH", 2)
    wang = person()
    outbox.enqueue([letter(wang, slot=str(number)) for number in range(3)], at=at)

    assert [sweeps.send_outbox(at=at) for _ in range(3)] == [2, 1, 0]


def test_the_task_goes_on_while_there_is_a_full_batch(person, letter, at, mail_server, monkeypatch):
    monkeypatch.setattr(sweeps, "BATCH", 2)
    clock.register(always_awake)
    wang = person()
    outbox.enqueue([letter(wang, slot=str(number)) for number in range(5)], at=at)
    tasks.send_outbox()
    tasks.compose_digests()

    assert len(mail_server.accepted) == 5


def test_by_hand_the_failed_can_be_sent_again(person, letter, at, mail_server):
    clock.register(always_awake)
    outbox.enqueue([letter(person())], at=at)
    OutboxMessage.objects.update(state=MessageState.FAILED, channel="mail", attempts=8)
    told = StringIO()
    call_command("send_outbox", "--retry-failed", stdout=told)

    assert told.getvalue().splitlines() == ["put back: 1", "digests: 0", "mail: 1"]
    assert len(mail_server.accepted) == 1
