"""The pages of the interview and of the answer, each for those who may see it."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.interviews.actions import Appointment, reschedule_interview, schedule_interview
from appraisal.interviews.models import Acknowledgement, Interview
from appraisal.interviews.states import Answer, InterviewState
from tests.cast import Cast
from tests.factories.cycles import at
from workflow import calendars

NOW = at(4, 15, 15)
NAMES = {
    "interview_detail": "get", "interview_schedule": "post", "interview_record": "post", "interview_confirm": "post",
    "interview_return": "post", "interview_close": "post", "interview_calendar": "get", "result_acknowledge": "get",
}  # fmt: skip
RECORD = {
    "version": "0", "key": "k1", "held_on": "2026-04-15", "began": "14:00", "ended": "14:30", "strengths": "跟进及时",
    "improvements": "提高转化", "notes": "", "actions-TOTAL_FORMS": "3", "actions-INITIAL_FORMS": "0",
    "actions-0-text": "每月两次深度回访", "actions-0-owner": "employee", "actions-0-due_on": "2026-06-30",
    "actions-2-text": "安排培训", "actions-2-owner": "manager", "actions-2-due_on": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _afternoon():
    with time_machine.travel(NOW, tick=False):
        yield


def client_of(cast: Cast, part: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.members[part].user)
    return client


def url(name: str, appraisal: Appraisal) -> str:
    return reverse(f"interviews:{name}", args=[appraisal.pk])


def interview_of(appraisal: Appraisal) -> Interview:
    return Interview.objects.get(appraisal=appraisal)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_unknown_to_an_outsider_as_an_unknown_number_is(
    cast: Cast, appraisal: Appraisal, held: Interview, name: str
) -> None:
    client = client_of(cast, "outsider")
    ask = getattr(client, NAMES[name])
    assert ask(url(name, appraisal)).status_code == 404
    assert ask(reverse(f"interviews:{name}", args=[999_999])).status_code == 404
    assert Client().get(url(name, appraisal)).status_code in {302, 405}


@pytest.mark.parametrize("part", ["employee", "second_level", "hr_partner", "auditor"])
def test_who_does_not_conduct_it_can_neither_arrange_nor_record(cast: Cast, appraisal: Appraisal, part: str) -> None:
    client = client_of(cast, part)
    day = {"day": "2026-04-16", "start": "14:00", "minutes": "30", "version": "0"}
    assert client.post(url("interview_schedule", appraisal), day).status_code == 404
    assert client.post(url("interview_record", appraisal), RECORD).status_code == 404
    assert client.get(url("interview_detail", appraisal)).status_code == 200
    assert not Interview.objects.exists()


def test_the_manager_sets_and_moves_the_appointment_on_the_page(cast: Cast, appraisal: Appraisal) -> None:
    client = client_of(cast, "manager")
    form = {"day": "2026-04-16", "start": "14:00", "minutes": "30", "place": "三楼", "version": "0", "key": "a"}
    assert client.post(url("interview_schedule", appraisal), form).status_code == 302
    again = client.post(url("interview_schedule", appraisal), form)
    moved = client.post(url("interview_schedule", appraisal), {**form, "start": "16:00", "version": "1", "key": "b"})

    interview = interview_of(appraisal)
    assert (again.status_code, moved.status_code) == (409, 302)
    assert (interview.planned_start, interview.sequence, interview.place) == (at(4, 16, 16), 1, "三楼")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"minutes": "25"}, "Plan at least 30 minutes: the scheme asks for them."),
        ({"day": "2026-04-14"}, "This moment has passed. An interview already held is recorded below."),
    ],
)
def test_an_appointment_too_short_or_too_late_says_so_at_the_field(
    cast: Cast, appraisal: Appraisal, change: dict[str, str], said: str
) -> None:
    form = {"day": "2026-04-16", "start": "14:00", "minutes": "30", "place": "三楼", "version": "0", **change}
    response = client_of(cast, "manager").post(url("interview_schedule", appraisal), form)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert 'value="三楼"' in response.content.decode()


def test_25_minutes_are_refused_on_the_page_with_the_text_kept(cast: Cast, appraisal: Appraisal) -> None:
    response = client_of(cast, "manager").post(url("interview_record", appraisal), {**RECORD, "ended": "14:25"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "The interview lasted 25 minutes; the scheme asks for at least 30." in text
    assert "跟进及时" in text
    assert "每月两次深度回访" in text


def test_a_record_of_30_minutes_is_kept_with_the_rows_that_remained(cast: Cast, appraisal: Appraisal) -> None:
    client = client_of(cast, "manager")
    assert client.post(url("interview_record", appraisal), RECORD).status_code == 302
    interview = interview_of(appraisal)
    assert list(interview.actions.values_list("text", "owner")) == [
        ("每月两次深度回访", "employee"), ("安排培训", "manager"),
    ]  # fmt: skip
    assert (interview.state, interview.started_at) == (InterviewState.HELD, at(4, 15, 14))
    assert client.post(url("interview_record", appraisal), RECORD).status_code == 409
    nothing = {**RECORD, "actions-0-text": "", "actions-0-due_on": "", "actions-2-text": "", "version": "1"}
    assert "Write down at least one action" in client.post(url("interview_record", appraisal), nothing).content.decode()


def test_the_employee_reads_and_confirms_the_record(cast: Cast, appraisal: Appraisal, held: Interview) -> None:
    client = client_of(cast, "employee")
    page = client.get(url("interview_detail", appraisal)).content.decode()
    assert "每月两次深度回访" in page
    assert "Is this what was said and agreed?" in page
    form = {"version": held.version, "key": "c", "comment": "属实"}
    assert client.post(url("interview_confirm", appraisal), form).status_code == 302
    assert client.post(url("interview_confirm", appraisal), form).status_code == 302

    appraisal.refresh_from_db()
    assert (interview_of(appraisal).state, appraisal.state) == (InterviewState.CONFIRMED, Step.APPEAL_WINDOW)
    assert "属实" in client_of(cast, "manager").get(url("interview_detail", appraisal)).content.decode()


def test_nobody_else_finds_the_confirmation_or_the_correction(
    cast: Cast, appraisal: Appraisal, held: Interview
) -> None:
    for part in ("manager", "hr", "second_level"):
        client = client_of(cast, part)
        assert client.post(url("interview_confirm", appraisal), {"version": 1}).status_code == 404
        assert client.post(url("interview_return", appraisal), {"version": 1, "reason": "x"}).status_code == 404
        assert (
            "Is this what was said and agreed?" not in client.get(url("interview_detail", appraisal)).content.decode()
        )


def test_a_correction_and_a_closing_need_a_reason(cast: Cast, appraisal: Appraisal, held: Interview) -> None:
    employee, hr = client_of(cast, "employee"), client_of(cast, "hr")
    assert employee.post(url("interview_return", appraisal), {"version": 1, "reason": ""}).status_code == 422
    assert hr.post(url("interview_close", appraisal), {"version": 1, "reason": ""}).status_code == 422
    assert employee.post(url("interview_return", appraisal), {"version": 1, "reason": "时间有误"}).status_code == 302
    assert interview_of(appraisal).state == InterviewState.SCHEDULED
    closing = hr.post(url("interview_close", appraisal), {"version": 2, "reason": "员工离职交接"})
    assert (closing.status_code, interview_of(appraisal).state) == (302, InterviewState.UNCONFIRMED)
    assert "HR closed it with the reason" in employee.get(url("interview_detail", appraisal)).content.decode()


def test_the_calendar_file_replaces_itself_when_the_appointment_moves(cast: Cast, appraisal: Appraisal) -> None:
    interview = schedule_interview(
        acting_user=cast.manager.user, appraisal=appraisal, appointment=Appointment(at(4, 16, 14), 30, "三楼"), at=NOW
    )
    client = client_of(cast, "employee")

    def event() -> tuple[object, ...]:
        response = client.get(url("interview_calendar", appraisal))
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        found = Calendar.from_ical(response.content).walk("VEVENT")[0]
        people = sorted(str(one) for one in found["attendee"])
        return (
            str(found["uid"]), found["sequence"], found.decoded("dtstart"), found.decoded("dtend"), people,
            str(found["location"]), str(found["summary"]),
        )  # fmt: skip

    before = event()
    reschedule_interview(
        acting_user=cast.manager.user, interview=interview, appointment=Appointment(at(4, 17, 9), 45), at=NOW
    )
    mails = ["mailto:employee@example.com", "mailto:manager@example.com"]
    summary = "Feedback interview: Li Na, Q1 2026"
    assert before == (
        f"{interview.chain_id}@pingheng", 0, at(4, 16, 14), at(4, 16, 14, 30), mails, "三楼", summary,
    )  # fmt: skip
    response = client.get(url("interview_calendar", appraisal))
    moved = Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert (str(moved["uid"]), moved["sequence"], moved.decoded("dtstart")) == (before[0], 1, at(4, 17, 9))


def test_the_employee_answers_on_the_page(cast: Cast, appraisal: Appraisal) -> None:
    client = client_of(cast, "employee")
    page = client.get(url("result_acknowledge", appraisal)).content.decode()
    assert ("I have read it" in page, "I agree with the result" in page) == (True, True)
    assert not Acknowledgement.objects.exclude(answer=Answer.DELIVERED).exists()
    version = appraisal.version
    read = client.post(url("result_acknowledge", appraisal), {"answer": "read", "version": version, "key": "r"})
    stale = client.post(url("result_acknowledge", appraisal), {"answer": "agreed", "version": version, "key": "s"})
    client.post(
        url("result_acknowledge", appraisal),
        {"answer": "disagreed", "version": version + 1, "comment": "数据不对", "key": "d"},
    )
    page = client.get(url("result_acknowledge", appraisal)).content.decode()
    given = list(Acknowledgement.objects.order_by("pk").values_list("answer", flat=True))

    assert (read.status_code, stale.status_code, given) == (302, 409, ["delivered", "read", "disagreed"])
    assert ("数据不对" in page, "I agree with the result" in page) == (True, False)


def test_a_silent_disagreement_and_a_refusal_without_a_witness_come_back(cast: Cast, appraisal: Appraisal) -> None:
    silent = client_of(cast, "employee").post(url("result_acknowledge", appraisal), {"answer": "disagreed"})
    hr = client_of(cast, "hr")
    alone = hr.post(url("result_acknowledge", appraisal), {"answer": "refused", "comment": "拒签"})
    signed = hr.post(url("result_acknowledge", appraisal), {"answer": "agreed"})
    manager = client_of(cast, "manager").post(
        url("result_acknowledge", appraisal), {"answer": "refused", "witness": "何伟"}
    )
    assert [response.status_code for response in (silent, alone, signed, manager)] == [422, 422, 422, 404]
    ok = hr.post(url("result_acknowledge", appraisal), {"answer": "refused", "witness": "何伟", "comment": "拒签"})
    assert ok.status_code == 302
    assert "witness: 何伟" in hr.get(url("result_acknowledge", appraisal)).content.decode()


@pytest.mark.parametrize("part", ["employee", "manager", "hr"])
@pytest.mark.parametrize("name", ["interview_detail", "result_acknowledge"])
def test_the_pages_cost_the_same_with_one_action_and_with_three(
    cast: Cast, appraisal: Appraisal, held: Interview, part: str, name: str, django_assert_max_num_queries
) -> None:
    client = client_of(cast, part)
    # A calendar made in this transaction is not kept between readings; one that stood before is.
    calendars.forget_daybooks()
    client.get(url(name, appraisal))
    counts = []
    for _turn in range(2):
        with django_assert_max_num_queries(12) as queries:
            client.get(url(name, appraisal))
        counts.append(len(queries))
        for position in (1, 2):
            held.actions.create(text="再一项", position=position)
    assert counts[0] == counts[1]
