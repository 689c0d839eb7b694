from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SessionState(TextChoices):
    PREPARING = "preparing", _("Preparing")
    OPEN = "open", _("In session")
    LOCKED = "locked", _("Locked")
    FINALISED = "finalised", _("Finalised")
    CANCELLED = "cancelled", _("Called off")


# These look at people; a finalised session is a record, one that was called off never met.
RUNNING = (SessionState.PREPARING, SessionState.OPEN, SessionState.LOCKED)
ENDED = (SessionState.FINALISED, SessionState.CANCELLED)


class SessionVerb(TextChoices):
    PREPARE = "prepare", _("Prepare")
    OPEN = "open_session", _("Open the session")
    LOCK = "lock", _("Lock")
    UNLOCK = "unlock", _("Unlock")
    FINALISE = "finalise", _("Finalise")
    CANCEL = "cancel", _("Call off the session")


class Ties(TextChoices):
    """To which grade a place goes when two have the same remainder."""

    HIGHER = "higher", _("To the higher grade")
    LOWER = "lower", _("To the lower grade")
