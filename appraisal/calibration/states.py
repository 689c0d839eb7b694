from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SessionState(TextChoices):
    PREPARING = "preparing", _("Preparing")
    OPEN = "open", _("In session")
    LOCKED = "locked", _("Locked")
    FINALISED = "finalised", _("Finalised")


class SessionVerb(TextChoices):
    PREPARE = "prepare", _("Prepare")
    OPEN = "open_session", _("Open the session")
    LOCK = "lock", _("Lock")
    UNLOCK = "unlock", _("Unlock")
    FINALISE = "finalise", _("Finalise")
