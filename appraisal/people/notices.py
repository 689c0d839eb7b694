"""What everybody's letters rest on: kinds about work itself, the checks before sending, and working hours."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from appraisal.people import ladder, still_wanted, working_hours
from appraisal.people.post import kind
from notifications import clock

WORK_OPENED = kind("work", "work.opened", _("Something new for you to do"), "digest", about_work=True)
WORK_NUDGED = kind("work", "work.nudged", _("Somebody reminds you"), "immediate")
DEADLINE_EXTENDED = kind("work", "deadline.extended", _("A deadline was moved"), "digest")
KINDS_OF_THE_LADDER = (
    ladder.REMINDER, ladder.DUE_TODAY, ladder.OVERDUE, ladder.ESCALATED, ladder.ESCALATION_TOLD, ladder.RIGHT_ENDS,
)  # fmt: skip

still_wanted.register()
clock.register(working_hours.next_quiet_end)

# Facts of this room of which nobody is told by letter, and why.
KEPT_BY_STAFF = "Whoever keeps the register sees it there; what follows from it for an appraisal has its own letter."
SILENT: Mapping[str, str] = dict.fromkeys(
    (
        "people.register_opened", "people.imported", "person.hired", "person.changed", "person.manager_changed",
        "person.left", "person.stayed", "role.granted", "role.revoked", "partner.granted", "partner.revoked",
        "calendar.day_set", "calendar.day_restored", "organisation.added", "organisation.changed",
        "organisation.retired", "organisation.restored",
    ),
    KEPT_BY_STAFF,
)  # fmt: skip
