"""What a final result leads to. Each is a proposal until a human approves it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from appraisal.cycles.models import Appraisal
from appraisal.outcomes.states import OutcomeState


class OutcomeProposal(models.Model):
    """One consequence of one result under one rule of the scheme (`monthly_bonus`, `start_pip`, `raise_commission`).

    `detail` holds the rule's own words and numbers (grade, multiplier, grades of the streak); `amount` is in the
    scheme's currency, null while the base is not known.
    """

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="outcomes")
    rule = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)
    base = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    state = models.CharField(max_length=20, choices=OutcomeState.choices, default=OutcomeState.PROPOSED)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal", "rule"],
                condition=Q(state__in=["proposed", "approved"]),
                name="one_live_outcome_a_rule",
            )
        ]
