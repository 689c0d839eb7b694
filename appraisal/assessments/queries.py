"""What raters, managers and readers of results may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from appraisal.assessments.models import Evidence, RatingRequest
from appraisal.assessments.rules import (
    APPEAL_EVIDENCE,
    may_read_self_review,
    minimum_of,
    papers_of,
    rated_by_others,
)
from appraisal.assessments.sheet import text
from appraisal.assessments.states import STILL_OUT, RequestState, Writer
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.rules import is_employee, is_manager, is_second_level, may_see_result
from appraisal.cycles.states import Origin, Step
from appraisal.people.models import Person, ReportingLine, User

if TYPE_CHECKING:
    from appraisal.schemes.spec import Rating

# So many colleagues are offered to tick; others are named by number.
MOST_OFFERED = 60


@dataclass(frozen=True, slots=True)
class Panel:
    """The raters of one input, as counts; names only where they are not anonymous."""

    key: str
    label: str
    anonymous: bool
    minimum: int
    counts: list[tuple[str, str, int]]
    asked: int
    out: int
    named: list[RatingRequest]
    comments: list[str]

    @property
    def too_few(self) -> bool:
        return self.asked < self.minimum


def panels(appraisal: Appraisal, user: User) -> list[Panel]:
    return [_panel(appraisal, user, key, spec) for key, spec in rated_by_others(appraisal).items()]


def _panel(appraisal: Appraisal, user: User, key: str, spec: Rating) -> Panel:
    asked = [request for request in papers_of(appraisal).requests if request.input_key == key]
    counted = Counter(request.state for request in asked)
    return Panel(
        key=key,
        label=text(spec.label),
        anonymous=spec.anonymous,
        minimum=minimum_of(appraisal, spec),
        counts=[(state, str(RequestState(state).label), counted[state]) for state in RequestState if counted[state]],
        asked=len(asked),
        out=sum(counted[state] for state in STILL_OUT),
        named=[] if spec.anonymous else asked,
        comments=peer_comments(appraisal, user, key, spec),
    )


def peer_comments(appraisal: Appraisal, user: User, key: str, spec: Rating) -> list[str]:
    """For the manager alone, once all have answered and enough have; sorted, so that the order of answers is lost."""
    if not is_manager(appraisal, user) or is_employee(appraisal, user):
        return []
    asked = [request for request in papers_of(appraisal).requests if request.input_key == key]
    given = [request for request in asked if request.state == RequestState.SUBMITTED]
    if any(request.state in STILL_OUT for request in asked) or len(given) < minimum_of(appraisal, spec):
        return []
    return sorted(request.comment.strip() for request in given if request.comment.strip())


def candidates(appraisal: Appraisal) -> QuerySet[User]:
    """Those of the same unit or manager who have not been asked, without the employee and the manager."""
    team = ReportingLine.objects.filter(manager=appraisal.manager_id, ends_on__isnull=True).values("person")
    asked = RatingRequest.objects.filter(appraisal=appraisal).values("rater")
    concerned = [pk for pk in (appraisal.employee_account_id, appraisal.manager_account_id) if pk is not None]
    near = Person.objects.filter(Q(org_unit=appraisal.org_unit_id) | Q(pk__in=team), left_on__isnull=True)
    near = near.filter(user__is_active=True).exclude(user__in=concerned).exclude(user__in=asked)
    offered = near.order_by("number").values("user")[:MOST_OFFERED]
    return User.objects.filter(pk__in=offered).order_by("person__number")


def requests_for(user: User) -> QuerySet[RatingRequest]:
    """What this person is or was asked to rate, what is still open first."""
    rows = RatingRequest.objects.filter(rater=user).select_related(
        "appraisal__employee", "appraisal__cycle__calendar", "appraisal__track", "appraisal__org_unit"
    )
    return rows.order_by("due_at", "pk")


def with_next(appraisals: QuerySet[Appraisal], user: User) -> QuerySet[Appraisal]:
    """Adds `next_pk`: the next of the manager's people in the cycle who waits for a score, by employee number."""
    waiting = (
        Appraisal.objects.filter(cycle=OuterRef("cycle"), manager_account=user, state=Step.SCORING)
        .exclude(pk=OuterRef("pk"))
        .order_by("employee__number")
        .values("pk")
    )
    after = waiting.filter(employee__number__gt=OuterRef("employee__number"))
    return appraisals.annotate(next_pk=Coalesce(Subquery(after[:1]), Subquery(waiting[:1])))


def evidence_handed_in(appraisal: Appraisal) -> list[Mapping[str, Any]]:
    review = papers_of(appraisal).reviews.get(Writer.EMPLOYEE)
    content = (review.handed_in if review else None) or {}
    cards: list[Mapping[str, Any]] = content.get("evidence", [])
    return cards


def may_read_evidence(appraisal: Appraisal, user: User, evidence: Evidence) -> bool:
    """The employee the own; others what was handed in, or, of an appeal, those who hear it or keep the records."""
    handed_in = evidence.pk in {card["id"] for card in evidence_handed_in(appraisal)}
    if is_employee(appraisal, user):
        return evidence.removed_at is None or handed_in
    if evidence.indicator == APPEAL_EVIDENCE:
        party = is_manager(appraisal, user) or is_second_level(appraisal, user)
        return evidence.removed_at is None and not party and may_see_result(appraisal, user)
    return handed_in and bool(may_read_self_review(appraisal, user))


def results_visible_to(appraisal: Appraisal, user: User) -> list[Result]:
    """The latest first. The employee sees what has been released: the result that stood then, and what followed it."""
    if not may_see_result(appraisal, user):
        return []
    results = list(appraisal.results.select_related("by").order_by("-at", "-pk"))
    if not is_employee(appraisal, user):
        return results
    released: datetime | None = appraisal.released_at
    shown = [result for result in results if released is not None and result.at <= released]
    return _without_superseded(shown)


def _without_superseded(results: Sequence[Result]) -> list[Result]:
    """Scores that were sent back before the release are nobody's result."""
    first = next((r for r in results if r.origin not in {Origin.APPEAL, Origin.CORRECTION}), None)
    return [r for r in results if r is first or r.origin in {Origin.APPEAL, Origin.CORRECTION}]
