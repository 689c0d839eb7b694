"""One table of sweeps, which Celery's beat and the laptop's ticker both read."""

from __future__ import annotations

import logging
from datetime import date
from inspect import signature
from typing import Any

import pytest
from django.conf import settings as site

from appraisal.home.ticker import Ticker
from config.celery import app
from tests.cast import Cast

OURS = {"appraisal", "workflow", "notifications"}


def test_every_task_that_works_without_being_told_on_what_is_in_the_table() -> None:
    app.loader.import_default_modules()
    sweeps = {
        name for name, task in app.tasks.items() if name.split(".")[0] in OURS and not signature(task.run).parameters
    }
    assert sweeps == {
        "appraisal.procedure.background.sweep_figures", "appraisal.procedure.background.sweep_leavers",
        "notifications.tasks.compose_digests", "notifications.tasks.send_outbox",
        "workflow.tasks.sweep_deadlines",
    }  # fmt: skip
    assert {entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()} == sweeps
    assert app.conf.beat_schedule == site.CELERY_BEAT_SCHEDULE


def leave(cast: Cast) -> None:
    cast.colleague_one.person.left_on = date(2021, 1, 1)
    cast.colleague_one.person.save()


def can_sign_in(cast: Cast) -> bool:
    cast.colleague_one.user.refresh_from_db()
    return bool(cast.colleague_one.user.is_active)


def test_the_ticker_runs_each_at_its_own_pace(cast: Cast, settings: Any) -> None:
    leave(cast)
    ticker = Ticker()
    ticker.tick()
    assert set(ticker.ran) == set(site.CELERY_BEAT_SCHEDULE)
    assert not can_sign_in(cast)
    first = dict(ticker.ran)
    ticker.tick()
    assert ticker.ran == first


def test_a_sweep_that_fails_is_reported_and_the_others_run(
    cast: Cast, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {"broken": {"task": "workflow.tasks.there_is_no_such_sweep", "schedule": 5.0}}
    settings.CELERY_BEAT_SCHEDULE = {**broken, **site.CELERY_BEAT_SCHEDULE}
    leave(cast)
    with caplog.at_level(logging.ERROR, logger="appraisal.home.ticker"):
        Ticker().tick()
    assert [record.getMessage() for record in caplog.records] == [
        "The sweep broken failed; it runs again in 5.0 seconds."
    ]
    assert not can_sign_in(cast)
