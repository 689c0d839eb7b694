from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.routing import TOO_LATE, Decision, Facts, decide
from notifications.states import Channel, Delivery
from tests.notifications.conftest import TUESDAY_AT_TEN
from tests.notifications.rig.kinds import REMINDER, RETURNED, WINDOW

MORNING = TUESDAY_AT_TEN.replace(day=4, hour=8, minute=30)
NIGHT = TUESDAY_AT_TEN.replace(hour=22)
BY_DAY = Facts(
    kind=RETURNED,
    delivery=Delivery.IMMEDIATE,
    at=TUESDAY_AT_TEN,
    mail_from=TUESDAY_AT_TEN,
    deadline=None,
    reachable=True,
    already_read=False,
    mails_today=0,
)
BY_NIGHT = replace(BY_DAY, at=NIGHT, mail_from=MORNING)
AN_HOUR_BEFORE_MORNING = MORNING - timedelta(hours=1)
AN_HOUR_AFTER_MORNING = MORNING + timedelta(hours=1)
MAIL, DIGEST, IN_APP = Decision(Channel.MAIL), Decision(Channel.DIGEST), Decision(Channel.IN_APP)
HELD = Decision(Channel.UNDECIDED, wait_until=MORNING)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (BY_DAY, MAIL),
        (replace(BY_DAY, kind=REMINDER, delivery=Delivery.DIGEST), DIGEST),
        (replace(BY_DAY, kind=REMINDER, delivery=Delivery.IMMEDIATE), MAIL),
        (replace(BY_DAY, delivery=Delivery.DIGEST), DIGEST),
        (replace(BY_DAY, delivery=Delivery.IN_APP), IN_APP),
        (replace(BY_DAY, kind=WINDOW, delivery=Delivery.IN_APP), MAIL),
        (replace(BY_DAY, reachable=False), IN_APP),
        (replace(BY_DAY, kind=WINDOW, reachable=False), IN_APP),
        (replace(BY_DAY, already_read=True), IN_APP),
        (replace(BY_DAY, kind=WINDOW, already_read=True), MAIL),
        (replace(BY_DAY, mails_today=1), MAIL),
        (replace(BY_DAY, mails_today=2), DIGEST),
        (replace(BY_DAY, kind=WINDOW, mails_today=2), MAIL),
        (BY_NIGHT, HELD),
        (replace(BY_NIGHT, delivery=Delivery.DIGEST), DIGEST),
        (replace(BY_NIGHT, deadline=AN_HOUR_AFTER_MORNING), HELD),
        (replace(BY_NIGHT, deadline=AN_HOUR_BEFORE_MORNING), Decision(Channel.IN_APP, suppressed=TOO_LATE)),
        (replace(BY_NIGHT, kind=WINDOW), HELD),
        (replace(BY_NIGHT, kind=WINDOW, deadline=AN_HOUR_AFTER_MORNING), HELD),
        (replace(BY_NIGHT, kind=WINDOW, deadline=AN_HOUR_BEFORE_MORNING), MAIL),
        (replace(BY_NIGHT, kind=WINDOW, deadline=MORNING), MAIL),
    ],
)
def test_the_way_a_message_goes(facts, expected):
    assert decide(facts) == expected
