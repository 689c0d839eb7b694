"""The daily digest: one mail per person and working day, only when there is something to say."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Q

from notifications import clock, kinds, outbox, rechecks
from notifications.models import DigestClock, NoticePreference, OutboxMessage
from notifications.rendering import language_of, title_or_label
from notifications.states import Channel, Delivery, MessageState

LOCAL_TIME = time(9, 30)
PEOPLE_AT_ONCE = 500

Group = Literal["overdue", "today", "this_week", "waiting"]
GROUPS: tuple[Group, ...] = ("overdue", "today", "this_week", "waiting")


@dataclass(frozen=True)
class DigestLine:
    group: Group
    text_zh: str
    text_en: str
    link: str


DigestSource = Callable[[Collection[int], datetime], Mapping[int, Sequence[DigestLine]]]
SOURCES: list[DigestSource] = []


def register_digest_source(source: DigestSource) -> None:
    """`source` gets user ids and the moment, and returns what each of them has to do or waits for."""
    if source not in SOURCES:
        SOURCES.append(source)


def compose(*, at: datetime) -> int:
    """Writes the digests that are due into the outbox and says how many."""
    settle_unreachable(at)
    start_clocks(at)
    written = 0
    while True:
        with transaction.atomic(durable=True):
            due = DigestClock.objects.filter(next_at__lte=at).select_for_update(skip_locked=True, of=("self",))
            clocks = list(due.select_related("user").order_by("next_at", "id")[:PEOPLE_AT_ONCE])
            if not clocks:
                return written
            written += compose_for(clocks, at)


def settle_unreachable(at: datetime) -> None:
    """Nobody will mail these any more; they stay readable in Pingheng."""
    OutboxMessage.objects.filter(
        Q(recipient__is_active=False) | Q(recipient__email=""), state=MessageState.QUEUED, channel=Channel.DIGEST
    ).update(state=MessageState.SENT, channel=Channel.IN_APP, sent_at=at)


def start_clocks(at: datetime) -> None:
    started = DigestClock.objects.values("user_id")
    new = get_user_model().objects.filter(is_active=True).exclude(id__in=started).values_list("id", flat=True)
    DigestClock.objects.bulk_create(
        [DigestClock(user_id=user_id, next_at=at) for user_id in new],
        batch_size=outbox.ROWS_PER_QUERY,
        ignore_conflicts=True,
    )


def compose_for(clocks: Sequence[DigestClock], at: datetime) -> int:
    moments = clock.next_quiet_end([each.user_id for each in clocks], at)
    due: dict[AbstractUser, datetime] = {}
    for each in clocks:
        local = moments[each.user_id]
        today = datetime.combine(local.date(), LOCAL_TIME, tzinfo=local.tzinfo)
        if today > at:
            each.next_at = today
            continue
        each.next_at = datetime.combine(local.date() + timedelta(days=1), LOCAL_TIME, tzinfo=local.tzinfo)
        due[each.user] = local
    DigestClock.objects.bulk_update(clocks, ["next_at"])
    letters = letters_for({user: local for user, local in due.items() if user.is_active and user.email}, at)
    outbox.enqueue(letters, at=at)
    return len(letters)


def letters_for(due: Mapping[AbstractUser, datetime], at: datetime) -> list[outbox.Letter]:
    ids = [user.pk for user in due]
    unwilling = set(
        NoticePreference.objects.filter(
            user_id__in=ids, group=kinds.DIGEST.preference_group, delivery=Delivery.IN_APP
        ).values_list("user_id", flat=True)
    )
    notices = take_notices(ids, unwilling, at)
    lines: dict[int, list[DigestLine]] = defaultdict(list)
    for source in SOURCES:
        for user_id, found in source(ids, at).items():
            lines[user_id] += found
    return [
        letter_for(user, local, lines[user.pk], notices[user.pk])
        for user, local in due.items()
        if user.pk not in unwilling and (lines[user.pk] or notices[user.pk])
    ]


def take_notices(ids: Collection[int], unwilling: Collection[int], at: datetime) -> dict[int, list[OutboxMessage]]:
    """The unread notices that waited for a digest; they count as sent with the digest that names them."""
    waiting = OutboxMessage.objects.filter(
        recipient_id__in=ids, state=MessageState.QUEUED, channel=Channel.DIGEST, visible_at__lte=at
    )
    messages = list(waiting.select_related("recipient").order_by("visible_at", "id"))
    answers = rechecks.ask(messages)
    taken: dict[int, list[OutboxMessage]] = defaultdict(list)
    for message in messages:
        if message.id in answers.errors:
            continue
        if reason := answers.reasons.get(message.id):
            message.state, message.suppressed_reason = MessageState.SUPPRESSED, reason[:300]
            continue
        message.state, message.sent_at = MessageState.SENT, at
        if message.read_at or message.recipient_id in unwilling:
            message.channel = Channel.IN_APP
        else:
            taken[message.recipient_id].append(message)
    OutboxMessage.objects.bulk_update(
        messages, ["state", "channel", "suppressed_reason", "sent_at"], batch_size=outbox.ROWS_PER_QUERY
    )
    return taken


def letter_for(
    user: AbstractUser, local: datetime, lines: Sequence[DigestLine], notices: Sequence[OutboxMessage]
) -> outbox.Letter:
    language = language_of(user)
    said = {line.link for line in lines}
    notices = [each for each in notices if not (each.link in said and is_about_work(each))]
    groups = [{"name": group, "lines": [as_context(line) for line in lines if line.group == group]} for group in GROUPS]
    return outbox.Letter(
        recipient_id=user.pk,
        kind=kinds.DIGEST.name,
        subject_type="user",
        subject_id=user.pk,
        slot=local.date().isoformat(),
        link="/",
        # Yesterday's digest is of no use this morning, when there is a new one.
        deadline=datetime.combine(local.date(), clock.EVENING, tzinfo=local.tzinfo),
        context={
            "day": local.date(),
            "groups": [group for group in groups if group["lines"]],
            "notices": [
                {"title": title_or_label(notice, language=language), "link": notice.link} for notice in notices
            ],
            "count": len(lines) + len(notices),
        },
    )


def is_about_work(notice: OutboxMessage) -> bool:
    kind = kinds.KINDS.get(notice.kind)
    return kind is not None and kind.about_work


def as_context(line: DigestLine) -> dict[str, str]:
    return {"text_zh": line.text_zh, "text_en": line.text_en, "link": line.link}
