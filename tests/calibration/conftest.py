"""Four people of the manager's team in calibration: B, A, B and C."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from appraisal.calibration.actions import open_session, prepare_session
from appraisal.calibration.models import CalibrationSession
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from tests.cast import Cast
from tests.factories.cycles import at, launch, walk_to

CALIBRATION_ON = {"calibrating": {"on": True, "days": 5}}
SCORES = (("82", "B"), ("88", "A"), ("74.5", "B"), ("61", "C"))
NOW = at(4, 12)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def people(cast: Cast) -> list[Appraisal]:
    rows = launch(cast, cast.employee, *cast.colleagues, steps=CALIBRATION_ON)
    return [
        walk_to(row, Step.CALIBRATING, cast, score=score, grade=grade)
        for row, (score, grade) in zip(rows, SCORES, strict=True)
    ]


@pytest.fixture
def opened(cast: Cast, people: list[Appraisal]) -> CalibrationSession:
    session = prepare_session(acting_user=cast.hr.user, cycle=people[0].cycle, name="一季度校准会", at=NOW)
    return open_session(acting_user=cast.hr.user, session=session, at=NOW)


CHANGE = {"reason": "线索质量高于同组。", "reason_for_employee": "客户反馈优于评分所见。"}


def score_of(appraisal: Appraisal) -> tuple[Decimal | None, str, str]:
    appraisal.refresh_from_db()
    return appraisal.final_score, appraisal.final_grade, appraisal.final_origin
