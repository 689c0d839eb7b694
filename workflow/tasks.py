"""What Celery wakes; the work is found in the database, so a lost or doubled task does no harm."""

from celery import shared_task
from django.utils import timezone

from workflow import deadlines


@shared_task
def sweep_deadlines() -> int:
    return deadlines.sweep(at=timezone.now())
