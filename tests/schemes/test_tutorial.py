"""The tutorial of docs/schemes.md: its scheme reads without an error, and its case comes to what it says."""

import re
from pathlib import Path

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.validator import stands_in_the_way
from appraisal.scoring.cases import cases_in, run
from workflow.calendars import is_mainland_working_day

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "schemes.md").read_text(encoding="utf-8")
TUTORIAL = PAGE[PAGE.index("## From your own table") :]
BLOCKS = re.findall(r"```yaml\n(.*?)```", TUTORIAL, re.DOTALL)


def test_the_scheme_of_the_tutorial_can_be_published():
    assert len(BLOCKS) == 4
    scheme = load_scheme("".join(BLOCKS[:3]), file="service-quarter.yaml")

    assert stands_in_the_way(scheme) == ()


def test_its_case_comes_to_what_was_worked_out_by_hand():
    scheme = load_scheme("".join(BLOCKS[:3]), file="service-quarter.yaml")
    cases = list(cases_in(BLOCKS[3], file="cases.yaml"))
    outcome = run(cases[0], scheme, is_working_day=is_mainland_working_day)

    assert len(cases) == 1
    assert cases[0].expected is not None
    assert outcome.differences == []
    assert outcome.missing == []
