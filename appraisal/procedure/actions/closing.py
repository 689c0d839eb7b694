"""The end of a cycle: what is over is archived, what was never finished is named and taken out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.cycles.models import AppraisalCycle
from appraisal.cycles.rules import unfinished
from appraisal.cycles.states import Verb
from appraisal.people.models import User
from appraisal.procedure.models import BulkRun
from appraisal.procedure.queries import windows_over
from appraisal.procedure.rules import demand_hr
from workflow import engine
from workflow.errors import Conflict, GuardRefused


@transaction.atomic
def close_cycle(
    *,
    acting_user: User,
    at: datetime,
    cycle: AppraisalCycle,
    withdraw: Collection[tuple[int, int]] = (),
    reason: str = "",
    version: int | None = None,
    key: str | None = None,
) -> None:
    """Archives what is over and closes the cycle; improvement plans run on.

    What is still open has to be named in `withdraw` (appraisal, version seen), with a reason: it is withdrawn. Raises
    GuardRefused while anything open is not named, Conflict when one of the named has moved since it was seen.
    """
    demand_hr(acting_user)
    locked = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
    if BulkRun.objects.filter(cycle=locked, finished_at__isnull=True).exists():
        raise GuardRefused(_("A bulk act of this cycle is still running."), _("Wait until it has finished."))
    engine.perform_many(windows_over(locked, at), Verb.CLOSE_WINDOW, acting_user=None, at=at)
    _withdraw(acting_user, at, locked, dict(withdraw), reason)
    engine.perform(cycle, "close_cycle", acting_user=acting_user, at=at, reason=reason, version=version, key=key)


def _withdraw(user: User, at: datetime, cycle: AppraisalCycle, named: dict[int, int], reason: str) -> None:
    locked = unfinished(cycle).filter(pk__in=named).order_by("pk").select_for_update(of=("self",))
    rows = list(locked.select_related("cycle", "track", "employee"))
    if any(row.version != named[row.pk] for row in rows):
        raise Conflict(reason=_("Some of these appraisals have moved on since the page was opened."))
    outcome = engine.perform_many(rows, Verb.WITHDRAW, acting_user=user, at=at, reason=reason)
    for row, refusal in outcome.refused:
        raise GuardRefused(f"{row.title}: {refusal.reason}", refusal.remedy)
