"""What is still missing of a review before it can be handed in, and the guards that say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appraisal.assessments.results import compute
from appraisal.assessments.rules import indicators_of, papers_of, rated_by, supports_review
from appraisal.assessments.states import Writer
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of, scheme_of
from appraisal.cycles.states import Step
from appraisal.schemes.queries import scheme_by_digest
from appraisal.schemes.spec import Group, Indicator, Rating
from appraisal.scoring.explanation import Node
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused


def self_review_gaps(appraisal: Appraisal) -> list[tuple[str, str]]:
    """What is missing of the self-review: (indicator key or section, words), for the summary with links."""
    papers = papers_of(appraisal)
    review = papers.reviews.get(Writer.EMPLOYEE)
    entries = review.entries if review else {}
    gaps = [
        (leaf.key, str(_("Say something about this indicator.")))
        for leaf in applicable_indicators(appraisal)
        if not str(entries.get(leaf.key, {}).get("comment", "")).strip()
    ]
    gaps += points_missing(appraisal, "employee", entries)
    rule = rule_of(appraisal.track, Step.SELF_REVIEW)
    if rule is not None and rule.evidence == "required" and not any(supports_review(e) for e in papers.evidence):
        gaps.append(("evidence", str(_("Attach at least one piece of evidence, such as a CRM screenshot."))))
    return gaps


def score_gaps(appraisal: Appraisal) -> list[tuple[str, str]]:
    """What is missing of the manager's review."""
    review = papers_of(appraisal).reviews.get(Writer.MANAGER)
    gaps = points_missing(appraisal, "manager", review.entries if review else {})
    if review is None or not review.strengths.strip():
        gaps.append(("strengths", str(_("Write what went well."))))
    if review is None or not review.improvements.strip():
        gaps.append(("improvements", str(_("Write what should improve."))))
    return gaps


def points_missing(appraisal: Appraisal, role: str, entries: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    return [
        (key, str(_("Give your points.")))
        for key in wanted_ratings(appraisal, role)
        if entries.get(key, {}).get("points") in {None, ""}
    ]


def wanted_ratings(appraisal: Appraisal, role: str) -> dict[str, Rating]:
    """The ratings that the role has to give: not those that may be left out, nor those of indicators that do not
    apply to the person."""
    asked = {key: spec for key, spec in rated_by(appraisal, role).items() if spec.required}
    scheme = scheme_of(appraisal.track)
    applying = {leaf.key for leaf in applicable_indicators(appraisal)}
    readers: dict[str, list[str]] = defaultdict(list)
    for leaf in scheme.all_indicators:
        for key in scheme.inputs_of(leaf):
            readers[key].append(leaf.key)
    return {
        key: spec for key, spec in asked.items() if not readers[key] or any(leaf in applying for leaf in readers[key])
    }


def applicable_indicators(appraisal: Appraisal) -> list[Indicator]:
    """Of the indicators of this kind of period those that count for the person, as the figures stand now."""
    leaves = indicators_of(appraisal)
    if not is_conditional(appraisal.track.scheme_digest):
        return leaves
    found = {node.key: node for node in _nodes(compute(appraisal).tree)}
    return [leaf for leaf in leaves if leaf.key in found and found[leaf.key].branch != "does_not_apply"]


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


@cache
def is_conditional(digest: str) -> bool:
    """Whether any part of the scheme counts only for some people."""
    return _has_conditions(scheme_by_digest(digest).indicators)


def _has_conditions(branches: Sequence[Group | Indicator]) -> bool:
    return any(
        branch.when is not None or (isinstance(branch, Group) and (branch.alternatives or _has_conditions(branch.of)))
        for branch in branches
    )


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


def may_reveal(appraisal: Appraisal) -> Verdict:
    """Blind first: the manager's own points are on record before the employee's words are read."""
    review = papers_of(appraisal).reviews.get(Writer.MANAGER)
    if review is None or not review.draft:
        return refused(_("Save your own assessment first; then you can read the self-review."))
    if points_missing(appraisal, "manager", review.entries):
        return refused(_("Give your own points first; then you can read the self-review."))
    return ALLOWED
