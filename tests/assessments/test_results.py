"""Results of real rows against the worked examples of the catalogue."""

from decimal import Decimal

import pytest

from appraisal.assessments.actions import save_score_draft, submit_score
from appraisal.assessments.results import compute, compute_many, gather_inputs, recompute
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.states import Origin, Step
from appraisal.records.models import Incident
from appraisal.records.states import IncidentState
from appraisal.scoring.inputs import Ratings
from tests.assessments.conftest import MONTH, NOW, enter_figures, full_score, rate
from tests.cast import Cast
from tests.factories.cycles import at, launch_one
from workflow.errors import GuardRefused


def give_score(cast: Cast, appraisal: Appraisal, points: str = "92") -> None:
    save_score_draft(acting_user=cast.manager.user, appraisal=appraisal, patch=full_score(points), draft=0, at=NOW)
    submit_score(acting_user=cast.manager.user, appraisal=appraisal, at=NOW)


def violation(cast: Cast, appraisal: Appraisal, severity: str) -> Incident:
    return Incident.objects.create(
        person_id=appraisal.employee_id, input_key="audit", happened_on=at(2, 10).date(), kind="合同漏洞",
        severity=severity, description="缺少盖章", state=IncidentState.CONFIRMED, reported_by=cast.finance.user,
        reported_at=at(2, 11), decided_by=cast.legal.user, decided_role="legal", decided_at=at(2, 12),
    )  # fmt: skip


def test_a_submitted_score_is_the_worked_example_of_the_quarter(cast: Cast, scoring: Appraisal) -> None:
    give_score(cast, scoring)

    stored = Appraisal.objects.get(pk=scoring.pk)
    result = Result.objects.get(appraisal=scoring)
    # B-17: 0.6 x (96 + 80 + 90 + 75) / 4 + 0.4 x (88 + 100 + 85 + 92) / 4 = 87.65
    assert (stored.review_score, stored.review_grade) == (Decimal("87.65"), "A")
    assert (stored.final_score, stored.final_grade, stored.final_origin) == (Decimal("87.65"), "A", Origin.REVIEW)
    assert stored.scored_by == cast.manager.user
    assert stored.state == Step.DECIDED
    assert (result.score, result.grade, result.by, result.at) == (Decimal("87.65"), "A", cast.manager.user, NOW)
    assert (result.explanation["total"], result.tree["value"]) == ("87.65", "87.65")


def test_a_month_leaves_the_quarterly_survey_out(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING, **MONTH)
    enter_figures(cast, appraisal, satisfaction=None)
    rate(cast, appraisal, "80", "85", "90")

    give_score(cast, appraisal)

    # B-33: (15 x 341 + 10 x 277) / 90 = 87.6111…
    assert Appraisal.objects.get(pk=appraisal.pk).final_score == Decimal("87.6111")


def test_a_confirmed_violation_takes_points_off_by_severity(cast: Cast, scoring: Appraisal) -> None:
    violation(cast, scoring, "medium")

    give_score(cast, scoring)

    # Compliance 90 instead of 100, with a weight of 10: one point less.
    assert Appraisal.objects.get(pk=scoring.pk).final_score == Decimal("86.65")


def test_a_violation_that_nobody_confirmed_does_not_count(cast: Cast, scoring: Appraisal) -> None:
    incident = violation(cast, scoring, "critical")
    Incident.objects.filter(pk=incident.pk).update(state=IncidentState.REPORTED)

    give_score(cast, scoring)

    assert Appraisal.objects.get(pk=scoring.pk).final_score == Decimal("87.65")


def test_missing_data_is_refused_by_name_and_supplier(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    enter_figures(cast, appraisal, leads=None, receivable_due=None)
    save_score_draft(acting_user=cast.manager.user, appraisal=appraisal, patch=full_score(), draft=0, at=NOW)

    with pytest.raises(GuardRefused) as refusal:
        submit_score(acting_user=cast.manager.user, appraisal=appraisal, at=NOW)

    # Nobody has been asked to rate the cooperation either.
    for words in ("應回款額", "潛在線索數", "團隊成員匿名評價"):
        assert words in refusal.value.reason
    assert not Result.objects.exists()
    assert Appraisal.objects.get(pk=appraisal.pk).state == Step.SCORING


def test_two_raters_are_too_few_and_stay_hidden(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    enter_figures(cast, appraisal)
    rate(cast, appraisal, "10", "11")
    give_score(cast, appraisal)

    stored = Appraisal.objects.get(pk=appraisal.pk)
    node = Result.objects.get(appraisal=appraisal)
    # (15 x 341 + 10 x (88 + 100 + 92)) / 90 = 87.9444…
    assert stored.final_score == Decimal("87.9444")
    team = next(child for child in _leaves(node.tree) if child["key"] == "team_contribution")
    assert (team["status"], team["value"], team["used"]) == ("left_out", None, [])
    assert [figure["name"] for figure in team["figures"]] == ["scale", "at_least"]


def test_names_of_anonymous_raters_never_enter(cast: Cast, scoring: Appraisal) -> None:
    inputs = gather_inputs([scoring])[scoring.pk]
    give_score(cast, scoring)

    assert inputs["teamwork"] == Ratings((Decimal(80), Decimal(85), Decimal(90)), ())
    text = str(Result.objects.get(appraisal=scoring).explanation)
    assert all(member.person.name not in text for member in cast.colleagues)
    assert all(member.user.first_name not in text for member in cast.colleagues)


def test_sources_say_who_gave_a_figure(cast: Cast, scoring: Appraisal) -> None:
    inputs = gather_inputs([scoring])[scoring.pk]

    source = inputs["sales"].source
    assert (source.who, source.when, source.how) == ("吕超", at(4, 2), "sales.xlsx")
    assert inputs["sales"].split == {"new": Decimal(600000), "repurchase": Decimal(360000)}


def test_many_are_computed_in_a_constant_number_of_queries(
    cast: Cast, scoring: Appraisal, django_assert_num_queries
) -> None:
    rows = [Appraisal.objects.select_related("cycle", "track", "employee", "manager").get(pk=scoring.pk)]

    # Figures, rows of tables, incidents, reviews, requests; the calendar and its days for the dates of the scheme.
    with django_assert_num_queries(7):
        compute_many(rows)


def test_a_measure_upheld_on_appeal_is_computed_anew(cast: Cast, scoring: Appraisal) -> None:
    give_score(cast, scoring)

    recompute(
        scoring, {"lead_conversion": Decimal(20)}, origin=Origin.APPEAL, acting_user=cast.hr.user, at=at(4, 20),
        reason="线索重复计入",
    )  # fmt: skip

    stored = Appraisal.objects.get(pk=scoring.pk)
    # 20 of 100 leads reach the target of 20 %: 100 instead of 75 points, with a weight of 15: 87.65 + 3.75.
    assert (stored.final_score, stored.final_grade, stored.final_origin) == (Decimal("91.4"), "A", Origin.APPEAL)
    assert (stored.review_score, stored.review_grade) == (Decimal("87.65"), "A")
    lead = next(node for node in _leaves(Result.objects.latest("pk").tree) if node["key"] == "lead_conversion")
    [source] = [used["sources"][0] for used in lead["used"] if used["key"] == "signed_customers"]
    assert "set by the appeal panel" in source["how"]
    assert "线索重复计入" in source["how"]


@pytest.mark.parametrize(
    ("key", "value", "score", "grade"),
    [
        ("sales_compliance", "100", "87.65", "A"),
        ("audit", "95", "87.15", "A"),
        ("team_contribution", "95", "87.65", "A"),
        ("sales", "1100000", "88.75", "A"),
        ("customer_satisfaction", "98", "87.65", "A"),
    ],
)
def test_the_panel_may_set_any_indicator(
    cast: Cast, scoring: Appraisal, key: str, value: str, score: str, grade: str
) -> None:
    violation(cast, scoring, "medium")
    give_score(cast, scoring)
    assert scoring.final_score == Decimal("86.65")

    result = recompute(scoring, {key: Decimal(value)}, acting_user=cast.hr.user, at=at(4, 20))

    assert (result.score, result.grade) == (Decimal(score), grade)


def test_points_set_by_the_panel_lie_on_the_scale(cast: Cast, scoring: Appraisal) -> None:
    give_score(cast, scoring)

    with pytest.raises(GuardRefused):
        recompute(scoring, {"team_contribution": Decimal(101)}, acting_user=cast.hr.user, at=at(4, 20))
    with pytest.raises(GuardRefused):
        recompute(scoring, {"invented": Decimal(1)}, acting_user=cast.hr.user, at=at(4, 20))


def test_an_appeal_never_worsens_the_grade(cast: Cast, scoring: Appraisal) -> None:
    give_score(cast, scoring)
    Appraisal.objects.filter(pk=scoring.pk).update(final_grade="S")
    scoring.refresh_from_db()

    result = recompute(scoring, {"lead_conversion": Decimal(20)}, acting_user=cast.hr.user, at=at(4, 20))

    assert (result.score, result.grade) == (Decimal("91.4"), "S")


def test_a_preview_takes_points_that_are_not_saved(cast: Cast, scoring: Appraisal) -> None:
    assert compute(scoring).total is None
    assert compute(scoring, ratings={"learning": Decimal(92)}).total == Decimal("87.65")


def _leaves(node: dict) -> list[dict]:
    return [node, *(leaf for child in node["children"] for leaf in _leaves(child))]
