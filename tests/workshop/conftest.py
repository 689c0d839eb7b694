from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import translation

from appraisal.schemes.loader import digest_of
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.spec import Scheme
from appraisal.schemes.states import VersionVerb
from tests.cast import Cast, Member
from tests.schemes.documents import SMALL, small
from workflow import engine

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
CASES = """\
scheme: small
as_of: 2026-03-31
cases:
  - case: all of it
    input: {sales: {actual: 100, target: 100}, rating: 8, audit: []}
    output: {attainment: 100, manner: 80, total: 94, grade: good}
"""


@pytest.fixture(autouse=True)
def _english() -> None:
    translation.activate("en")


@pytest.fixture
def draft(cast: Cast) -> Callable[..., SchemeVersion]:
    """Writes a draft of the small scheme, or of the text given, with its worked example."""

    def write(text: str = SMALL, cases: str = CASES) -> SchemeVersion:
        scheme: Scheme = (
            small() if text == SMALL else SchemeVersion(key="x", valid_from=AT.date(), document=text).scheme
        )
        version = SchemeVersion(
            key=scheme.scheme, valid_from=scheme.valid_from, title_zh=scheme.title.zh, title_en=scheme.title.en,
            document=text, digest=digest_of(text), cases=cases, created_at=AT,
        )  # fmt: skip
        return engine.begin([version], VersionVerb.WRITE, acting_user=cast.hr.user, at=AT)[0]

    return write


@pytest.fixture
def page(client: Client) -> Callable[[Member, str], str]:
    def read(member: Member, url: str) -> str:
        client.force_login(member.user)
        response = client.get(url, headers={"accept-language": "en"})
        assert response.status_code == 200, url
        return str(response.content.decode())

    return read
