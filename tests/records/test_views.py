from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.records.actions import confirm_incident, enter_figure, report_incident
from appraisal.records.figures import Values
from appraisal.records.models import Actual, FigureImport, Incident
from appraisal.records.periods import Period
from appraisal.records.states import IncidentState
from tests.cast import Cast, Member
from tests.factories.cycles import launch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scheme")]
LIST = "/records/?period=2026Q1"


@pytest.fixture(autouse=True)
def _now(time_machine: object, at: datetime) -> None:
    time_machine.move_to(at, tick=False)  # type: ignore[attr-defined]


def page(client: Client, member: Member, url: str) -> str:
    client.force_login(member.user)
    response = client.get(url, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def leads(cast: Cast, at: datetime, q1: Period, member: Member, number: int = 40) -> Actual:
    return enter_figure(
        acting_user=cast.data_owner.user, at=at, person=member.person, period=q1, input_key="leads",
        values=Values(Decimal(number)),
    )  # fmt: skip


def incident(cast: Cast, at: datetime, member: Member | None = None) -> Incident:
    return report_incident(
        acting_user=cast.second_level.user, at=at, person=(member or cast.employee).person, input_key="audit",
        severity="minor", kind="数据漏填", happened_on=date(2026, 2, 3), description="CRM 未登记。",
    )  # fmt: skip


def test_the_table_says_what_is_missing(cast: Cast, client: Client, at: datetime, q1: Period) -> None:
    launch(cast, cast.employee, cast.colleague_one)
    leads(cast, at, q1, cast.employee)
    text = page(client, cast.hr, LIST)
    # Two people need seven figures each; one is there.
    assert "13 figures of 2 people are still missing." in text
    assert "Li Na" in text or "李娜" in text


def test_an_owner_sees_only_the_own_inputs(cast: Cast, client: Client, at: datetime, q1: Period) -> None:
    launch(cast, cast.employee)
    leads(cast, at, q1, cast.employee, 4711)
    text = page(client, cast.finance, LIST)
    assert "2 figures of 1 person are still missing." in text
    assert "4,711" not in text
    assert "4,711" in page(client, cast.data_owner, LIST)


def test_a_manager_sees_the_team_and_an_employee_themselves(
    cast: Cast, client: Client, at: datetime, q1: Period
) -> None:
    launch(cast, cast.employee, cast.colleague_one)
    leads(cast, at, q1, cast.employee, 4711)
    leads(cast, at, q1, cast.colleague_one, 4712)
    text = page(client, cast.manager, LIST)
    assert ("4,711" in text, "4,712" in text) == (True, True)
    text = page(client, cast.employee, LIST)
    assert ("4,711" in text, "4,712" in text) == (True, False)
    text = page(client, cast.outsider, LIST)
    assert ("4,711" in text, "4,712" in text) == (False, False)


def test_only_gaps_leaves_out_who_is_complete(cast: Cast, client: Client, at: datetime, q1: Period) -> None:
    launch(cast, cast.employee, cast.colleague_one)
    for key in ("receivable_due", "collected"):
        enter_figure(
            acting_user=cast.finance.user, at=at, person=cast.employee.person, period=q1, input_key=key,
            values=Values(Decimal(9)),
        )  # fmt: skip
    text = page(client, cast.finance, LIST + "&gaps=1")
    assert (cast.employee.person.name_en in text, cast.colleague_one.person.name_en in text) == (False, True)


def test_a_figure_is_entered_on_its_page(cast: Cast, client: Client, q1: Period) -> None:
    client.force_login(cast.data_owner.user)
    url = reverse("records:figure_edit", args=[cast.employee.person.pk, "2026Q1", "sales"])
    sent = {"target": "1,000,000", "actual": "960000", "part_new": "600000", "part_repurchase": "300000", "note": ""}
    response = client.post(url, sent)
    assert response.status_code == 200
    assert not Actual.objects.exists()
    response = client.post(url, {**sent, "part_repurchase": "360000"})
    assert response.status_code == 302
    assert Actual.objects.get().actual == 960000


def test_the_history_shows_what_stood_before(cast: Cast, client: Client, at: datetime, q1: Period) -> None:
    first = leads(cast, at, q1, cast.employee, 4711)
    enter_figure(
        acting_user=cast.hr.user, at=at, person=cast.employee.person, period=q1, input_key="leads",
        values=Values(Decimal(4699)), seen=first.pk, note="重复线索剔除",
    )  # fmt: skip
    url = reverse("records:figure_edit", args=[cast.employee.person.pk, "2026Q1", "leads"])
    text = page(client, cast.employee, url)
    assert ("4,711" in text, "4,699" in text, "重复线索剔除" in text) == (True, True, True)


def test_a_file_goes_from_upload_to_the_figures(cast: Cast, client: Client) -> None:
    client.force_login(cast.data_owner.user)
    content = "期间,工号,指标,实际值\n2026Q1,1004,潜在线索数,40\n".encode()
    response = client.post("/records/import/", {"file": SimpleUploadedFile("线索.csv", content)})
    upload = FigureImport.objects.get()
    assert response.headers["Location"] == f"/records/import/{upload.pk}/"
    response = client.get(response.headers["Location"])
    assert response.status_code == 200
    digest = response.context["plan"].digest
    response = client.post(f"/records/import/{upload.pk}/confirm/", {"digest": digest, "period": "2026Q1"})
    assert response.headers["Location"] == "/records/?period=2026Q1"
    assert Actual.objects.get().actual == 40


def test_an_incident_is_reported_and_decided_on_its_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager.user)
    sent = {
        "person": "1004", "happened_on": "2026-02-03", "what": "audit:medium", "kind": "合同漏洞",
        "description": "合同未盖章。",
    }  # fmt: skip
    assert client.post("/records/incidents/new/", {**sent, "person": "2001"}).status_code == 200
    response = client.post("/records/incidents/new/", sent)
    one = Incident.objects.get()
    assert response.headers["Location"] == f"/records/incidents/{one.pk}/"
    assert "Confirm the incident" not in page(client, cast.manager, f"/records/incidents/{one.pk}/")
    assert "Confirm the incident" in page(client, cast.legal, f"/records/incidents/{one.pk}/")
    form = {"reason": "合同可证", "version": one.version, "key": "a"}
    for _click in range(2):
        assert client.post(f"/records/incidents/{one.pk}/confirm/", form).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.decision_note) == (IncidentState.CONFIRMED, "合同可证")


def test_an_employee_sees_an_incident_once_it_is_confirmed(cast: Cast, client: Client, at: datetime) -> None:
    one = incident(cast, at)
    client.force_login(cast.employee.user)
    assert client.get(f"/records/incidents/{one.pk}/").status_code == 404
    assert "数据漏填" not in page(client, cast.employee, "/records/incidents/")
    confirm_incident(acting_user=cast.legal.user, at=at, incident=one, note="属实")
    assert "数据漏填" in page(client, cast.employee, f"/records/incidents/{one.pk}/")


def test_for_the_outsider_everything_is_unknown(cast: Cast, client: Client, at: datetime, q1: Period) -> None:
    leads(cast, at, q1, cast.employee)
    one = incident(cast, at)
    upload = FigureImport.objects.create(uploaded_by=cast.hr.user, uploaded_at=at, file_name="x", content=b"x")
    client.force_login(cast.outsider.user)
    for path in (
        f"/records/figures/{cast.employee.person.pk}/2026Q1/leads/",
        f"/records/figures/{cast.employee.person.pk}/2026Q9/leads/",
        f"/records/figures/{cast.employee.person.pk}/2026Q1/nothing/",
        "/records/figures/999999/2026Q1/leads/",
        f"/records/incidents/{one.pk}/", "/records/incidents/999999/", "/records/incidents/new/",
        "/records/import/", "/records/import/template/", f"/records/import/{upload.pk}/",
    ):  # fmt: skip
        assert client.get(path).status_code == 404, path
    for path in (
        f"/records/incidents/{one.pk}/confirm/", f"/records/incidents/{one.pk}/reject/",
        f"/records/import/{upload.pk}/confirm/", f"/records/import/{upload.pk}/discard/",
    ):  # fmt: skip
        assert client.post(path, {"reason": "x"}).status_code == 404, path


@pytest.mark.parametrize("part", ["hr", "data_owner", "manager", "hr_partner"])
def test_the_table_of_figures_asks_the_same_for_one_and_three(
    cast: Cast, client: Client, at: datetime, q1: Period, part: str
) -> None:
    client.force_login(cast.members[part].user)
    counts = []
    for people in ((cast.employee,), (cast.colleague_one, cast.colleague_two)):
        launch(cast, *people)
        for member in people:
            leads(cast, at, q1, member)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("part", ["hr", "legal", "manager", "employee"])
def test_the_list_of_incidents_asks_the_same_for_one_and_three(
    cast: Cast, client: Client, at: datetime, part: str
) -> None:
    client.force_login(cast.members[part].user)
    counts = []
    for people in ((cast.employee,), (cast.employee, cast.colleague_one)):
        for member in people:
            confirm_incident(acting_user=cast.legal.user, at=at, incident=incident(cast, at, member), note="属实")
        client.get("/records/incidents/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/records/incidents/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
