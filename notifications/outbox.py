"""The way in: letters become rows in the caller's own transaction, so a notice exists if and only if its fact does."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings

from notifications import kinds
from notifications.models import OutboxMessage
from notifications.rechecks import RECHECKS

ROWS_PER_QUERY = 5000
# Mail and chat never say how somebody was judged; the reader is led to the page that checks who asks.
NEVER_IN_A_MAIL = frozenset({"score", "grade", "points", "total"})


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One notice to one person. The five fields up to `slot` say which: the same letter twice is one letter.

    `not_before` is the moment from which it may be seen and sent; `deadline` the moment after which it is of no use
    (a notice of rights is never held past it); `still_wanted` names a registered recheck.
    """

    recipient_id: int
    kind: str
    subject_type: str
    subject_id: int | str
    slot: str
    context: Mapping[str, Any]
    link: str
    not_before: datetime | None = None
    deadline: datetime | None = None
    still_wanted: str = ""


def insert_new(messages: Sequence[OutboxMessage]) -> None:
    """A letter that is there already is left as it is."""
    OutboxMessage.objects.bulk_create(messages, batch_size=ROWS_PER_QUERY, ignore_conflicts=True)


def enqueue(
    letters: Sequence[Letter], *, at: datetime, insert: Callable[[Sequence[OutboxMessage]], None] = insert_new
) -> None:
    """Who writes thousands may have a faster way to `insert` them."""
    for letter in letters:
        refuse_unsound(letter)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    insert([as_message(letter, at=at, domain=domain) for letter in letters])


def refuse_unsound(letter: Letter) -> None:
    kinds.get(letter.kind)
    if letter.still_wanted and letter.still_wanted not in RECHECKS:
        raise LookupError(f"No recheck is named {letter.still_wanted}.")
    if not letter.link.startswith("/") or letter.link.startswith("//"):
        raise ValueError(f"The link of a notice is a path on this site, not {letter.link}.")
    refuse_judgement(letter.context)


def refuse_judgement(value: Any) -> None:
    if isinstance(value, Mapping):
        if named := NEVER_IN_A_MAIL.intersection(value):
            raise ValueError(f"A notice never carries {', '.join(sorted(named))}.")
        for part in value.values():
            refuse_judgement(part)
    elif isinstance(value, list | tuple):
        for part in value:
            refuse_judgement(part)


def as_message(letter: Letter, *, at: datetime, domain: str) -> OutboxMessage:
    visible_at = letter.not_before or at
    identity = (letter.recipient_id, letter.kind, letter.subject_type, letter.subject_id, letter.slot)
    digest = hashlib.sha256("\x1f".join(str(part) for part in identity).encode()).hexdigest()
    return OutboxMessage(
        recipient_id=letter.recipient_id,
        kind=letter.kind,
        subject_type=letter.subject_type,
        subject_id=str(letter.subject_id),
        slot=letter.slot,
        context=dict(letter.context),
        link=letter.link,
        still_wanted=letter.still_wanted,
        deadline=letter.deadline,
        created_at=at,
        visible_at=visible_at,
        not_before=visible_at,
        message_id=f"<{digest[:40]}@{domain}>",
    )
