"""What every page's frame needs to know. Nothing is asked of the database before the frame is drawn."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal.people.roles import HR_PARTNER, roles_of
from notifications.queries import unread_count

if TYPE_CHECKING:
    from appraisal.people.models import User


@dataclass(frozen=True)
class Entry:
    """A place in the top bar. `room` marks it as the one the reader is in; `needs` says for whom it is."""

    url_name: str
    label: str | Promise
    icon: str
    needs: frozenset[str] = frozenset()
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    url: str
    label: str | Promise
    icon: str
    active: bool


HR = frozenset({"hr"})
ON_BAR = 5
# In the order of their weight: the first five that are a person's own stand in the bar, the rest in the menu.
ENTRIES = (
    Entry("home:inbox", _("Home"), "home"),
    Entry("home:appraisal_mine", _("My appraisal"), "user-check", frozenset({"person"})),
    Entry("home:team_overview", _("Team"), "users", frozenset({"leads"})),
    Entry("cycles:cycle_list", _("Cycles"), "refresh", HR | {"hr_partner", "auditor"}, ("cycles",)),
    Entry("schemes:scheme_list", _("Schemes"), "book", HR | {"auditor", "sysadmin"}, ("schemes",)),
    Entry("appeals:appeal_list", _("Appeals"), "gavel", HR | {"auditor", "hr_partner", "sales_director"}, ("appeals",)),
    Entry("records:figure_list", _("Figures"), "file-spreadsheet", HR | {"auditor", "data_owner"}),
    Entry("records:incident_list", _("Incidents"), "flag", HR | {"auditor", "legal", "finance", "operations"}),
    Entry("assessments:rating_list", _("Ratings"), "star", frozenset({"person"})),
)
MENU = (
    Entry("people:person_list", _("People"), "id-badge", HR | {"sysadmin", "auditor"}, ("people",)),
    Entry("people:calendar_list", _("Work calendars"), "calendar", HR | {"sysadmin", "auditor"}),
    Entry("records:figure_list", _("Figures and incidents"), "database", frozenset({"person"}), ("records",)),
    Entry("improvement:plan_list", _("Improvement plans"), "tools", HR | {"auditor", "leads"}, ("improvement",)),
    Entry("outcomes:outcome_list", _("Outcomes"), "coin", HR | {"auditor", "sales_director"}, ("outcomes",)),
    Entry("people:profile_edit", _("Profile"), "user-circle", frozenset({"person"})),
    Entry("notifications:notice_list", _("Notices"), "bell"),
    Entry("notifications:preference_edit", _("Notice settings"), "settings"),
    Entry("mfa_index", _("Sign-in security"), "shield-lock"),
)


class Frame:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> "User | None":
        user = getattr(self.request, "user", None)
        return cast("User", user) if user and user.is_authenticated else None

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of the roles held, and "person" and "leads" for who is appraised and who has reports."""
        if self.user is None:
            return frozenset()
        held = roles_of(self.user)
        names = held.names | ({HR_PARTNER} if held.is_partner else set())
        return names | ({"person"} if held.person_id else set()) | ({"leads"} if held.leads else set())

    @property
    def name(self) -> str:
        return str(self.user)

    @cached_property
    def places(self) -> list[Place]:
        return self._places(ENTRIES)

    @property
    def nav(self) -> list[Place]:
        return self.places[:ON_BAR]

    @cached_property
    def menu(self) -> list[Place]:
        """What the bar has no room for, then what belongs here; a page that is listed already comes only once."""
        listed = {place.url for place in self.places}
        return self.places[ON_BAR:] + [place for place in self._places(MENU) if place.url not in listed]

    @cached_property
    def unread(self) -> int:
        return unread_count(self.user, at=timezone.now()) if self.user else 0

    @cached_property
    def notices_url(self) -> str:
        return address("notifications:notice_list")

    @property
    def source_url(self) -> str:
        return str(settings.SOURCE_URL)

    def _places(self, entries: tuple[Entry, ...]) -> list[Place]:
        if self.user is None:
            return []
        return [
            Place(url, entry.label, entry.icon, self._is_here(entry))
            for entry in entries
            if (not entry.needs or entry.needs & self.roles) and (url := address(entry.url_name))
        ]

    def _is_here(self, entry: Entry) -> bool:
        match = self.request.resolver_match
        if match is None:
            return False
        others = {other.url_name for other in ENTRIES + MENU} - {entry.url_name}
        return match.view_name == entry.url_name or (match.app_name in entry.rooms and match.view_name not in others)


def address(url_name: str) -> str:
    """The address of a page, or nothing while the room has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def frame(request: HttpRequest) -> dict[str, Any]:
    return {"frame": Frame(request)}
