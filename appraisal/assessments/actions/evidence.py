"""Attaching files that support a statement, and taking them back while that is still open."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.assessments.models import Evidence
from appraisal.assessments.rules import APPEAL_EVIDENCE, may_attach
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.cycles.rules import is_employee
from appraisal.records.files import examine
from workflow.errors import GuardRefused, NotAllowed, NotInThisState

if TYPE_CHECKING:
    from appraisal.people.models import User

MOST_FILES = 30


@transaction.atomic
def attach_evidence(
    *, acting_user: User, appraisal: Appraisal, file: UploadedFile[Any], at: datetime, indicator: str = ""
) -> Evidence:
    """`indicator`: a key of the scheme, nothing for the appraisal as a whole, or "appeal"."""
    locked = _open(acting_user, appraisal, indicator)
    keys = {leaf.key for leaf in scheme_of(locked.track).all_indicators} | {"", APPEAL_EVIDENCE}
    if indicator not in keys:
        raise GuardRefused(_("The scheme has no indicator “%(key)s”.") % {"key": indicator})
    examined = examine(file)
    present = Evidence.objects.filter(appraisal=locked, removed_at__isnull=True)
    known = present.filter(indicator=indicator, sha256=examined.sha256).first()
    if known is not None:
        return known
    if present.count() >= MOST_FILES:
        raise GuardRefused(_("There are %(most)s files already.") % {"most": MOST_FILES}, _("Remove one first."))
    evidence = Evidence(
        appraisal=locked, indicator=indicator, name=examined.name, size=examined.size, sha256=examined.sha256,
        content_type=examined.content_type, uploaded_by=acting_user, uploaded_at=at,
    )  # fmt: skip
    # The stored name tells nothing and cannot be guessed; readers see the other one.
    evidence.file.save(f"{uuid4().hex}{PurePosixPath(examined.name).suffix.lower()}", file, save=False)
    evidence.save()
    return evidence


@transaction.atomic
def remove_evidence(*, acting_user: User, evidence: Evidence, at: datetime) -> Evidence:
    """Hides it. What was handed in with a review stays on record with that review."""
    if evidence.uploaded_by_id != acting_user.pk:
        raise NotAllowed(_("Evidence is removed by whoever attached it."))
    _open(acting_user, evidence.appraisal, evidence.indicator)
    Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=True).update(removed_at=at)
    evidence.refresh_from_db()
    return evidence


def _open(user: User, appraisal: Appraisal, indicator: str) -> Appraisal:
    """The locked appraisal, if it takes evidence now: a file cannot slip in behind a submission."""
    if not is_employee(appraisal, user):
        raise NotAllowed(_("Evidence is attached by the person appraised."))
    rows = Appraisal.objects.select_for_update(of=("self",)).select_related("track", "cycle", "employee")
    locked = rows.get(pk=appraisal.pk)
    verdict = may_attach(locked, user, indicator)
    if not verdict:
        raise NotInThisState(str(verdict.reason))
    return locked
