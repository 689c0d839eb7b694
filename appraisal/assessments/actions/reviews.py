"""Drafts of the self-review and of the manager's score, and handing them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from appraisal.assessments.gaps import may_reveal
from appraisal.assessments.models import Evidence, Review, Submission
from appraisal.assessments.naming import reader_is_english
from appraisal.assessments.results import compute, store_result
from appraisal.assessments.rules import (
    APPEAL_EVIDENCE,
    levels_of,
    rated_by,
    scale_of,
    scores_blind,
)
from appraisal.assessments.states import Writer
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.cycles.rules import is_employee, is_manager
from appraisal.cycles.states import Origin, Step, Verb
from appraisal.schemes.spec import Rating
from workflow.engine import Outcome, perform, record
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState

if TYPE_CHECKING:
    from appraisal.people.models import User

LONGEST = 4000


@dataclass(frozen=True)
class Patch:
    """What a form changes: entries by key ({"comment": …, "points": …}) and the longer texts; None leaves one alone."""

    entries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    summary: str | None = None
    strengths: str | None = None
    improvements: str | None = None

    @property
    def texts(self) -> dict[str, str]:
        given = {"summary": self.summary, "strengths": self.strengths, "improvements": self.improvements}
        return {name: text for name, text in given.items() if text is not None}


def save_self_review_draft(
    *, acting_user: User, appraisal: Appraisal, patch: Patch, draft: int, at: datetime
) -> Review:
    """`draft` is the count the page was drawn from; a stale one is a Conflict, and nothing is overwritten."""
    if not is_employee(appraisal, acting_user):
        raise NotAllowed(_("Only the person appraised writes the self-review."))
    return _save(appraisal, Writer.EMPLOYEE, Step.SELF_REVIEW, patch, draft, at)


def save_score_draft(*, acting_user: User, appraisal: Appraisal, patch: Patch, draft: int, at: datetime) -> Review:
    if not is_manager(appraisal, acting_user) or is_employee(appraisal, acting_user):
        raise NotAllowed(_("Only the direct manager writes the score."))
    return _save(appraisal, Writer.MANAGER, Step.SCORING, patch, draft, at)


def submit_self_review(
    *,
    acting_user: User,
    appraisal: Appraisal,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Outcome[Appraisal]:
    """Hands in the saved draft."""

    def keep(locked: Appraisal) -> None:
        _hand_in(locked, Writer.EMPLOYEE, acting_user, at)

    return perform(
        appraisal, Verb.SUBMIT_SELF_REVIEW, acting_user=acting_user, at=at, version=version, key=key, change=keep
    )


def submit_score(
    *,
    acting_user: User,
    appraisal: Appraisal,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Outcome[Appraisal]:
    """Hands in the saved draft; the score and its grade are computed and stored with their explanation."""

    def decide(locked: Appraisal) -> None:
        store_result(locked, compute(locked), origin=Origin.REVIEW, acting_user=acting_user, at=at)
        _hand_in(locked, Writer.MANAGER, acting_user, at)

    return perform(
        appraisal, Verb.SUBMIT_SCORE, acting_user=acting_user, at=at, version=version, key=key, change=decide
    )


@transaction.atomic
def reveal_self_review(*, acting_user: User, appraisal: Appraisal, at: datetime) -> Review:
    """Blind first: opens the self-review to a manager who has put the own points on record. The log says when."""
    if not is_manager(appraisal, acting_user) or is_employee(appraisal, acting_user):
        raise NotAllowed(_("Only the direct manager opens the self-review."))
    if appraisal.state != Step.SCORING or not scores_blind(appraisal):
        raise NotInThisState(_("There is nothing to open: this self-review is not hidden."))
    verdict = may_reveal(appraisal)
    if not verdict:
        raise GuardRefused(str(verdict.reason), str(verdict.remedy))
    review = Review.objects.select_for_update().get(appraisal=appraisal, writer=Writer.MANAGER)
    if review.revealed_at is None:
        review.revealed_at = at
        review.save(update_fields=["revealed_at"])
        points = {key: review.entries[key]["points"] for key in rated_by(appraisal, "manager")}
        record(appraisal, "self_review.revealed", acting_user=acting_user, at=at, personal={"points": points})
    return review


def _save(appraisal: Appraisal, writer: Writer, step: Step, patch: Patch, draft: int, at: datetime) -> Review:
    if appraisal.state != step:
        raise NotInThisState(_("This is not the step for it."), _("What you typed is kept on this page."))
    entries = _checked(appraisal, writer, patch)
    review = Review.objects.filter(appraisal=appraisal, writer=writer).first()
    if review is None:
        return _first_draft(appraisal, writer, entries, patch, draft, at)
    merged = {**review.entries, **{key: {**review.entries.get(key, {}), **given} for key, given in entries.items()}}
    changed: dict[str, Any] = {"entries": merged, **patch.texts}
    if all(getattr(review, name) == value for name, value in changed.items()):
        return review
    still = Review.objects.filter(pk=review.pk, draft=draft, appraisal__state=step)
    if not still.update(**changed, draft=F("draft") + 1, saved_at=at):
        raise _changed_elsewhere()
    for name, value in {**changed, "draft": draft + 1, "saved_at": at}.items():
        setattr(review, name, value)
    return review


def _first_draft(
    appraisal: Appraisal, writer: Writer, entries: Mapping[str, Any], patch: Patch, draft: int, at: datetime
) -> Review:
    if draft:
        raise _changed_elsewhere()
    try:
        with transaction.atomic():
            return Review.objects.create(
                appraisal=appraisal, writer=writer, entries=entries, draft=1, saved_at=at, **patch.texts
            )
    except IntegrityError as error:
        raise _changed_elsewhere() from error


def _changed_elsewhere() -> Conflict:
    return Conflict(reason=_("This draft was changed elsewhere since the page was opened, perhaps in another tab."))


def _checked(appraisal: Appraisal, writer: Writer, patch: Patch) -> dict[str, dict[str, str]]:
    """The entries that belong to the scheme, with points that lie on their scale."""
    known = {leaf.key for leaf in scheme_of(appraisal.track).all_indicators}
    rated = rated_by(appraisal, writer)
    entries: dict[str, dict[str, str]] = {}
    for key, given in patch.entries.items():
        if key in known and "comment" in given:
            entries.setdefault(key, {})["comment"] = given["comment"]
        if key in rated and "points" in given:
            entries.setdefault(key, {})["points"] = checked_points(appraisal, rated[key], given["points"])
    for text in [*patch.texts.values(), *(entry.get("comment", "") for entry in entries.values())]:
        if len(text) > LONGEST:
            raise GuardRefused(_("A text is longer than %(most)s characters.") % {"most": LONGEST})
    return entries


def checked_points(appraisal: Appraisal, spec: Rating, written: str) -> str:
    """The points as one plain number on the scale of the input, or of one of its levels; or nothing."""
    top = scale_of(appraisal, spec)
    text = written.strip().replace("，", ".").replace(",", ".")
    if not text:
        return ""
    name = spec.label.en if reader_is_english() else spec.label.zh
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal("NaN")
    exponent = points.as_tuple().exponent
    if not points.is_finite() or not 0 <= points <= top or not isinstance(exponent, int) or exponent < -2:
        raise GuardRefused(
            _("“%(input)s”: give a number from 0 to %(top)s with at most two decimals.") % {"input": name, "top": top}
        )
    levels = [worth for worth, _level in levels_of(appraisal, spec)]
    if levels and points not in levels:
        raise GuardRefused(_("“%(input)s”: choose one of the levels of the scale.") % {"input": name})
    return format(points, "f")


def _hand_in(appraisal: Appraisal, writer: Writer, user: User, at: datetime) -> None:
    """Keeps what was handed in. The draft's count moves on, so that a late save of an open page finds it stale."""
    review = Review.objects.select_for_update().get(appraisal=appraisal, writer=writer)
    content: dict[str, Any] = {
        "entries": review.entries,
        "summary": review.summary,
        "strengths": review.strengths,
        "improvements": review.improvements,
    }
    if writer == Writer.EMPLOYEE:
        files = Evidence.objects.filter(appraisal=appraisal, removed_at__isnull=True).exclude(indicator=APPEAL_EVIDENCE)
        content["evidence"] = [evidence_card(evidence) for evidence in files.order_by("pk")]
    Submission.objects.create(appraisal=appraisal, writer=writer, content=content, by=user, at=at)
    Review.objects.filter(pk=review.pk).update(submitted_at=at, draft=F("draft") + 1)


def evidence_card(evidence: Evidence) -> dict[str, Any]:
    return {
        "id": evidence.pk,
        "name": evidence.name,
        "size": evidence.size,
        "indicator": evidence.indicator,
        "sha256": evidence.sha256,
    }
