"""Reading the procedure: where a cycle stands, who is late, what is stuck."""

from __future__ import annotations

from datetime import datetime

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.states import Step
from appraisal.procedure.rules import appraisal_type
from workflow.models import Visit


def windows_over(cycle: AppraisalCycle, at: datetime) -> list[Appraisal]:
    """Appeal windows whose time has passed and that the sweep has not closed yet."""
    over = Visit.objects.filter(
        content_type=appraisal_type(), state=Step.APPEAL_WINDOW, closed_at__isnull=True, due_at__lt=at
    )
    rows = Appraisal.objects.filter(cycle=cycle, state=Step.APPEAL_WINDOW, pk__in=over.values("object_id"))
    return list(rows.order_by("pk"))
