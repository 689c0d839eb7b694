"""The laptop's clock: one thread that runs what Celery's beat wakes in production, from the same table."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)
PAUSE = 15.0


class Ticker:
    """Remembers when each sweep ran, so that each keeps its own pace."""

    def __init__(self) -> None:
        self.ran: dict[str, float] = {}

    def tick(self) -> None:
        """One round. A sweep that fails is reported and does not keep the others from running."""
        sweeps: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
        for name, entry in sweeps.items():
            now = monotonic()
            if name in self.ran and now - self.ran[name] < entry["schedule"]:
                continue
            self.ran[name] = now
            try:
                import_string(entry["task"])()
            except Exception:
                log.exception("The sweep %s failed; it runs again in %s seconds.", name, entry["schedule"])


def start(stop: threading.Event) -> threading.Thread:
    """Ticks in the background until `stop` is set."""
    ticker = Ticker()

    def run() -> None:
        while not stop.wait(PAUSE):
            ticker.tick()
            connections.close_all()

    thread = threading.Thread(target=run, name="ticker", daemon=True)
    thread.start()
    return thread
