from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.improvement.conclusions import Conclusion, conclude
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import FollowUp, PlanState
from tests.cast import Cast, Member
from tests.factories.cycles import at as moment
from tests.factories.cycles import launch, walk_to
from tests.improvement.conftest import PlanIn
from tests.improvement.test_actions import concludable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine: Any, at: datetime) -> None:
    time_machine.move_to(at, tick=False)


def page(client: Client, member: Member, url: str) -> str:
    client.force_login(member.user)
    response = client.get(url, headers={"accept-language": "en"}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def status(client: Client, member: Member, url: str) -> int:
    client.force_login(member.user)
    return client.get(url, follow=True).status_code


SEEN_FROM_DRAFT = ("hr", "auditor", "hr_partner", "manager", "second_level")
SEEN_FROM_DELIVERY = (*SEEN_FROM_DRAFT, "employee", "colleague_one")
NEVER = ("colleague_two", "outsider", "legal", "sales_director")


def test_a_draft_is_seen_by_hr_and_those_above(cast: Cast, client: Client, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.APPROVED)
    url = f"/improvement/{plan.pk}/"
    for part in cast.members:
        wanted = 200 if part in {*SEEN_FROM_DRAFT, "hr_two"} else 404
        assert status(client, cast.members[part], url) == wanted, part
    text = page(client, cast.employee, f"/appraisals/{plan.appraisal_id}/improvement/")
    assert ("每周陪访" in text, "There is no plan for you to see" in text) == (False, True)


def test_a_plan_is_seen_by_employee_and_mentor_once_it_was_handed_over(
    cast: Cast, client: Client, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.DELIVERED)
    for part in SEEN_FROM_DELIVERY:
        assert "每周陪访" in page(client, cast.members[part], f"/improvement/{plan.pk}/"), part
    for part in NEVER:
        assert status(client, cast.members[part], f"/improvement/{plan.pk}/") == 404, part


def test_the_mentor_sees_the_plan_and_not_the_appraisal(cast: Cast, client: Client, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.ACTIVE)
    assert status(client, cast.colleague_one, f"/appraisals/{plan.appraisal_id}/improvement/") == 404
    assert "每周陪访" in page(client, cast.colleague_one, f"/improvement/{plan.pk}/")


def post(client: Client, member: Member, plan: ImprovementPlan, act: str, **sent: str) -> int:
    client.force_login(member.user)
    plan.refresh_from_db()
    return client.post(
        f"/improvement/{plan.pk}/{act}/", {"version": plan.version, "key": f"{act}1", **sent}
    ).status_code


def test_a_plan_goes_its_way_on_its_page(cast: Cast, client: Client, improving: Appraisal) -> None:
    plan = ImprovementPlan.objects.get(appraisal=improving)
    rows = {
        "targets-TOTAL_FORMS": "3", "targets-INITIAL_FORMS": "0",
        "targets-0-text": "客户满意度", "targets-0-operator": "absolute", "targets-0-change": "85",
        # The second row was taken away again.
        "targets-2-text": "线索转化率", "targets-2-operator": "points", "targets-2-change": "10",
        "targets-2-start_value": "12", "targets-2-unit": "%",
    }  # fmt: skip
    sent = {
        "concerns": "三月两次未按时回访。", "support": "每周陪访。", "mentor": "1005", "starts_on": "2026-04-20",
        "months": "3",
    }  # fmt: skip
    assert post(client, cast.manager, plan, "edit", **sent, **rows) == 302
    assert [milestone.target for milestone in plan.milestones.order_by("position")] == [85, 22]
    assert post(client, cast.hr, plan, "approve") == 302
    assert post(client, cast.hr, plan, "deliver") == 302
    assert post(client, cast.employee, plan, "accept") == 302
    form = {"held_on": "2026-04-22", "progress": "已回访五家。"}
    assert post(client, cast.manager, plan, "check-in", **form) == 302
    assert post(client, cast.manager, plan, "check-in", held_on="", progress="已回访五家。") == 200
    plan.refresh_from_db()
    assert (plan.state, plan.check_ins.count()) == (PlanState.ACTIVE, 1)
    milestone = plan.milestones.order_by("position")[1]
    assert post(client, cast.manager, plan, f"milestones/{milestone.pk}", reached="17") == 302
    milestone.refresh_from_db()
    assert (milestone.reached, milestone.met, milestone.progress) == (17, False, 50)


def test_a_plan_that_waits_for_hr_is_one_row_of_the_inbox(
    cast: Cast, client: Client, plan_in: PlanIn, improving: Appraisal
) -> None:
    plan_in(PlanState.APPROVED)
    text = page(client, cast.hr, "/")
    assert text.count(f">{improving.employee}<") == 1
    assert "no deadline" not in text


def test_what_was_reached_is_judged_with_all_its_decimals_and_kept_rounded_down(
    cast: Cast, client: Client, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.ACTIVE)
    first = plan.milestones.order_by("position")[0]
    assert first.target == 85
    for number, (typed, kept, met) in enumerate(
        (("84.999999", Decimal("84.9999"), False), ("85.000001", Decimal("85.0000"), True))
    ):
        assert post(client, cast.manager, plan, f"milestones/{first.pk}", reached=typed, key=f"judge{number}") == 302
        first.refresh_from_db()
        assert (first.reached, first.met) == (kept, met)


def test_a_value_that_is_no_number_stays_in_its_open_dialog(cast: Cast, client: Client, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.ACTIVE)
    first = plan.milestones.order_by("position")[0]
    client.force_login(cast.manager.user)
    answer = client.post(
        f"/improvement/{plan.pk}/milestones/{first.pk}/",
        {"version": plan.version, "key": "judge", "reached": "88 von 90"},
        headers={"accept-language": "en"},
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'aria-labelledby="{first.anchor}-title" open>' in text
    assert 'value="88 von 90"' in text
    assert "Enter the value that was reached as a number." in text
    first.refresh_from_db()
    assert first.reached is None


def test_a_row_of_a_kept_target_can_be_taken_away(cast: Cast, client: Client, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.DRAFTED)
    second = plan.milestones.order_by("position")[1]
    rows = {
        "targets-TOTAL_FORMS": "2", "targets-INITIAL_FORMS": "2", "targets-1-id": str(second.pk),
        "targets-1-text": "线索转化率", "targets-1-operator": "relative", "targets-1-change": "10",
        "targets-1-start_value": "12",
    }  # fmt: skip
    assert post(client, cast.hr, plan, "edit", concerns="x", support="y", months="3", **rows) == 302
    assert [milestone.pk for milestone in plan.milestones.all()] == [second.pk]


def test_a_target_on_a_start_of_zero_is_refused_where_it_is_written(
    cast: Cast, client: Client, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.DRAFTED)
    rows = {
        "targets-TOTAL_FORMS": "1", "targets-INITIAL_FORMS": "0", "targets-0-text": "线索",
        "targets-0-start_value": "0", "targets-0-operator": "relative", "targets-0-change": "10",
    }  # fmt: skip
    assert post(client, cast.hr, plan, "edit", concerns="x", support="y", months="3", **rows) == 200
    assert plan.milestones.count() == 2


def test_what_hr_weighs_is_not_shown_to_the_employee(
    cast: Cast, client: Client, plan_in: PlanIn, at: datetime, time_machine: Any
) -> None:
    plan = concludable(cast, plan_in, at)
    proposal = Conclusion(PlanState.NOT_MET.value, "满意度未达标。", FollowUp.DISMISSAL, "三个月后仍低于85分。")
    conclude(acting_user=cast.hr.user, at=moment(7, 20), plan=plan, conclusion=proposal)
    time_machine.move_to(moment(7, 21))
    for part in ("employee", "colleague_one"):
        text = page(client, cast.members[part], f"/improvement/{plan.pk}/")
        assert ("仍低于85分" in text, "满意度未达标" in text) == (False, False), part
    assert "You have proposed it; a second person of HR decides." in page(client, cast.hr, f"/improvement/{plan.pk}/")
    assert post(client, cast.hr_two, plan, "conclusion/approve") == 302
    assert "仍低于85分" in page(client, cast.employee, f"/improvement/{plan.pk}/")


def test_hr_begins_a_plan_that_no_rule_asked_for(cast: Cast, client: Client) -> None:
    appraisal = walk_to(launch(cast, cast.employee)[0], Step.APPEAL_WINDOW, cast, grade="B")
    client.force_login(cast.manager.user)
    assert client.post(f"/appraisals/{appraisal.pk}/improvement/draft/").status_code == 404
    client.force_login(cast.hr.user)
    response = client.post(f"/appraisals/{appraisal.pk}/improvement/draft/")
    plan = ImprovementPlan.objects.get()
    assert response.headers["Location"] == f"/improvement/{plan.pk}/edit/"


ACTS = (
    "approve", "deliver", "accept", "refuse", "check-in", "review", "conclude", "conclusion/approve",
    "conclusion/return", "cancel", "milestones/1",
)  # fmt: skip


def test_for_the_outsider_everything_is_unknown(cast: Cast, client: Client, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.ACTIVE)
    for path in (
        f"/improvement/{plan.pk}/", "/improvement/999999/", f"/improvement/{plan.pk}/edit/",
        f"/appraisals/{plan.appraisal_id}/improvement/", "/appraisals/999999/improvement/",
    ):  # fmt: skip
        assert status(client, cast.outsider, path) == 404, path
    for act in ACTS:
        assert post(client, cast.outsider, plan, act, reason="x", witness="x") == 404, act
    assert "每周陪访" not in page(client, cast.outsider, "/improvement/")


@pytest.mark.parametrize("part", ["hr", "manager", "hr_partner"])
def test_the_list_of_plans_asks_the_same_for_one_and_three(cast: Cast, client: Client, part: str) -> None:
    client.force_login(cast.members[part].user)
    counts = []
    for members in ((cast.employee,), (cast.colleague_one, cast.colleague_two)):
        for appraisal in launch(cast, *members):
            walk_to(appraisal, Step.IMPROVING, cast)
        client.get("/improvement/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/improvement/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
