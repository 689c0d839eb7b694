"""Who hears of what happens to a scheme version: HR, where another of HR has to look at it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from appraisal.people.post import Desk, Notice, address, announce, kind
from appraisal.people.roles import users_in_pool
from appraisal.people.states import Role
from appraisal.schemes.models import SchemeVersion

SUBMITTED = kind("schemes", "scheme.submitted", _("A scheme version waits for review"), "digest")
SENT_BACK = kind("schemes", "scheme.sent_back", _("A scheme version was sent back"), "digest")

DESK = Desk(
    model=SchemeVersion,
    people=lambda versions, roles: {
        version.pk: {Role.HR.value: list(users_in_pool(Role.HR.value).values_list("pk", flat=True))}
        for version in versions
    },
    name=lambda version: (version.title_zh, version.title_en),
    page=lambda version: address("schemes:scheme_detail", version.pk),
    bundle=lambda version: ("scheme_version", version.pk),
    bundle_name=lambda version: (version.title_zh, version.title_en),
)

announce(
    DESK,
    Notice("scheme.submitted", to=("hr",), kind=SUBMITTED),
    Notice("scheme.sent_back", to=("hr",), kind=SENT_BACK, tells=("reason",)),
)

SILENT: Mapping[str, str] = {
    "scheme.catalogued": "It comes with the product.",
    "scheme.written": "A draft is its writer's own.",
    "scheme.edited": "A draft is its writer's own.",
    "scheme.published": "It is found where a cycle is drafted.",
    "scheme.retired": "It is no longer found where a cycle is drafted.",
}
