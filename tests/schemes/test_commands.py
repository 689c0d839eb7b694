"""The two commands for people who write cases: exit codes, one line a case, exact numbers."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from appraisal.schemes.catalogue_files import CATALOGUE
from appraisal.scoring.verify import differences

ROOT = Path(__file__).resolve().parents[2]
QUARTER = """\
scheme: S003-01
as_of: 2026-03-31
case: a quarter
period: quarter
input:
  sales: {actual: 960000, target: 1000000}
  new_customers: {actual: 8, target: 10}
  collected: 450000
  receivable_due: 500000
  signed_customers: 18
  leads: 120
  satisfaction: {points: 88, answers: 41}
  audit: []
  teamwork: [80, 85, 90]
  learning: 92
"""


SHARED = {"scheme": "S003-01", "as_of": "2026-03-31"}


def ran(name: str, *arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def scored(tmp_path: Path, text: str, *arguments: str) -> tuple[int, list[Any], str]:
    file = tmp_path / "case.yaml"
    file.write_text(text, encoding="utf-8")
    code, out, err = ran("score_case", str(file), *arguments)
    return code, [json.loads(line) for line in out.splitlines()], err


def test_a_case_without_expectations_prints_its_outputs_on_one_line(tmp_path: Path) -> None:
    code, (line,), _ = scored(tmp_path, QUARTER)

    assert (code, line["case"], line["scheme"], line["ok"]) == (0, "a quarter", "sales-specialist", None)
    assert (line["output"]["total"], line["output"]["grade"]) == (87.65, "A")
    # Nobody gave an interview, so nothing is said of its length.
    assert (line["missing"], line["output"]["interview_long_enough"]) == (["interview_long_enough"], None)


def test_numbers_are_written_with_all_their_digits(tmp_path: Path) -> None:
    text = QUARTER.replace("teamwork: [80, 85, 90]", "teamwork: [10, 20]")
    file = tmp_path / "case.yaml"
    file.write_text(text, encoding="utf-8")
    code, out, _ = ran("score_case", str(file))

    assert code == 0
    assert '"sales_attainment": 96,' in out
    assert '"total": 87.94' in out


def test_an_expected_output_that_is_met_exits_with_zero(tmp_path: Path) -> None:
    code, (line,), _ = scored(tmp_path, QUARTER + "output: {total: 87.65, grade: A}\nexplains: [总分 87.65]\n")

    assert (code, line["ok"], line["differences"]) == (0, True, [])


@pytest.mark.parametrize(
    ("expected", "key"), [("output: {total: 87.66}", "total"), ("output: {grade: B}", "grade"),
                          ("explains: [总分 99]", "explanation")],
)  # fmt: skip
def test_an_expected_output_that_is_not_met_exits_with_one_and_the_difference(
    tmp_path: Path, expected: str, key: str
) -> None:
    code, (line,), _ = scored(tmp_path, f"{QUARTER}{expected}\n")

    assert (code, line["ok"], [one["key"] for one in line["differences"]]) == (1, False, [key])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("scheme: S003-01", "scheme: S003-99"), "no scheme is called"),
        (("scheme: S003-01", "scheme: sales-specialits"), "'sales-specialist' meant?"),
        (("  leads: 120", "  leeds: 120"), "'leads' meant?"),
        (("  leads: 120", "  leads: many"), "input.leads: a number is expected"),
        (("  learning: 92", "  learning: 101"), "points from 0 to 100 are expected"),
        (("  audit: []", "  audit: [grave]"), "one of minor, medium, serious, critical"),
        (("as_of: 2026-03-31", "as_of: yesterday"), "is not a date"),
        (("period: quarter", "period: week"), "is not appraised by 'week'"),
        (("case: a quarter", "case: a quarter\nvariant: other"), "unknown variant"),
        (("case: a quarter", "case: a quarter\noutput: {totl: 5}"), "'total' meant?"),
        (("case: a quarter", "csae: a quarter"), "'case' meant?"),
        (("  audit: []", "  audit: []\n  audit: []"), "input.audit：此键重复出现"),
        (("  audit: []", "  audit: &a []"), "不允许使用锚点"),
        (("scheme: S003-01\n", ""), "scheme: this key is missing"),
    ],
)
def test_a_case_that_does_not_fit_exits_with_two_and_says_why(
    tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    code, (line,), err = scored(tmp_path, QUARTER.replace(*change))

    assert (code, line["ok"]) == (2, False)
    assert reason in line["error"]
    assert line["error"] in err


def test_a_file_that_is_not_there_exits_with_two() -> None:
    code, out, _ = ran("score_case", "/nowhere/case.yaml")

    assert (code, json.loads(out)["ok"]) == (2, False)


def test_the_explanation_is_printed_on_demand_and_verifies(tmp_path: Path) -> None:
    _, (line,), _ = scored(tmp_path, QUARTER, "--explain")

    assert line["explanation"]["total"] == "87.65"
    assert differences(line["explanation"]) == []


def test_a_folder_with_several_cases_prints_a_line_for_each_and_exits_with_the_worst(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(QUARTER, encoding="utf-8")
    (tmp_path / "b.json").write_text(
        json.dumps({**SHARED, "cases": [{"input": {}}, {"input": {}, "output": {"total": 1}}]}),
        encoding="utf-8",
    )  # fmt: skip
    code, out, _ = ran("score_case", str(tmp_path))

    assert (code, len(out.splitlines())) == (1, 3)


def test_a_scheme_of_ones_own_may_be_given_as_a_file(tmp_path: Path) -> None:
    own = (CATALOGUE / "sales-specialist" / "2026-01-01.yaml").read_text(encoding="utf-8")
    mine, broken = tmp_path / "own.txt", tmp_path / "broken.txt"
    mine.write_text(own.replace("times: {S: 1.2, A: 1,", "times: {S: 1.5, A: 1,"), encoding="utf-8")
    broken.write_text(own.replace("subject: person\n", ""), encoding="utf-8")
    case = "scheme: mine\nas_of: 2026-03-31\nperiod: month\ninput: {grade: S, base_bonus: 3000}\n"
    case += "output: {monthly_bonus: 4500}\n"

    assert scored(tmp_path, case, "--scheme-file", str(mine))[0] == 0
    code, lines, err = scored(tmp_path, case, "--scheme-file", str(broken))
    assert (code, lines) == (2, [])
    assert "subject" in err


def test_a_scheme_is_described_with_what_a_case_needs_and_gives() -> None:
    code, out, _ = ran("describe_scheme", "S003-01", "--json")
    found = json.loads(out)

    assert code == 0
    assert (found["scheme"], found["ids"], found["periods"]) == (
        "sales-specialist", ["S003-01"], ["month", "quarter", "year"],
    )  # fmt: skip
    sales, audit = found["inputs"]["sales"], found["inputs"]["audit"]
    assert (sales["kind"], sales["type"], sales["unit"]["en"], sales["required"]) == ("measure", "number", "CNY", True)
    assert (sales["target"], sales["split"]) == ("required", ["new", "repurchase"])
    assert list(audit["severities"]) == ["minor", "medium", "serious", "critical"]
    assert found["inputs"]["interviews"]["columns"]["starts"]["type"] == "time"
    cap = found["parameters"]["attainment_cap"]
    assert (cap["origin"], cap["value"], cap["clause"]) == ("assumed", "120", "銷售額達成率")
    assert found["parameters"]["plan_months"]["origin"] == "source"
    assert set(found["parameters"]["rise_reading"]["choices"]) == {"relative", "points"}
    assert [band["grade"] for band in found["outputs"]["grade"]["bands"]] == ["S", "A", "B", "C", "D"]
    assert found["outputs"]["lead_conversion"]["weight"] == "15"
    assert found["outputs"]["lead_conversion"]["rule"] == "ratio"
    assert found["outputs"]["conversion_target"]["unit"]["en"] == "%"


def test_every_output_of_a_case_is_described() -> None:
    for key in ("sales-specialist", "key-account-manager", "presales-general", "key-account-bonus"):
        found = json.loads(ran("describe_scheme", key, "--json")[1])
        example = found["example"]

        assert set(example["input"]) <= set(found["inputs"])
        assert set(example.get("output", {})) <= set(found["outputs"])


def test_the_example_of_a_description_can_be_scored_as_it_stands(tmp_path: Path) -> None:
    found = yaml.safe_load(ran("describe_scheme", "S004-15")[1])
    text = yaml.safe_dump(found["example"], allow_unicode=True)

    code, (line,), _ = scored(tmp_path, text)
    assert (code, line["ok"]) == (0, True)


def test_what_the_source_leaves_out_is_described_as_missing_with_its_proposal() -> None:
    found = json.loads(ran("describe_scheme", "division-director-letter", "--json")[1])
    missing = {key: one for key, one in found["parameters"].items() if one["origin"] == "missing"}

    assert missing
    assert all("proposed" in one for one in missing.values())


def test_an_unknown_scheme_exits_with_two_and_a_proposal() -> None:
    code, out, err = ran("describe_scheme", "sales-specialits")

    assert (code, out) == (2, "")
    assert "Is 'sales-specialist' meant?" in err


def test_without_a_name_the_library_is_listed() -> None:
    listed = json.loads(ran("describe_scheme", "--json")[1])

    assert {"scheme": "sales-specialist", "ids": ["S003-01"], "zh": "銷售專員崗位職責與績效考核方案",
            "en": "Sales specialist, duties and appraisal plan"} in listed  # fmt: skip
    assert len(ran("describe_scheme")[1].splitlines()) == len(listed)


def test_the_exit_codes_are_those_of_the_process(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(QUARTER + "output: {total: 1}\n", encoding="utf-8")

    def code(*arguments: str) -> int:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, check=False
        ).returncode

    assert code("score_case", str(file)) == 1
    assert code("describe_scheme", "S999-99") == 2
