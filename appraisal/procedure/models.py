"""Supervised corrections of archived results, and bulk acts on their way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.procedure.states import BulkKind


class Correction(models.Model):
    """One HR person proposes to open an archived result again, another approves.

    `changes` holds figures to be replaced, by indicator: {"lead_conversion": "85"}; with none only the step goes back.
    """

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="corrections")
    reason = models.TextField()
    changes = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal"],
                condition=Q(approved_at__isnull=True, declined_at__isnull=True),
                name="one_open_correction",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
                name="correction_needs_a_second_person",
            ),
        ]


class BulkRun(models.Model):
    """A bulk act and how far it has come, so that its progress survives leaving the page.

    `asked` holds what to do (the chosen appraisals), `refused` who did not move: {"pk", "name", "reason"}.
    """

    kind = models.CharField(max_length=20, choices=BulkKind.choices)
    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="runs")
    asked = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    # Moves with every chunk: a run that has stood still for long was cut off and can be taken up again.
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "kind"], condition=Q(finished_at__isnull=True), name="one_running_act_of_a_kind"
            )
        ]
