"""A year's result from the results of its quarters (S003-01: 年度考核：綜合全年表現)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.appeals.queries import labels_of
from appraisal.assessments.actions import (
    Patch,
    save_score_draft,
    save_self_review_draft,
    submit_score,
    submit_self_review,
)
from appraisal.assessments.models import Evidence
from appraisal.assessments.results import compute, compute_many
from appraisal.cycles.models import Appraisal, AppraisalCycle, Result
from appraisal.cycles.process import scheme_of
from appraisal.cycles.states import Step
from appraisal.records.queries import needed_inputs
from tests.cast import Cast, Member
from tests.counting import counted_queries
from tests.factories.cycles import at, launch, loaded, walk_to
from workflow.errors import GuardRefused

YEAR: dict[str, Any] = {
    "name": "2025年度", "name_en": "Year 2025", "period_kind": "year", "starts_on": date(2025, 1, 1),
    "ends_on": date(2025, 12, 31),
}  # fmt: skip
QUARTERS = (
    (date(2025, 1, 1), date(2025, 3, 31)), (date(2025, 4, 1), date(2025, 6, 30)),
    (date(2025, 7, 1), date(2025, 9, 30)), (date(2025, 10, 1), date(2025, 12, 31)),
)  # fmt: skip


def quarter(
    cast: Cast, number: int, score: str, grade: str = "B", *people: Member, to: Step = Step.INTERVIEWING
) -> None:
    """A quarter of the year before, worked off late."""
    starts_on, ends_on = QUARTERS[number - 1]
    about = {"name": f"2025年第{number}季度", "name_en": f"Q{number} 2025", "starts_on": starts_on, "ends_on": ends_on}
    for row in launch(cast, *people, **about):
        walk_to(row, to, cast, score=score, grade=grade)


def year(cast: Cast, *people: Member) -> list[Appraisal]:
    rows = launch(cast, *people, **YEAR)
    for row in rows:
        Appraisal.objects.filter(pk=row.pk).update(state=Step.SCORING)
    found = {row.pk: row for row in loaded().filter(pk__in=[row.pk for row in rows])}
    return [found[row.pk] for row in rows]


def test_the_year_is_the_weighted_mean_of_its_quarters_with_their_names(cast: Cast) -> None:
    for number, score in enumerate(("82", "87", "91", "76"), start=1):
        quarter(cast, number, score)
    scored = compute(year(cast)[0])

    # (82 + 87 + 91 + 76) / 4
    assert (scored.total, scored.grade) == (Decimal(84), "B")
    rolled = scored.tree.children[0]
    assert [node.label.en for node in rolled.children] == ["Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025"]


def test_a_quarter_that_was_not_released_is_missing_by_its_place(cast: Cast) -> None:
    for number, score in ((1, "82"), (3, "91"), (4, "76")):
        quarter(cast, number, score)
    quarter(cast, 2, "87", to=Step.DECIDED)
    appraisal = year(cast)[0]

    assert [gap.label.en for gap in compute(appraisal).missing] == ["Period 2"]
    patch = Patch(strengths="跟进及时", improvements="提高转化")
    save_score_draft(acting_user=cast.manager.user, appraisal=appraisal, patch=patch, draft=0, at=at(4, 9))
    with pytest.raises(GuardRefused) as refused:
        submit_score(acting_user=cast.manager.user, appraisal=appraisal, at=at(4, 9))
    assert "第 2 期" in str(refused.value.reason)


def test_other_people_other_years_and_other_kinds_of_period_do_not_count(cast: Cast) -> None:
    for number in (1, 2, 3, 4):
        quarter(cast, number, "90", "A", cast.employee, cast.colleagues[0])
    Appraisal.objects.filter(employee=cast.colleagues[0].person).update(final_score=Decimal(10))
    AppraisalCycle.objects.filter(name="2025年第4季度").update(starts_on=date(2024, 10, 1), ends_on=date(2024, 12, 31))

    scored = compute(year(cast)[0])

    assert [gap.key for gap in scored.missing] == ["period_4"]
    assert [node.value for node in scored.tree.children] == [Decimal(90)] * 3 + [None]


def test_a_whole_department_costs_the_same_queries_as_one(cast: Cast) -> None:
    people = (cast.employee, *cast.colleagues)
    quarter(cast, 1, "82", "B", *people)
    counts = []
    for rows in (year(cast, *people[:1]), year(cast, *people[1:])):
        with counted_queries() as queries:
            compute_many(rows)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_is_asked_for_in_a_year_but_words_and_the_result_as_a_whole_can_be_contested(cast: Cast) -> None:
    appraisal = year(cast)[0]

    assert needed_inputs(scheme_of(appraisal.track), "year") == {}
    assert list(labels_of(appraisal)) == [""]


def test_a_year_is_walked_from_the_self_review_to_the_result_with_its_quarters_on_the_pages(
    cast: Cast, client: Client
) -> None:
    for number, score in enumerate(("82", "87", "91", "76"), start=1):
        quarter(cast, number, score)
    appraisal = walk_to(launch(cast, **YEAR)[0], Step.SELF_REVIEW, cast)
    client.force_login(cast.employee.user)
    page = client.get(reverse("assessments:self_review_edit", args=[appraisal.pk]), headers={"accept-language": "en"})
    assert [words in page.content.decode() for words in ("Results of the periods", "Q2 2025", "87")] == [True] * 3
    save_self_review_draft(
        acting_user=cast.employee.user, appraisal=appraisal, patch=Patch(summary="全年完成。"), draft=0, at=at(4, 3)
    )
    Evidence.objects.create(
        appraisal=appraisal, name="总结.png", file="x.png", size=10, content_type="image/png", sha256="0" * 64,
        uploaded_by=cast.employee.user, uploaded_at=at(4, 3),
    )  # fmt: skip
    submit_self_review(acting_user=cast.employee.user, appraisal=appraisal, at=at(4, 3))
    patch = Patch(strengths="跟进及时", improvements="提高转化")
    save_score_draft(acting_user=cast.manager.user, appraisal=appraisal, patch=patch, draft=0, at=at(4, 9))
    client.force_login(cast.manager.user)
    page = client.get(reverse("assessments:score_edit", args=[appraisal.pk]), headers={"accept-language": "en"})
    assert "Q4 2025" in page.content.decode()
    submit_score(acting_user=cast.manager.user, appraisal=appraisal, at=at(4, 9))

    assert (Result.objects.get(appraisal=appraisal).score, Result.objects.get(appraisal=appraisal).grade) == (84, "B")
