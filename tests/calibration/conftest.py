"""Four people of the manager's team in calibration: B, A, B and C."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from appraisal.calibration.actions import open_session, prepare_session
from appraisal.calibration.models import CalibrationSession
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.states import Step
from tests.cast import Cast
from tests.factories.cycles import at, launch, walk_to

CALIBRATION_ON = {"calibrating": {"on": True, "days": 5}}
SCORES = (("82", "B"), ("88", "A"), ("74.5", "B"), ("61", "C"))
NOW = at(4, 12)


@pytest.fixture
def people(cast: Cast) -> list[Appraisal]:
    rows = launch(cast, cast.employee, *cast.colleagues, steps=CALIBRATION_ON)
    found = [
        walk_to(row, Step.CALIBRATING, cast, score=score, grade=grade)
        for row, (score, grade) in zip(rows, SCORES, strict=True)
    ]
    tree = {"rule": "weighted_sum", "key": "total", "label": {"zh": "总分", "en": "Total"}, "clause": None,
            "weight": "100", "weight_origin": "stated", "counted_weight": "100", "value": "82", "contribution": "82",
            "status": "counted", "branch": "", "sentence": {"zh": "", "en": ""}, "used": [], "figures": [],
            "rounding": None, "assumed": False, "children": []}  # fmt: skip
    document = {"format": "pingheng-explanation/1", "total": "82", "grade": "B", "missing": [], "tree": tree}
    Result.objects.filter(appraisal=found[0]).update(explanation=document)
    return found


@pytest.fixture
def opened(cast: Cast, people: list[Appraisal]) -> CalibrationSession:
    session = prepare_session(acting_user=cast.hr.user, cycle=people[0].cycle, name="一季度校准会", at=NOW)
    return open_session(acting_user=cast.hr.user, session=session, at=NOW)


Decide = Callable[..., Any]
CHANGE = {"reason": "线索质量高于同组。", "reason_for_employee": "客户反馈优于评分所见。"}


def score_of(appraisal: Appraisal) -> tuple[Decimal | None, str, str]:
    appraisal.refresh_from_db()
    return appraisal.final_score, appraisal.final_grade, appraisal.final_origin
