"""Celery only wakes the sweepers: every row they work on is in the database, so losing the broker loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pingheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
