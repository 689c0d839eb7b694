import re

import pytest
from django.utils import translation

from appraisal.schemes.catalogue_files import CATALOGUE
from appraisal.schemes.describe import SENTENCES, describe, describe_with_place
from appraisal.schemes.problems import Problem

SOURCES = CATALOGUE.parent


def test_a_problem_is_said_with_its_place_and_what_may_be_meant() -> None:
    problem = Problem("unknown_key", {"written": "wieght", "proposal": "weight"}, "indicators[1].wieght", 12, "a.yaml")

    with translation.override("en"):
        assert describe(problem) == "The key “wieght” is unknown here. Did you mean “weight”?"
        assert describe_with_place(problem) == (
            "a.yaml, line 12, indicators[1].wieght: The key “wieght” is unknown here. Did you mean “weight”?"
        )


def test_a_finding_of_the_validator_is_said_with_its_key() -> None:
    problem = Problem("weights", {"sum": "99", "expected": "100"}, "indicators")

    with translation.override("en"):
        assert describe_with_place(problem) == "indicators: The weights inside add up to 99 and must add up to 100."


def test_every_problem_the_code_can_raise_has_its_sentence() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    raised = set(re.findall(r'(?:Problem|refuse)\(\s*"(\w+)"', text))

    assert raised - SENTENCES.keys() == set()


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_is_there_in_chinese(code: str) -> None:
    folder = SOURCES.parent.parent / "locale/zh_Hans/parts"
    parts = "".join((folder / name).read_text(encoding="utf-8") for name in ("scoring.po", "schemes.po"))
    with translation.override("en"):
        english = str(SENTENCES[code])

    assert f'msgid "{english}"' in parts
