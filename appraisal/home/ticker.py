"""The laptop's clock: one thread that runs the same sweeps that Celery wakes in production."""

from __future__ import annotations

import logging
import threading

from django.db import connections
from django.utils import timezone

from notifications.sweeps import SWEEPS
from workflow import deadlines

log = logging.getLogger(__name__)
PAUSE = 15.0


def tick() -> None:
    """One round. A sweep that fails is reported and does not keep the others from running."""
    for sweep in (deadlines.sweep, *SWEEPS):
        try:
            sweep(at=timezone.now())
        except Exception:
            log.exception("A sweep failed; it runs again in %s seconds.", PAUSE)
    connections.close_all()


def start(stop: threading.Event) -> threading.Thread:
    """Ticks in the background until `stop` is set."""

    def run() -> None:
        while not stop.wait(PAUSE):
            tick()

    thread = threading.Thread(target=run, name="ticker", daemon=True)
    thread.start()
    return thread
