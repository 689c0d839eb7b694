"""Who works on which message: a claim is a lease that runs out, so a killed sender loses nothing."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from notifications.models import OutboxMessage
from notifications.states import Channel, MessageState

LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 8
FREE = {"lease_until": None, "lease_holder": ""}


def return_stale(*, at: datetime) -> None:
    """What a dead sender held comes back; what was tried too often comes back as failed."""
    stale = OutboxMessage.objects.filter(state=MessageState.SENDING, lease_until__lt=at)
    stale.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=MessageState.FAILED, last_error="The sender stopped while it was sending this.", **FREE
    )
    stale.filter(attempts__lt=MOST_ATTEMPTS).update(state=MessageState.QUEUED, **FREE)


def claim(*, at: datetime, limit: int) -> tuple[str, list[OutboxMessage]]:
    """No row has two holders: PostgreSQL skips locked rows, elsewhere the condition of the UPDATE decides."""
    holder = uuid.uuid4().hex
    due = OutboxMessage.objects.filter(
        state=MessageState.QUEUED, channel__in=[Channel.UNDECIDED, Channel.MAIL], not_before__lte=at
    )
    with transaction.atomic(durable=True):
        ids = list(
            due.order_by("not_before", "id").select_for_update(skip_locked=True).values_list("id", flat=True)[:limit]
        )
        OutboxMessage.objects.filter(id__in=ids, state=MessageState.QUEUED).update(
            state=MessageState.SENDING, lease_until=at + LEASE, lease_holder=holder
        )
    held = OutboxMessage.objects.filter(id__in=ids, lease_holder=holder).select_related("recipient")
    return holder, list(held.order_by("not_before", "id"))


def begin_attempt(message: OutboxMessage, *, holder: str, at: datetime) -> bool:
    """Renews the lease for one message; False when it ran out and somebody else holds the message now."""
    begun = OutboxMessage.objects.filter(id=message.id, lease_holder=holder).update(
        attempts=F("attempts") + 1, lease_until=at + LEASE
    )
    message.attempts += begun
    return bool(begun)


def settle(ids: Collection[int], *, holder: str, **changes: Any) -> int:
    """Ends the lease with its outcome, if it is still ours to end."""
    if not ids:
        return 0
    return OutboxMessage.objects.filter(id__in=ids, lease_holder=holder).update(**changes, **FREE)
