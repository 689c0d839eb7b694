"""Opening an archived result again: one HR person proposes, another approves or declines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.assessments.results import recompute
from appraisal.cycles.models import Appraisal
from appraisal.cycles.rules import is_hr
from appraisal.cycles.states import Origin, Step, Verb
from appraisal.people.models import User
from appraisal.procedure.models import Correction
from appraisal.procedure.rules import open_correction
from workflow import engine
from workflow.errors import GuardRefused, NotAllowed, NotInThisState
from workflow.refusals import reason_missing


@transaction.atomic
def propose_correction(
    *,
    acting_user: User,
    at: datetime,
    appraisal: Appraisal,
    reason: str,
    changes: Mapping[str, Decimal] | None = None,
) -> Correction:
    """`changes` replace the points or the actual of indicators; the result is then computed anew."""
    locked = _locked(acting_user, appraisal)
    if not reason.strip():
        raise GuardRefused(reason_missing())
    if locked.state != Step.CLOSED:
        raise NotInThisState(_("Only an archived result is corrected in this way."))
    if open_correction(appraisal) is not None:
        raise GuardRefused(_("A correction is already proposed and waits for a second person of HR."))
    correction = Correction.objects.create(
        appraisal=appraisal, reason=reason.strip(), changes={key: str(value) for key, value in (changes or {}).items()},
        proposed_by=acting_user, proposed_at=at,
    )  # fmt: skip
    engine.record(appraisal, "correction.proposed", acting_user=acting_user, at=at, reason=reason)
    return correction


@transaction.atomic
def approve_correction(
    *, acting_user: User, at: datetime, appraisal: Appraisal, version: int | None = None, key: str | None = None
) -> None:
    """Takes the result back to "awaiting release", computed anew with the proposed figures; it is released there."""
    _locked(acting_user, appraisal)
    correction = open_correction(appraisal)

    def sign(locked: Appraisal) -> None:
        if correction is not None and correction.changes:
            figures = {key: Decimal(value) for key, value in correction.changes.items()}
            recompute(
                locked, figures, origin=Origin.CORRECTION, acting_user=acting_user, at=at, reason=correction.reason
            )
        Correction.objects.filter(appraisal=appraisal, approved_at__isnull=True, declined_at__isnull=True).update(
            approved_by=acting_user, approved_at=at
        )

    engine.perform(
        appraisal, Verb.CORRECT, acting_user=acting_user, at=at, version=version, key=key,
        reason=correction.reason if correction is not None else "–", change=sign,
    )  # fmt: skip


@transaction.atomic
def decline_correction(*, acting_user: User, at: datetime, appraisal: Appraisal, reason: str) -> None:
    """The second person declines, or the first takes the proposal back."""
    _locked(acting_user, appraisal)
    if not reason.strip():
        raise GuardRefused(reason_missing())
    correction = open_correction(appraisal)
    if correction is None:
        raise GuardRefused(_("Nobody has proposed a correction."))
    Correction.objects.filter(pk=correction.pk).update(declined_at=at)
    engine.record(appraisal, "correction.declined", acting_user=acting_user, at=at, reason=reason)


def _locked(user: User, appraisal: Appraisal) -> Appraisal:
    if not is_hr(appraisal, user):
        raise NotAllowed(_("Only HR can do this, and not for their own result."))
    return Appraisal.objects.select_for_update(of=("self",)).get(pk=appraisal.pk)
