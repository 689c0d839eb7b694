"""Says what a case of a scheme needs and what it gives."""

import json
import sys
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandParser

from appraisal.schemes.catalogue_files import CASES, CATALOGUE
from appraisal.schemes.library import known_names, names_of, newest, shelf
from appraisal.schemes.problems import proposal
from appraisal.scoring.describing import described

UNKNOWN = 2


class Command(BaseCommand):
    # Needs neither the pages nor the database.
    requires_system_checks = ()
    help = (
        "Prints the inputs of a scheme with type and unit, its parameters with default and source, its outputs, and an "
        "example. Without a name, lists the library. Exits with 2 when there is no such scheme."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scheme", nargs="?", metavar="ID", help="The key of a scheme, or an id like S004-15.")
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        written = options["scheme"]
        if written is None:
            self._list(as_json=options["json"])
            return
        names = names_of(written)
        if not names:
            near = proposal(written, known_names())
            self.stderr.write(f"No scheme is called {written!r}." + (f" Is {near!r} meant?" if near else ""))
            sys.exit(UNKNOWN)
        found = [{**described(newest(name)), "example": _example(name)} for name in names]
        if options["json"]:
            self.stdout.write(json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=2))
        else:
            documents = [yaml.safe_dump(one, allow_unicode=True, sort_keys=False, width=120) for one in found]
            self.stdout.write("---\n".join(documents))

    def _list(self, *, as_json: bool) -> None:
        rows = sorted(((key, newest(key)) for key in shelf()), key=lambda pair: pair[1].ids)
        if as_json:
            listed = [
                {"scheme": key, "ids": list(one.ids), "zh": one.title.zh, "en": one.title.en} for key, one in rows
            ]
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2))
            return
        for key, one in rows:
            self.stdout.write(f"{' '.join(one.ids):<20} {key:<40} {one.title.zh} · {one.title.en}")


def _example(name: str) -> Any:
    """The first worked example of the scheme, ready to be changed."""
    path = CATALOGUE / name / CASES
    if not path.exists():
        return None
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    shared = {key: data[key] for key in ("scheme", "as_of", "variant", "period") if key in data}
    first = {**shared, **(data["cases"][0] if data.get("cases") else data)}
    return {key: str(value) if key == "as_of" else value for key, value in first.items()}
