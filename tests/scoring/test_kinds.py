import pytest

from appraisal.schemes.loader import load_scheme
from appraisal.scoring.engine import score
from appraisal.scoring.inputs import Absent, Given, Source, SurveyFigure
from tests.schemes.documents import SALES, small
from tests.scoring.figures import AT, FINANCE, D, incidents, measure, node, ratings, scored


@pytest.mark.parametrize(
    ("given", "points", "branch"),
    [
        (measure("960000", "1000000"), "96", "plain"),
        (measure("1200000", "1000000"), "120", "plain"),
        (measure("1200000.01", "1000000"), "120", "capped"),
        (measure("0", "1000000"), "0", "plain"),
        (measure("-5000", "1000000"), "0", "floored"),
    ],
)
def test_attainment_lies_between_floor_and_cap(given: Given, points: str, branch: str) -> None:
    found = node(scored(sales=given), "sales_attainment")

    assert (found.value, found.branch) == (D(points), branch)


@pytest.mark.parametrize(("actual", "points", "branch"), [("79.99", "0", "below_gate"), ("80", "80", "plain")])
def test_below_the_gate_nothing_is_earned(actual: str, points: str, branch: str) -> None:
    scheme = small(("cap: {parameter: cap}", "cap: {parameter: cap}, gate: 80"))
    found = node(score(scheme, {"sales": measure(actual, "100")}, period_kind="quarter"), "attainment")

    assert (found.value, found.branch) == (D(points), branch)


@pytest.mark.parametrize(
    ("given", "reason"),
    [(None, "not_given"), (measure("5"), "no_target"), (measure("5", "0"), "target_not_positive")],
)
def test_without_a_figure_or_a_target_there_is_no_score_and_it_says_what_is_missing(
    given: Given | None, reason: str
) -> None:
    result = scored(sales=given)

    assert (result.total, result.grade) == (None, None)
    assert [(gap.indicator, gap.key, gap.reason) for gap in result.missing] == [("sales_attainment", "sales", reason)]
    assert node(result, "quantitative").status == "missing"
    assert node(result, "qualitative").value == D("91.25")


def test_nobody_gave_a_rating_is_never_zero() -> None:
    result = scored(learning=ratings())

    assert (result.total, [gap.key for gap in result.missing]) == (None, ["learning"])


def test_a_ratio_over_nothing_has_no_value_and_its_weight_goes_to_the_others() -> None:
    result = scored(receivable_due=measure("0"), collected=measure("0"))
    found = node(result, "collection_timeliness")

    assert (found.value, found.status, found.branch) == (None, "left_out", "nothing_to_divide_by")
    # (15 × (96 + 80 + 75) + 10 × 365) / 85
    assert result.total == (D(15 * 251 + 3650) / D(85)).quantize(D("1e-20"))


def test_a_figure_that_its_owner_declares_absent_is_left_out_with_the_reason() -> None:
    absent = Absent("no survey this quarter", Source("Li", AT, "typed"))
    result = scored(satisfaction=absent)

    assert result.total == (D(7885) / D(90)).quantize(D("1e-20"))
    assert "no survey this quarter" in node(result, "customer_satisfaction").sentence.en


@pytest.mark.parametrize(
    ("severities", "points", "branch"),
    [
        ((), "100", "plain"),
        (("minor",), "95", "plain"),
        (("minor", "medium", "serious"), "65", "plain"),
        (("serious",) * 5, "0", "plain"),
        (("serious",) * 6, "0", "floored"),
        (("critical",), "0", "nothing_left"),
        (("minor", "critical"), "0", "nothing_left"),
    ],
)
def test_violations_take_points_off_by_severity(severities: tuple[str, ...], points: str, branch: str) -> None:
    found = node(scored(audit=incidents(*severities)), "sales_compliance")

    assert (found.value, found.branch, len(found.children)) == (D(points), branch, len(severities))


def test_anonymous_raters_below_the_minimum_are_left_out_and_hidden() -> None:
    result = scored(teamwork=ratings("10", "20"))
    found = node(result, "team_contribution")

    assert (found.value, found.status, found.branch, found.used) == (None, "left_out", "below_minimum", ())
    assert result.total == (D(15 * 341 + 10 * 280) / D(90)).quantize(D("1e-20"))
    assert "10" not in found.sentence.en
    assert "20" not in found.sentence.en


def test_anonymous_ratings_are_shown_only_as_their_mean() -> None:
    found = node(scored(teamwork=ratings("80", "90", "85", "92")), "team_contribution")

    assert found.value == D("86.75")
    assert [(used.figures, used.sources) for used in found.used] == [((), ())]
    assert {figure.name: figure.value for figure in found.figures} == {
        "scale": D(100), "at_least": D(3), "mean": D("86.75"), "count": D(4),
    }  # fmt: skip


def test_nobody_among_anonymous_raters_is_too_few_and_not_zero() -> None:
    assert node(scored(teamwork=ratings()), "team_contribution").status == "left_out"


def test_a_scheme_may_count_too_few_raters_without_showing_them() -> None:
    text = SALES.replace("    anonymous: true\n", "    anonymous: true\n    below_minimum: count_hidden\n")
    found = node(scored(load_scheme(text, file="x"), teamwork=ratings("80", "90")), "team_contribution")

    assert (found.value, found.branch, found.used) == (D(85), "counted_hidden", ())
    assert [figure.name for figure in found.figures] == ["scale", "at_least"]


def test_a_mean_on_another_scale_becomes_points_of_a_hundred() -> None:
    result = score(small(), {"rating": ratings("7")}, period_kind="quarter")

    assert node(result, "manner").value == D(70)


def test_a_survey_below_its_minimum_is_left_out() -> None:
    text = SALES.replace("    by: customers\n", "    by: customers\n    at_least: 5\n")
    scheme = load_scheme(text, file="x")

    few = scored(scheme, satisfaction=SurveyFigure(D(88), 4, FINANCE))
    enough = scored(scheme, satisfaction=SurveyFigure(D(88), 5, FINANCE))
    assert node(few, "customer_satisfaction").status == "left_out"
    assert enough.total == D("87.65")


def test_growth_is_measured_against_the_earlier_figure() -> None:
    text = SALES.replace("score: {attainment: new_customers,", "score: {growth: new_customers, over: leads,")
    scheme = load_scheme(text, file="x")
    found = node(scored(scheme, new_customers=measure("13.8", "1"), leads=measure("12")), "customer_development")

    assert found.value == D(15)


def test_a_bound_that_nobody_wrote_is_not_said_to_be_the_sources() -> None:
    figures = {figure.name: figure.origin for figure in node(scored(), "sales_attainment").figures}

    assert (figures["floor"], figures["cap"], figures["attained"]) == ("rule", "assumed", "derived")
