"""Which way a message goes now: own mail, the digest, in Pingheng only, or later."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from notifications import clock, kinds, leases
from notifications.kinds import NoticeKind
from notifications.models import NoticePreference, OutboxMessage
from notifications.states import Channel, Delivery, MessageState

MAILS_A_DAY = 2
# Any constant of our own: PostgreSQL's name for "one router at a time", without which two could break the cap.
ROUTING_LOCK = 0x50696E67
TOO_LATE = gettext_noop("It could not be sent in working hours before it was out of date.")


@dataclass(frozen=True)
class Facts:
    """What decides the way of one message."""

    kind: NoticeKind
    delivery: Delivery
    at: datetime
    mail_from: datetime
    deadline: datetime | None
    reachable: bool
    already_read: bool
    mails_today: int


@dataclass(frozen=True)
class Decision:
    channel: Channel
    wait_until: datetime | None = None
    suppressed: str = ""


def decide(facts: Facts) -> Decision:
    if not facts.reachable:
        return Decision(Channel.IN_APP)
    rights = not facts.kind.can_be_switched_off
    delivery = Delivery.IMMEDIATE if rights else facts.delivery
    if delivery == Delivery.IN_APP or (facts.already_read and not rights):
        return Decision(Channel.IN_APP)
    if delivery == Delivery.DIGEST:
        return Decision(Channel.DIGEST)
    if facts.mail_from > facts.at:
        return hold(facts, rights=rights)
    if is_capped(facts.kind) and facts.mails_today >= MAILS_A_DAY:
        return Decision(Channel.DIGEST)
    return Decision(Channel.MAIL)


def hold(facts: Facts, *, rights: bool) -> Decision:
    if facts.deadline is None or facts.mail_from < facts.deadline:
        return Decision(Channel.UNDECIDED, wait_until=facts.mail_from)
    return Decision(Channel.MAIL) if rights else Decision(Channel.IN_APP, suppressed=TOO_LATE)


def is_capped(kind: NoticeKind) -> bool:
    return kind.can_be_switched_off and kind != kinds.DIGEST


def is_reachable(message: OutboxMessage) -> bool:
    return bool(message.recipient.is_active and message.recipient.email)


def deliveries_of(user_ids: Collection[int]) -> dict[tuple[int, str], Delivery]:
    chosen = NoticePreference.objects.filter(user_id__in=user_ids)
    return {
        (user_id, group): Delivery(delivery)
        for user_id, group, delivery in chosen.values_list("user", "group", "delivery")
    }


def mails_per_day(user_ids: Collection[int], days: Collection[date]) -> Counter[tuple[int, date]]:
    rows = OutboxMessage.objects.filter(recipient_id__in=user_ids, mail_day__in=days)
    return Counter((user_id, day) for user_id, day in rows.values_list("recipient", "mail_day") if day)


@transaction.atomic(durable=True)
def route(messages: Collection[OutboxMessage], *, holder: str, at: datetime) -> Counter[str]:
    """Decides anew for every message under lease, also for one that was tried before: it may be night by now."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROUTING_LOCK])
    decisions = decide_all(messages, at=at)
    for message in messages:
        message.channel = decisions[message.id].channel
    return write_down(decisions, {message.id: message.mail_day for message in messages}, holder=holder, at=at)


def decide_all(messages: Collection[OutboxMessage], *, at: datetime) -> dict[int, Decision]:
    user_ids = {message.recipient_id for message in messages}
    mail_from = clock.next_quiet_end(user_ids, at)
    deliveries = deliveries_of(user_ids)
    sent = mails_per_day(user_ids, {moment.date() for moment in mail_from.values()})
    decisions = {}
    for message in messages:
        kind, user_id = kinds.get(message.kind), message.recipient_id
        day = mail_from[user_id].date()
        decisions[message.id] = decision = decide(
            Facts(
                kind=kind,
                delivery=deliveries.get((user_id, kind.preference_group), kind.usual_delivery),
                at=at,
                mail_from=mail_from[user_id],
                deadline=message.deadline,
                reachable=is_reachable(message),
                already_read=message.read_at is not None,
                mails_today=sent[user_id, day] - (message.mail_day == day),
            )
        )
        if decision.channel == Channel.MAIL and is_capped(kind) and message.mail_day != day:
            message.mail_day = day
            sent[user_id, day] += 1
    return decisions


def write_down(
    decisions: dict[int, Decision], mail_days: dict[int, date | None], *, holder: str, at: datetime
) -> Counter[str]:
    groups: dict[tuple[Decision, date | None], list[int]] = {}
    for message_id, decision in decisions.items():
        groups.setdefault((decision, mail_days[message_id]), []).append(message_id)
    tally: Counter[str] = Counter()
    for (decision, mail_day), ids in groups.items():
        if decision.channel == Channel.MAIL:
            # The lease stays: these are sent next.
            OutboxMessage.objects.filter(id__in=ids, lease_holder=holder).update(
                channel=Channel.MAIL, mail_day=mail_day
            )
            continue
        tally[outcome_of(decision)] += leases.settle(ids, holder=holder, **changes_for(decision, at))
    return tally


def outcome_of(decision: Decision) -> str:
    if decision.suppressed:
        return "suppressed"
    return "held" if decision.wait_until else str(decision.channel)


def changes_for(decision: Decision, at: datetime) -> dict[str, object]:
    if decision.suppressed:
        return {"state": MessageState.SUPPRESSED, "suppressed_reason": decision.suppressed}
    if decision.wait_until:
        return {"state": MessageState.QUEUED, "not_before": decision.wait_until}
    if decision.channel == Channel.DIGEST:
        return {"state": MessageState.QUEUED, "channel": Channel.DIGEST}
    return {"state": MessageState.SENT, "channel": Channel.IN_APP, "sent_at": at}
