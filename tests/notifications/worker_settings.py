"""The site's own settings with the rig installed and beats of half a second, for real Celery processes."""

from config.settings import *  # noqa: F403 - this is the site's settings and a little more
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.notifications.rig"]
CELERY_BEAT_SCHEDULE = {
    "send-outbox": {"task": "notifications.tasks.send_outbox", "schedule": 0.5},
    "compose-digests": {"task": "notifications.tasks.compose_digests", "schedule": 2.0},
}
