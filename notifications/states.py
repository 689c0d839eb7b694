"""Where a message stands, which way it goes, and how a person wants to hear of a kind of notice."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    SUPPRESSED = "suppressed", _("suppressed")


class Channel(models.TextChoices):
    """Every message stands in the notices; the channel is the way it goes besides."""

    UNDECIDED = "", _("not decided yet")
    MAIL = "mail", _("mail")
    DIGEST = "digest", _("daily digest")
    IN_APP = "in_app", _("in Pingheng only")


class Delivery(models.TextChoices):
    IMMEDIATE = "immediate", _("Mail at once")
    DIGEST = "digest", _("In the daily digest")
    IN_APP = "in_app", _("In Pingheng only")
