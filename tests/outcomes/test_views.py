from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.cycles.models import Appraisal
from appraisal.outcomes.actions import approve, set_base
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.states import OutcomeState
from tests.cast import Cast, Member
from tests.outcomes.test_actions import AT

pytestmark = pytest.mark.django_db
Released = Callable[..., list[Appraisal]]


def page(client: Client, member: Member, url: str) -> str:
    client.force_login(member.user)
    response = client.get(url, headers={"accept-language": "en"})
    assert response.status_code == 200
    return str(response.content.decode())


def test_hr_enters_a_base_and_approves_on_the_page(cast: Cast, client: Client, released: Released) -> None:
    released(["B"], kind="month")
    row = OutcomeProposal.objects.get()
    assert "base missing" in page(client, cast.hr, "/outcomes/")
    assert client.post(f"/outcomes/{row.pk}/base/", {"base": "3,000"}).status_code == 302
    assert "2,400" in page(client, cast.hr, f"/outcomes/{row.pk}/")
    assert client.post(f"/outcomes/{row.pk}/approve/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.amount) == (OutcomeState.APPROVED, 2400)


@pytest.mark.parametrize("base", ["", "-1", "3000.005", "viel"])
def test_what_is_no_amount_is_refused(cast: Cast, client: Client, released: Released, base: str) -> None:
    released(["B"], kind="month")
    row = OutcomeProposal.objects.get()
    client.force_login(cast.hr.user)
    assert client.post(f"/outcomes/{row.pk}/base/", {"base": base}).status_code == 200
    row.refresh_from_db()
    assert row.base is None


def test_many_get_one_base_and_are_approved_together(cast: Cast, client: Client, released: Released) -> None:
    for member, grade in ((cast.employee, "A"), (cast.colleague_one, "C")):
        released([grade], member=member, kind="month")
    chosen = list(OutcomeProposal.objects.values_list("pk", flat=True))
    client.force_login(cast.hr.user)
    response = client.post("/outcomes/bulk/", {"chosen": chosen, "act": "base", "base": "3000", "filters": "kind=pay"})
    assert response.headers["Location"] == "/outcomes/?kind=pay"
    client.post("/outcomes/bulk/", {"chosen": chosen, "act": "approve"})
    found = OutcomeProposal.objects.order_by("-amount").values_list("state", "amount")
    assert list(found) == [("approved", 3000), ("approved", 1800)]


def test_the_employee_sees_what_was_approved_and_nothing_before(cast: Cast, client: Client, released: Released) -> None:
    (one,) = released(["B"], kind="month")
    row = set_base(acting_user=cast.hr.user, at=AT, proposal=OutcomeProposal.objects.get(), base=Decimal(3000))
    url = f"/appraisals/{one.pk}/outcomes/"
    assert "2,400" not in page(client, cast.employee, url)
    assert client.get(f"/outcomes/{row.pk}/").status_code == 404
    approve(acting_user=cast.hr.user, at=AT, proposal=row)
    assert "2,400" in page(client, cast.employee, url)
    assert "2,400" in page(client, cast.employee, f"/outcomes/{row.pk}/")


def test_a_manager_does_not_see_pay_that_is_only_proposed(cast: Cast, client: Client, released: Released) -> None:
    (one,) = released(["B"], kind="month")
    row = set_base(acting_user=cast.hr.user, at=AT, proposal=OutcomeProposal.objects.get(), base=Decimal(3000))
    assert "2,400" not in page(client, cast.manager, f"/appraisals/{one.pk}/outcomes/")
    assert "2,400" not in page(client, cast.manager, "/outcomes/")
    assert client.get(f"/outcomes/{row.pk}/").status_code == 404


def test_for_the_outsider_everything_is_unknown(cast: Cast, client: Client, released: Released) -> None:
    (one,) = released(["C", "C"])[1:]
    row = OutcomeProposal.objects.filter(appraisal=one)[0]
    client.force_login(cast.outsider.user)
    for path in (f"/outcomes/{row.pk}/", "/outcomes/999999/", f"/appraisals/{one.pk}/outcomes/"):
        assert client.get(path).status_code == 404, path
    for act in ("base", "approve", "reject"):
        assert client.post(f"/outcomes/{row.pk}/{act}/", {"base": "1", "reason": "x"}).status_code == 404, act
    client.post("/outcomes/bulk/", {"chosen": [row.pk], "act": "approve"})
    row.refresh_from_db()
    assert row.state == OutcomeState.PROPOSED
    assert "grades C, C in a row" not in page(client, cast.outsider, "/outcomes/")


@pytest.mark.parametrize("part", ["hr", "auditor", "sales_director"])
def test_the_list_of_outcomes_asks_the_same_for_one_and_three(
    cast: Cast, client: Client, released: Released, part: str
) -> None:
    client.force_login(cast.members[part].user)
    counts = []
    for members in ((cast.employee,), (cast.colleague_one, cast.colleague_two)):
        for member in members:
            released(["A", "A"], member=member)
        client.get("/outcomes/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/outcomes/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
