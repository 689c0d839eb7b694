"""Proves the log: walks every chain of facts; exit code 1 and the place if one was touched."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.verification import verify_all


class Command(BaseCommand):
    help = "Walks every chain of facts and reports where one does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        count, breaks = verify_all()
        for fault in breaks:
            self.stderr.write(f"{fault.subject}, line {fault.seq}: {fault.fault}")
        if breaks:
            raise CommandError(f"{len(breaks)} faults in {count} facts.")
        self.stdout.write(f"{count} facts, every chain holds.")
