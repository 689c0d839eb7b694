"""The frame: who sees which entries, the language switch, and pages that stand outside of rooms."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from appraisal.home.context import ENTRIES, Frame, address
from appraisal.people.models import User
from tests.cast import Cast
from tests.counting import counted_queries


def frame_of(user: User, path: str = "/") -> Frame:
    request = RequestFactory().get(path)
    request.user = user
    request.resolver_match = resolve(path)
    return Frame(request)


def entries_for(user: User) -> set[str]:
    """Url names of the entries meant for this user, whether or not the room has the page already."""
    roles = frame_of(user).roles
    return {entry.url_name for entry in ENTRIES if not entry.needs or entry.needs & roles}


EMPLOYEE = {"home:inbox", "home:appraisal_mine", "assessments:rating_list"}
MANAGER = EMPLOYEE | {"home:team_overview"}
DESKS = {"appeals:appeal_list", "records:figure_list", "records:incident_list"}
HR = EMPLOYEE | DESKS | {"cycles:cycle_list", "schemes:scheme_list"}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("employee", EMPLOYEE),
        ("outsider", EMPLOYEE),
        ("manager", MANAGER),
        ("second_level", MANAGER),
        ("sales_director", MANAGER | {"appeals:appeal_list"}),
        ("hr", HR),
        ("auditor", HR),
        ("hr_partner", EMPLOYEE | {"cycles:cycle_list", "appeals:appeal_list"}),
        ("sysadmin", EMPLOYEE | {"schemes:scheme_list"}),
        ("legal", EMPLOYEE | {"records:incident_list"}),
        ("data_owner", EMPLOYEE | {"records:figure_list"}),
    ],
)
def test_each_role_is_shown_its_own_entries(cast: Cast, part: str, expected: set[str]) -> None:
    assert entries_for(cast.members[part].user) == expected


def test_the_bar_never_has_more_than_five_entries_and_the_menu_has_the_rest(cast: Cast) -> None:
    for part, member in cast.members.items():
        frame = frame_of(member.user)
        assert len(frame.nav) <= 5, part
        shown = [place.url for place in frame.nav + frame.menu]
        assert len(shown) == len(set(shown)), part
        assert {address(name) for name in entries_for(member.user)} - {""} <= set(shown), part


def test_an_account_without_a_person_has_no_appraisal_of_its_own(db: None) -> None:
    assert entries_for(User.objects.create_user("robot")) == {"home:inbox"}


def test_an_entry_whose_room_has_no_page_yet_is_left_out() -> None:
    assert address("cycles:no_such_page") == ""
    assert address("home:inbox") == "/"


def test_the_entry_of_the_page_one_is_on_is_marked(cast: Cast) -> None:
    places = {place.url: place.active for place in frame_of(cast.employee.user).nav}
    assert places["/"] is True
    assert [url for url, active in places.items() if active] == ["/"]


def test_the_home_page_opens_for_who_is_signed_in_and_sends_others_to_sign_in(client: Client, cast: Cast) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"
    client.force_login(cast.employee.user)
    assert client.get("/").status_code == 200


def test_every_page_carries_the_policy_the_language_the_skip_link_and_the_source(
    client: Client, db: None, settings: Any
) -> None:
    settings.SOURCE_URL = "https://example.com/source"
    answer = client.get("/accounts/login/", headers={"accept-language": "en"})
    page = answer.content.decode()
    assert "script-src 'self';" in answer["Content-Security-Policy"] + ";"
    assert "style-src 'self';" in answer["Content-Security-Policy"] + ";"
    assert '<html lang="en">' in page
    assert 'class="skip-link" href="#content"' in page
    assert 'href="https://example.com/source"' in page


def test_the_language_of_a_page_is_the_browsers_until_somebody_chooses(client: Client, db: None) -> None:
    chinese = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}
    assert '<html lang="zh-Hans">' in client.get("/accounts/login/", headers=chinese).content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert '<html lang="en">' in client.get("/accounts/login/", headers=chinese).content.decode()


def test_choosing_a_language_is_remembered_with_the_account(client: Client, cast: Cast) -> None:
    client.force_login(cast.employee.user)
    client.post("/language/", {"language": "en", "next": "/"})
    cast.employee.user.refresh_from_db()
    assert cast.employee.user.language == "en"


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_the_language_switch_leads_back_to_this_site_only(client: Client, db: None, back: str) -> None:
    assert client.post("/language/", {"language": "en", "next": back})["Location"] == "/"


def test_an_unknown_language_is_refused_and_looking_never_switches(client: Client, db: None) -> None:
    assert client.post("/language/", {"language": "xx"}).status_code == 404
    assert client.get("/language/", {"language": "en"}).status_code == 405


def test_the_gallery_is_for_the_system_administrator(client: Client, cast: Cast) -> None:
    for part, status in (("sysadmin", 200), ("employee", 404), ("hr", 404)):
        client.force_login(cast.members[part].user)
        assert client.get("/gallery/").status_code == status, part


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_component_renders_in_both_languages(client: Client, cast: Cast, language: str) -> None:
    cast.sysadmin.user.language = language
    cast.sysadmin.user.save()
    client.force_login(cast.sysadmin.user)
    page = client.get("/gallery/").content.decode()
    for part in ("stepper-list", "state-warn", "due-late", "empty-state", "dialog-effect", "tree-node", "chart-canvas"):
        assert part in page


def test_the_sign_of_life_asks_for_no_account(client: Client, db: None) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_the_frame_costs_four_queries_of_which_two_find_the_user(client: Client, cast: Cast) -> None:
    costs = {}
    for part in ("employee", "manager", "hr", "hr_partner"):
        client.force_login(cast.members[part].user)
        with counted_queries() as queries:
            client.get("/no-such-page/")
        costs[part] = len(queries)
    assert costs == {"employee": 4, "manager": 4, "hr": 4, "hr_partner": 4}


def test_an_unknown_address_and_a_forbidden_one_look_alike(client: Client, cast: Cast) -> None:
    client.force_login(cast.employee.user)
    unknown, forbidden = client.get("/no-such-page/"), client.get("/gallery/")
    assert unknown.status_code == forbidden.status_code == 404
    same = [page.content.decode().split('<main id="content"')[1].split("</main>")[0] for page in (unknown, forbidden)]
    assert same[0] == same[1]


def test_a_form_from_another_sign_in_gets_a_page_that_says_so(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = strict.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "This page had grown old" in answer.content.decode()


@pytest.fixture
def fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def wrong_passwords(count: int) -> list[HttpResponse]:
    browser = Client(headers={"accept-language": "en"})
    return [browser.post("/accounts/login/", {"login": "employee", "password": f"wrong-{n}"}) for n in range(count)]


def test_after_five_wrong_passwords_the_form_asks_to_wait(cast: Cast, fresh_cache: None) -> None:
    answers = wrong_passwords(6)
    assert "not correct" in answers[4].content.decode()
    assert "Too many failed login attempts" in answers[5].content.decode()


def test_where_many_processes_count_apart_the_database_closes_the_sign_in(
    cast: Cast, fresh_cache: None, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    answers = wrong_passwords(11)
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()


PAGES = (
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/x-set-password/",
    "/accounts/password/reset/key/done/",
    "/accounts/signup/",
    "/accounts/inactive/",
)
OWN_PAGES = (
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_before_sign_in_stand_in_our_frame(client: Client, db: None, path: str) -> None:
    page = client.get(path, follow=True).content.decode()
    assert "entrance-card" in page
    assert "<style" not in page


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_of_ones_own_sign_in_stand_in_our_frame(cast: Cast, path: str) -> None:
    browser = Client()
    cast.employee.user.set_password("pingheng-pingheng")
    cast.employee.user.save()
    browser.post("/accounts/login/", {"login": "employee", "password": "pingheng-pingheng"})
    answer = browser.get(path, follow=True)
    assert answer.status_code == 200
    assert "css/pingheng.css" in answer.content.decode()
