"""What happens here when an appraisal leaves the cycle."""

from collections.abc import Sequence

from appraisal.assessments.models import RatingRequest
from appraisal.assessments.states import STILL_OUT, RequestVerb
from workflow import facts
from workflow.engine import perform_many
from workflow.machine import Happened


@facts.subscribe("appraisal.withdrawn")
def let_requests_expire(events: Sequence[Happened]) -> None:
    """Nobody is asked to rate a person who is no longer appraised."""
    requests = list(RatingRequest.objects.filter(appraisal__in=[e.subject.pk for e in events], state__in=STILL_OUT))
    perform_many(requests, RequestVerb.EXPIRE, acting_user=None, at=events[0].fact.at)
