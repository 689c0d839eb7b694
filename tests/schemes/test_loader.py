from decimal import Decimal

import pytest

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.problems import Problem, SchemeRefusedError
from appraisal.schemes.spec import Days, Step
from tests.schemes.documents import SMALL, sales, small, small_text


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(SchemeRefusedError) as refused:
        load_scheme(text, file="small.yaml")
    return list(refused.value.problems)


def only_problem(text: str) -> Problem:
    (problem,) = problems_of(text)
    return problem


def line_of(passage: str, text: str = SMALL) -> int:
    return text[: text.index(passage)].count("\n") + 1


def test_numbers_are_read_exactly() -> None:
    scheme = small(("value: 120", "value: 0.1"))

    assert scheme.parameters["cap"].value == Decimal("0.1")


def test_a_step_reads_as_the_engine_consumes_it() -> None:
    scheme = small()

    assert scheme.steps["scoring"] == Step(holder=("manager",), within=Days(count=5, unit="working"))
    assert scheme.steps["appealed"] == Step(holder=("hr", "manager"), sign="all", within=Days(count=5, unit="working"))
    assert scheme.steps["decided"] == Step(holder=("hr",), within=Days(count=2, unit="calendar"))


def test_a_step_that_is_off_and_one_not_written_are_both_none() -> None:
    scheme = small()

    assert scheme.steps["improving"] is None
    assert scheme.steps["self_review"] is None
    assert list(scheme.steps)[:4] == ["planning", "tracking", "self_review", "scoring"]


def test_a_cycle_may_switch_an_optional_step_on_and_a_step_off() -> None:
    scheme = sales()
    steps = scheme.steps_with({"calibrating": True, "self_review": False})

    assert steps["calibrating"] == scheme.optional_steps["calibrating"]
    assert steps["self_review"] is None
    assert steps["scoring"] == scheme.steps["scoring"]
    assert scheme.steps["calibrating"] is None


def test_a_misspelt_key_is_named_with_its_line_and_what_may_be_meant() -> None:
    problem = only_problem(small_text(("period_kinds: [quarter]", "period_kinds: [quarter]\nrespred: within_group")))

    assert problem == Problem("unknown_key", {"written": "respred", "proposal": "respread"}, "respred", 7, "small.yaml")


def test_a_misspelt_key_deep_in_the_tree_is_found_there() -> None:
    (problem,) = problems_of(
        small_text(("weight: 30, score: {mean: rating}", "weight: 30, score: {mean: rating}, claus: 3"))
    )

    assert (problem.code, problem.key, problem.line) == (
        "unknown_key",
        "indicators[2].of[1].claus",
        line_of("indicator: manner"),
    )
    assert problem.params["proposal"] == "clause"


def test_a_duplicate_key_is_refused_with_the_line_of_the_first() -> None:
    text = small_text(("subject: person", "subject: person\nvalid_from: 2027-01-01"))

    assert only_problem(text) == Problem("duplicate_key", {"first": "4"}, "valid_from", 6, "small.yaml")


def test_a_missing_key_is_named() -> None:
    problem = only_problem(small_text(("subject: person\n", "")))

    assert (problem.code, problem.params, problem.key) == ("missing_key", {"missing": "subject"}, "subject")


def test_an_unknown_role_comes_with_a_proposal() -> None:
    problem = only_problem(small_text(("scoring: {holder: manager", "scoring: {holder: manger")))

    assert (problem.code, problem.key, problem.params["proposal"]) == ("bad_choice", "steps.scoring.holder", "manager")


def test_an_unknown_step_comes_with_a_proposal() -> None:
    problem = only_problem(small_text(("  scoring: {", "  scorring: {")))

    assert (problem.code, problem.params["proposal"]) == ("bad_choice", "scoring")


def test_an_unknown_kind_of_input_comes_with_a_proposal() -> None:
    problem = only_problem(small_text(("kind: measure", "kind: mesure")))

    assert (problem.code, problem.key, problem.params["proposal"]) == ("bad_choice", "inputs.sales.kind", "measure")


def test_an_unknown_kind_of_rule_comes_with_a_proposal() -> None:
    problem = only_problem(small_text(("score: {mean: rating}", "score: {maen: rating}")))

    assert (problem.code, problem.key, problem.params["proposal"]) == ("no_kind", "indicators[2].of[1].score", "mean")


@pytest.mark.parametrize(
    ("before", "after", "code", "key"),
    [
        ("value: 120", "value: 1e2", "not_exact", "parameters.cap.value"),
        ("value: 120", "value: .inf", "not_exact", "parameters.cap.value"),
        ("value: 120", "value: true", "not_exact", "parameters.cap.value"),
        ("value: 120", "value: 1234567890123456789012", "number_size", "parameters.cap.value"),
        ("value: 120", "value: 12345678901234567890", "number_size", "parameters.cap.value"),
        ("value: 120", "value: 120, assumed: 100", "one_of", "parameters.cap"),
        ("{parameter: cap}", "{parameter: cap, value: 3}", "one_of", "indicators[1].score.cap"),
        ("within: 2 calendar days", "within: 2 workdays", "bad_days", "steps.decided.within"),
        ("within: 2 calendar days", "within: 0 working days", "bad_days", "steps.decided.within"),
        ("valid_from: 2026-01-01", "valid_from: 2026-02-30", "bad_date", "valid_from"),
        ("scheme: small", "scheme: Small", "bad_spelling", "scheme"),
        ("period_kinds: [quarter]", "period_kinds: []", "empty", "period_kinds"),
        ("at_least: 80", "at_least: 80, above: 70", "two_bounds", "grades.bands[1]"),
        ("value: 120", "value: &a 120", "alias", ""),
        ("value: 120", "value: !!int 120", "tag", ""),
        ("value: 120", "value: [", "yaml", ""),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_at_its_key(before: str, after: str, code: str, key: str) -> None:
    problem = problems_of(small_text((before, after)))[0]

    assert (problem.code, problem.key, problem.file) == (code, key, "small.yaml")
    assert problem.line


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words"])
def test_what_is_no_mapping_is_no_scheme(text: str) -> None:
    assert only_problem(text).code == "no_mapping"


def test_a_document_nested_without_end_is_refused_before_it_is_built() -> None:
    assert only_problem("scheme: " + "[" * 60 + "]" * 60).code == "too_deep"


def test_an_endless_document_is_refused() -> None:
    assert only_problem("# " + "x" * 400_000).code == "too_long"


def test_every_problem_is_reported_not_only_the_first() -> None:
    text = small_text(("subject: person\n", ""), ("kind: measure", "kind: mesure"), ("value: 120", "value: x"))

    assert {problem.code for problem in problems_of(text)} == {"missing_key", "bad_choice", "not_exact"}


def test_off_is_a_word_not_a_truth_value() -> None:
    scheme = small(("en: Small", "en: off"))

    assert scheme.title.en == "off"
