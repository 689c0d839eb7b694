"""What must be true of reviews and ratings before they are handed in, and who may read them when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appraisal.assessments.models import Evidence, RatingRequest, Review, Submission
from appraisal.assessments.states import STILL_OUT, Writer
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of, scheme_of, settings_of
from appraisal.cycles.rules import is_employee, is_manager, may_see_result
from appraisal.cycles.states import Step
from appraisal.schemes.spec import Indicator, Number, Rating, Scheme
from appraisal.schemes.spec.inputs import Level
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User

APPEAL_EVIDENCE = "appeal"


class Papers:
    """What guards read of one appraisal. The first reader of a kind loads it for all appraisals of the batch."""

    def __init__(self, batch: Batch, appraisal_id: int) -> None:
        self._batch, self._id = batch, appraisal_id

    @property
    def reviews(self) -> dict[str, Review]:
        """By writer, each with `handed_in`: the content of the latest submission, or None."""
        return self._batch.reviews[self._id]

    @property
    def evidence(self) -> list[Evidence]:
        return self._batch.evidence[self._id]

    @property
    def requests(self) -> list[RatingRequest]:
        return self._batch.requests[self._id]


class Batch:
    def __init__(self, appraisals: Sequence[Appraisal]) -> None:
        self.ids = [appraisal.pk for appraisal in appraisals]

    @cached_property
    def reviews(self) -> dict[int, dict[str, Review]]:
        found: dict[int, dict[str, Review]] = defaultdict(dict)
        latest = Submission.objects.filter(appraisal=OuterRef("appraisal"), writer=OuterRef("writer")).order_by("-pk")
        rows = Review.objects.filter(appraisal__in=self.ids)
        for review in rows.annotate(latest=Subquery(latest.values("content")[:1])):
            review.handed_in = review.latest
            found[review.appraisal_id][review.writer] = review
        return found

    @cached_property
    def evidence(self) -> dict[int, list[Evidence]]:
        found: dict[int, list[Evidence]] = defaultdict(list)
        for evidence in Evidence.objects.filter(appraisal__in=self.ids, removed_at__isnull=True).order_by("pk"):
            found[evidence.appraisal_id].append(evidence)
        return found

    @cached_property
    def requests(self) -> dict[int, list[RatingRequest]]:
        found: dict[int, list[RatingRequest]] = defaultdict(list)
        for request in RatingRequest.objects.filter(appraisal__in=self.ids).select_related("rater").order_by("pk"):
            found[request.appraisal_id].append(request)
        return found


def load_papers(appraisals: Sequence[Appraisal]) -> None:
    """Hangs `papers` on each appraisal: at most three queries for all of them, when they are first read."""
    batch = Batch(appraisals)
    for appraisal in appraisals:
        appraisal.papers = Papers(batch, appraisal.pk)  # type: ignore[attr-defined]


def papers_of(appraisal: Appraisal) -> Papers:
    if not hasattr(appraisal, "papers"):
        load_papers([appraisal])
    papers: Papers = appraisal.papers  # type: ignore[attr-defined]
    return papers


def in_period(appraisal: Appraisal, key: str) -> bool:
    """A quarterly survey has no figure in a month: nothing is asked about it then."""
    return scheme_of(appraisal.track).asks_for(key, appraisal.cycle.period_kind)


def indicators_of(appraisal: Appraisal) -> list[Indicator]:
    """The indicators that count in the kind of period of this cycle."""
    scheme = scheme_of(appraisal.track)
    if scheme.rolls_up_into(appraisal.cycle.period_kind):
        return []
    return [
        leaf
        for leaf in scheme.all_indicators
        if all(in_period(appraisal, key) for _, key, _ in leaf.score.inputs_named())
    ]


def rated_by(appraisal: Appraisal, role: str) -> dict[str, Rating]:
    """The ratings that this role gives in this kind of period, by input key."""
    return {
        key: given
        for key, given in scheme_of(appraisal.track).inputs.items()
        if given.kind == "rating" and given.scored and given.by == role and in_period(appraisal, key)
    }


def rated_by_others(appraisal: Appraisal) -> dict[str, Rating]:
    """The ratings for which raters are invited."""
    return {
        key: given
        for key, given in scheme_of(appraisal.track).inputs.items()
        if given.kind == "rating"
        and given.scored
        and given.by not in {"employee", "manager"}
        and in_period(appraisal, key)
    }


def number_in(
    scheme: Scheme, number: Number | None, settings: Mapping[str, Decimal | str] | None = None
) -> Decimal | None:
    """A number of the scheme, wherever it is written; `settings` are what the cycle sets instead."""
    if number is None:
        return None
    if number.parameter is not None:
        own = (settings or {}).get(number.parameter)
        return own if isinstance(own, Decimal) else scheme.parameters[number.parameter].number
    return number.assumed if number.value is None else number.value


def scale_of(appraisal: Appraisal, spec: Rating) -> Decimal:
    track = appraisal.track
    return number_in(scheme_of(track), spec.scale.points, settings_of(track)) or Decimal(100)


def minimum_of(appraisal: Appraisal, spec: Rating) -> int:
    """How many raters it takes before what they gave is counted and shown."""
    track = appraisal.track
    return int(number_in(scheme_of(track), spec.at_least, settings_of(track)) or 0)


def levels_of(appraisal: Appraisal, spec: Rating) -> list[tuple[Decimal, Level]]:
    """The named levels of a scale with the points that each stands for."""
    track = appraisal.track
    found = [(number_in(scheme_of(track), level.points, settings_of(track)), level) for level in spec.scale.levels]
    return [(points, level) for points, level in found if points is not None]


def supports_review(evidence: Evidence) -> bool:
    return evidence.indicator != APPEAL_EVIDENCE


def still_out(appraisal: Appraisal) -> int:
    return sum(request.state in STILL_OUT for request in papers_of(appraisal).requests)


def waiting_words(appraisal: Appraisal) -> str:
    """How many ratings are still out, in words; nothing when all have joined."""
    waiting = still_out(appraisal)
    if not waiting:
        return ""
    words: str = ngettext("%(count)d rating is still out.", "%(count)d ratings are still out.", waiting)
    return words % {"count": waiting}


def raters_joined(attempt: Attempt) -> Verdict:
    """Everybody asked has answered, declined or run out of time."""
    waiting = waiting_words(attempt.subject)
    return refused(waiting, _("Wait for it, or for its deadline; HR can let it expire.")) if waiting else ALLOWED


def scores_blind(appraisal: Appraisal) -> bool:
    rule = rule_of(appraisal.track, Step.SCORING)
    return rule is not None and rule.blind_first


def may_read_self_review(appraisal: Appraisal, user: User) -> Verdict:
    """The employee always; others what has been handed in, a manager who scores blind only after the own draft."""
    if is_employee(appraisal, user):
        return ALLOWED
    if not may_see_result(appraisal, user):
        return refused(_("This self-review is not open to you."))
    reviews = papers_of(appraisal).reviews
    own = reviews.get(Writer.MANAGER)
    blind = is_manager(appraisal, user) and appraisal.state == Step.SCORING and scores_blind(appraisal)
    if blind and (own is None or own.revealed_at is None):
        return refused(_("This scheme asks you to score first: the self-review opens after your own draft."))
    if Writer.EMPLOYEE not in reviews or reviews[Writer.EMPLOYEE].handed_in is None:
        return refused(_("No self-review has been handed in."))
    return ALLOWED


def may_read_manager_review(appraisal: Appraisal, user: User) -> Verdict:
    """The manager always; the employee after release; those above from the submission on."""
    if is_manager(appraisal, user) and not is_employee(appraisal, user):
        return ALLOWED
    if not may_see_result(appraisal, user):
        return refused(_("The manager's words are shown after the result has been released."))
    review = papers_of(appraisal).reviews.get(Writer.MANAGER)
    if review is None or review.handed_in is None:
        return refused(_("The manager has not handed in a score yet."))
    return ALLOWED


def may_attach(appraisal: Appraisal, user: User, indicator: str) -> Verdict:
    """The employee supports the self-review while it is open, and an appeal while one can be made or is heard."""
    steps = {Step.APPEAL_WINDOW, Step.APPEALED} if indicator == APPEAL_EVIDENCE else {Step.SELF_REVIEW}
    if not is_employee(appraisal, user):
        return refused(_("Evidence is attached by the person appraised."))
    if appraisal.state not in steps:
        return refused(_("This is not the step in which evidence is attached."))
    return ALLOWED
