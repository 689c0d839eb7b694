"""What happened in the period: actuals and figures by their owners, incidents. Raters read them, never edit them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.people.models import Person
from appraisal.records.states import IncidentState


class Actual(models.Model):
    """Target and actual of one input for one person and period. A correction is a new row; the old one stays.

    `detail` holds what belongs to the figure: the split of sales, the number of answers to a survey.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="actuals")
    period_start = models.DateField()
    period_end = models.DateField()
    input_key = models.CharField(max_length=60)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    actual = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    detail = models.JSONField(default=dict)
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period_start", "period_end", "input_key"],
                condition=Q(is_current=True),
                name="one_current_actual",
            )
        ]


class Incident(models.Model):
    """A dated occurrence that may cost points once legal, finance or operations has confirmed it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="incidents")
    input_key = models.CharField(max_length=60)
    happened_on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=120)
    severity = models.CharField(_("severity"), max_length=20)
    description = models.TextField(_("what happened"))
    state = models.CharField(max_length=20, choices=IncidentState.choices, default=IncidentState.REPORTED)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_role = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "happened_on"])]
