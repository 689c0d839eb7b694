from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from appraisal.records.periods import Period, quarter_of
from appraisal.schemes.models import SchemeVersion
from tests.cast import Cast
from tests.factories.cycles import scheme_version

AT = datetime(2026, 4, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def q1() -> Period:
    return quarter_of(date(2026, 1, 1))


@pytest.fixture
def scheme(cast: Cast) -> SchemeVersion:
    return scheme_version()


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield
