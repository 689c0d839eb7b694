"""The sender: claim, ask whether still wanted, choose the way, send outside any transaction, write down what happened.

Everything it knows is in the rows, so it may be killed at any line and run any number of times at once. What the mail
server accepted just before a kill is sent again under the same Message-ID.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from smtplib import SMTPException
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from notifications import clock, delivery, kinds, leases, rechecks, routing
from notifications.models import OutboxMessage
from notifications.states import Channel, MessageState

logger = logging.getLogger(__name__)

PAUSE_WHEN_UNREACHABLE = timedelta(minutes=1)
SECONDS_TO_ANSWER = 20

Now = Callable[[], datetime]


def send_due(*, at: datetime, limit: int = 100) -> Counter[str]:
    """Works on at most `limit` due messages and says what became of them."""
    started = monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=monotonic() - started)

    leases.return_stale(at=at)
    holder, claimed = leases.claim(at=at, limit=limit)
    if not claimed:
        return Counter()
    tally: Counter[str] = Counter()
    wanted = without_unwanted(claimed, holder=holder, now=now, tally=tally)
    tally += routing.route(wanted, holder=holder, at=at)
    mails = [message for message in wanted if message.channel == Channel.MAIL]
    tally += send_mails(mails, holder=holder, now=now)
    return tally


def without_unwanted(
    messages: Collection[OutboxMessage], *, holder: str, now: Now, tally: Counter[str]
) -> list[OutboxMessage]:
    answers = rechecks.ask(messages)
    wanted = []
    for message in messages:
        if message.kind not in kinds.KINDS:
            tally[give_up(message, kinds.UnknownKindError(message.kind), holder=holder)] += 1
        elif error := answers.errors.get(message.id):
            if leases.begin_attempt(message, holder=holder, at=now()):
                tally[put_back(message, error, holder=holder, at=now())] += 1
        elif reason := answers.reasons.get(message.id):
            changes = {"state": MessageState.SUPPRESSED, "suppressed_reason": reason[:300]}
            tally["suppressed"] += leases.settle([message.id], holder=holder, **changes)
        else:
            wanted.append(message)
    return wanted


def send_mails(messages: list[OutboxMessage], *, holder: str, now: Now) -> Counter[str]:
    tally: Counter[str] = Counter()
    if not messages:
        return tally
    zones = zones_of(messages, at=now())
    server = get_connection(timeout=settings.EMAIL_TIMEOUT or SECONDS_TO_ANSWER)
    try:
        for position, message in enumerate(messages):
            if not leases.begin_attempt(message, holder=holder, at=now()):
                continue
            try:
                server.open()
            except (OSError, SMTPException) as error:
                tally[put_back(message, error, holder=holder, at=now())] += 1
                tally["released"] += release(messages[position + 1 :], holder=holder, at=now())
                break
            tally[send_one(message, server, zone=zones[message.recipient_id], holder=holder, now=now)] += 1
    finally:
        hang_up(server)
    return tally


def zones_of(messages: list[OutboxMessage], *, at: datetime) -> dict[int, tzinfo | None]:
    moments = clock.next_quiet_end({message.recipient_id for message in messages}, at)
    return {user_id: moment.tzinfo for user_id, moment in moments.items()}


def send_one(message: OutboxMessage, server: Any, *, zone: tzinfo | None, holder: str, now: Now) -> str:
    try:
        server.send_messages([delivery.compose_mail(message, zone=zone)])
    except (OSError, SMTPException) as error:
        hang_up(server)
        if delivery.is_final(error):
            return give_up(message, error, holder=holder)
        return put_back(message, error, holder=holder, at=now())
    except Exception as error:
        # Whatever a template or an address may bring: this message fails, the others go on.
        logger.exception("Message %s cannot be sent.", message.id)
        return give_up(message, error, holder=holder)
    leases.settle([message.id], holder=holder, state=MessageState.SENT, sent_at=now(), last_error="")
    return "mail"


def hang_up(server: Any) -> None:
    with suppress(OSError, SMTPException):
        server.close()


def give_up(message: OutboxMessage, error: Exception, *, holder: str) -> str:
    leases.settle([message.id], holder=holder, state=MessageState.FAILED, last_error=in_words(error))
    return "failed"


def put_back(message: OutboxMessage, error: Exception, *, holder: str, at: datetime) -> str:
    if message.attempts >= leases.MOST_ATTEMPTS:
        return give_up(message, error, holder=holder)
    leases.settle(
        [message.id],
        holder=holder,
        state=MessageState.QUEUED,
        not_before=at + delivery.wait_after(message.attempts),
        last_error=in_words(error),
    )
    return "retry"


def release(messages: Collection[OutboxMessage], *, holder: str, at: datetime) -> int:
    """Back to the queue without an attempt counted: the server was away, the message is not to blame."""
    ids = [message.id for message in messages]
    return leases.settle(ids, holder=holder, state=MessageState.QUEUED, not_before=at + PAUSE_WHEN_UNREACHABLE)


def in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
