"""What must be true of reviews and ratings before they are handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appraisal.assessments.models import Evidence, RatingRequest, Review
from appraisal.assessments.states import STILL_OUT, Writer
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of, scheme_of
from appraisal.cycles.states import Step
from appraisal.schemes.spec import Scheme
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused


@dataclass
class Papers:
    """What guards read of one appraisal; loaded for thousands at once by `load_papers`."""

    reviews: dict[str, Review] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    requests: list[RatingRequest] = field(default_factory=list)


def load_papers(appraisals: Sequence[Appraisal]) -> None:
    """Hangs reviews, evidence and rating requests on each appraisal (`papers`), in three queries."""
    papers: dict[int, Papers] = defaultdict(Papers)
    for review in Review.objects.filter(appraisal__in=appraisals):
        papers[review.appraisal_id].reviews[review.writer] = review
    for evidence in Evidence.objects.filter(appraisal__in=appraisals, removed_at__isnull=True):
        papers[evidence.appraisal_id].evidence.append(evidence)
    for request in RatingRequest.objects.filter(appraisal__in=appraisals):
        papers[request.appraisal_id].requests.append(request)
    for appraisal in appraisals:
        appraisal.papers = papers[appraisal.pk]  # type: ignore[attr-defined]


def papers_of(appraisal: Appraisal) -> Papers:
    if not hasattr(appraisal, "papers"):
        load_papers([appraisal])
    papers: Papers = appraisal.papers  # type: ignore[attr-defined]
    return papers


def manager_rates(scheme: Scheme) -> list[str]:
    """The rating inputs that the manager gives: what no import, survey, audit or other rater supplies."""
    return [key for key, given in scheme.inputs.items() if given.kind == "rating" and given.by == "manager"]


def self_review_gaps(appraisal: Appraisal) -> list[tuple[str, str]]:
    """What is missing of the self-review: (indicator key or section, words), for the summary with links."""
    papers = papers_of(appraisal)
    review = papers.reviews.get(Writer.EMPLOYEE)
    scheme = scheme_of(appraisal.track)
    entries = review.entries if review else {}
    gaps = [
        (leaf.key, str(_("Say something about this indicator.")))
        for leaf in scheme.all_indicators
        if not str(entries.get(leaf.key, {}).get("comment", "")).strip()
    ]
    rule = rule_of(appraisal.track, Step.SELF_REVIEW)
    if rule is not None and rule.evidence == "required" and not papers.evidence:
        gaps.append(("evidence", str(_("Attach at least one piece of evidence, such as a CRM screenshot."))))
    return gaps


def score_gaps(appraisal: Appraisal) -> list[tuple[str, str]]:
    """What is missing of the manager's review."""
    review = papers_of(appraisal).reviews.get(Writer.MANAGER)
    entries = review.entries if review else {}
    gaps = [
        (key, str(_("Give your points.")))
        for key in manager_rates(scheme_of(appraisal.track))
        if entries.get(key, {}).get("points") in {None, ""}
    ]
    if review is None or not review.strengths.strip():
        gaps.append(("strengths", str(_("Write what went well."))))
    if review is None or not review.improvements.strip():
        gaps.append(("improvements", str(_("Write what should improve."))))
    return gaps


def _complete(gaps: list[tuple[str, str]]) -> Verdict:
    if not gaps:
        return ALLOWED
    return refused(
        ngettext("%(count)d thing is still missing.", "%(count)d things are still missing.", len(gaps))
        % {"count": len(gaps)},
        gaps[0][1],
    )


def self_review_complete(attempt: Attempt) -> Verdict:
    return _complete(self_review_gaps(attempt.subject))


def score_complete(attempt: Attempt) -> Verdict:
    return _complete(score_gaps(attempt.subject))


def raters_joined(attempt: Attempt) -> Verdict:
    """Everybody asked has answered, declined or run out of time."""
    waiting = sum(request.state in STILL_OUT for request in papers_of(attempt.subject).requests)
    if not waiting:
        return ALLOWED
    return refused(
        ngettext("%(count)d rating is still out.", "%(count)d ratings are still out.", waiting) % {"count": waiting},
        _("Wait for it, or for its deadline; HR can let it expire."),
    )
