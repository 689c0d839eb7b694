"""An appraisal whose result was released on 14 April 2026 and whose interview is due."""

from __future__ import annotations

from datetime import datetime

import pytest

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.interviews.actions import AgreedAction, Record, record_interview
from appraisal.interviews.models import Interview
from tests.cast import Cast
from tests.factories.cycles import at, launch_one


@pytest.fixture
def appraisal(cast: Cast) -> Appraisal:
    return launch_one(cast, Step.INTERVIEWING)


def talk(start: datetime, end: datetime, *texts: str) -> Record:
    actions = [AgreedAction(text) for text in texts or ("每月两次深度回访",)]
    return Record(start, end, actions, "客户跟进及时。", "线索转化需要提高。", "双方同意。")


@pytest.fixture
def held(cast: Cast, appraisal: Appraisal) -> Interview:
    """From 14:00 to 14:30 on 15 April, recorded by the manager."""
    return record_interview(
        acting_user=cast.manager.user, appraisal=appraisal, record=talk(at(4, 15, 14), at(4, 15, 14, 30)),
        at=at(4, 15, 15),
    )  # fmt: skip
