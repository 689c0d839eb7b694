from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AppealState(TextChoices):
    LODGED = "lodged", _("Lodged")
    UNDER_REVIEW = "under_review", _("Under review")
    UPHELD = "upheld", _("Upheld")
    PARTLY_UPHELD = "partly_upheld", _("Partly upheld")
    DISMISSED = "dismissed", _("Dismissed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (AppealState.LODGED, AppealState.UNDER_REVIEW)
DECIDED = (AppealState.UPHELD, AppealState.PARTLY_UPHELD, AppealState.DISMISSED)


class AppealVerb(TextChoices):
    LODGE = "lodge", _("Lodge")
    TAKE_UP = "take_up", _("Take up the case")
    DECIDE_ITEMS = "decide_items", _("Write the decision")
    EXTEND = "extend", _("Extend the time for the decision")
    SIGN = "sign", _("Sign the decision")
    CONCLUDE = "conclude", _("Conclude")
    WITHDRAW = "withdraw", _("Withdraw")


class Ground(TextChoices):
    FACTS = "facts", _("The facts are wrong")
    STANDARD = "standard", _("The standard was applied wrongly")
    PROCEDURE = "procedure", _("The procedure was not followed")
    BIAS = "bias", _("The judgement was not impartial")
    ARITHMETIC = "arithmetic", _("The arithmetic is wrong")


class Ruling(TextChoices):
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class Part(TextChoices):
    """How a reader stands to a case; decides what of it they see."""

    EMPLOYEE = "employee"
    PANEL = "panel"
    RATER = "rater"
    READER = "reader"
