"""Celery wakes the sweeps. A task lost, doubled or killed changes nothing: the work is in the rows."""

from celery import shared_task
from django.utils import timezone

from notifications import sweeps

# Short tasks: at most a thousand messages, then the next beat goes on.
MOST_BATCHES = 10


@shared_task
def send_outbox() -> None:
    for _ in range(MOST_BATCHES):
        if sweeps.send_outbox(at=timezone.now()) < sweeps.BATCH:
            return


@shared_task
def compose_digests() -> None:
    sweeps.compose_digests(at=timezone.now())
