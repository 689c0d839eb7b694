import pytest

from appraisal.schemes.problems import Problem
from appraisal.schemes.validator import stands_in_the_way, validate
from tests.schemes.documents import sales, small

BANDS = """\
    - {grade: good, label: {zh: 好, en: Good}, at_least: 80}
    - {grade: poor, label: {zh: 差, en: Poor}, below: 80}
"""


def bands(*lines: str) -> tuple[str, str]:
    return BANDS, "".join(f"    - {{grade: {line}, label: {{zh: 级, en: Grade}}}}\n" for line in lines)


def codes(*changes: tuple[str, str]) -> list[str]:
    return [problem.code for problem in validate(small(*changes))]


def test_the_schemes_of_the_tests_are_sound() -> None:
    assert validate(small()) == ()
    assert validate(sales()) == ()


def test_weights_must_add_up_at_every_level() -> None:
    assert validate(small(("weight: 30", "weight: 31"))) == (
        Problem("weights", {"sum": "51", "expected": "50"}, "people"),
    )
    assert validate(small(("weight: 50\n    score", "weight: 49.5\n    score"))) == (
        Problem("weights", {"sum": "99.5", "expected": "100"}, "indicators"),
    )


def test_weights_of_a_group_may_be_shares_of_the_group() -> None:
    changes = [("weight: 50\n    of", "weight: 50\n    weights: of_group\n    of"), ("weight: 30", "weight: 60")]

    assert codes(*changes) == ["weights"]
    assert codes(*changes, ("weight: 20", "weight: 40")) == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("value: 120", "missing: true"), "parameters.cap"),
        (("scale: {points: 10}", "scale: {points: {missing: true}}"), "inputs.rating.scale.points"),
        (("weight: 30", "weight: {missing: true}"), "indicators[2].of[1].weight"),
        (("at_least: 80", "at_least: {missing: true}"), "grades.bands[1].at_least"),
    ],
)
def test_a_missing_number_stands_in_the_way_of_publishing(change: tuple[str, str], key: str) -> None:
    assert [(problem.code, problem.key) for problem in stands_in_the_way(small(change))] == [("number_missing", key)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("{parameter: cap}", "{parameter: kap}"), ["unknown_parameter", "unused_parameter"]),
        (("attainment: sales", "attainment: sale"), ["unknown_input", "unused_input"]),
        (("attainment: sales", "attainment: rating"), ["wrong_input", "unused_input"]),
        (("target: required", "target: none"), ["target_not_asked"]),
        (("target: required", "target: required, better: lower"), ["lower_is_better"]),
        (("each: {minor: 5}", "each: {miner: 5}"), ["unknown_severity", "severity_without_deduction"]),
        (("unit: CNY", "unit: CNY, periods: [month]"), []),
        (("indicator: manner", "indicator: compliance"), ["duplicate_indicator"]),
        (("period_kinds: [quarter]", "period_kinds: [quarter, year]"), []),
        (("holder: manager, within: 5 working days", "holder: manager"), ["step_without_days"]),
        (("within: 3 working days, on_expiry", "on_expiry"), ["expiry_without_days"]),
        (("holder: manager, within: 5 working days", "holder: manager, remind: [0]"), ["ladder_without_days"]),
        (("on_expiry: close_window", "on_expiry: close_window, escalate: {1: hr}"), ["escalates_after_expiry"]),
        (("within: 2 calendar days", "within: 2 calendar days, assumed: [minuts]"), ["unknown_assumed"]),
        (("scoring: {holder: manager, within: 5 working days}", "scoring: off"), ["indispensable_step"]),
    ],
)  # fmt: skip
def test_what_reads_well_may_still_be_wrong(change: tuple[str, str], expected: list[str]) -> None:
    assert codes(change) == expected


def test_a_period_in_which_nothing_has_a_figure_is_reported() -> None:
    changes = [
        ("unit: CNY", "unit: CNY, periods: [month]"),
        ("scale: {points: 10}", "scale: {points: 10}, periods: [month]"),
        ("confirmed_by: legal", "confirmed_by: legal\n    periods: [month]"),
    ]

    assert codes(*changes) == ["never_in_period"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("a, at_least: 80", "b, below: 80"), []),
        (("a, above: 80", "b, at_most: 80"), []),
        (("a, at_least: 80", "b, at_most: 80"), ["band_overlap"]),
        (("a, above: 80", "b, below: 80"), ["band_gap"]),
        (("a, at_least: 81", "b, at_most: 80"), ["band_gap"]),
        (("a, at_least: 79", "b, below: 80"), ["band_overlap"]),
        (("a, at_least: 80", "b, above: 70", "c, at_most: 70"), ["band_overlap"]),
        (("a, at_least: 80, at_most: 120", "b, below: 80"), ["band_open_top"]),
        (("a, at_least: 80", "b, at_least: 0, below: 80"), ["band_open_bottom"]),
        (("a, at_least: 80", "a, below: 80"), ["duplicate_grade"]),
        (("a, at_least: 80", "b, at_least: 80, below: 80", "c, below: 80"), ["band_empty"]),
    ],
)
def test_bands_leave_no_gap_and_do_not_overlap(lines: tuple[str, ...], expected: list[str]) -> None:
    assert codes(bands(*lines)) == expected


def test_whole_numbers_leave_no_gap_when_totals_are_rounded_to_whole_numbers() -> None:
    lines = bands("a, at_least: 81", "b, at_most: 80")

    assert codes(lines, ("grades:\n", "grades:\n  round: {places: 0, mode: half_up}\n")) == []


def test_a_grade_that_no_total_reaches_is_a_warning() -> None:
    (problem,) = validate(small(("at_least: 80", "at_least: 111"), ("below: 80", "below: 111")))

    assert problem == Problem(
        "grade_unreachable",
        {"name": "good", "least": "0", "most": "110"},
        "grades.bands.good",
        level="warning",
    )


def test_outcomes_name_only_what_the_scheme_has() -> None:
    outcomes = """\
outcomes:
  bonus: {kind: pay, label: {zh: 奖金, en: Bonus}, of: base, each: month, times: {good: 1, god: 2}}
  lift:
    kind: proposal
    label: {zh: 晋升, en: Promotion}
    when: [{of: quarter, grade: {equals: best}}, {of: quarter, indicator: {indicator: manners, below: 3}}]
    propose: promotion
    level: raised
    approved_by: hr
steps:
"""
    problems = validate(small(("steps:\n", outcomes)))

    assert [(problem.code, problem.params.get("written", problem.params.get("name"))) for problem in problems] == [
        ("unknown_grade", "god"),
        ("grade_without_multiplier", "poor"),
        ("unknown_grade", "best"),
        ("period_not_appraised", "month"),
        ("unknown_level", "raised"),
        ("unknown_indicator", "manners"),
    ]
