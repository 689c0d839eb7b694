from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutcomeState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SUPERSEDED = "superseded", _("Superseded by a changed result")


LIVE = (OutcomeState.PROPOSED, OutcomeState.APPROVED)


class OutcomeKind(TextChoices):
    PAY = "pay", _("Pay")
    PROPOSAL = "proposal", _("Proposal")
