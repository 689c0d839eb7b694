"""The kinds of notice there are. A room registers its own when the site starts; an unknown kind is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.states import Delivery

Urgency = Literal["digest", "immediate", "rights"]


class UnknownKindError(LookupError):
    pass


@dataclass(frozen=True)
class NoticeKind:
    """`template` names three files: <template>.subject.txt, .body.txt and .body.html.

    `about_work` is said by the digest's line about the same work, where it has one, and not repeated below it.
    """

    name: str
    label: str | Promise
    urgency: Urgency
    template: str
    group: str = ""
    about_work: bool = False

    @property
    def preference_group(self) -> str:
        """What a person sets a preference for: a named group, or everything of the same urgency."""
        return self.group or self.urgency

    @property
    def can_be_switched_off(self) -> bool:
        return self.urgency != "rights"

    @property
    def usual_delivery(self) -> Delivery:
        return Delivery.DIGEST if self.urgency == "digest" else Delivery.IMMEDIATE


KINDS: dict[str, NoticeKind] = {}
GROUPS: dict[str, str | Promise] = {
    "rights": _("Your rights and their deadlines"),
    "immediate": _("What needs you at once"),
    "digest": _("Reminders and news"),
    "daily_digest": _("The daily digest"),
}

DIGEST = NoticeKind(
    name="notifications.digest",
    label=_("Daily digest"),
    urgency="immediate",
    template="notifications/mail/digest",
    group="daily_digest",
)


def register_group(name: str, label: str | Promise) -> None:
    GROUPS[name] = label


def register(kind: NoticeKind) -> NoticeKind:
    if kind.preference_group not in GROUPS:
        raise ValueError(f"{kind.name} belongs to the group {kind.group}, which is not registered.")
    if KINDS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"Two kinds of notice are named {kind.name}.")
    return kind


def get(name: str) -> NoticeKind:
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownKindError(f"No kind of notice is named {name}.") from None


register(DIGEST)


def choices_by_group() -> dict[str, Sequence[tuple[str, str | Promise]]]:
    """What a person may choose for each group that has a kind they can switch off."""
    groups = {kind.preference_group for kind in KINDS.values() if kind.can_be_switched_off}
    usual = [(str(way.value), way.label) for way in Delivery]
    daily = [(str(Delivery.IMMEDIATE.value), _("Every working morning")), (str(Delivery.IN_APP.value), _("No mail"))]
    return {group: daily if group == DIGEST.preference_group else usual for group in GROUPS if group in groups}


def usual_delivery_of(group: str) -> Delivery:
    return next(kind.usual_delivery for kind in KINDS.values() if kind.preference_group == group)
