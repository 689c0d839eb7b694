"""A scheme without grades is calibrated and released all the same."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from appraisal.assessments.actions import Patch, save_score_draft, submit_score
from appraisal.assessments.rules import load_papers
from appraisal.calibration.actions import decide_and_confirm
from appraisal.cycles.states import Step
from appraisal.procedure.actions import release_many
from appraisal.records.models import Actual
from tests.cast import Cast
from tests.factories.cycles import at, loaded
from tests.factories.kinds import CALIBRATED, launch_on
from workflow.errors import GuardRefused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(at(4, 2), tick=False)


def test_it_is_confirmed_without_a_grade_and_takes_none(cast: Cast) -> None:
    own = launch_on(cast, CALIBRATED)[0]
    Actual.objects.create(
        person=cast.employee.person, period_start=date(2026, 3, 1), period_end=date(2026, 3, 31), input_key="sales",
        actual=Decimal(90), source="typed", entered_by=cast.finance.user, entered_at=at(4, 2),
    )  # fmt: skip
    words = Patch(strengths="主动", improvements="细心")
    save_score_draft(acting_user=cast.manager.user, appraisal=own, patch=words, draft=0, at=at(4, 2))
    load_papers([own])
    submit_score(acting_user=cast.manager.user, appraisal=own, at=at(4, 2))
    own = loaded().get(pk=own.pk)
    assert own.state == Step.CALIBRATING
    with pytest.raises(GuardRefused):
        decide_and_confirm(acting_user=cast.hr.user, appraisal=own, grade="A", at=at(4, 3))
    decide_and_confirm(acting_user=cast.hr.user, appraisal=own, grade="", at=at(4, 3))
    release_many(acting_user=cast.hr.user, at=at(4, 3), appraisals=[loaded().get(pk=own.pk)])
    own = loaded().get(pk=own.pk)
    assert (own.state, own.final_grade, own.final_score) == (Step.APPEAL_WINDOW, "", Decimal(90))
