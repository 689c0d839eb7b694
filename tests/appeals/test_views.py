"""The pages of appeals: each reader sees their part of the case and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appraisal.appeals.actions import sign_decision, withdraw_appeal
from appraisal.appeals.models import Appeal, AppealDraft, PanelSeat
from appraisal.appeals.states import AppealState
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.people.models import User
from tests.appeals.conftest import WRONG
from tests.cast import Cast
from tests.factories.cycles import at, launch, walk_to
from workflow import calendars

NOW = at(4, 20, 11)
NAMES = {
    "appeal_current": "get", "appeal_papers": "get", "appeal_lodge": "get", "appeal_save": "post",
    "appeal_withdraw": "post", "appeal_take_up": "post", "decision_write": "post", "decision_sign": "post",
    "decision_extend": "post",
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


def client_of(cast: Cast, part: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=cast.members[part].user.pk))
    return client


def url(name: str, appraisal: Appraisal) -> str:
    return reverse(f"appeals:{name}", args=[appraisal.pk])


def text_of(cast: Cast, part: str, appraisal: Appraisal, name: str = "appeal_current") -> str:
    response = client_of(cast, part).get(url(name, appraisal))
    assert response.status_code == 200
    return response.content.decode()


def form_of(appeal: Appeal, **changes: Any) -> dict[str, Any]:
    wrong, unfair = appeal.items.order_by("position")
    return {
        f"item-{wrong.pk}-ruling": "upheld", f"item-{wrong.pk}-reason": "CRM 中有 15 家。",
        f"item-{wrong.pk}-new_value": "15", f"item-{unfair.pk}-ruling": "dismissed",
        f"item-{unfair.pk}-reason": "依据完整。", f"item-{unfair.pk}-new_grade": "", "answer": "第一项成立。",
        "version": appeal.version, "key": "w1", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_unknown_to_an_outsider_as_an_unknown_number_is(cast: Cast, decided: Appeal, name: str) -> None:
    client = client_of(cast, "outsider")
    ask = getattr(client, NAMES[name])
    assert ask(url(name, decided.appraisal)).status_code == 404
    assert ask(reverse(f"appeals:{name}", args=[999_999])).status_code == 404


def test_the_desk_is_for_those_who_hear_cases(cast: Cast, lodged: Appeal) -> None:
    shown = {
        part: client_of(cast, part).get(reverse("appeals:appeal_list")).status_code
        for part in ("hr", "sales_director", "auditor", "hr_partner", "employee", "manager", "outsider", "legal")
    }
    assert shown == {
        "hr": 200, "sales_director": 200, "auditor": 200, "hr_partner": 200, "employee": 404, "manager": 404,
        "outsider": 404, "legal": 404,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["appeal_take_up", "decision_write", "decision_sign", "decision_extend"])
@pytest.mark.parametrize("part", ["employee", "manager", "second_level", "hr_partner", "auditor"])
def test_the_panels_acts_do_not_exist_for_others(cast: Cast, decided: Appeal, part: str, name: str) -> None:
    sent = {"decision": "1", "days": "1", "reason": "x", "answer": "x", "version": decided.version}
    assert client_of(cast, part).post(url(name, decided.appraisal), sent).status_code == 404
    assert not PanelSeat.objects.filter(signed_by__isnull=False).exists()


def test_the_employee_lodges_from_the_page_and_the_draft_goes(cast: Cast, contestable: Appraisal) -> None:
    client = client_of(cast, "employee")
    typed = {
        "statement": "请复核。", "wanted": "重新计算", "contest-lead_conversion-chosen": "on",
        "contest-lead_conversion-ground": "facts", "contest-lead_conversion-text": "应为15家",
    }  # fmt: skip
    saved = client.post(
        url("appeal_save", contestable), {**typed, "version": "0"}, headers={"accept": "application/json"}
    )
    late = client.post(
        url("appeal_save", contestable), {**typed, "version": "0"}, headers={"accept": "application/json"}
    )
    page = text_of(cast, "employee", contestable, "appeal_lodge")
    assert (saved.json(), late.status_code) == ({"version": 1, "saved_at": "11:00"}, 409)
    assert "reason" in late.json()
    assert "应为15家" in page
    assert 'name="contest-lead_conversion-chosen"' in page

    lodged = client.post(url("appeal_lodge", contestable), {**typed, "key": "l1"})
    twice = client.post(url("appeal_lodge", contestable), {**typed, "key": "l1"})
    appeal = Appeal.objects.get()
    assert (lodged.status_code, twice.status_code, AppealDraft.objects.count()) == (302, 302, 0)
    assert list(appeal.items.values_list("indicator", "ground", "text")) == [("lead_conversion", "facts", "应为15家")]
    assert client.get(url("appeal_lodge", contestable)).status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"statement": "不服"}, "Choose at least one thing that you contest."),
        ({"statement": "不服", "contest-whole-chosen": "on", "contest-whole-text": "偏低"}, "Choose the ground."),
        ({"statement": "不服", "contest-whole-chosen": "on", "contest-whole-ground": "bias"}, "Say what is wrong."),
    ],
)
def test_an_unfinished_appeal_comes_back_with_its_words(
    cast: Cast, contestable: Appraisal, typed: dict[str, str], said: str
) -> None:
    response = client_of(cast, "employee").post(url("appeal_lodge", contestable), typed)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "不服" in response.content.decode()
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("part", ["manager", "hr", "second_level", "sales_director"])
def test_the_page_on_which_an_appeal_is_written_is_the_employees(cast: Cast, contestable: Appraisal, part: str) -> None:
    client = client_of(cast, part)
    assert client.get(url("appeal_lodge", contestable)).status_code == 404
    assert client.post(url("appeal_save", contestable), {"statement": "x"}).status_code == 404


def test_after_the_window_the_page_says_who_can_help(cast: Cast, contestable: Appraisal) -> None:
    closed = walk_to(contestable, Step.CLOSED, cast)
    assert "For a late appeal turn to HR." in text_of(cast, "employee", closed, "appeal_lodge")


def test_evidence_of_the_appeal_is_read_by_the_panel_and_not_by_the_manager(cast: Cast, lodged: Appeal) -> None:
    where = reverse("assessments:evidence_attach", args=[lodged.appraisal_id]) + "?indicator=appeal"
    sent = client_of(cast, "employee").post(where, {"file": SimpleUploadedFile("CRM.png", PNG, "image/png")})
    assert sent.status_code == 201
    seen = {part: "CRM.png" in text_of(cast, part, lodged.appraisal) for part in ("employee", "hr", "manager")}
    assert seen == {"employee": True, "hr": True, "manager": False}
    reached = {
        part: client_of(cast, part).get(sent.json()["url"]).status_code
        for part in ("employee", "sales_director", "manager")
    }
    assert reached == {"employee": 200, "sales_director": 200, "manager": 404}


def test_each_reader_sees_their_part_of_an_open_case(cast: Cast, decided: Appeal) -> None:
    statement, ruling, answer = "请复核。", "CRM 中有 15 家签约客户。", "第一项成立，已重新计算。"
    seen = {
        part: tuple(words in text_of(cast, part, decided.appraisal) for words in (statement, ruling, answer))
        for part in ("employee", "hr", "sales_director", "auditor", "hr_partner", "manager", "second_level")
    }
    assert seen == {
        "employee": (True, False, False), "hr": (True, True, True), "sales_director": (True, True, True),
        "auditor": (True, False, False), "hr_partner": (True, False, False), "manager": (False, False, False),
        "second_level": (False, False, False),
    }  # fmt: skip


def test_after_the_decision_the_employee_reads_the_answer_and_the_manager_the_ruling(
    cast: Cast, decided: Appeal
) -> None:
    for member in (cast.hr, cast.sales_director):
        sign_decision(acting_user=member.user, appeal=decided, decision=1, at=NOW)
    employee, manager = (text_of(cast, part, decided.appraisal) for part in ("employee", "manager"))
    for words in ("第一项成立，已重新计算。", "CRM 中有 15 家签约客户。", "80.15", "87.65"):
        assert words in employee
    assert ("CRM 中有 15 家签约客户。" in manager, "第一项成立，已重新计算。" in manager) == (True, False)
    assert "请复核。" not in manager


def test_somebody_of_hr_who_calibrated_it_reads_but_does_not_hear_the_case(cast: Cast, lodged: Appeal) -> None:
    Appraisal.objects.filter(pk=lodged.appraisal_id).update(calibrated_by=cast.hr.user)
    page = text_of(cast, "hr", lodged.appraisal)
    assert "Take up the case" not in page
    assert "Zheng Fang is kept from it: calibrated the result." in page
    assert "Can sign: Feng Li" in page
    assert client_of(cast, "hr").post(url("appeal_take_up", lodged.appraisal), {"version": 1}).status_code == 404


def test_a_seat_that_nobody_can_take_says_who_can_help(cast: Cast, lodged: Appeal) -> None:
    Appraisal.objects.filter(pk=lodged.appraisal_id).update(scored_by=cast.sales_director.user)
    page = text_of(cast, "hr", lodged.appraisal)
    assert "Nobody holds the role “Sales director” without a conflict of interest." in page
    assert "HR asks a system administrator to give the role to another person" in page


def test_the_panel_takes_the_case_through_on_its_pages(cast: Cast, lodged: Appeal) -> None:
    hr, director, appraisal = client_of(cast, "hr"), client_of(cast, "sales_director"), lodged.appraisal
    assert hr.post(url("appeal_take_up", appraisal), {"version": 1, "key": "t"}).status_code == 302
    lodged.refresh_from_db()
    assert hr.post(url("decision_write", appraisal), form_of(lodged)).status_code == 302
    stale = director.post(url("decision_write", appraisal), form_of(lodged, key="w2", answer="我的文本"))
    assert (stale.status_code, "我的文本" in stale.content.decode()) == (409, True)
    page = text_of(cast, "sales_director", appraisal)
    assert ("Sign this text" in page, "text 1, not yet in force" in page) == (True, True)
    assert hr.post(url("decision_sign", appraisal), {"decision": "1", "key": "s1"}).status_code == 302
    assert hr.post(url("decision_sign", appraisal), {"decision": "1", "key": "s1"}).status_code == 302
    old = director.post(url("decision_sign", appraisal), {"decision": "0", "key": "s2"})
    assert old.status_code == 422
    assert director.post(url("decision_sign", appraisal), {"decision": "1", "key": "s3"}).status_code == 302

    lodged.refresh_from_db()
    assert (lodged.state, lodged.grade_after) == (AppealState.PARTLY_UPHELD, "A")


def test_a_ruling_without_its_reason_comes_back_at_the_field(cast: Cast, reviewed: Appeal) -> None:
    wrong, _unfair = reviewed.items.order_by("position")
    client, where = client_of(cast, "hr"), url("decision_write", reviewed.appraisal)
    silent = client.post(where, form_of(reviewed, **{f"item-{wrong.pk}-reason": ""}))
    negative = client.post(where, form_of(reviewed, **{f"item-{wrong.pk}-new_value": "-3"}))
    assert (silent.status_code, negative.status_code) == (422, 422)
    assert "第一项成立。" in silent.content.decode()
    assert "The new value cannot be negative." in negative.content.decode()
    reviewed.refresh_from_db()
    assert reviewed.decision_number == 0


def test_the_papers_show_what_the_rulings_would_lead_to(cast: Cast, decided: Appeal) -> None:
    page = text_of(cast, "sales_director", decided.appraisal, "appeal_papers")
    assert "With the rulings as written the result would be 87.65, grade A." in page
    assert "线索转化率" in page or "Lead conversion" in page
    assert "the result would be" not in text_of(cast, "auditor", decided.appraisal, "appeal_papers")
    for part in ("employee", "manager", "second_level"):
        assert client_of(cast, part).get(url("appeal_papers", decided.appraisal)).status_code == 404


def test_the_decision_is_put_off_and_the_appeal_withdrawn_on_the_page(cast: Cast, lodged: Appeal) -> None:
    hr, appraisal = client_of(cast, "hr"), lodged.appraisal
    assert hr.post(url("decision_extend", appraisal), {"days": "9", "reason": "x", "version": 1}).status_code == 422
    assert (
        hr.post(url("decision_extend", appraisal), {"days": "2", "reason": "等法务", "version": 1}).status_code == 302
    )
    page = text_of(cast, "employee", appraisal)
    assert ("等法务" in page, "The time for the decision has been extended" in page) == (True, True)
    withdrawn = client_of(cast, "employee").post(url("appeal_withdraw", appraisal), {"version": 2, "key": "x"})
    assert (withdrawn.status_code, Appeal.objects.get().state) == (302, AppealState.WITHDRAWN)


def test_a_page_without_an_appeal_says_so(cast: Cast, contestable: Appraisal) -> None:
    assert "There is no appeal on this result" in text_of(cast, "manager", contestable)


def appeals_of(cast: Cast, count: int) -> list[Appeal]:
    people = [cast.colleague_one, cast.colleague_two, cast.colleague_three][:count]
    return [
        Appeal.objects.get(appraisal=walk_to(row, Step.APPEALED, cast))
        for row in launch(cast, *people, name=f"{count}", name_en=f"Round {count}")
    ]


def test_the_desk_costs_the_same_for_one_case_and_for_three(cast: Cast, django_assert_max_num_queries) -> None:
    client, counts = client_of(cast, "hr"), []
    for count in (1, 2):
        appeals_of(cast, count)
        client.get(reverse("appeals:appeal_list"))
        # One of them reads the days of the calendar, which a process does once, but a test does not keep.
        with django_assert_max_num_queries(12) as queries:
            page = client.get(reverse("appeals:appeal_list"))
        counts.append(len(queries))
    assert (page.content.decode().count("Round"), counts[0]) == (5, counts[1])


def test_the_desk_is_narrowed_by_state_cycle_and_name(cast: Cast, lodged: Appeal) -> None:
    others = appeals_of(cast, 2)
    withdraw_appeal(acting_user=cast.colleague_one.user, appeal=others[0], at=NOW)
    client, where = client_of(cast, "hr"), reverse("appeals:appeal_list")

    def names(query: str) -> list[str]:
        rows = client.get(f"{where}?{query}").context["rows"]
        return sorted(case.appraisal.employee.name for case, _left in rows)

    assert names("") == ["李娜", "赵敏"]
    assert names("show=withdrawn") == ["刘洋"]
    assert names("show=decided") == []
    assert names(f"cycle={lodged.appraisal.cycle_id}") == ["李娜"]
    assert names("q=Zhao") == ["赵敏"]
    assert "No case fits this filter" in client.get(f"{where}?q=nobody").content.decode()


def test_the_own_case_is_not_on_the_desk(cast: Cast, lodged: Appeal) -> None:
    Appraisal.objects.filter(pk=lodged.appraisal_id).update(employee_account=cast.hr.user)
    page = client_of(cast, "hr").get(reverse("appeals:appeal_list"))
    assert page.context["rows"] == []


@pytest.mark.parametrize("part", ["employee", "hr", "manager"])
def test_the_case_costs_the_same_with_more_evidence(
    cast: Cast, decided: Appeal, part: str, django_assert_max_num_queries
) -> None:
    client, counts = client_of(cast, part), []
    where = reverse("assessments:evidence_attach", args=[decided.appraisal_id]) + "?indicator=appeal"
    for number in range(2):
        # A calendar made in this transaction is not kept between readings; one that stood before is.
        calendars.forget_daybooks()
        client.get(url("appeal_current", decided.appraisal))
        with django_assert_max_num_queries(12) as queries:
            client.get(url("appeal_current", decided.appraisal))
        counts.append(len(queries))
        for name in "ab":
            file = SimpleUploadedFile(f"{name}{number}.png", PNG + name.encode(), "image/png")
            client_of(cast, "employee").post(where, {"file": file})
    assert counts[0] == counts[1]


def test_what_is_wrong_stands_with_its_ground(cast: Cast, lodged: Appeal) -> None:
    page = text_of(cast, "sales_director", lodged.appraisal)
    for words in ("Lead conversion", "The facts are wrong", WRONG.text, "The result as a whole"):
        assert words in page
