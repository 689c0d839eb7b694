"""A running site with a demo company: `make demo`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from appraisal.demo.company import LOGINS, PASSWORD, people
from appraisal.demo.loading import is_loaded, load


class Command(BaseCommand):
    help = "Loads the demo company once and serves it on 127.0.0.1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="Load only.")
        parser.add_argument("--fresh", action="store_true", help="Throw the laptop's database away and start over.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fresh"]:
            self._start_over()
        call_command("migrate", verbosity=0)
        if is_loaded():
            self.stdout.write("The demo company is there already; `manage.py demo --fresh` starts over.")
        else:
            self.stdout.write("Loading the demo company: a finished quarter and one in every step …")
            begun = time.monotonic()
            load(at=timezone.now())
            self.stdout.write(f"Loaded in {time.monotonic() - begun:.0f} seconds.")
        self._say_who(options["port"])
        if not options["no_serve"]:
            call_command("serve", port=options["port"])

    def _start_over(self) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("--fresh only throws away the laptop's SQLite file; empty other databases yourself.")
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{settings.DATABASES['default']['NAME']}{suffix}").unlink(missing_ok=True)

    def _say_who(self, port: int) -> None:
        names = {part.number: part.name for part in people()}
        self.stdout.write(f"\n  http://127.0.0.1:{port}/   password of everybody: {PASSWORD}\n\n")
        for number, role in LOGINS:
            self.stdout.write(f"  {number}  {names[number]:　<4} {role}\n")
        self.stdout.write(f"\n  Stop with Ctrl-C (process {os.getpid()}); `make serve` starts it again.\n\n")
        self.stdout.flush()
