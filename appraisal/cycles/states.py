"""The steps and verbs of an appraisal and of its cycle."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Step(TextChoices):
    """The states of an appraisal, in the order in which a scheme walks through them."""

    PLANNING = "planning", _("Target confirmation")
    TRACKING = "tracking", _("Tracking")
    SELF_REVIEW = "self_review", _("Self-review")
    SCORING = "scoring", _("Manager's score")
    COUNTERSIGNING = "countersigning", _("Countersignature")
    CALIBRATING = "calibrating", _("Calibration")
    DECIDED = "decided", _("Awaiting release")
    INTERVIEWING = "interviewing", _("Feedback interview")
    APPEAL_WINDOW = "appeal_window", _("Appeal window")
    APPEALED = "appealed", _("Appeal under review")
    IMPROVING = "improving", _("Improvement plan")
    CLOSED = "closed", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What a scheme may switch on or off, in order; an appeal and an improvement plan are branches, not steps.
ROUTE = (
    Step.PLANNING,
    Step.TRACKING,
    Step.SELF_REVIEW,
    Step.SCORING,
    Step.COUNTERSIGNING,
    Step.CALIBRATING,
    Step.DECIDED,
    Step.INTERVIEWING,
    Step.APPEAL_WINDOW,
)
# Until the score is handed in, what it rests on can still be put right.
STILL_OPEN = frozenset(ROUTE[: ROUTE.index(Step.SCORING) + 1])
OPEN = tuple(step for step in Step if step not in {Step.CLOSED, Step.WITHDRAWN})
# The result is the employee's to see once it has been released, and stays so.
BEFORE_RELEASE = (*ROUTE[: ROUTE.index(Step.INTERVIEWING)],)


class Verb(TextChoices):
    LAUNCH = "launch", _("Launch")
    AGREE_TARGETS = "agree_targets", _("Agree on the targets")
    START_REVIEW = "start_review", _("Start the review")
    SUBMIT_SELF_REVIEW = "submit_self_review", _("Submit the self-review")
    PASS_OVER_SELF_REVIEW = "pass_over_self_review", _("Go on without a self-review")
    SUBMIT_SCORE = "submit_score", _("Submit the score")
    SEND_BACK = "send_back", _("Send back")
    COUNTERSIGN = "countersign", _("Countersign")
    CONFIRM_CALIBRATION = "confirm_calibration", _("Confirm the calibration")
    RELEASE = "release", _("Release the result")
    RECALL = "recall", _("Recall the result")
    RECORD_INTERVIEW = "record_interview", _("Confirm the interview record")
    ACKNOWLEDGE = "acknowledge", _("Acknowledge the result")
    LODGE_APPEAL = "lodge_appeal", _("Lodge an appeal")
    DECIDE_APPEAL = "decide_appeal", _("Decide the appeal")
    WITHDRAW_APPEAL = "withdraw_appeal", _("Withdraw the appeal")
    CLOSE_WINDOW = "close_window", _("Close the appeal window")
    CONCLUDE_IMPROVEMENT = "conclude_improvement", _("Conclude the improvement plan")
    CORRECT = "correct", _("Correct an archived result")
    WITHDRAW = "withdraw", _("Withdraw from the cycle")
    REINSTATE = "reinstate", _("Take back into the cycle")


class CycleState(TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Running")
    CLOSED = "closed", _("Ended")
    CANCELLED = "cancelled", _("Cancelled")


class PeriodKind(TextChoices):
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    TWO_MONTHS = "two_months", _("Two months")
    QUARTER = "quarter", _("Quarter")
    HALF_YEAR = "half_year", _("Half-year")
    YEAR = "year", _("Year")
    PROJECT = "project", _("Project")
    PHASE = "phase", _("Phase")
    AD_HOC = "ad_hoc", _("Ad hoc")


class WantedState(TextChoices):
    WANTED = "wanted", _("Waiting for figures")
    SETTLED = "settled", _("Nothing missing")


class WantedVerb(TextChoices):
    ASK = "ask_for_figures", _("Ask for the figures")
    ASK_AGAIN = "ask_again", _("Ask again")
    SETTLE = "settle", _("Nothing is missing any more")


class Origin(TextChoices):
    """What a result comes from."""

    REVIEW = "review", _("Manager's score")
    CALIBRATION = "calibration", _("Calibration")
    APPEAL = "appeal", _("Appeal")
    CORRECTION = "correction", _("Correction")
