"""Facts, times and net promoter scores: typed with the widget that fits, imported, and kept as they were told."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client

from appraisal.cycles.models import Appraisal
from appraisal.records.imports.plan import make_plan
from appraisal.records.models import Actual
from tests.cast import Cast
from tests.factories.kinds import EVERY_KIND, launch_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine: object, at: datetime, english: None) -> None:
    time_machine.move_to(at, tick=False)  # type: ignore[attr-defined]


@pytest.fixture
def own(cast: Cast) -> Appraisal:
    return launch_on(cast, EVERY_KIND)[0]


def url(cast: Cast, key: str) -> str:
    return f"/records/figures/{cast.employee.person.pk}/2026-03/{key}/"


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("key", "typed", "kept", "shown"),
    [
        ("role", {"actual": "head"}, ("head", None), "Head"),
        ("trained", {"actual": "no"}, ("no", None), "no"),
        ("started", {"actual": "2026-02-01"}, ("2026-02-01", None), "2026-02-01"),
        ("opened", {"actual": "14:25"}, ("", Decimal(865)), "14:25"),
        ("loyalty", {"promoters": "47", "detractors": "13", "answers": "101"}, ("", Decimal("33.6634")), "33.66"),
    ],
)
def test_hr_types_what_the_scheme_asks_for(
    cast: Cast, client: Client, key: str, typed: dict[str, str], kept: tuple[str, Decimal | None], shown: str
) -> None:
    client.force_login(cast.hr.user)
    assert client.post(url(cast, key), typed).status_code == 302
    row = Actual.objects.get(input_key=key)
    assert (row.told, row.actual) == kept
    assert shown in client.get(url(cast, key), headers={"accept-language": "en"}).content.decode()
    assert shown in client.get("/records/?period=2026-03", headers={"accept-language": "en"}).content.decode()


@pytest.mark.usefixtures("own")
def test_the_manager_types_what_the_scheme_asks_the_manager_for(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager.user)
    assert client.post(url(cast, "opened"), {"actual": "09:00"}).status_code == 302
    assert client.post(url(cast, "role"), {"actual": "head"}).status_code == 404
    client.force_login(cast.outsider.user)
    assert client.post(url(cast, "opened"), {"actual": "09:00"}).status_code == 404


@pytest.mark.usefixtures("own")
def test_more_promoters_than_answers_are_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.hr.user)
    page = client.post(
        url(cast, "loyalty"), {"promoters": "9", "detractors": "3", "answers": "10"}, headers={"accept-language": "en"}
    ).content.decode()
    assert "There are more promoters and detractors than answers." in page
    assert Actual.objects.count() == 0


@pytest.mark.usefixtures("own")
def test_facts_are_imported_by_their_words(cast: Cast, at: datetime) -> None:
    table = (
        "期间,工号,指标,实际值,答卷数,推荐者,贬损者\n"
        "2026-03,1004,岗位,主管,,,\n2026-03,1004,已培训,是,,,\n2026-03,1004,上岗日,2026年2月1日,,,\n"
        "2026-03,1004,开门时间,9:05,,,\n2026-03,1004,净推荐值,,101,47,13\n2026-03,1005,岗位,经理,,,\n"
    )
    plan, _known = make_plan(table.encode(), user=cast.hr.user, on=at.date())
    assert [(line.figure.key, line.values.told, line.values.actual) for line in plan.new] == [
        ("role", "head", None), ("trained", "yes", None), ("started", "2026-02-01", None), ("opened", "", Decimal(545)),
        ("loyalty", "", Decimal("33.6634")),
    ]  # fmt: skip
    assert [(problem.line, problem.message) for problem in plan.problems] == [(7, "Known here are: Seller, Head.")]


def test_the_fact_of_one_scheme_is_not_read_by_the_words_of_another(cast: Cast, client: Client) -> None:
    other = EVERY_KIND.replace("every-kind", "other-kind").replace("en: Seller", "en: Salesman")
    launch_on(cast, EVERY_KIND, cast.employee)
    launch_on(cast, other, cast.colleague_one)
    client.force_login(cast.hr.user)
    for member, word in ((cast.employee, "Seller"), (cast.colleague_one, "Salesman")):
        address = f"/records/figures/{member.person.pk}/2026-03/role/"
        assert f">{word}<" in client.get(address, headers={"accept-language": "en"}).content.decode()
