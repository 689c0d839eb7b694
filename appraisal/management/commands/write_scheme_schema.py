"""Writes the JSON Schema of scheme documents."""

from typing import Any

from django.core.management.base import BaseCommand

from appraisal.schemes.json_schema import SCHEMA_FILE, schema_text


class Command(BaseCommand):
    help = "Writes appraisal/schemes/schema.json, for editors that check a scheme while it is typed."

    def handle(self, *args: Any, **options: Any) -> None:
        SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
        self.stdout.write(str(SCHEMA_FILE))
