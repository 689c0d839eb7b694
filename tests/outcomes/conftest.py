from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from appraisal.cycles.models import Appraisal, AppraisalCycle, Result, Track
from appraisal.cycles.states import CycleState, Origin, Step
from appraisal.procedure.actions import release_many
from appraisal.records.periods import Period, before, month_of, months_from, quarter_of, year_of
from appraisal.schemes.models import SchemeVersion
from tests.cast import Cast, Member
from tests.factories.cycles import loaded, scheme_version
from workflow.engine import BulkOutcome

ZONE = ZoneInfo("Asia/Shanghai")
SCORES = {"S": "96", "A": "88", "B": "75", "C": "65", "D": "50"}
PERIODS: dict[str, Callable[[date], Period]] = {"month": month_of, "quarter": quarter_of, "year": year_of}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def scheme(cast: Cast) -> SchemeVersion:
    return scheme_version()


def moment_after(period: Period) -> datetime:
    return datetime.combine(period.ends_on + timedelta(days=14), datetime.min.time(), ZONE).replace(hour=10)


def cycle_for(cast: Cast, scheme: SchemeVersion, period: Period, kind: str) -> Track:
    at = moment_after(period)
    cycle = AppraisalCycle.objects.create(
        name=period.code, period_kind=kind, starts_on=period.starts_on, ends_on=period.ends_on,
        calendar=cast.entity.calendar, owner=cast.hr.user, created_at=at, state=CycleState.OPEN,
    )  # fmt: skip
    return Track.objects.create(
        cycle=cycle, name="销售专员", scheme_version=scheme, scheme_digest=scheme.digest, population={}
    )


def decided(cast: Cast, track: Track, member: Member, grade: str, scores: dict[str, str] | None = None) -> Appraisal:
    """An appraisal that waits for its release, with the result behind it."""
    at = moment_after(Period(track.cycle.starts_on, track.cycle.ends_on))
    score = Decimal(SCORES[grade])
    one = Appraisal.objects.create(
        cycle=track.cycle, track=track, employee=member.person, manager=cast.manager.person, zone="Asia/Shanghai",
        second_level=cast.second_level.person, org_unit=member.person.org_unit, employee_account=member.user,
        manager_account=cast.manager.user, second_level_account=cast.second_level.user, scored_by=cast.manager.user,
        review_score=score, review_grade=grade, final_score=score, final_grade=grade, final_origin=Origin.REVIEW,
        state=Step.DECIDED, state_since=at,
    )  # fmt: skip
    Result.objects.create(
        appraisal=one, origin=Origin.REVIEW, score=score, grade=grade, at=at, explanation={"tree": tree(scores or {})}
    )
    return one


def tree(scores: dict[str, str]) -> dict[str, Any]:
    leaves = [
        {"rule": "survey", "key": key, "value": value, "figures": [], "children": []} for key, value in scores.items()
    ]
    return {"rule": "weighted_sum", "key": "total", "value": "80", "figures": [], "children": leaves}


@pytest.fixture
def released(cast: Cast, scheme: SchemeVersion) -> Callable[..., list[Appraisal]]:
    """Releases a row of results of one person: one grade a quarter (month, year), "-" for none, and gives them back."""

    def play(
        grades: Sequence[str], member: Member | None = None, kind: str = "quarter", scores: dict[str, str] | None = None
    ) -> list[Appraisal]:
        period = PERIODS[kind](date(2026, 1, 1))
        for _number in range(len(grades) - 1):
            period = before(period)
        found = []
        for grade in grades:
            if grade != "-":
                track = cycle_for(cast, scheme, period, kind)
                one = decided(cast, track, member or cast.employee, grade, scores)
                release(cast, [one])
                found.append(loaded().get(pk=one.pk))
            day = period.ends_on + timedelta(days=1)
            period = months_from(day.year, day.month, period.months)
        return found

    return play


def release(cast: Cast, appraisals: Sequence[Appraisal]) -> BulkOutcome[Appraisal]:
    at = max(one.state_since for one in appraisals if one.state_since)
    return release_many(acting_user=cast.hr_two.user, at=at, appraisals=appraisals)
