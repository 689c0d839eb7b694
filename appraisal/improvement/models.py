"""Improvement plans (PIP): why they began, what is to be reached until when, who helps, and how it went."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal
from appraisal.improvement.states import ENDED, FollowUp, Operator, PlanState
from appraisal.people.models import Person
from workflow.models import Subject


class ImprovementPlan(Subject):
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="improvement_plans")
    # Which rule of the scheme asked for it: {"rule": "start_pip", "grades": ["C", "C"]}.
    trigger = models.JSONField(default=dict)
    concerns = models.TextField(_("concerns, each with a recent example"), blank=True)
    support = models.TextField(_("help that is given"), blank=True)
    months = models.PositiveSmallIntegerField(_("months"), default=3)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    mentor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="mentored_plans")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    refusal_witness = models.CharField(max_length=120, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    follow_up = models.CharField(max_length=20, choices=FollowUp.choices, default=FollowUp.NONE)
    next_check_in_on = models.DateField(null=True)

    State = PlanState

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal"], condition=~Q(state__in=[state.value for state in ENDED]), name="one_running_plan"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="plan_ends_after_it_starts"
            ),
        ]


class Milestone(models.Model):
    plan = models.ForeignKey(ImprovementPlan, on_delete=models.PROTECT, related_name="milestones")
    text = models.CharField(_("target"), max_length=300)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    operator = models.CharField(max_length=20, choices=Operator.choices, default=Operator.ABSOLUTE)
    start_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    change = models.DecimalField(_("value or improvement"), max_digits=18, decimal_places=4, null=True, blank=True)
    due_on = models.DateField(_("until"), null=True, blank=True)
    reached = models.DecimalField(_("reached"), max_digits=18, decimal_places=4, null=True, blank=True)
    met = models.BooleanField(null=True)
    position = models.PositiveSmallIntegerField(default=0)


class CheckIn(models.Model):
    plan = models.ForeignKey(ImprovementPlan, on_delete=models.PROTECT, related_name="check_ins")
    held_on = models.DateField(_("held on"))
    progress = models.TextField(_("progress"))
    help_given = models.TextField(_("help given"), blank=True)
    employee_comment = models.TextField(_("the employee's comment"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
