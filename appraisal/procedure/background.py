"""Where a bulk act runs: small ones at once, large ones in a worker or, on the laptop, in a thread."""

from __future__ import annotations

import logging
import threading
from functools import partial

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from appraisal.cycles.actions import ask_for_figures
from appraisal.people.actions import close_accounts_of_leavers
from appraisal.procedure.actions.handover import hand_over_from_leavers
from appraisal.procedure.actions.runs import carry_on
from appraisal.procedure.models import BulkRun

log = logging.getLogger(__name__)
AT_ONCE = 300


def set_off(run: BulkRun) -> None:
    """Returns when a small act is done, or at once. A run that is cut off stays as it is and can be taken up again."""
    if run.total < AT_ONCE:
        carry_on(run, at=timezone.now())
    elif settings.REDIS_URL:
        transaction.on_commit(partial(carry_on_run.delay, run.pk))
    else:
        transaction.on_commit(threading.Thread(target=_in_thread, args=(run.pk,), daemon=True).start)


@shared_task
def carry_on_run(run_id: int) -> None:
    carry_on(BulkRun.objects.get(pk=run_id), at=timezone.now())


@shared_task
def sweep_leavers() -> int:
    """Whose last day has passed loses the account, and what they held goes to who follows them."""
    now = timezone.now()
    close_accounts_of_leavers(at=now)
    return hand_over_from_leavers(at=now)


@shared_task
def sweep_figures() -> None:
    """Whose figures are missing when a period has ended is asked for them."""
    ask_for_figures(at=timezone.now())


def _in_thread(run_id: int) -> None:
    try:
        carry_on_run(run_id)
    except Exception:
        log.exception("The bulk act %s was cut off; it can be taken up again from its page.", run_id)
    finally:
        connection.close()
