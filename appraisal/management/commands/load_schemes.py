"""Stores the schemes of the catalogue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from appraisal.schemes.actions import load_catalogue
from appraisal.schemes.describe import describe_with_place
from appraisal.schemes.problems import SchemeRefusedError
from workflow.errors import Refusal


class Command(BaseCommand):
    help = "Stores every scheme version of the catalogue that is not stored yet, as published. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            versions = load_catalogue(acting_user=None, at=timezone.now())
        except SchemeRefusedError as error:
            raise CommandError("\n".join(describe_with_place(problem) for problem in error.problems)) from error
        except Refusal as error:
            raise CommandError(error.reason) from error
        for version in versions:
            self.stdout.write(f"{version.key} {version.valid_from.isoformat()} {version.title_en}")
        self.stdout.write(f"{len(versions)} stored.")
