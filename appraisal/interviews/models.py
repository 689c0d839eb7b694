"""The feedback interview, what was agreed in it, and the employee's answer to the result."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import Appraisal
from appraisal.interviews.states import ActionOwner, Answer, InterviewState
from workflow.models import Subject


class Interview(Subject):
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="interviews")
    # The release it is about: a recalled and re-released result is talked through anew.
    released_at = models.DateTimeField()
    planned_start = models.DateTimeField(_("planned start"))
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"), default=30)
    place = models.CharField(_("place"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("began at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    strengths = models.TextField(_("strengths"), blank=True)
    improvements = models.TextField(_("improvements"), blank=True)
    notes = models.TextField(_("notes"), blank=True)
    employee_comment = models.TextField(_("the employee's comment"), blank=True)
    conductor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Grows with every move of the appointment, as calendar programs expect.
    sequence = models.PositiveIntegerField(default=0)

    State = InterviewState

    @property
    def state_label(self) -> str:
        return str(InterviewState(self.state).label)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "released_at"], name="one_interview_a_release"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")), name="interview_ends_after_start"
            ),
        ]


class NextAction(models.Model):
    """One line of the improvement plan for the next period, agreed in the interview."""

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="actions")
    text = models.CharField(_("action"), max_length=300)
    due_on = models.DateField(_("until"), null=True, blank=True)
    owner = models.CharField(_("who"), max_length=20, choices=ActionOwner.choices, default=ActionOwner.EMPLOYEE)
    position = models.PositiveSmallIntegerField(default=0)


class Acknowledgement(models.Model):
    """One answer of one kind; several may follow each other (delivered, read, agreed). None is ever invented."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="acknowledgements")
    answer = models.CharField(max_length=20, choices=Answer.choices)
    comment = models.TextField(blank=True)
    witness = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    # The release it answers: a recalled and re-released result is answered anew.
    released_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "answer", "released_at"], name="one_answer_of_a_kind"),
            models.CheckConstraint(condition=~Q(answer="disagreed") | ~Q(comment=""), name="disagreement_says_why"),
            models.CheckConstraint(condition=~Q(answer="refused") | ~Q(witness=""), name="refusal_has_a_witness"),
        ]
