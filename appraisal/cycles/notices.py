"""The daily digest of open work, and who hears that figures are wanted; of a cycle itself nobody hears by letter."""

from collections.abc import Collection, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from appraisal.cycles.agenda import agenda
from appraisal.cycles.models import FigureRequest
from appraisal.cycles.states import WantedState
from appraisal.people.notices import DEADLINE_EXTENDED
from appraisal.people.post import POOL, ByRole, Desk, Notice, announce, kind
from appraisal.people.roles import users_in_pools
from appraisal.people.still_wanted import WORK_HELD
from appraisal.people.wording import Names
from appraisal.records.periods import Period
from notifications.digests import register_digest_source

register_digest_source(agenda)

WANTED = kind("cycles", "figures.wanted", _("Figures of a period are wanted of you"), "digest")


def people_of(requests: Sequence[FigureRequest], roles: Collection[str]) -> dict[int, ByRole]:
    members = users_in_pools(roles) if roles else {}
    return {request.pk: members for request in requests}


def missing_words(request: FigureRequest) -> Names:
    """What stands where other letters name a person."""
    with override("zh-hans"):
        chinese = request.amount
    with override("en"):
        return chinese, request.amount


def cycle_names(request: FigureRequest) -> Names:
    return request.cycle.name, request.cycle.name_en or request.cycle.name


def about(request: FigureRequest) -> dict[str, str]:
    chinese, english = cycle_names(request)
    return {"cycle_zh": chinese, "cycle_en": english}


def page(request: FigureRequest) -> str:
    """The gaps in the table of figures, or the list of ledgers where nothing else is missing."""
    period = Period(request.cycle.starts_on, request.cycle.ends_on).code
    if request.missing and request.missing == request.ledgers:
        return f"{reverse('records:sheet_list')}?period={period}"
    return f"{reverse('records:figure_list')}?period={period}&gaps=1"


DESK = Desk(
    model=FigureRequest,
    people=people_of,
    name=missing_words,
    page=page,
    bundle=lambda request: ("figure_request", request.pk),
    bundle_name=cycle_names,
    about=about,
    duties={WantedState.WANTED: _("Figures")},
)

announce(
    DESK,
    Notice("figures.wanted", to=(POOL,), kind=WANTED, still_wanted=WORK_HELD),
    Notice("figures.wanted_again", to=(POOL,), kind=WANTED, still_wanted=WORK_HELD),
    Notice("deadline.extended", to=(POOL,), kind=DEADLINE_EXTENDED, tells=("reason",)),
)

SILENT: Mapping[str, str] = {
    "cycle.drafted": "A draft concerns HR alone.",
    "cycle.revised": "A draft concerns HR alone.",
    "cycle.launched": "Everybody in it hears of their own appraisal.",
    "cycle.people_added": "Everybody in it hears of their own appraisal.",
    "cycle.closed": "Everybody in it has heard how their own appraisal ended.",
    "cycle.cancelled": "Only a draft can be cancelled.",
    "figures.settled": "Who gave the last figure knows; the entry is gone from the inbox.",
}
