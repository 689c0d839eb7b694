"""Refusals of the door. Each carries a reason for the reader; none of them has changed anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from workflow.models import Fact


class Refusal(Exception):
    """Base of the typed refusals; `reason` and `remedy` are in the reader's language."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class NotAllowed(Refusal):
    """The acting user holds none of the roles that may do this."""


class NotInThisState(Refusal):
    """The subject is in a state from which this verb does not lead on."""


class GuardRefused(Refusal):
    """A condition of the transition is not met."""


class Conflict(Refusal):
    """Somebody else was first: the page was drawn from an older version. `last` is what happened since."""

    def __init__(self, last: Fact | None = None, reason: str = "") -> None:
        super().__init__(
            reason or _("Somebody else has changed this since the page was opened."),
            _("Your text is kept below. Open the page again to see how it stands now."),
        )
        self.last = last
