"""Outside organisations: who keeps them, what the pages show and cost."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.people.models import Organisation, PeopleRegister, Person
from appraisal.people.organisations import add_organisation, change_organisation, retire_organisation
from tests.cast import Cast, Member
from tests.counting import counted_queries
from workflow.errors import GuardRefused, NotAllowed
from workflow.models import Fact

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
OUTSIDERS = ("employee", "manager", "hr_partner", "finance", "outsider")


def dealer(code: str = "D1", contact: Person | None = None) -> Organisation:
    return Organisation.objects.create(
        code=code, name="华东经销商", name_en="East Dealer", kind="dealer", contact=contact
    )


def page(member: Member, name: str, *args: Any, data: dict[str, Any] | None = None) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member.user)
    url = reverse(f"people:{name}", args=args)
    return client.get(url) if data is None else client.post(url, data)


def test_hr_adds_changes_and_retires_with_a_fact_for_each(cast: Cast) -> None:
    contact = cast.employee.person
    made = add_organisation(acting_user=cast.hr.user, at=AT, code="D1", name="华东经销商", kind="dealer")
    change_organisation(acting_user=cast.hr.user, at=AT, organisation=made, changes={"contact": contact, "code": "D1"})
    retire_organisation(acting_user=cast.hr.user, at=AT, organisation=made)
    retire_organisation(acting_user=cast.hr.user, at=AT, organisation=made)
    made.refresh_from_db()
    assert (made.contact, made.is_active) == (contact, False)
    told = Fact.objects.filter(object_id=PeopleRegister.objects.get().pk, name__startswith="organisation.")
    assert list(told.order_by("seq").values_list("name", "data__organisation")) == [
        ("organisation.added", "D1"), ("organisation.changed", "D1"), ("organisation.retired", "D1"),
    ]  # fmt: skip


def test_a_code_is_given_once_and_a_leaver_is_no_contact(cast: Cast) -> None:
    dealer()
    with pytest.raises(GuardRefused):
        add_organisation(acting_user=cast.hr.user, at=AT, code="D1", name="乙", kind="dealer")
    gone = cast.employee.person
    gone.left_on = AT.date()
    gone.save()
    with pytest.raises(GuardRefused):
        add_organisation(acting_user=cast.hr.user, at=AT, code="D2", name="乙", kind="dealer", contact=gone)


@pytest.mark.parametrize("part", OUTSIDERS)
def test_for_others_there_are_no_such_pages(cast: Cast, part: str) -> None:
    row, member = dealer(), cast.members[part]
    with pytest.raises(NotAllowed):
        retire_organisation(acting_user=member.user, at=AT, organisation=row)
    answers = [
        page(member, "organisation_list"), page(member, "organisation_add"), page(member, "organisation_edit", row.pk),
        page(member, "organisation_retire", row.pk, data={}), page(member, "organisation_restore", row.pk, data={}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [404] * 5


def test_an_auditor_reads_and_changes_nothing(cast: Cast) -> None:
    row = dealer()
    assert "East Dealer" in page(cast.auditor, "organisation_list").content.decode()
    assert page(cast.auditor, "organisation_edit", row.pk).status_code == 404


def test_hr_adds_edits_and_retires_on_the_pages(cast: Cast) -> None:
    typed = {"name": "华东经销商", "name_en": "East Dealer", "code": "D1", "kind": "dealer", "contact": "1004"}
    assert page(cast.hr, "organisation_add", data={**typed, "contact": "9999"}).status_code == 422
    assert page(cast.hr, "organisation_add", data=typed).status_code == 302
    row = Organisation.objects.get()
    assert (row.contact, row.kind) == (cast.employee.person, "dealer")
    assert page(cast.hr, "organisation_edit", row.pk, data={**typed, "contact": "1003"}).status_code == 302
    assert page(cast.hr, "organisation_retire", row.pk, data={}).status_code == 302
    row.refresh_from_db()
    assert (row.contact, row.is_active) == (cast.manager.person, False)
    assert "East Dealer" not in page(cast.hr, "organisation_list").content.decode()


def test_the_list_costs_the_same_for_one_and_three(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.hr.user)
    address = reverse("people:organisation_list")

    def cost() -> int:
        client.get(address)
        with counted_queries() as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    dealer("D1", cast.employee.person)
    one = cost()
    for code, member in (("D2", cast.manager), ("D3", cast.outsider)):
        dealer(code, member.person)
    assert cost() == one <= 12
