"""Every act of the procedure: cycles are drafted and launched, appraisals moved one by one and in bulk."""

from appraisal.procedure.actions.bulk import (
    extend_deadlines,
    last_nudges,
    nudge,
    pass_over_many,
    release_many,
    who_can_be_nudged,
)
from appraisal.procedure.actions.closing import close_cycle
from appraisal.procedure.actions.corrections import approve_correction, decline_correction, propose_correction
from appraisal.procedure.actions.drafting import (
    add_track,
    cancel_cycle,
    draft_cycle,
    edit_cycle,
    edit_track,
    remove_track,
)
from appraisal.procedure.actions.handover import hand_over, hand_over_from_leavers
from appraisal.procedure.actions.launching import carry_on_launch, launch_cycle, prepare_launch
from appraisal.procedure.actions.runs import carry_on, prepare_run
from appraisal.procedure.actions.steps import (
    agree_targets,
    countersign,
    pass_over_self_review,
    recall,
    reinstate,
    release,
    send_back,
    start_review,
    withdraw,
)

__all__ = [
    "add_track", "agree_targets", "approve_correction", "cancel_cycle", "carry_on", "carry_on_launch", "close_cycle",
    "countersign", "decline_correction", "draft_cycle", "edit_cycle", "edit_track", "extend_deadlines", "hand_over",
    "hand_over_from_leavers", "last_nudges", "launch_cycle", "nudge", "pass_over_many", "pass_over_self_review",
    "prepare_launch", "prepare_run", "propose_correction", "recall", "reinstate", "release", "release_many",
    "remove_track", "send_back", "start_review", "who_can_be_nudged", "withdraw",
]  # fmt: skip
