"""Asked just before a message goes: is it still wanted? The answers come in bulk from the room that knows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifications.models import OutboxMessage

Recheck = Callable[["Sequence[OutboxMessage]"], "Mapping[int, str | None]"]

RECHECKS: dict[str, Recheck] = {}


def register_recheck(name: str, recheck: Recheck) -> None:
    """`recheck` gets messages and returns, by id, why one is no longer wanted; None or absence means send it."""
    RECHECKS[name] = recheck


def reasons_against(messages: "Iterable[OutboxMessage]") -> dict[int, str]:
    by_name: dict[str, list[OutboxMessage]] = defaultdict(list)
    for message in messages:
        if message.still_wanted:
            by_name[message.still_wanted].append(message)
    return {
        message_id: reason
        for name, group in by_name.items()
        for message_id, reason in RECHECKS[name](group).items()
        if reason
    }
