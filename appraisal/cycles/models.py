"""A cycle, its tracks, and one appraisal for each person, unit or organisation in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.states import CycleState, Origin, PeriodKind, Step, WantedState
from appraisal.people.models import Organisation, OrgUnit, Person, Position, in_language
from appraisal.records.marks import Whose, mark_of, whose
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.queries import scheme_by_digest
from workflow.models import Subject, WorkCalendar


class AppraisalCycle(Subject):
    """One round of appraisals over a period, for one or more tracks."""

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    period_kind = models.CharField(_("kind of period"), max_length=20, choices=PeriodKind.choices)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    calendar = models.ForeignKey(WorkCalendar, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    State = CycleState

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cycle_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return (self.name_en or self.name) if get_language() == "en" else self.name

    @property
    def state_label(self) -> str:
        return str(CycleState(self.state).label)


class FigureRequest(Subject):
    """What one role still owes a cycle whose period has ended; one row a cycle and role, asked again if need be.

    `missing` counts figures and ledgers together, `ledgers` the ledgers among them, as of the last recount.
    """

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="figure_requests")
    role = models.CharField(max_length=40)
    missing = models.PositiveIntegerField()
    ledgers = models.PositiveIntegerField()

    State = WantedState

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "role"], name="one_figure_request_a_cycle_and_role")]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.role}"

    @property
    def state_label(self) -> str:
        return str(WantedState(self.state).label)

    @property
    def amount(self) -> str:
        """How much is missing, in words."""
        return ngettext("%(count)d missing", "%(count)d missing", self.missing) % {"count": self.missing}


class Track(models.Model):
    """A scheme version and whom it is for, within a cycle.

    `population` holds the rule (units, positions, included and excluded people; or the units or organisations chosen),
    `steps` what HR changed about the scheme's steps: {"calibrating": {"on": true, "days": 5}}.
    """

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="tracks")
    name = models.CharField(_("name"), max_length=120)
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="tracks")
    # Content-addressed: lets thousands of rows share one parsed scheme without joining its text.
    scheme_digest = models.CharField(max_length=64)
    population = models.JSONField(default=dict)
    steps = models.JSONField(default=dict)
    # What the cycle sets instead of the scheme's own parameters: {"reading": "own_scale", "excess_cap": "120"}.
    parameters = models.JSONField(default=dict)

    def __str__(self) -> str:
        """HR names it once, in Chinese; English readers get the people that the scheme is made for."""
        if get_language() != "en" or self.name.isascii():
            return self.name
        population = scheme_by_digest(self.scheme_digest).population
        return population.en if population is not None else self.name


class Appraisal(Subject):
    """One person in one cycle; or a unit or an organisation, for which the employee answers (负责人) and acts.

    Everybody who acts on it is snapshotted when it is launched, and so is what the unit or organisation is called.
    """

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="appraisals")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="appraisals")
    employee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appraisals")
    manager = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    second_level = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    # What it is about, where that is not the employee. Their names stay as they were.
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, db_index=False, related_name="appraisals")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, db_index=False, related_name="appraisals"
    )
    about_name = models.CharField(max_length=120, blank=True)
    about_name_en = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=60, default="Asia/Shanghai")
    employee_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="own_appraisals"
    )
    manager_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="managed_appraisals"
    )
    second_level_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    calibrated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    review_score = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    review_grade = models.CharField(max_length=20, blank=True)
    final_score = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    final_grade = models.CharField(max_length=20, blank=True)
    final_origin = models.CharField(max_length=20, choices=Origin.choices, blank=True)
    released_at = models.DateTimeField(null=True)
    # Working days that were left of the appeal window when an appeal stopped it.
    window_days_left = models.PositiveSmallIntegerField(null=True)

    Step = Step

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "employee"],
                condition=Q(unit=None, organisation=None),
                name="one_appraisal_a_person_and_cycle",
            ),
            models.UniqueConstraint(
                fields=["track", "unit"], condition=Q(unit__isnull=False), name="one_appraisal_a_unit_and_track"
            ),
            models.UniqueConstraint(
                fields=["track", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_appraisal_an_organisation_and_track",
            ),
            models.CheckConstraint(condition=Q(unit=None) | Q(organisation=None), name="appraisal_is_about_one_thing"),
        ]
        indexes = [
            models.Index(fields=["cycle", "state"]),
            models.Index(fields=["manager_account", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.cycle}"

    @property
    def title(self) -> str:
        """What is appraised: the unit or organisation, otherwise the employee."""
        return in_language(self.about_name, self.about_name_en) if self.about_name else str(self.employee)

    @property
    def title_names(self) -> tuple[str, str]:
        """The same in Chinese and in English."""
        if self.about_name:
            return self.about_name, self.about_name_en or self.about_name
        return self.employee.name, self.employee.name_en or self.employee.name

    @property
    def is_of_person(self) -> bool:
        return not self.about_name

    @property
    def responsible(self) -> str:
        """Who answers for the unit or organisation; empty where it is the employee that is appraised."""
        return "" if self.is_of_person else gettext("Responsible: %(person)s") % {"person": self.employee}

    @property
    def place(self) -> str:
        """What stands small beside the title in lists: the department, of a unit or organisation who answers."""
        return str(self.org_unit) if self.is_of_person else self.responsible

    @property
    def whose(self) -> Whose:
        return whose(self.employee_id, self.unit_id, self.organisation_id)

    @property
    def mark(self) -> str:
        """Whose figures on record count: empty for the employee's own."""
        return mark_of(self.unit_id, self.organisation_id)

    @property
    def state_label(self) -> str:
        return str(Step(self.state).label)


class Result(models.Model):
    """A computed score and grade with its explanation, as it was at one moment. Never changed, only followed.

    A scheme without indicators has no score, one without grades no grade; their figures stand in the explanation.
    """

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="results")
    origin = models.CharField(max_length=20, choices=Origin.choices)
    score = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    grade = models.CharField(max_length=20, blank=True)
    explanation = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["appraisal", "at"])]

    @property
    def tree(self) -> dict[str, Any]:
        """The computation's tree out of the stored document; empty where nothing was computed."""
        tree: dict[str, Any] = self.explanation.get("tree", {})
        return tree
