"""Bulk acts whose progress is kept, and that go on where they were cut off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.people.models import User
from appraisal.procedure.actions.bulk import pass_over_many, release_many
from appraisal.procedure.actions.launching import carry_on_launch
from appraisal.procedure.models import BulkRun
from appraisal.procedure.rules import demand_hr
from appraisal.procedure.states import BulkKind
from workflow import copying
from workflow.engine import CHUNK, BulkOutcome
from workflow.errors import GuardRefused
from workflow.refusals import reason_missing


@transaction.atomic
def prepare_run(
    *,
    acting_user: User,
    at: datetime,
    cycle: AppraisalCycle,
    kind: BulkKind,
    appraisals: Sequence[Appraisal],
    reason: str = "",
) -> BulkRun:
    """Notes a release or passing over of these appraisals; `carry_on` does it. One run of a kind at a time."""
    demand_hr(acting_user)
    AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
    if BulkRun.objects.filter(cycle=cycle, kind=kind, finished_at__isnull=True).exists():
        raise GuardRefused(_("The same act is still running for this cycle."), _("Wait until it has finished."))
    if not appraisals:
        raise GuardRefused(_("Choose at least one appraisal."))
    if kind == BulkKind.PASS_OVER and not reason.strip():
        raise GuardRefused(reason_missing())
    return BulkRun.objects.create(
        kind=kind, cycle=cycle, total=len(appraisals), started_by=acting_user, started_at=at, moved_at=at,
        asked={"ids": sorted(row.pk for row in appraisals), "reason": reason.strip()},
    )  # fmt: skip


def carry_on(run: BulkRun, *, at: datetime) -> BulkRun:
    """To the end, chunk by chunk. Harmless to call twice, at once or after a crash."""
    if run.kind == BulkKind.LAUNCH:
        return carry_on_launch(run, at=at)
    user = User.objects.get(pk=run.started_by_id)
    while _next_chunk(run.pk, user, at):
        pass
    run.refresh_from_db()
    return run


@transaction.atomic
def _next_chunk(run_id: int, user: User, at: datetime) -> bool:
    run = BulkRun.objects.select_for_update().get(pk=run_id)
    ids = run.asked["ids"][run.done : run.done + CHUNK]
    if run.finished_at is not None:
        return False
    if ids:
        # The door reads and locks the rows itself; it only has to know which.
        outcome = _act(run, user, [copying.fresh(Appraisal, id=pk) for pk in ids], at)
        run.refused += [
            {"pk": row.pk, "name": row.title_names[0], "reason": refusal.reason} for row, refusal in outcome.refused
        ]
    run.done += len(ids)
    run.moved_at = at
    run.finished_at = at if run.done >= run.total else None
    run.save(update_fields=["done", "refused", "moved_at", "finished_at"])
    return run.finished_at is None


def _act(run: BulkRun, user: User, rows: Sequence[Appraisal], at: datetime) -> BulkOutcome[Appraisal]:
    prefix = f"run:{run.pk}"
    if run.kind == BulkKind.RELEASE:
        return release_many(acting_user=user, at=at, appraisals=rows, key_prefix=prefix)
    return pass_over_many(acting_user=user, at=at, appraisals=rows, reason=run.asked["reason"], key_prefix=prefix)
