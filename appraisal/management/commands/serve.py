"""Serves the site and its sweeps in one process: for a laptop, not for production."""

from __future__ import annotations

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from appraisal.home import ticker


class Laptop(BaseApplication):  # type: ignore[misc]
    """Gunicorn with one process, so that there is one ticker, and threads for several browsers."""

    def __init__(self, bind: str) -> None:
        self.bind = bind
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self.bind, "workers": 1, "worker_class": "gthread", "threads": 8, "timeout": 300,
            "control_socket_disable": True, "post_worker_init": lambda worker: ticker.start(threading.Event()),
        }.items():  # fmt: skip
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()


class Command(BaseCommand):
    help = "Serves the site with its sweeps in one process on 127.0.0.1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        Laptop(f"127.0.0.1:{options['port']}").run()
