"""What people write and rate: self-review, manager's review, other raters, and the evidence."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.assessments.states import RequestState, Writer
from appraisal.cycles.models import Appraisal
from workflow.models import Subject


class Review(models.Model):
    """The draft and, once submitted, the text of one writer about one appraisal.

    `entries` by indicator key: {"comment": text, "points": "85"}; `draft` counts saves, so that two tabs notice
    each other. What was submitted is kept in `Submission`, whatever is written after a send-back.
    """

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="reviews")
    writer = models.CharField(max_length=20, choices=Writer.choices)
    entries = models.JSONField(default=dict)
    summary = models.TextField(_("summary"), blank=True)
    strengths = models.TextField(_("strengths"), blank=True)
    improvements = models.TextField(_("improvements"), blank=True)
    draft = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    # When a blind-first scheme let the manager see the self-review.
    revealed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    # The content of the latest submission, where a query has annotated it.
    handed_in: dict[str, Any] | None = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appraisal", "writer"], name="one_review_a_writer")]


class Submission(models.Model):
    """A review as it was handed in. Never changed."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="submissions")
    writer = models.CharField(max_length=20, choices=Writer.choices)
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Evidence(models.Model):
    """A file that supports a statement. Removing hides it; the file of a submitted review is kept."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="evidence")
    # Empty: for the appraisal as a whole. "appeal": for the appeal.
    indicator = models.CharField(max_length=80, blank=True)
    file = models.FileField(upload_to="evidence/%Y/%m")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)


class RatingRequest(Subject):
    """One rater is asked for one rating input of one appraisal."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="rating_requests")
    input_key = models.CharField(max_length=60)
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rating_requests")
    anonymous = models.BooleanField(default=False)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    comment = models.TextField(_("comment"), blank=True)
    draft = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    State = RequestState

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "input_key", "rater"], name="one_request_a_rater"),
            models.CheckConstraint(
                condition=Q(points__isnull=False) | ~Q(state="submitted"), name="submitted_rating_has_points"
            ),
        ]

    @property
    def state_label(self) -> str:
        return str(RequestState(self.state).label)
