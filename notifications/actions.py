"""What people do with their notices."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from notifications import kinds, queries
from notifications.models import NoticePreference, OutboxMessage
from notifications.states import Channel, MessageState


@transaction.atomic
def mark_read(*, acting_user: AbstractUser, message_id: int, at: datetime) -> OutboxMessage:
    """Raises DoesNotExist for another person's notice as for one that does not exist. Reading twice keeps the first."""
    message = queries.notices_of(acting_user, at=at).get(id=message_id)
    if message.read_at is None:
        OutboxMessage.objects.filter(id=message.id, read_at__isnull=True).update(read_at=at)
        message.read_at = at
    return message


@transaction.atomic
def mark_all_read(*, acting_user: AbstractUser, at: datetime) -> int:
    return queries.unread_of(acting_user, at=at).order_by().update(read_at=at)


@transaction.atomic
def save_preferences(*, acting_user: AbstractUser, deliveries: Mapping[str, str]) -> None:
    allowed = {group: dict(choices) for group, choices in kinds.choices_by_group().items()}
    for group, delivery in deliveries.items():
        if delivery not in allowed.get(group, {}):
            raise ValueError(f"{delivery} cannot be chosen for {group}.")
    NoticePreference.objects.bulk_create(
        [NoticePreference(user_id=acting_user.pk, group=group, delivery=way) for group, way in deliveries.items()],
        update_conflicts=True,
        unique_fields=["user", "group"],
        update_fields=["delivery"],
    )


@transaction.atomic
def requeue_failed(*, at: datetime) -> int:
    """For whoever runs the site, after the mail server or a template was mended."""
    failed = OutboxMessage.objects.filter(state=MessageState.FAILED)
    return failed.update(state=MessageState.QUEUED, channel=Channel.UNDECIDED, not_before=at, attempts=0)
