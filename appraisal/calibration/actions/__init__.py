from appraisal.calibration.actions.decisions import confirm, decide, decide_and_confirm
from appraisal.calibration.actions.sessions import (
    Finalised,
    Guideline,
    cancel_session,
    edit_session,
    finalise,
    lock,
    open_session,
    prepare_session,
    unlock,
)

__all__ = [
    "Finalised", "Guideline", "cancel_session", "confirm", "decide", "decide_and_confirm", "edit_session", "finalise",
    "lock", "open_session", "prepare_session", "unlock",
]  # fmt: skip
