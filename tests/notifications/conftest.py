import copy
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model

from notifications import clock, kinds
from notifications.outbox import Letter
from tests.notifications.mail_server import MailServer, running_mail_server
from tests.notifications.rig.kinds import ALL, WINDOW

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY_AT_TEN = datetime(2026, 3, 3, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def rig(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "rig" / "templates")
    settings.TEMPLATES = templates
    settings.BASE_URL = "https://pingheng.example"
    settings.DEFAULT_FROM_EMAIL = "Pingheng <hr@pingheng.example>"
    monkeypatch.setattr(kinds, "KINDS", {kinds.DIGEST.name: kinds.DIGEST} | {kind.name: kind for kind in ALL})
    clock.register(clock.weekdays_in_shanghai)
    yield
    clock.register(clock.weekdays_in_shanghai)


@pytest.fixture
def at() -> datetime:
    return TUESDAY_AT_TEN


@pytest.fixture
def person() -> Callable[..., Any]:
    def make(name: str = "wang", **changes: Any) -> Any:
        values = {"username": name, "email": f"{name}@pingheng.example", "language": "zh-hans"} | changes
        return get_user_model().objects.create(**values)

    return make


@pytest.fixture
def letter() -> Callable[..., Letter]:
    def write(recipient: Any, **changes: Any) -> Letter:
        values: dict[str, Any] = {
            "recipient_id": recipient.pk,
            "kind": WINDOW.name,
            "subject_type": "appraisal",
            "subject_id": 7,
            "slot": "opened",
            "context": {
                "who": "Li <Lei> & co",
                "step_zh": "自评",
                "step_en": "Self-review",
                "due": datetime(2026, 3, 6, 18, 0, tzinfo=SHANGHAI),
            },
            "link": "/appraisals/7/",
        }
        return Letter(**(values | changes))

    return write


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with running_mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = server.host
        settings.EMAIL_PORT = server.port
        yield server
