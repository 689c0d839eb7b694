"""The appraisal's own table (考核), every step switched on where the case asks for it."""

from __future__ import annotations

from datetime import timedelta

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from tests.cast import Cast
from tests.factories.cycles import at, launch_one, loaded
from tests.house.permissions.tables import HR, KEEPERS, SYSTEM, Case, Row

NOT_HOLDER = "sent back by the one who holds the step"
WITHDRAWABLE = "planning tracking self_review scoring countersigning calibrating decided interviewing appeal_window"
TABLE = {
    # The case has left the start; the launch of a new row is in test_launch.
    "launch": Row("start", HR),
    "agree_targets": Row("planning", "employee"),
    "start_review": Row("tracking", f"{HR} {SYSTEM}"),
    "submit_self_review": Row("self_review", "employee", {"self_review": "still missing"}),
    "pass_over_self_review": Row("self_review", f"{KEEPERS} {SYSTEM}"),
    "submit_score": Row("scoring", "manager", {"scoring": "still missing"}),
    "send_back": Row(
        "scoring countersigning calibrating", f"{HR} manager second_level", reasoned=True,
        unless={
            **{f"scoring {part}": NOT_HOLDER for part in ("hr", "hr_two", "second_level")},
            **{f"countersigning {part}": NOT_HOLDER for part in ("hr", "hr_two", "manager")},
            **{f"calibrating {part}": NOT_HOLDER for part in ("manager", "second_level")},
        },
    ),
    "countersign": Row("countersigning", "second_level"),
    "confirm_calibration": Row("calibrating", HR, {"calibrating": "confirmed or changed"}),
    "release": Row("decided", HR),
    "recall": Row("interviewing", HR, reasoned=True),
    "record_interview": Row("interviewing", f"{HR} employee", {"interviewing": "not been recorded"}),
    "acknowledge": Row(
        "interviewing appeal_window improving closed", f"{KEEPERS} employee",
        {
            f"{state} {part}": "Only the employee"
            for state in ("interviewing", "appeal_window", "improving", "closed") for part in KEEPERS.split()
        },
    ),
    "lodge_appeal": Row("appeal_window", "employee"),
    "decide_appeal": Row("appealed", f"{HR} sales_director"),
    "withdraw_appeal": Row("appealed", "employee"),
    "close_window": Row("appeal_window", SYSTEM),
    "conclude_improvement": Row("improving", f"{HR} {SYSTEM}", {"improving": "still running"}),
    "correct": Row("closed", HR, {"closed": "Nobody has proposed a correction"}),
    "withdraw": Row(WITHDRAWABLE, HR, reasoned=True),
    "reinstate": Row("withdrawn", HR, reasoned=True),
}  # fmt: skip

SOMETIMES_ON = ("planning", "countersigning", "calibrating")


def case(cast: Cast, state: str) -> Case:
    """Late in May, when every deadline is past; the employee agrees wherever an answer is asked for."""
    steps = {step: {"on": True, "days": 5} for step in SOMETIMES_ON} if state in SOMETIMES_ON else None
    walked = launch_one(cast, Step(state), steps=steps)
    return Case(ready(walked), at(5, 20) + timedelta(days=1), {"to": "scoring", "answer": "agreed"})


def ready(appraisal: Appraisal) -> Appraisal:
    found: Appraisal = loaded().select_related("cycle__calendar").get(pk=appraisal.pk)
    return found
