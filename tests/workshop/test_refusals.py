"""Why a worked example does not fit, in the language of its reader."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from appraisal import scoring
from appraisal.schemes.models import SchemeVersion
from appraisal.scoring.refusals import CaseError
from appraisal.workshop.refusals import SENTENCES, refusal_words
from tests.cast import Cast
from tests.workshop.conftest import CASES

SCORING = Path(str(scoring.__file__)).parent
# Which argument of the refusal is its sentence.
REFUSALS = {"CaseError": 1, "UnfitInputError": 1, "WrongKindError": 0}


def sentences() -> Iterator[str]:
    """Every sentence that scoring refuses with, written at its place or kept under a name."""
    for path in SCORING.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in REFUSALS:
                sentence = call.args[REFUSALS[call.func.id]]
                if isinstance(sentence, ast.Constant):
                    yield str(sentence.value)
                elif isinstance(sentence, ast.Name):
                    yield str(named[sentence.id])


def test_every_sentence_of_scoring_can_be_said_in_every_language() -> None:
    with translation.override("en"):
        assert set(sentences()) == {str(one) for one in SENTENCES}


def test_a_sentence_is_said_in_the_language_of_the_reader() -> None:
    error = CaseError("input.sales", "a number is expected, not '{written}'", "", written="{x}")
    assert str(error) == "input.sales: a number is expected, not '{x}'"
    with translation.override("zh-hans"):
        assert refusal_words(error) == "input.sales：应为数字，而不是“{x}”"


@pytest.mark.django_db
def test_a_chinese_page_refuses_a_worked_example_in_chinese(
    cast: Cast, client: Client, draft: Callable[..., SchemeVersion]
) -> None:
    version = draft(cases=CASES.replace("rating: 8", "ratng: 8"))
    client.force_login(cast.hr.user)
    page = client.get(f"/schemes/{version.pk}/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "input.ratng：方案 small 没有这项输入（是否指“rating”？）" in page


def figures(version: SchemeVersion, client: Client, language: str, **typed: str) -> str:
    data = {
        "as_of": "2026-03-31", "period": "quarter", "variant": "runnable", "in_sales__actual": "130",
        "in_sales__target": "100", "in_rating__ratings": "8", "in_audit__given": "on", "in_audit__rows": "1", **typed,
    }  # fmt: skip
    url = f"/schemes/{version.pk}/calculate/"
    return str(client.post(url, data, headers={"accept-language": language}).content.decode())


@pytest.mark.django_db
def test_the_calculator_refuses_in_chinese(cast: Cast, client: Client, draft: Callable[..., SchemeVersion]) -> None:
    version = draft()
    client.force_login(cast.hr.user)
    page = figures(version, client, "zh-hans", in_rating__ratings="12")
    assert "input.rating：分数应在 0 至 10 之间" in page


@pytest.mark.django_db
def test_single_parameters_are_set_for_one_calculation(
    cast: Cast, client: Client, draft: Callable[..., SchemeVersion]
) -> None:
    """Cap 120: 120 × 50 % + 80 × 30 % + 100 × 20 % = 104; cap 110: 99."""
    version = draft()
    client.force_login(cast.hr.user)
    assert '<span class="workshop-total-value">104</span>' in figures(version, client, "en")
    assert '<span class="workshop-total-value">99</span>' in figures(version, client, "en", set_cap="110")
    page = figures(version, client, "en", set_cap="viel")
    assert 'value="viel"' in page
    assert 'id="id_set_cap_error"' in page


@pytest.mark.django_db
def test_a_row_is_added_to_a_table_and_what_was_typed_stays(
    cast: Cast, client: Client, draft: Callable[..., SchemeVersion]
) -> None:
    version = draft()
    client.force_login(cast.hr.user)
    page = figures(version, client, "en", act="row:audit", in_sales__actual="131", in_audit__0__severity="minor")
    assert 'name="in_audit__1__severity"' in page
    assert 'name="in_audit__2__severity"' not in page
    assert 'value="131"' in page
    assert '<option value="minor" selected>' in page
    assert "What it comes to" not in page
