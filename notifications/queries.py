"""A person's notices, and for HR what was sent about a subject."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db.models import F, Q, QuerySet

from notifications import kinds
from notifications.models import NoticePreference, OutboxMessage
from notifications.states import Delivery, MessageState


def notices_of(user: AbstractUser, *, at: datetime) -> QuerySet[OutboxMessage]:
    """Unread first, then the newest. What was no longer wanted before anybody read it is not shown."""
    withdrawn = Q(state=MessageState.SUPPRESSED, read_at__isnull=True)
    mine = OutboxMessage.objects.filter(recipient_id=user.pk, visible_at__lte=at)
    shown = mine.exclude(withdrawn).exclude(kind=kinds.DIGEST.name)
    return shown.order_by(F("read_at").asc(nulls_first=True), "-visible_at", "-id")


def unread_of(user: AbstractUser, *, at: datetime) -> QuerySet[OutboxMessage]:
    return notices_of(user, at=at).filter(read_at__isnull=True)


def unread_count(user: AbstractUser, *, at: datetime) -> int:
    return unread_of(user, at=at).order_by().count()


def preferences_of(user: AbstractUser) -> dict[str, Delivery]:
    chosen = NoticePreference.objects.filter(user_id=user.pk).values_list("group", "delivery")
    return {group: Delivery(delivery) for group, delivery in chosen}


def messages_about(subject_type: str, ids: Collection[int | str]) -> QuerySet[OutboxMessage]:
    """Everything ever sent or meant to be sent about these subjects, newest first. The caller checks who asks."""
    about = OutboxMessage.objects.filter(subject_type=subject_type, subject_id__in=[str(each) for each in ids])
    return about.select_related("recipient").order_by("-created_at", "-id")


def failed_messages() -> QuerySet[OutboxMessage]:
    """What no mail server took, to be told to the person by other means. The caller checks who asks."""
    failed = OutboxMessage.objects.filter(state=MessageState.FAILED)
    return failed.select_related("recipient").order_by("-created_at", "-id")
