"""Loads the demo: the company, a finished quarter, one in every step, and the next ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from appraisal.demo.running import next_quarters, running_quarter
from appraisal.demo.season import finished_quarter
from appraisal.demo.staffing import FOUNDER, staff_company
from appraisal.people.models import User
from appraisal.schemes.actions import load_catalogue

ZONE = ZoneInfo("Asia/Shanghai")


def is_loaded() -> bool:
    return User.objects.filter(username=FOUNDER["username"]).exists()


@transaction.atomic
def load(*, at: datetime) -> None:
    """All or nothing; `at` is the day on which the demo seems to be looked at."""
    today = at.astimezone(ZONE)
    staff = staff_company(at=today - timedelta(days=365))
    load_catalogue(acting_user=None, at=today - timedelta(days=364))
    finished_quarter(staff, today=today)
    running_quarter(staff, today=today)
    next_quarters(staff, today=today)
