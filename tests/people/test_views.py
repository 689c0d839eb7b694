"""The pages: who gets them, what they cost, what they do."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from appraisal.people.models import PeopleImport, Person, User
from appraisal.people.queries import manager_of
from appraisal.people.roles import roles_of
from tests.cast import PARTS, Cast
from tests.factories.people import OrgUnitFactory, PersonFactory
from workflow import calendars
from workflow.models import WorkCalendar

AT = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
DAY = date(2026, 4, 1)
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture(autouse=True)
def _first_of_april():
    with time_machine.travel(AT, tick=False):
        yield


def client_of(cast: Cast, part: str) -> Client:
    client = Client(**ENGLISH)
    client.force_login(cast.members[part].user)
    return client


def addresses(cast: Cast) -> dict[str, str]:
    person, user = cast.employee.person.pk, cast.employee.user.pk
    calendar = WorkCalendar.objects.get().pk
    upload = PeopleImport.objects.create(
        uploaded_by=cast.hr.user, uploaded_at=AT, file_name="x.csv", digest="", content=b"a", effective_on=DAY
    )
    return {
        "person_list": reverse("people:person_list"),
        "person_export": reverse("people:person_export", args=["csv"]),
        "unit_list": reverse("people:unit_list"),
        "person_detail": reverse("people:person_detail", args=[person]),
        "role_list": reverse("people:role_list"),
        "calendar_year": reverse("people:calendar_year", args=[calendar, 2026]),
        "person_hire": reverse("people:person_hire"),
        "person_edit": reverse("people:person_edit", args=[person]),
        "manager_change": reverse("people:manager_change", args=[person]),
        "person_leave": reverse("people:person_leave", args=[person]),
        "import_upload": reverse("people:import_upload"),
        "import_template": reverse("people:import_template", args=["xlsx"]),
        "import_check": reverse("people:import_check", args=[upload.pk]),
        "role_edit": reverse("people:role_edit", args=[user]),
    }


READ = ("person_list", "person_export", "unit_list", "person_detail", "role_list", "calendar_year")
KEEP = (
    "person_hire",
    "person_edit",
    "manager_change",
    "person_leave",
    "import_upload",
    "import_template",
    "import_check",
)
MAY_OPEN = {
    "hr": {*READ, *KEEP},
    "hr_two": {*READ, *KEEP},
    "auditor": {*READ},
    "sysadmin": {*READ, *KEEP, "role_edit"},
}


@pytest.mark.parametrize("part", PARTS)
def test_each_page_opens_for_whom_it_is_and_does_not_exist_for_others(cast: Cast, part: str) -> None:
    client = client_of(cast, part)
    opened = {name for name, url in addresses(cast).items() if client.get(url).status_code == 200}
    assert opened == MAY_OPEN.get(part, set())
    refused = [url for name, url in addresses(cast).items() if name not in opened]
    assert {client.get(url).status_code for url in refused} <= {404}


def test_who_is_not_signed_in_is_sent_to_sign_in(cast: Cast) -> None:
    for url in addresses(cast).values():
        assert Client().get(url).url.startswith(reverse("account_login"))


def test_what_changes_something_is_never_a_get(cast: Cast) -> None:
    client, user = client_of(cast, "sysadmin"), cast.employee.user.pk
    for name, args in [
        ("person_stay", [cast.employee.person.pk]),
        ("import_confirm", [1]),
        ("import_discard", [1]),
        ("role_save", [user]),
        ("partner_grant", [user]),
        ("partner_revoke", [user, cast.rd.pk]),
        ("day_set", [1]),
        ("day_restore", [1, DAY]),
    ]:
        assert client.get(reverse(f"people:{name}", args=args)).status_code == 405


@pytest.mark.parametrize("name", ["person_list", "unit_list", "role_list"])
def test_lists_cost_the_same_for_one_row_and_for_three(cast: Cast, name: str, django_assert_max_num_queries) -> None:
    client, url = client_of(cast, "hr"), f"{reverse(f'people:{name}')}?q=张三"
    counts = []
    for added in (1, 2):
        for _each in range(added):
            unit = OrgUnitFactory(parent=cast.rd)
            person = PersonFactory(name="张三", org_unit=unit, manager=cast.outsider.person, account=True)
            User.objects.filter(pk=person.user.pk).update(first_name="张三")
            assign_perm("appraisal.partner_orgunit", person.user, unit)
        client.get(url)
        with django_assert_max_num_queries(12) as queries:
            page = client.get(url)
        assert len(page.context.get("rows", ())) in (added if added == 1 else 3, 0)
        counts.append(len(queries))
    assert len(set(counts)) == 1


@pytest.mark.parametrize("name", ["person_detail", "role_edit", "calendar_year", "profile_edit", "import_upload"])
def test_pages_keep_to_the_budget_of_queries(cast: Cast, name: str, django_assert_max_num_queries) -> None:
    client = client_of(cast, "sysadmin")
    url = addresses(cast).get(name) or reverse(f"people:{name}")
    client.get(url)
    with django_assert_max_num_queries(12):
        client.get(url)


def test_the_directory_is_searched_by_its_address(cast: Cast) -> None:
    client = client_of(cast, "hr")
    page = client.get(reverse("people:person_list"), {"q": "Li", "unit": cast.sales.pk})
    assert [person.number for person, _manager in page.context["rows"]] == ["1004", "1005"]
    nobody = client.get(reverse("people:person_list"), {"q": "Nobody", "unit": "x", "status": "y", "page": "z"})
    assert "Nobody fits these filters" in nobody.text


def test_the_export_holds_what_was_searched(cast: Cast) -> None:
    answer = client_of(cast, "auditor").get(reverse("people:person_export", args=["csv"]), {"q": "1004"})
    rows = [line.split(",") for line in answer.content.decode("utf-8-sig").splitlines()]
    assert rows[0][:3] == ["Employee number", "Name", "English name"]
    assert [row[:5] for row in rows[1:]] == [["1004", "李娜", "Li Na", "employee@example.com", "SALES-EAST"]]
    assert rows[1][8:] == ["1003", "2020-01-01", "", "PH-SH", "Asia/Shanghai"]


def test_a_person_is_added_changed_and_leaves_on_pages(cast: Cast) -> None:
    client = client_of(cast, "hr")
    data = {
        "number": "1008", "name": "钱多", "name_en": "Qian Duo", "email": "q@example.com", "org_unit": cast.east.pk,
        "legal_entity": cast.entity.pk, "hired_on": "2026-04-01", "manager": "1003",
    }  # fmt: skip
    assert client.post(reverse("people:person_hire"), data).status_code == 302
    person = Person.objects.get(number="1008")
    client.post(reverse("people:manager_change", args=[person.pk]), {"manager": "1002", "on": "2026-05-01"})
    assert manager_of(person, date(2026, 5, 1)) == cast.second_level.person
    edited = {**data, "name": "钱多多", "time_zone": "Asia/Shanghai"}
    client.post(reverse("people:person_edit", args=[person.pk]), edited)
    client.post(reverse("people:person_leave", args=[person.pk]), {"on": "2026-06-30"})
    person.refresh_from_db()
    assert (person.name, person.left_on) == ("钱多多", date(2026, 6, 30))
    page = client.get(reverse("people:person_detail", args=[person.pk])).text
    assert "郑芳 recorded that 1008 leaves on 2026-06-30" in page
    client.post(reverse("people:person_stay", args=[person.pk]))
    person.refresh_from_db()
    assert person.left_on is None


def test_a_refusal_stands_on_the_form_with_what_was_typed(cast: Cast) -> None:
    client = client_of(cast, "hr")
    url = reverse("people:manager_change", args=[cast.manager.person.pk])
    answer = client.post(url, {"manager": "1004", "on": "2026-04-01"})
    assert answer.status_code == 422
    assert "this would go round in a circle" in answer.text
    assert 'value="1004"' in answer.text
    unknown = client.post(url, {"manager": "9999", "on": "2026-04-01"})
    assert "Nobody has this employee number." in unknown.text


LIST = """工号,姓名,部门编码,直接上级工号,入职日期
1008,钱多,SALES-EAST,1003,2026-04-01
1004,李娜娜,SALES-EAST,1003,2020-01-01
"""


def upload(client: Client, content: bytes) -> str:
    file = SimpleUploadedFile("名单.csv", content)
    answer = client.post(reverse("people:import_upload"), {"file": file, "effective_on": "2026-04-01"})
    assert answer.status_code == 302
    return str(answer.url)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_list_is_imported_in_two_steps(cast: Cast, encoding: str) -> None:
    client = client_of(cast, "hr")
    address = upload(client, LIST.encode(encoding))
    page = client.get(address)
    assert page.context["counts"]["new"] == 1
    assert "<del>李娜</del>" in page.text
    assert not Person.objects.filter(number="1008").exists()
    answer = client.post(f"{address}confirm/", {"token": page.context["token"]}, follow=True)
    assert "2 people have been written." in answer.text
    assert Person.objects.get(number="1004").name == "李娜娜"
    assert client.get(address).status_code == 404


def test_errors_are_shown_in_the_readers_language(cast: Cast) -> None:
    client = client_of(cast, "hr")
    address = upload(client, LIST.replace("1003,2020", "9999,2020").encode())
    assert "Nobody with this number is in the file or in the register." in client.get(address).text
    chinese = client.get(address, headers={"accept-language": "zh-hans"})
    assert [(problem.line, problem.column) for problem in chinese.context["problems"]] == [(3, "直接上级工号")]
    assert "token" in chinese.context


def test_a_file_that_cannot_be_read_says_why_and_can_be_discarded(cast: Cast) -> None:
    client = client_of(cast, "hr")
    address = upload(client, LIST.encode("utf-16"))
    assert "encoded as UTF-16" in client.get(address).text
    client.post(f"{address}discard/")
    assert PeopleImport.objects.count() == 0


def test_a_stale_difference_leads_back_to_the_new_one(cast: Cast) -> None:
    client = client_of(cast, "hr")
    address = upload(client, LIST.encode())
    token = client.get(address).context["token"]
    Person.objects.filter(number="1004").update(name="李安娜")
    answer = client.post(f"{address}confirm/", {"token": token}, follow=True)
    assert "People have changed since the difference was shown." in answer.text
    assert "<del>李安娜</del>" in answer.text


def test_roles_and_partners_are_given_on_the_page(cast: Cast) -> None:
    client, user = client_of(cast, "sysadmin"), cast.outsider.user
    client.post(reverse("people:role_save", args=[user.pk]), {"roles": ["finance", "legal"]})
    client.post(reverse("people:role_save", args=[user.pk]), {"roles": ["finance"]})
    client.post(reverse("people:partner_grant", args=[user.pk]), {"org_unit": cast.rd.pk})
    assert roles_of(User.objects.get(pk=user.pk)).pools == {"finance", f"hr_partner:{cast.rd.pk}"}
    client.post(reverse("people:partner_revoke", args=[user.pk, cast.rd.pk]))
    assert roles_of(User.objects.get(pk=user.pk)).pools == {"finance"}
    text = client.get(reverse("people:role_list")).text
    assert "马林 took the role Legal from outsider" in text


def test_ones_own_roles_are_shown_locked(cast: Cast) -> None:
    page = client_of(cast, "sysadmin").get(reverse("people:role_edit", args=[cast.sysadmin.user.pk])).text
    assert "Nobody changes their own roles." in page


def test_a_day_is_set_and_restored(cast: Cast) -> None:
    client, calendar = client_of(cast, "hr"), WorkCalendar.objects.get()
    data = {"day": "2026-06-18", "is_working": "no", "name": "司庆"}
    client.post(reverse("people:day_set", args=[calendar.pk]), data)
    assert not calendars.day_book(calendar.pk).is_working(date(2026, 6, 18))
    page = client.get(reverse("people:calendar_year", args=[calendar.pk, 2026]), {"day": "2026-06-18"})
    assert (page.context["chosen"].look, page.context["chosen"].name) == ("holiday", "司庆")
    client.post(reverse("people:day_restore", args=[calendar.pk, date(2026, 6, 18)]))
    assert calendars.day_book(calendar.pk).is_working(date(2026, 6, 18))


def test_holidays_are_named_in_the_readers_language(cast: Cast) -> None:
    client, url = client_of(cast, "hr"), reverse("people:calendar_year", args=[WorkCalendar.objects.get().pk, 2026])
    assert "National Day" in client.get(url).text
    assert "国庆节" in client.get(url, headers={"accept-language": "zh-hans"}).text


def test_an_auditor_reads_the_calendar_without_a_form(cast: Cast) -> None:
    client = client_of(cast, "auditor")
    url = reverse("people:calendar_year", args=[WorkCalendar.objects.get().pk, 2027])
    page = client.get(url, {"day": "nonsense"}).text
    assert "not published yet" in page
    assert "set-day" not in page
    assert client.post(reverse("people:day_set", args=[1]), {}).status_code == 404


def test_everybody_has_a_profile_and_chooses_a_language(cast: Cast) -> None:
    client = client_of(cast, "employee")
    assert "Sales East" in client.get(reverse("people:profile_edit")).text
    client.post(reverse("people:profile_edit"), {"language": "zh-hans"})
    assert "华东销售组" in client.get(reverse("people:profile_edit")).text
