"""The home page, one's appraisal, the team: what each role finds there, in few queries."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from appraisal.cycles.models import Appraisal
from appraisal.cycles.queries import visible_to
from appraisal.cycles.states import Step
from appraisal.home.queries import days_left, open_items_of
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import launch, launch_one, walk_to
from workflow import calendars

pytestmark = pytest.mark.django_db


def _page(client, member, address, *args, **query):
    client.force_login(member.user)
    return client.get(reverse(address, args=args), query)


def test_the_employee_finds_the_self_review_in_the_inbox(client, cast: Cast):
    appraisal = launch_one(cast, Step.SELF_REVIEW)

    page = _page(client, cast.employee, "home:inbox")

    assert [(row.whom, row.url) for row in page.context["rows"]] == [
        ("", reverse("assessments:self_review_edit", args=[appraisal.pk]))
    ]


def test_the_manager_waits_for_the_employee_and_then_finds_the_score(client, cast: Cast):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    assert _page(client, cast.manager, "home:inbox").context["rows"] == []
    assert len(_page(client, cast.manager, "home:inbox", tab="waiting").context["rows"]) == 1

    walk_to(appraisal, Step.SCORING, cast)
    page = _page(client, cast.manager, "home:inbox")
    assert [row.url for row in page.context["rows"]] == [reverse("assessments:score_edit", args=[appraisal.pk])]


def test_what_is_done_stands_under_done(client, cast: Cast):
    launch_one(cast, Step.SCORING)
    page = _page(client, cast.employee, "home:inbox", tab="closed")
    assert len(page.context["rows"]) == 1


def test_the_appeal_window_is_offered_as_a_right_not_as_a_duty(client, cast: Cast):
    launch_one(cast, Step.APPEAL_WINDOW)
    page = _page(client, cast.employee, "home:inbox")
    assert (len(page.context["rows"]), len(page.context["rights"])) == (0, 1)


def test_hr_is_led_through_the_first_steps(client, cast: Cast):
    page = _page(client, cast.hr, "home:inbox")
    assert [step.done for step in page.context["checklist"]][-1] is False
    launch_one(cast)
    assert _page(client, cast.hr, "home:inbox").context["checklist"] == []


@pytest.mark.parametrize("address", ["home:inbox", "home:team_overview"])
@pytest.mark.parametrize("name", ["manager"])
def test_lists_take_the_same_queries_for_one_row_and_for_three(client, cast: Cast, address: str, name: str):
    member = getattr(cast, name)
    walk_to(launch(cast, cast.employee)[0], Step.SCORING, cast)
    _page(client, member, address)
    with counted_queries() as one:
        assert len(_page(client, member, address).context["rows"]) == 1

    for appraisal in launch(cast, cast.colleague_one, cast.colleague_two, name="二"):
        walk_to(appraisal, Step.SCORING, cast)
    Appraisal.objects.update(cycle=Appraisal.objects.order_by("pk").first().cycle)
    with counted_queries() as three:
        assert len(_page(client, member, address).context["rows"]) == 3

    three_own = [
        sql for sql in three if "django_session" not in sql and "INSERT" not in sql and "last_login" not in sql
    ]
    one_own = [sql for sql in one if "django_session" not in sql and "INSERT" not in sql and "last_login" not in sql]
    assert len(one_own) == len(three_own), "\n".join(three_own)
    assert len(three_own) <= 12, "\n".join(three_own)


def test_the_employee_sees_no_grade_before_the_release(client, cast: Cast):
    appraisal = launch_one(cast, Step.DECIDED)
    appraisal.refresh_from_db()
    assert appraisal.final_grade == "B"

    before = _page(client, cast.employee, "home:appraisal", appraisal.pk)
    assert "result-letter" not in before.content.decode()
    assert "82" not in [text.strip() for text in before.content.decode().split(">")]

    walk_to(appraisal, Step.INTERVIEWING, cast)
    after = _page(client, cast.employee, "home:appraisal", appraisal.pk)
    assert '<span class="result-letter">B</span>' in after.content.decode()


@pytest.mark.parametrize("name", ["employee", "manager", "second_level", "hr", "hr_partner", "auditor"])
@pytest.mark.parametrize("step", [Step.SELF_REVIEW, Step.SCORING, Step.INTERVIEWING, Step.APPEAL_WINDOW, Step.CLOSED])
def test_everybody_with_a_part_opens_the_appraisal_in_few_queries(client, cast: Cast, name: str, step: Step):
    appraisal = launch_one(cast, step)
    calendars.forget_daybooks()
    member = getattr(cast, name)
    assert _page(client, member, "home:appraisal", appraisal.pk).status_code == 200
    with counted_queries() as queries:
        client.get(reverse("home:appraisal", args=[appraisal.pk]))
    assert len(queries) <= 12, "\n".join(queries)


@pytest.mark.parametrize("name", ["outsider", "colleague_one", "sales_director", "legal"])
def test_an_unknown_and_a_forbidden_appraisal_look_alike(client, cast: Cast, name: str):
    appraisal = launch_one(cast, Step.SCORING)
    forbidden = _page(client, getattr(cast, name), "home:appraisal", appraisal.pk)
    unknown = client.get(reverse("home:appraisal", args=[appraisal.pk + 999]))
    assert (forbidden.status_code, unknown.status_code) == (404, 404)


def test_who_can_see_this_is_who_can(client, cast: Cast):
    appraisal = launch_one(cast, Step.SCORING)
    page = _page(client, cast.employee, "home:visibility", appraisal.pk)

    shown = {sight.user.pk for sight in page.context["people"]}
    members = [getattr(cast, name) for name in type(cast).__slots__ if hasattr(getattr(cast, name), "user")]
    able = {member.user.pk for member in members if visible_to(member.user).filter(pk=appraisal.pk).exists()}
    assert shown == able
    assert _page(client, cast.manager, "home:visibility", appraisal.pk).status_code == 404


def test_a_manager_reminds_the_late_of_the_team(client, cast: Cast):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    client.force_login(cast.manager.user)
    answer = client.post(reverse("home:team_nudge"), {"appraisal": [appraisal.pk]})
    assert answer.status_code == 302
    page = _page(client, cast.manager, "home:team_overview")
    assert page.context["rows"][0]["why_no_nudge"] != ""


def test_what_is_left_is_counted_in_the_days_of_the_reader(cast: Cast):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    item = open_items_of([appraisal])[appraisal.pk]
    item.due_at = datetime(2026, 11, 25, 15, 59, tzinfo=UTC)
    early = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Tuesday morning in Shanghai, Monday in Greenwich.
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert days_left([item], at=early) == {item.pk: 1}
    with timezone.override(UTC):
        assert days_left([item], at=early) == {item.pk: 2}
