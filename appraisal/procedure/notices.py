"""Who hears of an appraisal's way through its steps, in which words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from appraisal.cycles.desks import APPRAISAL
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import BEFORE_RELEASE, Step
from appraisal.interviews.states import OPINIONS, Answer
from appraisal.people.notices import DEADLINE_EXTENDED, WORK_NUDGED, WORK_OPENED
from appraisal.people.post import FROM_FACT, HOLDER, Notice, announce, kind
from appraisal.people.still_wanted import WORK_HELD
from notifications.models import OutboxMessage
from notifications.rechecks import register_recheck
from workflow.machine import Happened

LAUNCHED = kind("procedure", "appraisal.launched", _("Your appraisal begins"), "digest")
NOT_GIVEN = kind("procedure", "self_review.not_given", _("A self-review was not given"), "digest")
SENT_BACK = kind("procedure", "appraisal.sent_back", _("Something was sent back to you"), "immediate")
RELEASED = kind("procedure", "result.released", _("Your result is ready"), "rights")
RECALLED = kind("procedure", "result.recalled", _("A result was taken back"), "immediate")
WINDOW_OPENED = kind("procedure", "window.opened", _("Your appeal window is open"), "rights")
WINDOW_CLOSED = kind("procedure", "window.closed", _("Your appeal window has ended"), "digest")
ANSWERED = kind("procedure", "result.acknowledged", _("An employee answered the result"), "digest")
CORRECTED = kind("procedure", "result.corrected", _("An archived result is corrected"), "immediate")
CORRECTION_PROPOSED = kind("procedure", "correction.proposed", _("A correction waits for approval"), "digest")
CORRECTION_DECLINED = kind("procedure", "correction.declined", _("A correction was declined"), "digest")
WITHDRAWN = kind("procedure", "appraisal.withdrawn", _("An appraisal was withdrawn"), "immediate")
REINSTATED = kind("procedure", "appraisal.reinstated", _("An appraisal was taken up again"), "immediate")
HANDED_OVER = kind("procedure", "appraisal.handed_over", _("An appraisal was handed over to you"), "immediate")
NO_LONGER_YOURS = kind("procedure", "appraisal.no_longer_yours", _("An appraisal is no longer yours"), "digest")
NEW_MANAGER = kind("procedure", "appraisal.new_manager", _("Somebody else appraises you"), "digest")

RESULT_OUT = "result.out"
TAKEN_BACK = gettext_noop("The result was taken back.")


def result_out(messages: Sequence[OutboxMessage]) -> Mapping[int, str | None]:
    """A result that was taken back overnight is not announced in the morning."""
    ids = [int(message.subject_id) for message in messages]
    out = Appraisal.objects.filter(pk__in=ids, released_at__isnull=False).exclude(state__in=BEFORE_RELEASE)
    known = set(out.values_list("pk", flat=True))
    return {m.pk: None if int(m.subject_id) in known else TAKEN_BACK for m in messages}


register_recheck(RESULT_OUT, result_out)


def in_state(*states: str) -> Callable[[Happened], bool]:
    return lambda happened: happened.subject.state in states


def employee_begins(happened: Happened) -> bool:
    employee = happened.subject.employee_account_id
    return any(item.holder_id == employee and not item.optional for item in happened.items)


def is_answer(happened: Happened) -> bool:
    """Having read a result is no answer to it, and delivery and the end of the window come from the system."""
    return happened.fact.data.get("answer") in {*OPINIONS, Answer.REFUSED}


def opened(fact: str) -> Notice:
    """The fact gave somebody something to do. What a pool holds stands in the daily digest of its members."""
    return Notice(fact, to=(HOLDER,), kind=WORK_OPENED, still_wanted=WORK_HELD)


WINDOW: dict[str, Any] = {
    "to": ("employee",), "kind": WINDOW_OPENED, "tells": ("due",), "until": "due", "actor_too": True,
}  # fmt: skip

announce(
    APPRAISAL,
    Notice("appraisal.launched", to=("employee",), kind=LAUNCHED, tells=("due",), when=employee_begins),
    Notice("appraisal.launched", to=("employee",), kind=LAUNCHED),
    opened("appraisal.launched"),
    opened("targets.agreed"),
    opened("review.started"),
    opened("self_review.submitted"),
    Notice("self_review.not_given", to=("employee",), kind=NOT_GIVEN),
    Notice("self_review.not_given", to=(HOLDER,), kind=NOT_GIVEN, still_wanted=WORK_HELD),
    opened("score.submitted"),
    Notice("appraisal.sent_back", to=(HOLDER,), kind=SENT_BACK, tells=("reason",), still_wanted=WORK_HELD),
    opened("appraisal.countersigned"),
    Notice("result.released", to=("employee",), kind=RELEASED, tells=("due",), until="due", still_wanted=RESULT_OUT,
           when=in_state(Step.APPEAL_WINDOW)),
    Notice("result.released", to=("employee",), kind=RELEASED, until="due", still_wanted=RESULT_OUT),
    opened("result.released"),
    Notice("result.recalled", to=("employee", "manager"), kind=RECALLED, tells=("reason",)),
    # The window begins with the employee's own act, but it is their right, and they are told until when.
    Notice("interview.closed", when=in_state(Step.APPEAL_WINDOW), **WINDOW),
    Notice("appraisal.appeal_withdrawn", **WINDOW),
    Notice("result.acknowledged", to=("manager",), kind=ANSWERED, when=is_answer),
    Notice("window.closed", to=("employee",), kind=WINDOW_CLOSED),
    Notice("result.corrected", to=("employee", "manager"), kind=CORRECTED, tells=("reason",)),
    Notice("correction.proposed", to=("hr",), kind=CORRECTION_PROPOSED),
    Notice("correction.declined", to=("hr",), kind=CORRECTION_DECLINED),
    Notice("appraisal.withdrawn", to=("employee",), kind=WITHDRAWN, tells=("reason",)),
    Notice("appraisal.withdrawn", to=("manager",), kind=WITHDRAWN),
    Notice("appraisal.reinstated", to=("employee", "manager"), kind=REINSTATED),
    Notice("appraisal.handed_over", to=(f"{FROM_FACT}to_account",), kind=HANDED_OVER, tells=("reason",)),
    Notice("appraisal.handed_over", to=(f"{FROM_FACT}from_account",), kind=NO_LONGER_YOURS, tells=("to",)),
    Notice("appraisal.handed_over", to=("employee",), kind=NEW_MANAGER, tells=("to",)),
    Notice("work.nudged", to=(HOLDER,), kind=WORK_NUDGED, still_wanted=WORK_HELD),
    Notice("deadline.extended", to=(HOLDER, "employee"), kind=DEADLINE_EXTENDED, tells=("reason",),
           when=lambda happened: happened.subject.state != Step.APPEALED),
)  # fmt: skip

SILENT: Mapping[str, str] = {
    "calibration.confirmed": "Nothing of a calibration is told before release; HR finds the release in the digest.",
    "appraisal.appealed": "The appeal's own letters tell it.",
    "appeal.decided": "The appeal's own letters tell it.",
    "result.recomputed": "The decision on the appeal tells it.",
    "improvement.concluded": "The plan's own letters tell it.",
}
