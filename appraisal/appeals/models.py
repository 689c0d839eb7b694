"""Appeals: what is contested and why, who decides, what was decided on each item."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.appeals.states import AppealState, Ground, Ruling
from appraisal.cycles.models import Appraisal
from workflow.models import Subject


class Appeal(Subject):
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="appeals")
    statement = models.TextField(_("statement"))
    wanted = models.TextField(_("what should change"), blank=True)
    lodged_at = models.DateTimeField()
    score_before = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    grade_before = models.CharField(max_length=20, blank=True)
    score_after = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    grade_after = models.CharField(max_length=20, blank=True)
    answer = models.TextField(_("answer to the employee"), blank=True)
    # Signatures are for this text of the decision; writing it again asks for them again.
    decision_number = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    # The new due moment after the one extension that a decision may have.
    extended_to = models.DateTimeField(null=True)
    # Hung on by rules.load_case.
    case_items: list[AppealItem]
    case_seats: list[PanelSeat]

    State = AppealState

    @property
    def state_label(self) -> str:
        return str(AppealState(self.state).label)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal"], condition=Q(state__in=["lodged", "under_review"]), name="one_open_appeal"
            )
        ]


class AppealItem(models.Model):
    """One contested indicator (empty: the result as a whole) with its ruling.

    When the ruling upholds it, `new_value` replaces the indicator's input and the score is computed anew; for the
    result as a whole `new_grade` puts right what no figure does, such as a calibration.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="items")
    indicator = models.CharField(max_length=80, blank=True)
    ground = models.CharField(max_length=20, choices=Ground.choices)
    text = models.TextField(_("what is wrong"))
    ruling = models.CharField(max_length=20, choices=Ruling.choices, blank=True)
    new_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    new_grade = models.CharField(max_length=20, blank=True)
    ruling_reason = models.TextField(_("reason of the ruling"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)


class AppealDraft(models.Model):
    """What the employee has typed and not yet lodged. Nobody else ever reads it."""

    appraisal = models.OneToOneField(Appraisal, on_delete=models.CASCADE, related_name="appeal_draft")
    content = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()


class PanelSeat(models.Model):
    """One role whose signature the decision needs, and who gave it."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=40)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_number = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "role"], name="one_seat_a_role")]
