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


class LedgerState(TextChoices):
    OPEN = "open", _("Open")
    LOCKED = "locked", _("Locked")


class LedgerVerb(TextChoices):
    BEGIN = "begin_ledger", _("Begin the ledger")
    LOCK = "lock_ledger", _("Lock the ledger")
    UNLOCK = "unlock_ledger", _("Unlock the ledger")


class DocumentState(TextChoices):
    """What a formula reads as the status of a document; `late`: accepted although it came after its day."""

    EXPECTED = "expected", _("Expected")
    HANDED_IN = "handed_in", _("Handed in")
    ACCEPTED = "accepted", _("Accepted")
    LATE = "late", _("Accepted late")
    REJECTED = "rejected", _("Rejected")


class DocumentVerb(TextChoices):
    EXPECT = "expect_document", _("Expect a document")
    HAND_IN = "hand_in", _("Hand in")
    ACCEPT = "accept_document", _("Accept")
    REJECT = "reject_document", _("Reject")
