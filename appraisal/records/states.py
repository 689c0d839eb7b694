from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IncidentState(TextChoices):
    REPORTED = "reported", _("Reported")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")


class IncidentVerb(TextChoices):
    REPORT = "report", _("Report an incident")
    CONFIRM = "confirm", _("Confirm the incident")
    REJECT = "reject", _("Reject the incident")


class RegisterState(TextChoices):
    KEPT = "kept", _("Kept")
