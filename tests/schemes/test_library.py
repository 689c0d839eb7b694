"""Every scheme of the library reads, holds together, and comes to what its worked examples expect, to the digit."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from appraisal.schemes.catalogue_files import case_files, catalogue_files
from appraisal.schemes.json_schema import schema_text
from appraisal.schemes.library import ids_of, loaded, names_of, shelf, version_on
from appraisal.schemes.reading import read
from appraisal.schemes.validator import examined, stands_in_the_way, validate
from appraisal.schemes.variants import runnable
from appraisal.scoring.cases import Case, cases_in, run
from appraisal.scoring.verify import differences
from tests.schemes.test_catalogue import as_json
from workflow.calendars import is_mainland_working_day

VERSIONS = list(catalogue_files())
FILES = list(case_files())
CATALOGUE_IDS = [
    *(f"S000-{n:02}" for n in range(1, 23)), *(f"S001-{n:02}" for n in range(1, 10)),
    *(f"S002-{n:02}" for n in range(1, 16)), "S003-01", *(f"S004-{n:02}" for n in range(1, 18)),
]  # fmt: skip
# Section B of the two halves of the catalogue: B-01… of seeds 000 and 003, B01… of seeds 001, 002 and 004.
RULES = [*(f"B-{n:02}" for n in range(1, 34)), *(f"B{n:02}" for n in range(1, 39))]


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@cache
def json_schema() -> Any:
    return jsonschema.Draft202012Validator(json.loads(schema_text()))


@pytest.mark.parametrize("path", VERSIONS, ids=name)
def test_every_version_reads_and_its_runnable_variant_holds_together(path: Path) -> None:
    scheme = loaded(path)

    assert name(path) == f"{scheme.scheme}/{scheme.valid_from.isoformat()}.yaml"
    assert [problem for problem in validate(runnable(scheme)) if problem.level == "error"] == []
    data, _ = read(path.read_text(encoding="utf-8"), file=path.name)
    assert [error.message for error in json_schema().iter_errors(as_json(data))] == []


@pytest.mark.parametrize("path", VERSIONS, ids=name)
def test_every_number_that_the_source_leaves_out_blocks_publishing_at_its_line(path: Path) -> None:
    scheme, text = loaded(path), path.read_text(encoding="utf-8")
    missing = {f"parameters.{key}" for key, parameter in scheme.parameters.items() if parameter.missing}
    blocking = {problem.key for problem in stands_in_the_way(scheme) if problem.code == "number_missing"}

    assert missing <= blocking
    lines = text.splitlines()
    for problem in examined(text, file=path.name):
        assert problem.file == path.name
        if problem.key in missing:
            assert lines[(problem.line or 0) - 1].lstrip().startswith(f"{problem.key.removeprefix('parameters.')}:")


def cases(path: Path) -> list[Case]:
    return list(cases_in(path.read_text(encoding="utf-8"), file=name(path)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_worked_example_is_met_and_its_explanation_verifies(path: Path) -> None:
    found = cases(path)
    wrong: list[Any] = []
    for case in found:
        (key,) = names_of(case.scheme)
        outcome = run(case, version_on(key, case.as_of), is_working_day=is_mainland_working_day)
        wrong += [(case.name, difference.to_json()) for difference in outcome.differences]
        unsound = differences(json.loads(json.dumps(outcome.explanation)))
        wrong += [(case.name, difference) for difference in unsound]
        assert case.expected or case.explains, case.name

    assert found
    assert wrong == []


def test_every_scheme_has_worked_examples() -> None:
    assert {path.parent.name for path in FILES} == set(shelf())


def test_every_id_of_the_catalogue_has_a_scheme(capsys: pytest.CaptureFixture[str]) -> None:
    have = {one for key in shelf() for one in ids_of(key)}
    with capsys.disabled():
        print(f"\nschemes: {len(shelf())}, ids: {len(have)} of {len(CATALOGUE_IDS)}")

    assert len(CATALOGUE_IDS) == 64
    assert sorted(set(CATALOGUE_IDS) - have) == []
    assert sorted(have - set(CATALOGUE_IDS)) == []


def test_every_rule_of_the_catalogue_has_a_worked_example(capsys: pytest.CaptureFixture[str]) -> None:
    names = [case.name for path in FILES for case in cases(path)]
    shown = {rule for one in names for rule in re.findall(r"\bB-?[0-9]{2}\b", one)}
    with capsys.disabled():
        print(f"\nworked examples: {len(names)}, rules: {len(shown & set(RULES))} of {len(RULES)}")

    assert len(RULES) == 71
    assert sorted(set(RULES) - shown) == []
