from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications import actions, digests, sender


class Command(BaseCommand):
    help = "Compose the digests that are due, send everything in the outbox that is due, and say what became of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry-failed", action="store_true", help="first put back what could not be sent")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["retry_failed"]:
            self.stdout.write(f"put back: {actions.requeue_failed(at=timezone.now())}")
        self.stdout.write(f"digests: {digests.compose(at=timezone.now())}")
        tally: Counter[str] = Counter()
        while batch := sender.send_due(at=timezone.now()):
            tally += batch
        for outcome, count in sorted(tally.items()):
            self.stdout.write(f"{outcome}: {count}")
