"""Improvement plans (PIP): why they began, what is to be reached until when, who helps, and how it went."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal
from appraisal.improvement.states import CONCLUSIONS, ENDED, FollowUp, Operator, PlanState
from appraisal.people.models import Person
from appraisal.scoring.plans import UnusableTargetError, target_value
from workflow.models import Subject


class ImprovementPlan(Subject):
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="improvement_plans")
    # Which rule of the scheme asked for it: {"rule": "start_improvement_plan", "grades": ["C", "C"]}, with the later
    # results that would have asked again under "again"; empty where HR began it.
    trigger = models.JSONField(default=dict)
    extends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="extensions")
    concerns = models.TextField(_("concerns, each with a recent example"), blank=True)
    support = models.TextField(_("help that is given"), blank=True)
    months = models.PositiveSmallIntegerField(_("months"), default=3)
    # Hung on by rules.load_plan_parts.
    plan_milestones: list[Milestone]
    plan_check_ins: list[CheckIn]
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    mentor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="mentored_plans")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # From here on the plan is the employee's to see, whatever becomes of it.
    delivered_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    refusal_witness = models.CharField(max_length=120, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    # A transfer or dismissal is proposed by one person of HR and decided by another.
    proposed_outcome = models.CharField(
        max_length=20, blank=True, choices=[(state.value, state.label) for state in CONCLUSIONS]
    )
    follow_up = models.CharField(max_length=20, choices=FollowUp.choices, default=FollowUp.NONE)
    follow_up_reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    State = PlanState

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal"], condition=~Q(state__in=[state.value for state in ENDED]), name="one_running_plan"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="plan_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(concluded_by__isnull=True)
                | Q(follow_up=FollowUp.NONE)
                | (Q(proposed_by__isnull=False) & ~Q(proposed_by=F("concluded_by"))),
                name="adverse_step_needs_two_people",
            ),
        ]

    @property
    def state_label(self) -> str:
        return str(PlanState(self.state).label)


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
    # The text in the reader's language, put here for the page.
    words: str

    @property
    def target(self) -> Decimal | None:
        """The value to be reached; None for a target without a number, or one that cannot be computed."""
        if self.change is None:
            return None
        try:
            return target_value(Operator(self.operator).value, self.change, start=self.start_value)
        except UnusableTargetError:
            return None

    @property
    def anchor(self) -> str:
        """Names the dialog on its page."""
        return f"judge-{self.pk}"

    @property
    def progress(self) -> int | None:
        """How many per cent of the way have been made, between 0 and 100."""
        target, reached = self.target, self.reached
        if target is None or reached is None:
            return None
        start = self.start_value or Decimal(0)
        if target == start:
            return 100 if reached >= target else 0
        return int(min(max((reached - start) * 100 / (target - start), Decimal(0)), Decimal(100)))


class CheckIn(models.Model):
    plan = models.ForeignKey(ImprovementPlan, on_delete=models.PROTECT, related_name="check_ins")
    held_on = models.DateField(_("held on"))
    progress = models.TextField(_("progress"))
    help_given = models.TextField(_("help given"), blank=True)
    employee_comment = models.TextField(_("the employee's comment"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
