"""What the checks find in formulas, tables, results, choices and sums; each finding at its line."""

import random

import pytest
from django.utils import translation

from appraisal.schemes.catalogue_files import CATALOGUE
from appraisal.schemes.describe import describe_with_place
from appraisal.schemes.loader import load_scheme
from appraisal.schemes.problems import SchemeRefusedError
from appraisal.schemes.validator import examined, validate
from tests.schemes.documents import SALES
from tests.schemes.large import LARGE, large, large_text


def test_the_large_scheme_is_sound() -> None:
    assert validate(large()) == ()


MANNER = '"manner * 10"'


@pytest.mark.parametrize(
    ("before", "after", "code", "key", "proposal"),
    [
        # Names
        (MANNER, '"maner * 10"', "unknown_name", "bearing.score.expr", "manner"),
        (MANNER, '"step_siz * 10"', "unknown_name", "bearing.score.expr", "step_size"),
        ("expr: value / 2", "expr: vale / 2", "unknown_name", "results.lines.columns.half", "value"),
        ("expr: value / 2", "expr: title_ / 2", "unknown_name", "results.lines.columns.half", "title"),
        ("sum(lines, half,", "sum(lines, hal,", "unknown_name", "results.halves.expr", "half"),
        ("sum(lines, half,", "sum(line, half,", "unknown_rows", "results.halves.expr", "lines"),
        ("rows: work,", "rows: works,", "unknown_rows", "results.lines", "work"),
        ("lookup(bonus, total)", "lookup(bonuss, total)", "unknown_table", "results.paid.expr", "bonus"),
        (MANNER, '"target(sale) * 10"', "unknown_input", "bearing.score.expr", "sales"),
        (MANNER, '"part(sales, now)"', "unknown_part", "bearing.score.expr", "new"),
        (MANNER, '"given(maner) and 1 or 2"', "unknown_name", "bearing.score.expr", "manner"),
        ("of: paid, each", "of: payd, each", "unknown_result", "outcomes.bonus_paid.of", "paid"),
        # Roles
        (MANNER, '"work * 10"', "table_as_value", "bearing.score.expr", ""),
        (MANNER, '"lines * 10"', "table_as_value", "bearing.score.expr", ""),
        (MANNER, '"bonus * 10"', "lookup_as_value", "bearing.score.expr", ""),
        (MANNER, '"sum(sales, 1)"', "value_as_table", "bearing.score.expr", ""),
        ("rows: work,", "rows: manner,", "value_as_table", "results.lines", ""),
        (MANNER, '"target(plain)"', "target_not_asked", "bearing.score.expr", ""),
        (MANNER, '"answers(sales)"', "wrong_input", "bearing.score.expr", ""),
        (MANNER, '"total / 2"', "score_not_known_yet", "bearing.score.expr", ""),
        (MANNER, '"reach / 2"', "score_not_known_yet", "bearing.score.expr", ""),
        # Words
        ("lookup(factor, role)", "(1 if role == 'directer' else 2)", "unknown_word", "results.paid.expr", "director"),
        ("status == 'late'", "status == 'later'", "unknown_word", "results.halves.expr", "late"),
        ("equals: manager", "equals: manger", "unknown_level_word", "tables.factor.rows[2]", "manager"),
        ("equals: manager", "equals: director", "word_twice", "tables.factor", ""),
        # Results
        ("expr: value / 2", "expr: value / halves", "rests_on_itself", "results.lines", ""),
        (MANNER, '"paid / 2"', "rests_on_itself", "total", ""),
        ("  halves: {", "  sales: {", "name_twice", "results.sales", ""),
        ("  halves: {", "  step_size: {", "name_twice", "results.step_size", ""),
        ("  halves: {", "  reach: {", "name_twice", "results.reach", ""),
        ("  halves: {", "  total: {", "name_reserved", "results.total", ""),
        ("bonus_paid: {", "paid: {", "name_twice", "outcomes.paid", ""),
        # Tables
        ("below: 60,", "below: 59,", "row_gap", "tables.bonus.rows[2]", ""),
        ("below: 60,", "below: 61,", "row_overlap", "tables.bonus.rows[2]", ""),
        ("{below: 60,", "{at_most: 60,", "row_overlap", "tables.bonus.rows[2]", ""),
        ("{at_least: 60, below: 90,", "{above: 60, below: 90,", "row_gap", "tables.bonus.rows[2]", ""),
        ("{at_least: 90,", "{at_least: 90, below: 90,", "row_empty", "tables.bonus.rows[3]", ""),
        # Choices
        ("up: {zh: 计", "above: {zh: 计", "unknown_way", "stairs.score.partial", ""),
        ("partial: {parameter: partial}", "partial: wole", "unknown_way", "stairs.score.partial", "whole"),
        ("partial: {parameter: partial}", "partial: {parameter: step_size}", "no_choices", "parameters.step_size", ""),
        ("sets: {partial: up,", "sets: {partial: upp,", "unfit_setting", "variants.strict.sets.partial", "up"),
        ("sets: {partial: up,", "sets: {partal: up,", "unknown_parameter", "variants.strict.sets.partal", "partial"),
        # Ledgers
        ("status: status,", "status: state,", "unknown_column", "tasks.score.status", "status"),
        ("value: value,", "value: worth,", "unknown_column", "tasks.score.value", ""),
        ("value: value,", "value: title,", "column_of_numbers", "tasks.score.value", ""),
        ("status: status,", "status: title,", "column_of_choices", "tasks.score.status", ""),
        ("off: {late: 50}", "off: {later: 50}", "unknown_status", "tasks.score.off.later", "late"),
        ("off: {late: 50}", "off: {}", "status_without_deduction", "tasks.score.off", ""),
        # Sums
        ("value: 0.04", "value: 0.05", "check_fails", "checks[1].that", ""),
        ("+ 2 * manager_rate ==", "+ 2 * manger_rate ==", "unknown_parameter", "checks[1].that", "manager_rate"),
        ("rate == department_rate", "rate - department_rate", "check_is_no_comparison", "checks[1].that", ""),
        ("weight: 40", "weight: 41", "weights", "indicators", ""),
    ],
)  # fmt: skip
def test_a_finding_names_its_key_its_line_and_what_may_be_meant(
    before: str, after: str, code: str, key: str, proposal: str
) -> None:
    text = large_text((before, after))
    found = {problem.code: problem for problem in examined(text, file="large.yaml")}

    assert code in found
    problem = found[code]
    assert (problem.key, problem.file) == (key, "large.yaml")
    assert problem.params.get("proposal", "") == proposal
    assert 1 <= (problem.line or 0) <= text.count("\n")
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert "%(" not in describe_with_place(problem)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (MANNER, '"maner * 10"', "indicator: bearing"),
        ("expr: value / 2", "expr: vale / 2", "vale / 2"),
        ("equals: manager", "equals: manger", "equals: manger"),
        ("value: 0.04", "value: 0.05", "manager_rate == department_rate"),
        ("off: {late: 50}", "off: {later: 50}", "off: {later: 50}"),
        ("below: 80", "below: 79", "grade: poor"),
        ("of: paid, each", "of: pay, each", "of: pay, each"),
        (MANNER, '"manner ** 10"', "manner ** 10"),
    ],
)
def test_a_finding_stands_at_the_line_of_the_passage(before: str, after: str, words: str) -> None:
    text = large_text((before, after))
    try:
        problems = examined(text, file="large.yaml")
    except SchemeRefusedError as refused:
        problems = refused.problems
    errors = [problem for problem in problems if problem.level == "error"]

    assert [words in text.splitlines()[(problem.line or 0) - 1] for problem in errors] == [True] * len(errors)
    assert errors


def test_a_sum_that_does_not_come_out_shows_both_sides() -> None:
    (problem,) = [one for one in validate(large(("value: 0.04", "value: 0.05"))) if one.code == "check_fails"]

    assert (problem.params["left"], problem.params["sign"], problem.params["right"]) == ("0.11", "=", "0.1")


def test_the_literal_0_05_percent_of_the_net_profit_table_is_caught_by_the_headcount() -> None:
    """One director at 4 %, two managers: only 0.5 % comes to the 5 % of the department, 0.05 % to 4.1 %."""
    text = (CATALOGUE / "marketing-net-profit-bonus" / "2020-01-01.yaml").read_text(encoding="utf-8")
    assert [one for one in validate(load_scheme(text, file="x")) if one.code == "check_fails"] == []

    assert text.count("    assumed: 0.5\n") == 1
    literal = text.replace("    assumed: 0.5\n", "    value: 0.05\n")
    (problem,) = [one for one in examined(literal, file="net-profit.yaml") if one.code == "check_fails"]
    assert (problem.params["left"], problem.params["sign"], problem.params["right"]) == ("4.1", "=", "5")
    assert (problem.level, problem.key) == ("error", "checks[1].that")
    assert "that:" in literal.splitlines()[(problem.line or 0) - 1]


def test_a_word_without_a_row_is_a_warning() -> None:
    problems = validate(large((", {equals: manager, gives: 1}", "")))

    assert [(problem.code, problem.level, problem.params["name"]) for problem in problems] == [
        ("word_without_row", "warning", "manager")
    ]


def test_alternatives_each_have_the_weight_of_their_group() -> None:
    group = """\
  - group: one
    label: {zh: 组, en: Group}
    weight: 40
    alternatives: true
    of:
      - indicator: reach
        label: {zh: 达成, en: Reach}
        weight: 40
        when: role == 'director'
        score: {attainment: sales, cap: 100}
      - {indicator: other, label: {zh: 其他, en: Other}, weight: %s, score: {met: "plain > 1"}}
"""
    line = "  - {indicator: reach, label: {zh: 达成, en: Reach}, weight: 40, score: {attainment: sales, cap: 100}}\n"

    assert validate(large((line, group % 40))) == ()
    (problem,) = validate(large((line, group % 20)))
    assert (problem.code, problem.key, problem.params) == (
        "alternative_weight", "other.weight", {"written": "20", "expected": "40"},
    )  # fmt: skip


def test_full_marks_other_than_a_hundred_are_what_the_weights_add_up_to() -> None:
    total = ("grades:\n", "total: {out_of: 80}\ngrades:\n")

    assert [problem.code for problem in validate(large(total))] == ["weights"]
    assert "weights" not in {problem.code for problem in validate(large(total, ("weight: 40", "weight: 20")))}


def test_points_beyond_the_full_marks_weigh_nothing() -> None:
    extra = (
        "  - {indicator: extra, label: {zh: 加分, en: Extra}, weight: 0, score: {expr: plain, gives: %s}}\ngrades:\n"
    )

    assert validate(large(("grades:\n", extra % "points"))) == ()
    assert [one.code for one in validate(large(("grades:\n", extra % "percent")))] == ["weight_not_positive"]


def test_a_scheme_of_results_alone_needs_no_weights() -> None:
    text = large_text(("lookup(bonus, total) * ", ""))
    start, end = text.index("indicators:"), text.index("results:")

    codes = {problem.code for problem in validate(load_scheme(text[:start] + text[end:], file="x"))}
    assert codes <= {"unused_input", "unused_parameter"}


@pytest.mark.parametrize("code", ["formula_forbidden", "formula_function", "formula_number", "formula_unreadable"])
def test_a_formula_that_does_not_read_is_refused_with_line_and_part(code: str) -> None:
    written = {
        "formula_forbidden": "manner ** 2", "formula_function": "summ(work, 1)", "formula_number": "1e9 * manner",
        "formula_unreadable": "manner *",
    }[code]  # fmt: skip
    text = large_text((MANNER, f'"{written}"'))
    with pytest.raises(SchemeRefusedError) as refused:
        load_scheme(text, file="large.yaml")
    (problem,) = refused.value.problems

    assert (problem.code, problem.key, problem.file) == (code, "indicators[4].score.expr", "large.yaml")
    assert written in text.splitlines()[(problem.line or 0) - 1]
    if code == "formula_function":
        assert problem.params["proposal"] == "sum"
    with translation.override("en"):
        assert "%(" not in describe_with_place(problem)


def mutated(text: str, source: random.Random) -> str:
    """A line lost or doubled, a character lost or changed, two lines in each other's place."""
    lines = text.splitlines(keepends=True)
    place, kind = source.randrange(len(lines)), source.randrange(6)
    if kind == 0:
        del lines[place]
    elif kind == 1:
        lines.insert(place, lines[place])
    elif kind == 2:
        other = source.randrange(len(lines))
        lines[place], lines[other] = lines[other], lines[place]
    else:
        line = lines[place].rstrip("\n") or " "
        at = source.randrange(len(line))
        put = ("", source.choice("x9-{}[]:,'\"#&*!%@ "), line[at] * 2)[kind - 3]
        lines[place] = line[:at] + put + line[at + 1 :] + "\n"
    return "".join(lines)


@pytest.mark.parametrize("text", [LARGE, SALES], ids=["large", "sales"])
def test_mutated_documents_never_crash_and_each_refusal_names_its_line(text: str) -> None:
    source, refusals = random.Random(20260101), 0
    for _ in range(400):
        broken = mutated(text, source)
        try:
            problems = examined(broken, file="x.yaml")
        except SchemeRefusedError as refused:
            problems = refused.problems
            refusals += 1
        for problem in problems:
            assert problem.file == "x.yaml"
            assert 1 <= (problem.line or 0) <= broken.count("\n") + 1, problem
            with translation.override("en"):
                assert describe_with_place(problem)

    assert refusals > 100
