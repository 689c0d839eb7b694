"""What a final result leads to. Each is a proposal until a human approves it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from appraisal.cycles.models import Appraisal
from appraisal.outcomes.states import LIVE, OutcomeKind, OutcomeState


class OutcomeProposal(models.Model):
    """One consequence of one result under one rule of the scheme (`monthly_bonus`, `raise_commission`).

    `detail` holds what the rule read: grade and multiplier, or the grades of the row. `amount` is in the scheme's
    currency, null while the base is not known; `explanation` is its computation. The decision is a fact on the
    appraisal.
    """

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="outcomes")
    rule = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=OutcomeKind.choices)
    detail = models.JSONField(default=dict)
    # The roles that may decide, each between commas: ",hr,sales_director,".
    deciders = models.CharField(max_length=200, default=",hr,")
    # Pay, post or employment may suffer.
    adverse = models.BooleanField(default=False)
    base = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    # Where a grade adds months of salary to the base.
    month_salary = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    explanation = models.JSONField(default=dict)
    # The commission level that was decided, where the rule left a choice.
    level = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=OutcomeState.choices, default=OutcomeState.PROPOSED)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal", "rule"],
                condition=Q(state__in=[state.value for state in LIVE]),
                name="one_live_outcome_a_rule",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OutcomeKind.PAY, state=OutcomeState.APPROVED) | Q(amount__isnull=False),
                name="approved_pay_has_an_amount",
            ),
        ]
        indexes = [models.Index(fields=["state", "kind", "-proposed_at"], name="outcome_state_kind")]

    @property
    def has_base(self) -> bool:
        """What a result of the scheme comes to is paid as it is."""
        return "result" not in self.detail

    @property
    def needs_salary(self) -> bool:
        return "plus_months" in self.detail
