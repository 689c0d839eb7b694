from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanState(TextChoices):
    DRAFTED = "drafted", _("Drafted")
    APPROVED = "approved", _("Approved")
    DELIVERED = "delivered", _("Delivered")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    REVIEWING = "reviewing", _("Being concluded")
    MET = "met", _("Targets met")
    EXTENDED = "extended", _("Extended by a further plan")
    NOT_MET = "not_met", _("Targets not met")
    CANCELLED = "cancelled", _("Cancelled")


ENDED = (PlanState.MET, PlanState.EXTENDED, PlanState.NOT_MET, PlanState.CANCELLED)
EDITABLE = (PlanState.DRAFTED, PlanState.APPROVED)
RUNNING = (PlanState.ACTIVE, PlanState.PAUSED)
CONCLUSIONS = (PlanState.MET, PlanState.EXTENDED, PlanState.NOT_MET)


class PlanVerb(TextChoices):
    DRAFT = "draft", _("Draft the plan")
    REVISE = "revise", _("Revise the draft")
    APPROVE = "approve", _("Approve the plan")
    DELIVER = "deliver", _("Hand over the plan")
    ACCEPT = "accept", _("Acknowledge the plan")
    RECORD_REFUSAL = "record_refusal", _("Record that acknowledgement was refused")
    AMEND = "amend", _("Change the plan")
    CHECK_IN = "check_in", _("Record a check-in")
    JUDGE = "judge_milestone", _("Record what was reached")
    START_REVIEW = "start_plan_review", _("Begin the conclusion")
    PROPOSE_CONCLUSION = "propose_conclusion", _("Propose a transfer or dismissal")
    RETURN_CONCLUSION = "return_conclusion", _("Return the proposal")
    CONCLUDE = "conclude_plan", _("Conclude the plan")
    CANCEL = "cancel", _("Cancel the plan")


class Operator(TextChoices):
    """How a milestone's target is meant. "+10 %" of 12 % is 13.2 % (relative) or 22 % (percentage points)."""

    ABSOLUTE = "absolute", _("reach the value")
    RELATIVE = "relative", _("improve by per cent of the start value")
    POINTS = "points", _("improve by percentage points")


class FollowUp(TextChoices):
    NONE = "none", _("None")
    TRANSFER = "transfer", _("Transfer to another post")
    DISMISSAL = "dismissal", _("Dismissal")
