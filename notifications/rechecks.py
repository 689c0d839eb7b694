"""Asked just before a message goes: is it still wanted? The answers come in bulk from the room that knows."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from notifications.models import OutboxMessage

logger = logging.getLogger(__name__)

Recheck = Callable[[Sequence[OutboxMessage]], Mapping[int, str | None]]

RECHECKS: dict[str, Recheck] = {}


@dataclass
class Answers:
    """By message id: why it is no longer wanted, and what went wrong where the question could not be answered."""

    reasons: dict[int, str] = field(default_factory=dict)
    errors: dict[int, Exception] = field(default_factory=dict)


def register_recheck(name: str, recheck: Recheck) -> None:
    """`recheck` gets messages and returns, by id, why one is no longer wanted; None or absence means send it."""
    RECHECKS[name] = recheck


def ask(messages: Iterable[OutboxMessage]) -> Answers:
    by_name: dict[str, list[OutboxMessage]] = defaultdict(list)
    for message in messages:
        if message.still_wanted:
            by_name[message.still_wanted].append(message)
    answers = Answers()
    for name, group in by_name.items():
        ask_one_room(name, group, answers)
    return answers


def ask_one_room(name: str, messages: Sequence[OutboxMessage], answers: Answers) -> None:
    try:
        # A transaction of its own, so that a failing query spoils nothing but this question.
        with transaction.atomic():
            found = RECHECKS[name](messages)
    except Exception as error:
        logger.exception("The recheck %s failed for %s messages.", name, len(messages))
        if len(messages) == 1:
            answers.errors[messages[0].id] = error
            return
        # One bad message must not hold up the others of its batch.
        for message in messages:
            ask_one_room(name, [message], answers)
    else:
        answers.reasons |= {message_id: reason for message_id, reason in found.items() if reason}
