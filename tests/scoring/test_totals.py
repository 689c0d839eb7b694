"""Coefficients, bounds and red lines between the sum of the parts and the total."""

import json
from typing import Any

import pytest

from appraisal.scoring.engine import score
from appraisal.scoring.inputs import Given, TableRows, Told
from appraisal.scoring.scored import Scored, sealed
from appraisal.scoring.verify import differences
from tests.schemes.large import large
from tests.scoring.figures import FINANCE, D, measure, ratings

ITEM = {"title": "one", "value": D(20), "status": "late"}


def figures(**changes: Given | None) -> dict[str, Given]:
    found: dict[str, Any] = {
        "sales": measure("90", "100", new="30"), "plain": measure("10"), "role": Told("director", FINANCE),
        "manner": ratings("8"), "work": TableRows((ITEM,), FINANCE), **changes,
    }  # fmt: skip
    return {key: given for key, given in found.items() if given is not None}


def scored(*changes: tuple[str, str], **given: Given | None) -> Scored:
    result = score(large(*changes), figures(**given), period_kind="month")
    assert differences(json.loads(json.dumps(sealed(result.to_json())))) == []
    return result


def before_grades(text: str) -> tuple[str, str]:
    return "grades:\n", f"{text}\ngrades:\n"


def test_the_parts_add_up_by_hand() -> None:
    # 40 × 90 % + 20 + (20 − 50 % of 20) + 20 × 80 %
    result = scored()

    assert (result.total, result.grade) == (D(82), "good")
    paid = {node.key: node for node in result.results}["paid"]
    assert (paid.value, result.tables["lines"].rows[0]["half"]) == (D(750), D(10))


def test_a_coefficient_multiplies_the_total_before_its_bounds() -> None:
    times = before_grades("total: {times: plain / 8, cap: 95}")

    assert scored(times).total == D(95)
    # One step of five short: 19 instead of 20 points.
    assert scored(times, plain=measure("5")).total == D("50.625")


def test_a_floor_holds_the_total() -> None:
    assert scored(before_grades('total: {times: "0", floor: 5}')).total == D(5)


def test_without_the_figure_of_its_coefficient_there_is_no_total() -> None:
    times = before_grades("total: {times: stand}")
    extra = ("  plain: {kind", "  stand: {kind: measure, label: {zh: 系数, en: Factor}, owner: hr}\n  plain: {kind")
    result = scored(times, extra)

    assert (result.total, [(gap.key, gap.reason) for gap in result.missing]) == (None, [("stand", "not_given")])


def test_a_coefficient_that_divides_by_nothing_leaves_no_total() -> None:
    result = scored(before_grades("total: {times: 1 / (plain - 10)}"))

    assert (result.total, [gap.reason for gap in result.missing]) == (None, ["nothing_to_divide_by"])


@pytest.mark.parametrize(
    ("veto", "total", "grade"),
    [
        ("{label: {zh: 红线, en: Red}, when: plain > 9, grade: poor}", "82", "poor"),
        ("{label: {zh: 红线, en: Red}, when: plain > 10, grade: poor}", "82", "good"),
        ("{label: {zh: 红线, en: Red}, when: plain > 9, at_most: 59}", "59", "poor"),
        ("{label: {zh: 红线, en: Red}, when: total < 90 and bearing == 80, at_most: 81}", "81", "good"),
        ("{label: {zh: 红线, en: Red}, when: \"sum(work, 1, status == 'late') > 0\", grade: poor}", "82", "poor"),
    ],
)
def test_a_red_line_sets_the_grade_or_bounds_the_total(veto: str, total: str, grade: str) -> None:
    result = scored(before_grades(f"veto: [{veto}]"))

    assert (result.total, result.grade) == (D(total), grade)


@pytest.mark.parametrize(("required", "total"), [("true", None), ("false", "82")])
def test_a_red_line_over_a_figure_that_nobody_gave(required: str, total: str | None) -> None:
    veto = before_grades("veto: [{label: {zh: 红线, en: Red}, when: stand > 0, grade: poor}]")
    measure_ = (
        f"  stand: {{kind: measure, label: {{zh: 红, en: Red}}, owner: hr, required: {required}}}\n  plain: {{kind"
    )
    result = scored(veto, ("  plain: {kind", measure_))

    assert result.total == (None if total is None else D(total))
    assert [gap.key for gap in result.missing] == ([] if total else ["stand"])


def test_a_condition_that_cannot_be_reckoned_leaves_the_indicator_out() -> None:
    line = "{indicator: reach, label: {zh: 达成, en: Reach}, weight: 40,"
    result = scored((line, f"{line} when: 1 / (plain - 10) > 0,"))

    # (20 + 10 + 16) ÷ 60
    assert result.total == (D(46) / D("0.6")).quantize(D("1e-20"))
