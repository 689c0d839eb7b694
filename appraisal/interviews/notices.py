"""Who hears of the feedback interview and of its record."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.desks import desk_below
from appraisal.interviews.models import Interview
from appraisal.interviews.states import InterviewState
from appraisal.people.notices import DEADLINE_EXTENDED
from appraisal.people.post import HOLDER, ByRole, Notice, address, announce, kind
from appraisal.people.still_wanted import WORK_HELD

SCHEDULED = kind("interviews", "interview.scheduled", _("An interview was set"), "immediate")
MOVED = kind("interviews", "interview.moved", _("An interview was moved"), "immediate")
RECORDED = kind("interviews", "interview.recorded", _("An interview record waits for your confirmation"), "immediate")
CONFIRMED = kind("interviews", "interview.confirmed", _("An interview record was confirmed"), "digest")
RETURNED = kind("interviews", "interview.returned", _("An interview record needs correction"), "immediate")
UNCONFIRMED = kind("interviews", "interview.closed_unconfirmed", _("An interview was closed unconfirmed"), "immediate")


def conductors(interviews: Sequence[Interview], roles: Collection[str]) -> Mapping[int, ByRole]:
    return {interview.pk: {"conductor": [interview.conductor_id]} for interview in interviews}


DESK = desk_below(
    Interview,
    page=lambda interview: address("interviews:interview_detail", interview.appraisal_id),
    duties={
        InterviewState.SCHEDULED: _("Correction of the interview record"),
        InterviewState.HELD: _("Confirmation of the interview record"),
    },
    more=conductors,
)
APPOINTMENT = ("starts_at", "minutes", "place")

announce(
    DESK,
    Notice(
        "interview.scheduled", to=("employee", "manager"), kind=SCHEDULED, tells=APPOINTMENT, until="starts_at"
    ),
    Notice("interview.moved", to=("employee", "manager"), kind=MOVED, tells=APPOINTMENT, until="starts_at"),
    Notice("interview.recorded", to=(HOLDER,), kind=RECORDED, still_wanted=WORK_HELD),
    Notice("interview.confirmed", to=("conductor", "manager"), kind=CONFIRMED),
    Notice("interview.returned", to=(HOLDER, "conductor"), kind=RETURNED, tells=("reason",)),
    Notice("interview.closed_unconfirmed", to=("employee", "manager"), kind=UNCONFIRMED, tells=("reason",)),
    Notice("deadline.extended", to=(HOLDER,), kind=DEADLINE_EXTENDED, tells=("reason",)),
)  # fmt: skip

SILENT: Mapping[str, str] = {
    "interview.lapsed": "The letter about the result that was taken back, or the person withdrawn, tells it.",
}
