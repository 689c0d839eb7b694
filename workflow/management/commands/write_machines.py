"""Writes docs/machines.md; a test holds it current."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from workflow.documentation import document

TARGET = Path("docs") / "machines.md"


class Command(BaseCommand):
    help = "Writes docs/machines.md from the machines' tables."

    def handle(self, *args: Any, **options: Any) -> None:
        (Path(settings.BASE_DIR) / TARGET).write_text(document(), encoding="utf-8")
        self.stdout.write(f"Wrote {TARGET}.")
