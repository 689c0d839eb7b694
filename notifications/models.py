"""The outbox, whose rows are also the notices people read, and what each person wants to receive."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.states import Channel, Delivery, MessageState


class OutboxMessage(models.Model):
    """One notice to one person: readable in Pingheng from `visible_at`, sent by mail from `not_before`."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    slot = models.CharField(max_length=120)
    context = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    link = models.CharField(max_length=300)
    still_wanted = models.CharField(max_length=80, blank=True, default="")
    deadline = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    visible_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=MessageState, default=MessageState.QUEUED)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.UNDECIDED, blank=True)
    not_before = models.DateTimeField()
    # The recipient's local day on which this mail counts against the cap; empty for what is never capped.
    mail_day = models.DateField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_holder = models.CharField(max_length=32, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    suppressed_reason = models.CharField(max_length=300, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject_type", "subject_id", "slot"], name="one_message_per_slot"
            )
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state=MessageState.QUEUED, channel__in=[Channel.UNDECIDED, Channel.MAIL]),
                name="outbox_due",
            ),
            models.Index(
                fields=["recipient"],
                condition=Q(state=MessageState.QUEUED, channel=Channel.DIGEST),
                name="outbox_for_digest",
            ),
            models.Index(fields=["lease_until"], condition=Q(state=MessageState.SENDING), name="outbox_leased"),
            models.Index(fields=["created_at"], condition=Q(state=MessageState.FAILED), name="outbox_failed"),
            models.Index(fields=["recipient", "mail_day"], condition=Q(mail_day__isnull=False), name="outbox_cap"),
            models.Index(fields=["recipient", "-visible_at"], name="outbox_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="outbox_unread"),
            models.Index(fields=["subject_type", "subject_id"], name="outbox_subject"),
        ]


class NoticePreference(models.Model):
    """How a person wants to hear of one group of kinds; without a row the kind's usual delivery holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=40)
    delivery = models.CharField(_("delivery"), max_length=12, choices=Delivery)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "group"], name="one_preference_per_group")]


class DigestClock(models.Model):
    """When a person's next digest may be composed, so that nobody is looked at twice a day."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    next_at = models.DateTimeField(db_index=True)
