"""Appraisals of a first quarter with the figures of the catalogue's worked example B-17."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from appraisal.assessments.actions import Patch, invite_raters, save_rating, submit_rating
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.cycles.states import Step
from appraisal.records.models import Actual
from tests.cast import Cast, Member
from tests.factories.cycles import at, launch_one

NOW = at(4, 9)
# 96 · 80 · 90 · 75 of the quantitative part, 88 of the survey; the mean of the raters is 85.
FIGURES: dict[str, tuple[str | None, str, dict[str, object]]] = {
    "sales": ("1000000", "960000", {"split": {"new": "600000", "repurchase": "360000"}}),
    "new_customers": ("10", "8", {}),
    "collected": (None, "450000", {}),
    "receivable_due": (None, "500000", {}),
    "signed_customers": (None, "15", {}),
    "leads": (None, "100", {}),
    "satisfaction": (None, "88", {"answers": 40}),
}
PEERS = ("80", "85", "90")


def enter_figures(cast: Cast, appraisal: Appraisal, **changed: str | None) -> None:
    """The worked example's figures, some changed, or left away with None."""
    cycle = appraisal.cycle
    Actual.objects.bulk_create(
        Actual(
            person_id=appraisal.employee_id, period_start=cycle.starts_on, period_end=cycle.ends_on, input_key=key,
            target=target, actual=Decimal(value), detail=detail, source="sales.xlsx", entered_by=cast.data_owner.user,
            entered_at=at(4, 2),
        )
        for key, (target, given, detail) in FIGURES.items()
        if (value := changed.get(key, given)) is not None
    )  # fmt: skip


def rate(cast: Cast, appraisal: Appraisal, *points: str, words: tuple[str, ...] = ()) -> None:
    """That many colleagues are invited, and give these points."""
    raters = [member.user for member in raters_of(cast)][: len(points)]
    requests = invite_raters(
        acting_user=cast.manager.user, appraisal=appraisal, input_key="teamwork", raters=raters, at=NOW
    )
    for number, request in enumerate(requests):
        comment = words[number] if number < len(words) else ""
        save_rating(acting_user=request.rater, request=request, points=points[number], comment=comment, draft=0, at=NOW)
        submit_rating(acting_user=request.rater, request=request, at=NOW)


def raters_of(cast: Cast) -> tuple[Member, ...]:
    return (*cast.colleagues, cast.outsider, cast.legal)


def full_self_review(appraisal: Appraisal) -> Patch:
    return Patch(
        entries={leaf.key: {"comment": f"{leaf.label.zh}已完成"} for leaf in scheme_of(appraisal.track).all_indicators},
        summary="达成了季度目标。",
    )


def full_score(points: str = "92") -> Patch:
    return Patch(
        entries={"learning": {"points": points}, "sales_attainment": {"comment": "稳定"}},
        strengths="跟进及时", improvements="提高转化",
    )  # fmt: skip


@pytest.fixture
def own(cast: Cast) -> Appraisal:
    """The employee's appraisal while the self-review is open."""
    return launch_one(cast, Step.SELF_REVIEW)


@pytest.fixture
def scoring(cast: Cast) -> Appraisal:
    """The employee's appraisal with the manager, figures entered, three colleagues' ratings in."""
    appraisal = launch_one(cast, Step.SCORING)
    enter_figures(cast, appraisal)
    rate(cast, appraisal, *PEERS)
    return appraisal


MONTH = {"period_kind": "month", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}
