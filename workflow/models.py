"""The engine's tables: subjects, visits, work items, facts and calendars."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

GENESIS = "0" * 64


class Subject(models.Model):
    """Something that has a machine: its state moves by `workflow.engine.perform` alone.

    `version` grows by one with every transition and is what a page was drawn from; the head of the
    subject's chain of facts stands here, on the row that every transition locks.
    """

    state = models.CharField(_("state"), max_length=40, db_index=True)
    version = models.PositiveIntegerField(default=0)
    state_since = models.DateTimeField(null=True, blank=True)
    # What the hashes of the chain are bound to; known before the row has a primary key.
    chain_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    chain_head = models.CharField(max_length=64, default=GENESIS, editable=False)
    chain_length = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class OnSubject(models.Model):
    """A row about a subject. Subjects are never deleted, so a plain pointer is enough."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()

    class Meta:
        abstract = True


class Fact(OnSubject):
    """One line of the log: append-only, chained by hash to the line before it, outliving its actor.

    What names people (`personal`, `reason`, `actor_label`, `on_behalf_of`) may be shredded when the law asks
    for it; the hash covers only its salted digest, so the chain still proves the rest.
    """

    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=60, db_index=True)
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60, blank=True)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor_label = models.CharField(max_length=160, blank=True)
    on_behalf_of = models.CharField(max_length=160, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    personal = models.JSONField(null=True)
    personal_salt = models.CharField(max_length=32, blank=True)
    personal_digest = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=80, null=True, unique=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "seq"], name="fact_position_in_chain")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("Facts are appended by the engine and never edited.")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("Facts cannot be deleted.")


class Visit(OnSubject):
    """One stay of a subject in a state. Going back makes a new visit with its own due moment."""

    state = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    due_rule = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    outcome = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    passed_over = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], condition=Q(closed_at__isnull=True), name="one_open_visit"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["content_type", "object_id", "number"])]


class WorkItem(OnSubject):
    """Who must do what by when. Held by one account, or by a pool such as `hr` or `hr_partner:7`."""

    subject_label = models.CharField(max_length=200)
    state = models.CharField(max_length=40)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="work_items")
    pool = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=40)
    # A right that may be used (an open appeal window), not a duty.
    optional = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    due_rule = models.JSONField(default=dict)
    # The next moment at which the ladder has something to say (reminder, escalation, expiry).
    alarm_at = models.DateTimeField(null=True, blank=True)
    alarm_slot = models.CharField(max_length=40, blank=True)
    alarm_failures = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    outcome = models.CharField(max_length=60, blank=True)
    delegated_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(holder__isnull=False) | ~Q(pool=""), name="work_item_has_a_holder")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["alarm_at"], condition=Q(closed_at__isnull=True), name="work_item_alarm"),
            models.Index(fields=["holder", "due_at"], condition=Q(closed_at__isnull=True), name="work_item_holder"),
            models.Index(fields=["pool", "due_at"], condition=Q(closed_at__isnull=True), name="work_item_pool"),
            models.Index(fields=["content_type", "object_id"], name="work_item_subject"),
        ]


class WorkCalendar(models.Model):
    """Which days are worked. Days without a row follow the week: Monday to Friday."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="CN")
    # Up to here the State Council's plan is published; later days are provisional.
    confirmed_through = models.DateField()
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day that differs from its weekday, or one that HR has set."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    is_working = models.BooleanField()
    name = models.CharField(max_length=120, blank=True)
    overridden = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="one_row_a_day")]
