"""Calibration sessions and what they decided about each person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.calibration.states import SessionState, Ties
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.people.models import OrgUnit
from workflow.models import Subject


class CalibrationSession(Subject):
    """Looks at the results of a cycle, or of one unit and those below it, side by side.

    `guideline` holds shares of 100 by grade ({"S": "10", "A": "20"}); empty: none. It guides, nothing enforces it, and
    it says nothing about fewer than `smallest_group` people.
    """

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="calibration_sessions")
    name = models.CharField(_("name"), max_length=120)
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    guideline = models.JSONField(_("distribution guideline"), default=dict, blank=True)
    smallest_group = models.PositiveSmallIntegerField(_("smallest group for the guideline"), default=10)
    ties = models.CharField(_("equal remainders"), max_length=10, choices=Ties.choices, default=Ties.HIGHER)

    State = SessionState

    def __str__(self) -> str:
        return self.name

    @property
    def state_label(self) -> str:
        return str(SessionState(self.state).label)


class CalibrationDecision(models.Model):
    """The grade kept or changed for one appraisal. Earlier decisions stay, the current one counts.

    `reason` is for those who keep the records, `reason_for_employee` is released with the result.
    """

    session = models.ForeignKey(CalibrationSession, on_delete=models.PROTECT, null=True, related_name="decisions")
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="calibration_decisions")
    from_grade = models.CharField(max_length=20)
    to_grade = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    reason_for_employee = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal"], condition=Q(is_current=True), name="one_current_calibration_decision"
            ),
            models.CheckConstraint(
                condition=Q(from_grade=models.F("to_grade")) | (~Q(reason="") & ~Q(reason_for_employee="")),
                name="changed_grade_has_a_reason",
            ),
        ]

    @property
    def is_change(self) -> bool:
        return self.from_grade != self.to_grade
