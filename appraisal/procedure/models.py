"""Supervised corrections of archived results."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from appraisal.cycles.models import Appraisal


class Correction(models.Model):
    """One HR person proposes to open an archived result again, another approves."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="corrections")
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal"], condition=Q(approved_at__isnull=True), name="one_open_correction"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
                name="correction_needs_a_second_person",
            ),
        ]
