"""Scores worked examples in files and says whether they come to what they expect."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appraisal.schemes.describe import describe_with_place
from appraisal.schemes.library import known_names, names_of, version_on
from appraisal.schemes.loader import load_scheme
from appraisal.schemes.problems import SchemeRefusedError, proposal
from appraisal.schemes.spec import Scheme
from appraisal.scoring.cases import Case, Outcome, cases_in, run
from appraisal.scoring.decimals import shown
from appraisal.scoring.refusals import CaseError
from workflow.calendars import is_mainland_working_day

SUFFIXES = (".yaml", ".yml", ".json")
NUMBER = re.compile(r'"\\u0000([^"]*)\\u0000"')
MET, DIFFERS, DOES_NOT_FIT = 0, 1, 2


class Command(BaseCommand):
    # Needs neither the pages nor the database.
    requires_system_checks = ()
    help = (
        "Scores the cases in the files (or in every .yaml, .yml and .json file below a folder): one JSON line a case. "
        "Exits with 1 when an expected output is not met, with 2 when a case does not fit its scheme."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="FILE")
        parser.add_argument("--explain", action="store_true", help="Also print the explanation of each case.")
        parser.add_argument("--scheme-file", help="Score with this scheme document instead of the library's.")

    def handle(self, *args: Any, **options: Any) -> None:
        own = self._own(options["scheme_file"]) if options["scheme_file"] else None
        worst = MET
        for path in files_below(options["paths"]):
            worst = max(worst, self._file(path, own, explain=options["explain"]))
        if worst:
            sys.exit(worst)

    def _own(self, name: str) -> Scheme:
        try:
            return load_scheme(Path(name).read_text(encoding="utf-8"), file=name)
        except (OSError, UnicodeDecodeError) as error:
            self.stderr.write(f"{name}: {error}")
        except SchemeRefusedError as error:
            self.stderr.write("\n".join(describe_with_place(problem) for problem in error.problems))
        sys.exit(DOES_NOT_FIT)

    def _file(self, path: Path, own: Scheme | None, *, explain: bool) -> int:
        worst = MET
        try:
            for case in cases_in(path.read_text(encoding="utf-8"), file=str(path)):
                worst = max(worst, self._case(path, case, own, explain=explain))
        except CaseError as error:
            return self._refused(path, None, str(error))
        except SchemeRefusedError as error:
            return self._refused(path, None, "; ".join(describe_with_place(problem) for problem in error.problems))
        except (OSError, UnicodeDecodeError) as error:
            return self._refused(path, None, str(error))
        return worst

    def _case(self, path: Path, case: Case, own: Scheme | None, *, explain: bool) -> int:
        try:
            outcome = run(case, own or scheme_of(case.scheme, case.as_of), is_working_day=is_mainland_working_day)
        except CaseError as error:
            return self._refused(path, case, str(error))
        self.stdout.write(line(path, outcome, explain=explain))
        return DIFFERS if outcome.differences else MET

    def _refused(self, path: Path, case: Case | None, reason: str) -> int:
        name = {} if case is None else {"case": case.name, "scheme": case.scheme}
        self.stdout.write(json.dumps({"file": str(path), **name, "ok": False, "error": reason}, ensure_ascii=False))
        self.stderr.write(f"{path}: {reason}")
        return DOES_NOT_FIT


def files_below(names: list[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from (one for one in sorted(path.rglob("*")) if one.suffix in SUFFIXES)
        else:
            yield path


def scheme_of(written: str, day: date) -> Scheme:
    names = names_of(written)
    if len(names) == 1:
        return version_on(names[0], day)
    if names:
        raise CaseError(
            "scheme", "{written} has several schemes; name one of {known}", written=written, known=", ".join(names)
        )
    raise CaseError("scheme", "no scheme is called '{written}'", proposal(written, known_names()), written=written)


def line(path: Path, outcome: Outcome, *, explain: bool) -> str:
    case = outcome.case
    data = {
        "file": str(path),
        "case": case.name,
        "scheme": outcome.scheme,
        "output": outcome.outputs,
        "missing": outcome.missing,
        "ok": None if case.expected is None and not case.explains else not outcome.differences,
        "differences": [difference.to_json() for difference in outcome.differences],
    }
    if explain:
        data["explanation"] = outcome.explanation
    text = json.dumps(data, ensure_ascii=False, default=plain_json)
    return NUMBER.sub(lambda found: found[1], text)


def plain_json(value: Any) -> str:
    """A number with all its digits, marked to be written without quotes; a day as it is written."""
    if isinstance(value, Decimal):
        return f"\0{shown(value).replace(',', '')}\0"
    return str(value)
