"""What happened in the period: actuals and figures by their owners, incidents. Raters read them, never edit them."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.people.models import Person
from appraisal.records.states import IncidentState, RegisterState
from workflow.models import Subject


class FigureRegister(Subject):
    """The one row whose chain of facts holds every import, entry and correction of figures."""

    state = models.CharField(_("state"), max_length=40, choices=RegisterState.choices, default=RegisterState.KEPT)


class Actual(models.Model):
    """Target and actual of one input for one person and period. A correction is a new row; the old one stays.

    Without `actual` its owner says that there is no such figure in this period; the note says why. `detail` holds
    what belongs to the figure: {"split": {"new": "600000"}} of sales, {"answers": 25} of a survey.
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
            ),
            models.CheckConstraint(condition=Q(actual__isnull=False) | ~Q(note=""), name="absent_figure_says_why"),
        ]
        indexes = [models.Index(fields=["period_start", "period_end", "person"], name="actual_period_person")]

    @property
    def split(self) -> dict[str, Decimal]:
        return {key: Decimal(value) for key, value in self.detail.get("split", {}).items()}

    @property
    def answers(self) -> int | None:
        """How many answered, where the figure comes from a survey."""
        count = self.detail.get("answers")
        return None if count is None else int(count)

    @property
    def is_absent(self) -> bool:
        return self.actual is None


class FigureImport(models.Model):
    """An uploaded table of figures, kept until its difference is confirmed; then only the counts stay."""

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    applied_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)


class Incident(Subject):
    """A dated occurrence that may cost points once legal, finance or operations has confirmed it.

    `deciders` are the functions that the scheme let decide when it was reported. Each decision stays in the log; the
    columns hold the last one.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="incidents")
    input_key = models.CharField(max_length=60)
    happened_on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=120)
    severity = models.CharField(_("severity"), max_length=20)
    description = models.TextField(_("what happened"))
    deciders = models.JSONField(default=list)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_role = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)
    # Once confirmed it is the employee's to see, and stays so when the decision is reversed.
    ever_confirmed = models.BooleanField(default=False)

    State = IncidentState

    class Meta:
        indexes = [models.Index(fields=["person", "happened_on"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.kind}"

    @property
    def state_label(self) -> str:
        return str(IncidentState(self.state).label)
