"""What real worker processes need to know in tests: the kinds of the tests, no quiet hours, leases of five seconds."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.apps import AppConfig

from tests.notifications.rig.kinds import ALL


class RigConfig(AppConfig):
    name = "tests.notifications.rig"

    def ready(self) -> None:
        from notifications import clock, kinds, leases

        for kind in ALL:
            kinds.register(kind)
        clock.register(always_awake)
        leases.LEASE = timedelta(seconds=5)


def always_awake(user_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    return dict.fromkeys(user_ids, at)
