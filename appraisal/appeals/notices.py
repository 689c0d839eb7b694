"""Who hears of an appeal: the panel that decides it, the employee, and those whose work it is about."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from appraisal.appeals.models import Appeal
from appraisal.appeals.states import AppealState
from appraisal.cycles.desks import desk_below
from appraisal.people.notices import DEADLINE_EXTENDED
from appraisal.people.post import POOL, Notice, address, announce, kind

LODGED = kind("appeals", "appeal.lodged", _("An appeal waits for your decision"), "immediate")
LODGED_NEWS = kind("appeals", "appeal.lodged_news", _("An appeal was lodged"), "digest")
TAKEN_UP = kind("appeals", "appeal.taken_up", _("Your appeal was taken up"), "digest")
TO_SIGN = kind("appeals", "appeal.decision_written", _("A decision waits for your signature"), "immediate")
EXTENDED = kind("appeals", "appeal.extended", _("The decision on your appeal was put off"), "immediate")
DECIDED = kind("appeals", "appeal.concluded", _("Your appeal was decided"), "rights")
DECIDED_NEWS = kind("appeals", "appeal.concluded_news", _("An appeal was decided"), "digest")
WITHDRAWN = kind("appeals", "appeal.withdrawn", _("An appeal was withdrawn"), "digest")

DESK = desk_below(
    Appeal,
    page=lambda appeal: address("appeals:appeal_current", appeal.appraisal_id),
    duties={AppealState.LODGED: _("Decision on an appeal"), AppealState.UNDER_REVIEW: _("Decision on an appeal")},
)

announce(
    DESK,
    Notice("appeal.lodged", to=("panel",), kind=LODGED),
    Notice("appeal.lodged", to=("manager", "hr_partner"), kind=LODGED_NEWS),
    Notice("appeal.taken_up", to=("employee",), kind=TAKEN_UP),
    Notice("appeal.decision_written", to=("panel",), kind=TO_SIGN),
    Notice("appeal.extended", to=("employee",), kind=EXTENDED, tells=("until", "reason")),
    Notice("appeal.concluded", to=("employee",), kind=DECIDED),
    Notice("appeal.concluded", to=("manager", "hr_partner"), kind=DECIDED_NEWS),
    Notice("appeal.withdrawn", to=("panel", "manager"), kind=WITHDRAWN),
    Notice("deadline.extended", to=(POOL,), kind=DEADLINE_EXTENDED, tells=("reason",)),
)

SILENT: Mapping[str, str] = {
    "appeal.signed": "The panel sees the signatures on the case; the decision tells everybody else.",
}
