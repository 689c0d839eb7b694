"""Who hears of rating requests. No letter names a rater to anybody else."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from appraisal.assessments.models import RatingRequest
from appraisal.assessments.states import RequestState
from appraisal.cycles.desks import desk_below
from appraisal.cycles.states import Step
from appraisal.people.notices import DEADLINE_EXTENDED
from appraisal.people.post import HOLDER, ByRole, Notice, address, announce, kind
from appraisal.people.still_wanted import WORK_HELD
from workflow.machine import Happened

INVITED = kind("assessments", "rating.invited", _("You are asked for a rating"), "digest")
DECLINED = kind("assessments", "rating.declined", _("A rater declined"), "digest")
EXPIRED = kind("assessments", "rating.expired", _("A rating was not given in time"), "digest")


def raters(requests: Sequence[RatingRequest], roles: Collection[str]) -> Mapping[int, ByRole]:
    return {request.pk: {"rater": [request.rater_id]} for request in requests}


def raters_page(request: RatingRequest) -> str:
    return address("assessments:raters_invite", request.appraisal_id)


def by_itself(happened: Happened) -> bool:
    """Its time has ended while the score is still open: the manager may ask somebody else."""
    return happened.user is None and happened.subject.appraisal.state in {Step.SELF_REVIEW, Step.SCORING}


DESK = desk_below(
    RatingRequest,
    page=lambda request: address("assessments:rating_edit", request.pk),
    duties={RequestState.INVITED: _("Rating"), RequestState.ACCEPTED: _("Rating")},
    more=raters,
    names_the_late=lambda request: not request.anonymous,
)

announce(
    DESK,
    Notice("rating.invited", to=(HOLDER,), kind=INVITED, still_wanted=WORK_HELD),
    Notice("rating.declined", to=("manager",), kind=DECLINED, page=raters_page),
    Notice(
        "rating.expired", to=("manager",), kind=EXPIRED, when=lambda happened: happened.user is None, page=raters_page
    ),
    Notice("deadline.extended", to=(HOLDER,), kind=DEADLINE_EXTENDED, tells=("reason",)),
)

SILENT: Mapping[str, str] = {
    "rating.accepted": "It would tell who rates.",
    "rating.submitted": "It would tell who has rated; the manager sees the count.",
    "self_review.revealed": "The manager's own act, for the record.",
}
