from datetime import UTC, datetime
from decimal import getcontext, localcontext

import pytest

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.spec import RULES
from appraisal.scoring.engine import score
from appraisal.scoring.inputs import Given, Source, SurveyFigure
from appraisal.scoring.kinds import COMPUTATIONS
from appraisal.scoring.leaf import UnfitInputError
from tests.schemes.documents import SALES, sales, small
from tests.scoring.figures import FINANCE, D, incidents, measure, node, quarter, ratings, scored


def test_every_kind_of_rule_has_its_computation() -> None:
    assert set(COMPUTATIONS) == set(RULES)


def test_the_total_is_exact_and_graded_without_rounding() -> None:
    result = scored()

    assert (result.total, result.grade, result.missing) == (D("87.65"), "A", ())


@pytest.mark.parametrize(
    ("learning", "total", "grade"),
    [("65.5", "85", "A"), ("65.49", "84.999", "B"), ("65.4999999999", "84.99999999999", "B")],
)
def test_the_boundary_belongs_to_the_upper_grade_and_nothing_is_rounded_up_to_it(
    learning: str, total: str, grade: str
) -> None:
    result = scored(learning=ratings(learning))

    assert (result.total, result.grade) == (D(total), grade)


def test_thirds_that_add_up_to_a_whole_reach_the_boundary_exactly() -> None:
    # 15 × 3 × 200/3 + 15 × 100 + 10 × 400 = 8500
    result = scored(
        sales=measure("2", "3"), new_customers=measure("2", "3"), collected=measure("2"), receivable_due=measure("3"),
        signed_customers=measure("24"), satisfaction=SurveyFigure(D(100), 9, FINANCE),
        teamwork=ratings("100", "100", "100"), learning=ratings("100"),
    )  # fmt: skip

    assert node(result, "sales_attainment").value == D("66." + "6" * 31 + "7")
    assert (result.total, result.grade) == (D("85"), "A")


def test_a_month_goes_without_the_quarterly_figure() -> None:
    result = scored(period="month", satisfaction=None)

    assert result.total == D("87.61111111111111111111")
    assert node(result, "customer_satisfaction").branch == "absent_in_period"
    assert node(result, "qualitative").branch == "respread_across_all"


def test_weight_may_be_spread_within_the_group_instead() -> None:
    scheme = load_scheme(SALES.replace("\nindicators:", "\nrespread: within_group\nindicators:"), file="x")
    result = scored(scheme, period="month", satisfaction=None)

    # 0.6 × 85.25 + 0.4 × 277 / 3
    assert result.total == (D("51.15") + D("0.4") * D(277) / D(3)).quantize(D("1e-20"))
    contribution = node(result, "sales_compliance").contribution
    assert contribution is not None
    assert contribution.quantize(D("1e-20")) == (D(40) / D(3)).quantize(D("1e-20"))


def test_a_mix_of_raters_renormalises_when_one_is_absent() -> None:
    document = """\
scheme: mix
title: {zh: 混合评价, en: Mix of raters}
source: {file: 000.txt}
valid_from: 2026-01-01
subject: person
period_kinds: [quarter]
inputs:
  own: {kind: rating, label: {zh: 自评, en: Self}, by: employee, scale: {points: 100}}
  peer: {kind: rating, label: {zh: 同事, en: Peers}, by: peers, scale: {points: 100}, anonymous: true, at_least: 3}
  superior: {kind: rating, label: {zh: 上级, en: Superior}, by: manager, scale: {points: 100}}
indicators:
  - {indicator: i1, label: {zh: 自评, en: Self}, weight: 20, score: {mean: own}}
  - {indicator: i2, label: {zh: 同事, en: Peers}, weight: 30, score: {mean: peer}}
  - {indicator: i3, label: {zh: 上级, en: Superior}, weight: 50, score: {mean: superior}}
steps: {}
"""
    scheme = load_scheme(document, file="mix.yaml")
    full = {"own": ratings("90"), "peer": ratings("84", "84", "84"), "superior": ratings("82")}

    assert score(scheme, full, period_kind="quarter").total == D("84.2")
    without = score(scheme, {**full, "peer": ratings("84")}, period_kind="quarter")
    assert without.total == (D(59) / D("0.7")).quantize(D("1e-20"))
    assert without.grade is None


def test_a_cycle_may_set_the_parameters_of_the_scheme() -> None:
    result = score(sales(), quarter(), period_kind="quarter", parameters={"grade_a": D(88)})

    assert (result.total, result.grade) == (D("87.65"), "B")
    origins = {figure.name: figure.origin for figure in result.tree.figures}
    assert origins == {"lower": "assumed", "upper": "set"}
    with pytest.raises(KeyError):
        score(sales(), quarter(), period_kind="quarter", parameters={"grade_x": D(88)})


def test_a_missing_parameter_gives_no_score_but_its_name() -> None:
    text = SALES.replace('assumed: 20\n    unit: "%"', "missing: true")
    result = scored(load_scheme(text, file="x"))

    assert result.total is None
    assert ("lead_conversion_target", "parameter") in [(gap.key, gap.reason) for gap in result.missing]
    filled = score(
        load_scheme(text, file="x"), quarter(), period_kind="quarter", parameters={"lead_conversion_target": D(20)}
    )
    assert filled.total == D("87.65")


def test_a_total_is_rounded_before_grading_only_where_the_scheme_says_so() -> None:
    rounding = ("grades:\n", "grades:\n  round: {places: 0, mode: half_up}\n")
    figures = {"sales": measure("79.2", "100"), "rating": ratings("6.65"), "audit": incidents()}

    exact = score(small(), figures, period_kind="quarter")
    assert (exact.total, exact.grade) == (D("79.55"), "poor")
    rounded = score(small(rounding), figures, period_kind="quarter")
    assert (rounded.total, rounded.tree.value, rounded.grade) == (D("79.55"), D(80), "good")


@pytest.mark.parametrize(
    "change",
    [
        {"sales": ratings("5")},
        {"teamwork": measure("5")},
        {"audit": measure("5")},
        {"satisfaction": measure("5")},
        {"teamwork": ratings("50", "60", "101")},
        {"learning": ratings("-1")},
        {"audit": incidents("unheard_of")},
    ],
)
def test_a_figure_that_cannot_belong_to_the_scheme_is_refused(change: dict[str, Given]) -> None:
    with pytest.raises(UnfitInputError):
        scored(**change)


def test_the_global_decimal_context_neither_matters_nor_changes() -> None:
    with localcontext() as context:
        context.prec = 3
        result = score(sales(), quarter(satisfaction=None), period_kind="month")
        assert getcontext().prec == 3

    assert result.total == D("87.61111111111111111111")


def test_the_explanation_keeps_who_gave_a_figure_when_and_how() -> None:
    (used,) = node(scored(), "sales_attainment").used

    assert used.sources == (Source("Zhao Min", datetime(2026, 4, 1, 10, 42, tzinfo=UTC), "actuals.xlsx, row 7"),)


def test_new_customers_and_repurchases_are_shown_apart() -> None:
    figures = {figure.name: figure for figure in node(scored(), "sales_attainment").figures}

    assert (figures["share.new"].value, figures["share.repurchase"].value) == (D("62.5"), D("37.5"))
    assert figures["share.new"].label == ("新客戶銷售額占比", "Share of sales to new customers")
