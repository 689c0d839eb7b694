"""What happened in the period: actuals and figures by their owners, incidents. Raters read them, never edit them."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.people.models import Person
from appraisal.records.states import DocumentState, IncidentState, LedgerState, RegisterState
from workflow.models import Subject


class FigureRegister(Subject):
    """The one row whose chain of facts holds every import, entry and correction of figures."""

    state = models.CharField(_("state"), max_length=40, choices=RegisterState.choices, default=RegisterState.KEPT)


class Actual(models.Model):
    """Target and actual of one input for one person and period. A correction is a new row; the old one stays.

    `told` holds a fact instead of a number: the word of a choice, yes or no, a day; a time is minutes in `actual`.
    Without `actual` its owner says that there is no such figure in this period; the note says why. `detail` holds
    what belongs to the figure: {"split": {"new": "600000"}} of sales, {"answers": 25} of a survey.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="actuals")
    period_start = models.DateField()
    period_end = models.DateField()
    input_key = models.CharField(max_length=80)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    actual = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    told = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    # A fact or a time as it is read, where a page has put it there.
    words: str = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period_start", "period_end", "input_key"],
                condition=Q(is_current=True),
                name="one_current_actual",
            ),
            models.CheckConstraint(
                condition=Q(actual__isnull=False) | ~Q(told="") | ~Q(note=""), name="absent_figure_says_why"
            ),
        ]
        indexes = [models.Index(fields=["period_start", "period_end", "person"], name="actual_period_person")]

    @property
    def split(self) -> dict[str, Decimal]:
        return {key: Decimal(value) for key, value in self.detail.get("split", {}).items()}

    @property
    def answers(self) -> int | None:
        """How many answered, where the figure comes from a survey."""
        return self._count("answers")

    @property
    def promoters(self) -> int | None:
        return self._count("promoters")

    @property
    def detractors(self) -> int | None:
        return self._count("detractors")

    def _count(self, name: str) -> int | None:
        count = self.detail.get(name)
        return None if count is None else int(count)

    @property
    def is_absent(self) -> bool:
        return self.actual is None and not self.told


class FigureImport(models.Model):
    """An uploaded table of figures, kept until its difference is confirmed; then only the counts stay."""

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    applied_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    # Rows of a ledger instead of figures.
    ledger = models.ForeignKey("Ledger", on_delete=models.PROTECT, null=True, related_name="imports")


class Incident(Subject):
    """A dated occurrence that may cost points once legal, finance or operations has confirmed it.

    `deciders` are the functions that the scheme let decide when it was reported. Each decision stays in the log; the
    columns hold the last one.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="incidents")
    input_key = models.CharField(max_length=80)
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


class Ledger(Subject):
    """The rows of one ledger input for one person and period, kept by the roles in `owners`.

    A locked ledger takes no change until it is unlocked with a reason.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ledgers")
    period_start = models.DateField()
    period_end = models.DateField()
    input_key = models.CharField(max_length=80)
    owners = models.JSONField(default=list)
    # Grows with every saved change, so that two open pages notice each other.
    edition = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    State = LedgerState

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period_start", "period_end", "input_key"], name="one_ledger_a_person_and_period"
            ),
        ]

    @property
    def is_locked(self) -> bool:
        return self.state == LedgerState.LOCKED

    @property
    def state_label(self) -> str:
        return str(LedgerState(self.state).label)


class LedgerRow(models.Model):
    """A row as it was entered. A change is a new row; the old one stays with who replaced or removed it, and when.

    `cells` by column: numbers as text, days as 2026-03-31, "yes" and "no", null for an empty cell.
    """

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="rows")
    place = models.PositiveIntegerField()
    cells = models.JSONField()
    source = models.CharField(max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place", "pk"]


class Deliverable(Subject):
    """A document that is wanted from one person's appraisal, with what has become of it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliverables")
    period_start = models.DateField()
    period_end = models.DateField()
    input_key = models.CharField(max_length=80)
    # A key of the scheme's expected documents, or a name of its own where the scheme expects none by name.
    name = models.CharField(_("document"), max_length=120)
    # The role that hands it in.
    by = models.CharField(max_length=40)
    due_on = models.DateField(_("due day"), null=True)
    handed_in_on = models.DateField(null=True)
    number = models.PositiveIntegerField(default=0)
    quality = models.DecimalField(_("quality"), max_digits=6, decimal_places=2, null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    State = DocumentState

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period_start", "period_end", "input_key", "name"], name="one_deliverable_a_name"
            ),
        ]

    @property
    def state_label(self) -> str:
        return str(DocumentState(self.state).label)


class DocumentVersion(models.Model):
    """A file that was handed in for a deliverable. Never changed, only followed."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.FileField(upload_to="documents/%Y/%m")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "number"], name="one_version_a_number"),
        ]
