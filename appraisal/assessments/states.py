from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    SUBMITTED = "submitted", _("Submitted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")


STILL_OUT = (RequestState.INVITED, RequestState.ACCEPTED)


class RequestVerb(TextChoices):
    INVITE = "invite", _("Invite")
    ACCEPT = "accept", _("Accept")
    SUBMIT = "submit", _("Submit the rating")
    DECLINE = "decline", _("Decline")
    EXPIRE = "expire", _("Let the request expire")


class Writer(TextChoices):
    EMPLOYEE = "employee", _("Self-review")
    MANAGER = "manager", _("Manager's review")
