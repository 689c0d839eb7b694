from collections.abc import Callable, Iterator
from typing import Any

import pytest

from appraisal.people import working_hours
from notifications import clock
from notifications.models import OutboxMessage
from tests.cast import Cast


@pytest.fixture(autouse=True)
def own_calendars(settings: Any) -> Iterator[None]:
    """Other tests put the clock back to weekdays in Shanghai."""
    settings.BASE_URL = "https://pingheng.example"
    clock.register(working_hours.next_quiet_end)
    yield
    clock.register(clock.weekdays_in_shanghai)


@pytest.fixture
def letters(cast: Cast) -> Callable[..., list[tuple[str, str]]]:
    """What was written to whom, as (kind, name in the cast), in order; `since` leaves earlier ones out."""

    def read(*kinds: str, since: int = 0) -> list[tuple[str, str]]:
        rows = OutboxMessage.objects.filter(pk__gt=since).select_related("recipient").order_by("pk")
        return [(row.kind, row.recipient.username) for row in rows if not kinds or row.kind in kinds]

    return read


@pytest.fixture
def mark() -> Callable[[], int]:
    """The last letter so far, to be given as `since`."""
    return lambda: OutboxMessage.objects.order_by("pk").values_list("pk", flat=True).last() or 0
