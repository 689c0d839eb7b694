"""Fixtures of every test."""

import pytest
from django.conf import settings
from django.utils import translation

from tests.cast import Cast, build_cast
from workflow import calendars


SLOW = ("journey", "services", "slow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: a long one that begins last keeps everybody waiting."""
    items.sort(key=lambda item: not any(item.get_closest_marker(mark) for mark in SLOW))


@pytest.fixture(autouse=True)
def _the_language_of_the_site() -> None:
    """A page that an earlier test opened in English leaves the thread in English."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_daybooks_of_other_tests() -> None:
    calendars.forget_daybooks()


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()
