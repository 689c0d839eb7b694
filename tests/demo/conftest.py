"""The demo company, loaded once for all tests of this folder."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from appraisal.demo.loading import load

# A Saturday, as bad a day to load it as any.
TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(scope="package")
def _demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load(at=TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_demo, db):
    return None
