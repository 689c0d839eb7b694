"""Who hears of a calibration session: who leads it. What it decides is told with the released result alone."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from appraisal.calibration.models import CalibrationSession
from appraisal.people.post import Desk, Notice, address, announce, kind

PREPARED = kind("calibration", "calibration.prepared", _("You lead a calibration session"), "digest")
CANCELLED = kind("calibration", "calibration.cancelled", _("A calibration session was called off"), "digest")
UNLOCKED = kind("calibration", "calibration.unlocked", _("A calibration session was unlocked"), "digest")

DESK = Desk(
    model=CalibrationSession,
    people=lambda sessions, roles: {session.pk: {"facilitator": [session.facilitator_id]} for session in sessions},
    name=lambda session: (session.name, session.name),
    page=lambda session: address("calibration:session_detail", session.pk),
    bundle=lambda session: ("calibration_session", session.pk),
    bundle_name=lambda session: (session.name, session.name),
)

announce(
    DESK,
    Notice("calibration.prepared", to=("facilitator",), kind=PREPARED),
    Notice("calibration.cancelled", to=("facilitator",), kind=CANCELLED, tells=("reason",)),
    Notice("calibration.unlocked", to=("facilitator",), kind=UNLOCKED, tells=("reason",)),
)

SILENT: Mapping[str, str] = dict.fromkeys(
    ("calibration.decided", "calibration.edited", "calibration.opened", "calibration.locked", "calibration.finalised"),
    "Those who calibrate do it themselves; nothing of it is told before release.",
)
