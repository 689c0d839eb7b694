"""The shared set-up reaches every step, and the log of the walk holds."""

import pytest

from appraisal.cycles.states import Step
from tests.cast import Cast
from tests.factories.cycles import launch_one
from workflow.verification import verify_all

ALL_ON = {"planning": {"on": True}, "countersigning": {"on": True}, "calibrating": {"on": True}}


@pytest.mark.parametrize("step", list(Step))
def test_every_step_can_be_reached(cast: Cast, step: Step) -> None:
    appraisal = launch_one(cast, step, steps=ALL_ON)
    assert appraisal.state == step
    assert verify_all()[1] == []
