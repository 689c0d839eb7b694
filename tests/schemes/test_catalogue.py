import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from appraisal.schemes.json_schema import SCHEMA_FILE, schema_text
from appraisal.schemes.reading import read
from appraisal.schemes.spec import Days, Step, Text
from tests.schemes.documents import SALES, SMALL, sales


def as_json(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    return float(data) if isinstance(data, Decimal) else data


def test_the_published_json_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("text", [SALES, SMALL], ids=["sales", "small"])
def test_the_json_schema_accepts_what_the_loader_accepts(text: str) -> None:
    data, _ = read(text, file="scheme.yaml")
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))

    assert [error.message for error in validator.iter_errors(as_json(data))] == []


def test_the_json_schema_refuses_an_unknown_key() -> None:
    data, _ = read(SMALL + "surplus: 1\n", file="scheme.yaml")
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))

    assert len(list(validator.iter_errors(as_json(data)))) == 1


def test_the_steps_of_the_sales_specialist_are_those_of_the_source() -> None:
    steps = sales().steps
    five, three = Days(count=5, unit="working"), Days(count=3, unit="working")

    def of(name: str, *fields: str) -> tuple[object, ...]:
        step = dict(steps.items())[name]
        assert isinstance(step, Step)
        return tuple(getattr(step, field) for field in fields)

    assert of("self_review", "holder", "within", "of", "evidence", "on_expiry") == (
        ("employee",), three, "period_end", "required", "pass_over",
    )  # fmt: skip
    assert of("scoring", "holder", "within", "of") == (("manager",), five, "entry")
    assert of("interviewing", "minutes", "within", "assumed") == (30, five, ("within", "remind", "escalate"))
    assert of("appeal_window", "within", "rights", "on_expiry") == (three, True, "close_window")
    assert of("appealed", "holder", "sign", "within") == (("hr", "sales_director"), "all", five)
    assert of("improving", "months", "check_in_every") == (3, Days(count=10, unit="working"))
    assert steps["calibrating"] is None


def test_what_the_source_leaves_out_is_marked_as_assumed() -> None:
    scheme = sales()

    assert {name for name, parameter in scheme.parameters.items() if parameter.assumed is None} == {
        "plan_months", "plan_satisfaction", "plan_conversion_rise", "interview_minutes",
    }  # fmt: skip
    assert {indicator.weight.assumed for indicator in scheme.all_indicators} == {Decimal(15), Decimal(10)}
    assert [group.weight.value for group in scheme.indicators] == [Decimal(60), Decimal(40)]


def test_names_are_quoted_from_the_source_with_english_beside() -> None:
    scheme = sales()

    assert scheme.title == Text(zh="銷售專員崗位職責與績效考核方案", en="Sales specialist, duties and appraisal plan")
    assert [indicator.label.zh for indicator in scheme.all_indicators] == [
        "銷售額達成率", "新客戶開發量", "回款及時率", "線索轉化率",
        "客戶滿意度", "銷售合規性", "團隊協作貢獻", "學習成長度",
    ]  # fmt: skip
