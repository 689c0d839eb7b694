"""Asked of letters about work just before they go: is it still open, still this reader's, still due then?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext_noop

from appraisal.people.roles import users_in_pools
from notifications.models import OutboxMessage
from notifications.rechecks import register_recheck
from workflow.models import WorkItem

# It is open / and the reader holds it / and, for reminders, the deadline is the one that the letter names.
WORK_OPEN, WORK_HELD, WORK_LATE, WORK_DUE = "work.open", "work.held", "work.late", "work.due"

DONE = gettext_noop("It was done before this could be sent.")
ANOTHER_HOLDER = gettext_noop("Somebody else holds it now.")
MOVED = gettext_noop("The deadline was moved.")


def check(*, held: bool, due: bool) -> Callable[[Sequence[OutboxMessage]], Mapping[int, str | None]]:
    """A letter about several pieces of work goes as long as one of them asks for it."""

    def why_not(messages: Sequence[OutboxMessage]) -> Mapping[int, str | None]:
        pks = {pk for message in messages for pk, _due in message.context.get("work", ())}
        items = WorkItem.objects.in_bulk(pks)
        pools = {item.pool for item in items.values() if item.holder_id is None and item.closed_at is None}
        members = users_in_pools(pools) if held and pools else {}
        return {message.pk: _why_not(message, items, members, held=held, due=due) for message in messages}

    return why_not


def _why_not(
    message: OutboxMessage,
    items: Mapping[int, WorkItem],
    members: Mapping[str, Sequence[int]],
    *,
    held: bool,
    due: bool,
) -> str | None:
    reasons: list[str] = []
    for pk, named in message.context.get("work", ()):
        item = items.get(pk)
        if item is None or item.closed_at is not None:
            reasons.append(DONE)
        elif held and message.recipient_id not in (members[item.pool] if item.holder_id is None else (item.holder_id,)):
            reasons.append(ANOTHER_HOLDER)
        elif due and (item.due_at.isoformat() if item.due_at else "") != named:
            reasons.append(MOVED)
        else:
            return None
    return reasons[0] if reasons else None


def register() -> None:
    register_recheck(WORK_OPEN, check(held=False, due=False))
    register_recheck(WORK_HELD, check(held=True, due=False))
    register_recheck(WORK_LATE, check(held=False, due=True))
    register_recheck(WORK_DUE, check(held=True, due=True))
