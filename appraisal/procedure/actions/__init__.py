"""Every act of the procedure: cycles are drafted and launched, appraisals moved one by one and in bulk."""

from appraisal.procedure.actions.drafting import (
    add_track,
    cancel_cycle,
    draft_cycle,
    edit_cycle,
    edit_track,
    remove_track,
)
from appraisal.procedure.actions.launching import carry_on_launch, launch_cycle, prepare_launch

__all__ = [
    "add_track", "cancel_cycle", "carry_on_launch", "draft_cycle", "edit_cycle", "edit_track", "launch_cycle",
    "prepare_launch", "remove_track",
]  # fmt: skip
