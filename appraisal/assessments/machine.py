"""The rating request's machine: what happens to an invitation."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appraisal.assessments.models import RatingRequest
from appraisal.assessments.states import STILL_OUT, RequestState, RequestVerb
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of
from appraisal.cycles.rules import is_hr, is_manager
from appraisal.cycles.states import Step
from appraisal.cycles.timing import clock_for
from appraisal.people import ladder
from workflow import facts
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Attempt, Duty, Machine, Role, Transition, register
from workflow.verdicts import ALLOWED, Verdict, refused

# None of these sentences names the rater: the log keeps anonymity as the pages do.
facts.register(
    FactType("rating.invited", _("Rater invited"), _("A rater was invited")),
    FactType("rating.accepted", _("Invitation accepted"), _("A rater accepted the invitation")),
    FactType("rating.submitted", _("Rating given"), _("A rating was given")),
    FactType("rating.declined", _("Invitation declined"), _("A rater declined")),
    FactType("rating.expired", _("Invitation expired"), _("An invitation expired without a rating")),
    FactType(
        "self_review.revealed", _("Self-review opened"), _("%(actor)s opened the self-review after a first own score")
    ),
)


def rating_still_counts(attempt: Attempt) -> Verdict:
    """A late answer never reopens a score that has been handed in."""
    if attempt.subject.appraisal.state in {Step.TRACKING, Step.SELF_REVIEW, Step.SCORING}:
        return ALLOWED
    return refused(_("The manager has already handed in the score; ratings are no longer taken."))


def rater_is_somebody_else(attempt: Attempt) -> Verdict:
    """The employee and the manager speak in reviews of their own."""
    appraisal: Appraisal = attempt.subject.appraisal
    if attempt.subject.rater_id in {appraisal.employee_account_id, appraisal.manager_account_id}:
        return refused(
            _("The person appraised and the direct manager cannot be raters."),
            _("Invite somebody who works with them."),
        )
    return ALLOWED


def points_given(attempt: Attempt) -> Verdict:
    """Points are never part of the fact: the log would tie them to the rater."""
    return ALLOWED if attempt.subject.points is not None else refused(_("Give your points first."))


def duties(request: RatingRequest, at: datetime) -> Sequence[Duty]:
    if request.state not in STILL_OUT:
        return ()
    appraisal: Appraisal = request.appraisal
    rule = rule_of(appraisal.track, Step.SCORING)
    clock = clock_for(appraisal, rule, at=at, expires=True) if rule else None
    return (Duty("rater", holder_id=request.rater_id, clock=clock),)


OUT = tuple(STILL_OUT)
MACHINE = register(
    Machine(
        name="rating_request",
        label=_("Rating request"),
        model=RatingRequest,
        states=RequestState,
        roles=(
            Role("rater", _("the rater"), lambda request, user: request.rater_id == user.pk),
            Role("manager", _("the direct manager"), lambda request, user: is_manager(request.appraisal, user)),
            Role("hr", _("HR"), lambda request, user: is_hr(request.appraisal, user)),
        ),
        final=frozenset({RequestState.SUBMITTED, RequestState.DECLINED, RequestState.EXPIRED}),
        transitions=(
            Transition(
                RequestVerb.INVITE, RequestVerb.INVITE.label, (START,), ("manager", "hr", SYSTEM), "rating.invited",
                (RequestState.INVITED,), guards=(rating_still_counts, rater_is_somebody_else),
            ),
            Transition(
                RequestVerb.ACCEPT, RequestVerb.ACCEPT.label, (RequestState.INVITED,), ("rater",), "rating.accepted",
                (RequestState.ACCEPTED,), guards=(rating_still_counts,),
            ),
            Transition(
                RequestVerb.SUBMIT, RequestVerb.SUBMIT.label, OUT, ("rater",), "rating.submitted",
                (RequestState.SUBMITTED,), guards=(rating_still_counts, points_given),
            ),
            Transition(
                RequestVerb.DECLINE, RequestVerb.DECLINE.label, OUT, ("rater",), "rating.declined",
                (RequestState.DECLINED,), needs_reason=True,
            ),
            Transition(
                RequestVerb.EXPIRE, RequestVerb.EXPIRE.label, OUT, (SYSTEM, "hr"), "rating.expired",
                (RequestState.EXPIRED,),
            ),
        ),
        duties=duties,
        on_alarms=ladder.speak,
        related=("appraisal__track", "appraisal__cycle__calendar", "appraisal__employee"),
        shared=("appraisal__track", "appraisal__cycle__calendar"),
        parent="appraisal",
        title=lambda request: f"{request.appraisal.title} · {request.appraisal.cycle}",
        on_expiry=lambda request: RequestVerb.EXPIRE,
        hides_actor=lambda request, user: request.anonymous and request.rater_id == user.pk,
    )
)  # fmt: skip
