"""Stores the schemes of the catalogue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from appraisal.schemes.actions import STARTERS, load_catalogue
from appraisal.schemes.describe import describe_with_place
from appraisal.schemes.problems import SchemeRefusedError
from workflow.errors import Refusal


class Command(BaseCommand):
    help = "Publishes schemes of the library (without a name: those of the first start). Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("schemes", nargs="*", metavar="KEY")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            versions = load_catalogue(acting_user=None, at=timezone.now(), keys=options["schemes"] or STARTERS)
        except SchemeRefusedError as error:
            raise CommandError("\n".join(describe_with_place(problem) for problem in error.problems)) from error
        except Refusal as error:
            raise CommandError(error.reason) from error
        for version in versions:
            self.stdout.write(f"{version.key} {version.valid_from.isoformat()} {version.title_en}")
        self.stdout.write(f"{len(versions)} stored.")
