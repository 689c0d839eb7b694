from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InterviewState(TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    CONFIRMED = "confirmed", _("Confirmed")
    UNCONFIRMED = "unconfirmed", _("Closed without confirmation")


DONE = (InterviewState.CONFIRMED, InterviewState.UNCONFIRMED)


class InterviewVerb(TextChoices):
    SCHEDULE = "schedule", _("Schedule the interview")
    RESCHEDULE = "reschedule", _("Move the interview")
    RECORD = "record", _("Record the interview")
    CONFIRM = "confirm", _("Confirm the record")
    RETURN_RECORD = "return_record", _("Ask for a correction of the record")
    CLOSE_UNCONFIRMED = "close_unconfirmed", _("Close without the employee's confirmation")
    LAPSE = "lapse", _("Lapse with the recalled result")


class ActionOwner(TextChoices):
    """Who carries out an action agreed for the next period."""

    EMPLOYEE = "employee", _("Employee")
    MANAGER = "manager", _("Manager")


class Answer(TextChoices):
    """What became of a released result in the employee's hands: six different things."""

    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    AGREED = "agreed", _("Agreed")
    DISAGREED = "disagreed", _("Disagreed, with comment")
    REFUSED = "refused", _("Refused, with witness")
    WINDOW_PASSED = "window_passed", _("Window passed without an answer")


# Given by the employee alone; the two opinions exclude each other.
OWN_ANSWERS = (Answer.READ, Answer.AGREED, Answer.DISAGREED)
OPINIONS = (Answer.AGREED, Answer.DISAGREED)
