"""The calibration session's machine."""

from django.utils.translation import gettext_lazy as _

from appraisal.calibration.models import CalibrationSession
from appraisal.calibration.rules import everybody_decided
from appraisal.calibration.states import ENDED, SessionState, SessionVerb
from appraisal.people.roles import roles_of
from workflow import facts
from workflow.facts import FactType
from workflow.machine import START, Machine, Role, Transition, register

facts.register(
    # The employee reads it before the release: it says neither the grade nor whether it moved.
    FactType("calibration.decided", _("Looked at in calibration"), _("%(actor)s looked at the result in calibration")),
    FactType("calibration.prepared", _("Session prepared"), _("%(actor)s prepared the calibration session")),
    FactType("calibration.opened", _("Session opened"), _("%(actor)s opened the calibration session")),
    FactType("calibration.edited", _("Session changed"), _("%(actor)s changed the calibration session")),
    FactType("calibration.locked", _("Session locked"), _("%(actor)s locked the calibration session")),
    FactType("calibration.unlocked", _("Session unlocked"), _("%(actor)s unlocked the calibration session")),
    FactType("calibration.finalised", _("Session finalised"), _("%(actor)s finalised the calibration session")),
    FactType("calibration.cancelled", _("Session called off"), _("%(actor)s called off the calibration session")),
)

HR = ("hr",)
MACHINE = register(
    Machine(
        name="calibration_session",
        label=_("Calibration session"),
        model=CalibrationSession,
        states=SessionState,
        roles=(Role("hr", _("HR"), lambda session, user: "hr" in roles_of(user).names),),
        final=frozenset(ENDED),
        transitions=(
            Transition(
                SessionVerb.PREPARE, SessionVerb.PREPARE.label, (START,), HR, "calibration.prepared",
                (SessionState.PREPARING,),
            ),
            Transition(
                SessionVerb.OPEN, SessionVerb.OPEN.label, (SessionState.PREPARING,), HR, "calibration.opened",
                (SessionState.OPEN,),
            ),
            Transition(
                SessionVerb.LOCK, SessionVerb.LOCK.label, (SessionState.OPEN,), HR, "calibration.locked",
                (SessionState.LOCKED,), guards=(everybody_decided,),
            ),
            Transition(
                SessionVerb.UNLOCK, SessionVerb.UNLOCK.label, (SessionState.LOCKED,), HR, "calibration.unlocked",
                (SessionState.OPEN,), needs_reason=True,
            ),
            Transition(
                SessionVerb.FINALISE, SessionVerb.FINALISE.label, (SessionState.LOCKED,), HR, "calibration.finalised",
                (SessionState.FINALISED,), guards=(everybody_decided,),
            ),
            Transition(
                SessionVerb.CANCEL, SessionVerb.CANCEL.label, (SessionState.PREPARING,), HR, "calibration.cancelled",
                (SessionState.CANCELLED,), needs_reason=True,
            ),
        ),
    )
)  # fmt: skip
