"""Fixtures of every test."""

import pytest

from tests.cast import Cast, build_cast
from workflow import calendars


@pytest.fixture(autouse=True)
def _no_daybooks_of_other_tests() -> None:
    calendars.forget_daybooks()


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()
