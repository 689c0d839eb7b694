"""Inviting raters, and what a rater does with an invitation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from appraisal.assessments.actions.reviews import LONGEST, checked_points
from appraisal.assessments.machine import duties
from appraisal.assessments.models import RatingRequest
from appraisal.assessments.rules import minimum_of, rated_by_others
from appraisal.assessments.states import STILL_OUT, RequestState, RequestVerb
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.cycles.rules import is_hr, is_manager
from appraisal.people.models import User
from appraisal.schemes.spec import Rating
from workflow.engine import Outcome, begin, perform
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState


@transaction.atomic
def invite_raters(
    *, acting_user: User | None, appraisal: Appraisal, input_key: str, raters: Sequence[User], at: datetime
) -> list[RatingRequest]:
    """Asks these people; who has been asked already is not asked twice. None: the system asks."""
    if acting_user is not None and not (is_manager(appraisal, acting_user) or is_hr(appraisal, acting_user)):
        raise NotAllowed(_("Raters are invited by the direct manager or by HR."))
    spec = rated_by_others(appraisal).get(input_key)
    if spec is None:
        raise GuardRefused(_("The scheme asks no raters about “%(key)s”.") % {"key": input_key})
    locked = Appraisal.objects.select_for_update(of=("self",)).select_related("track", "cycle", "employee")
    appraisal = locked.get(pk=appraisal.pk)
    asked = set(
        RatingRequest.objects.filter(appraisal=appraisal, input_key=input_key).values_list("rater_id", flat=True)
    )
    new = [
        RatingRequest(appraisal=appraisal, input_key=input_key, rater=rater, anonymous=spec.anonymous)
        for rater in dict.fromkeys(raters)
        if rater.pk not in asked
    ]
    if any(not request.rater.is_active for request in new):
        raise GuardRefused(_("Somebody on the list has no active account."), _("Choose somebody else, or ask HR."))
    for request in new:
        request.state = RequestState.INVITED
        clock = next((duty.clock for duty in duties(request, at)), None)
        request.due_at = clock.due_at if clock else None
    return begin(new, RequestVerb.INVITE, acting_user=acting_user, at=at)


def accept_rating(
    *, acting_user: User, request: RatingRequest, at: datetime, version: int | None = None, key: str | None = None
) -> Outcome[RatingRequest]:
    return perform(request, RequestVerb.ACCEPT, acting_user=acting_user, at=at, version=version, key=key)


def decline_rating(
    *,
    acting_user: User,
    request: RatingRequest,
    reason: str,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Outcome[RatingRequest]:
    return perform(
        request, RequestVerb.DECLINE, acting_user=acting_user, at=at, version=version, key=key, reason=reason
    )


def expire_rating(
    *,
    acting_user: User | None,
    request: RatingRequest,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
    reason: str = "",
) -> Outcome[RatingRequest]:
    """HR need not wait for somebody who will not answer."""
    return perform(request, RequestVerb.EXPIRE, acting_user=acting_user, at=at, version=version, key=key, reason=reason)


def save_rating(
    *, acting_user: User, request: RatingRequest, points: str, comment: str, draft: int, at: datetime
) -> RatingRequest:
    """The rater's draft: one small UPDATE, refused if another tab was first or the request is no longer out."""
    if request.rater_id != acting_user.pk:
        raise NotAllowed(_("Only the rater who was asked writes this rating."))
    if request.state not in STILL_OUT:
        raise NotInThisState(_("This request is no longer open."))
    spec = spec_of(request)
    written = checked_points(request.appraisal, spec, points)
    if len(comment) > LONGEST:
        raise GuardRefused(_("A text is longer than %(most)s characters.") % {"most": LONGEST})
    value = Decimal(written) if written else None
    if request.draft and (request.points, request.comment) == (value, comment):
        return request
    still = RatingRequest.objects.filter(pk=request.pk, draft=draft, state__in=STILL_OUT)
    if not still.update(points=value, comment=comment, draft=F("draft") + 1, saved_at=at):
        raise Conflict(reason=_("This draft was changed elsewhere since the page was opened, perhaps in another tab."))
    request.points, request.comment, request.draft, request.saved_at = value, comment, draft + 1, at
    return request


def submit_rating(
    *, acting_user: User, request: RatingRequest, at: datetime, version: int | None = None, key: str | None = None
) -> Outcome[RatingRequest]:
    """Hands in what has been saved."""
    return perform(request, RequestVerb.SUBMIT, acting_user=acting_user, at=at, version=version, key=key)


def spec_of(request: RatingRequest) -> Rating:
    spec = scheme_of(request.appraisal.track).inputs[request.input_key]
    assert isinstance(spec, Rating)
    return spec


def too_few_asked(appraisal: Appraisal, spec: Rating, asked: int) -> str:
    """The warning where fewer are asked than it takes: what they give would be left out."""
    minimum = minimum_of(appraisal, spec)
    if asked >= minimum:
        return ""
    return _("Fewer than %(minimum)s people are asked: their ratings would stay hidden and not count.") % {
        "minimum": minimum
    }
