"""Appointment, record with its gates, confirmation, and closing without one."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import translation

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from appraisal.interviews import actions
from appraisal.interviews.actions import AgreedAction, Appointment, Record
from appraisal.interviews.models import Interview
from appraisal.interviews.states import InterviewState
from tests.cast import Cast
from tests.factories.cycles import at
from tests.interviews.conftest import talk
from workflow import facts, queries
from workflow.engine import perform
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState, Refusal
from workflow.models import Fact, WorkItem
from workflow.verification import verify_all

MORNING = at(4, 15, 9)
EVENING = at(4, 15, 15)
AFTERNOON = Appointment(at(4, 15, 14), 30, "三楼会议室")


def schedule(cast: Cast, appraisal: Appraisal, appointment: Appointment = AFTERNOON) -> Interview:
    return actions.schedule_interview(
        acting_user=cast.manager.user, appraisal=appraisal, appointment=appointment, at=MORNING
    )


def record(cast: Cast, appraisal: Appraisal, what: Record, when: datetime = EVENING) -> Interview:
    return actions.record_interview(acting_user=cast.manager.user, appraisal=appraisal, record=what, at=when)


def reason_of(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    return refusal.value.reason


def holders(appraisal: Appraisal, interview: Interview) -> set[tuple[str, bool]]:
    items = [*queries.open_items(appraisal), *queries.open_items(interview)]
    return {(item.holder.username if item.holder else item.pool, item.optional) for item in items}


def test_the_manager_sets_the_appointment_and_moves_it(cast: Cast, appraisal: Appraisal) -> None:
    interview = schedule(cast, appraisal)
    moved = actions.reschedule_interview(
        acting_user=cast.manager.user, interview=interview, appointment=Appointment(at(4, 16, 10), 45), at=MORNING,
        version=1,
    )  # fmt: skip

    assert (moved.state, moved.planned_start, moved.planned_minutes, moved.sequence, moved.place) == (
        InterviewState.SCHEDULED, at(4, 16, 10), 45, 1, "",
    )  # fmt: skip
    with translation.override("en"):
        said = [facts.sentence(fact) for fact in queries.history(interview)]
    assert said == [
        "Wang Qiang set the interview for April 15, 2026 14:00",
        "Wang Qiang moved the interview to April 16, 2026 10:00",
    ]


@pytest.mark.parametrize(
    "who", ["employee", "colleague_one", "second_level", "sales_director", "hr_partner", "outsider"]
)
def test_only_the_manager_or_hr_arranges_the_interview(cast: Cast, appraisal: Appraisal, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.schedule_interview(
            acting_user=cast.members[who].user, appraisal=appraisal, appointment=AFTERNOON, at=MORNING
        )
    assert not Interview.objects.exists()


def test_a_second_appointment_and_a_short_one_are_refused(cast: Cast, appraisal: Appraisal) -> None:
    with translation.override("en"), pytest.raises(GuardRefused) as short:
        schedule(cast, appraisal, Appointment(at(4, 15, 14), 25))
    schedule(cast, appraisal)
    with translation.override("en"), pytest.raises(GuardRefused) as second:
        schedule(cast, appraisal)

    assert reason_of(short) == "Plan at least 30 minutes: the scheme asks for them."
    assert reason_of(second) == "There is already an appointment for this interview."


def test_before_the_release_nothing_is_arranged(cast: Cast, appraisal: Appraisal) -> None:
    perform(appraisal, Verb.RECALL, acting_user=cast.hr.user, at=MORNING, reason="数据有误")
    with pytest.raises(GuardRefused):
        schedule(cast, appraisal)


def test_25_minutes_are_refused_and_30_are_accepted(cast: Cast, appraisal: Appraisal) -> None:
    with translation.override("en"), pytest.raises(GuardRefused) as refusal:
        record(cast, appraisal, talk(at(4, 15, 14), at(4, 15, 14, 25)))
    assert reason_of(refusal) == "The interview lasted 25 minutes; the scheme asks for at least 30."
    assert not Interview.objects.exists()

    interview = record(cast, appraisal, talk(at(4, 15, 14), at(4, 15, 14, 30)))
    assert (interview.state, interview.started_at, interview.ended_at) == (
        InterviewState.HELD, at(4, 15, 14), at(4, 15, 14, 30),
    )  # fmt: skip


def test_a_record_needs_an_action_and_cannot_end_in_the_future(cast: Cast, appraisal: Appraisal) -> None:
    nothing_agreed = Record(at(4, 15, 14), at(4, 15, 14, 40), [], "好", "无", "")
    with translation.override("en"), pytest.raises(GuardRefused) as without:
        record(cast, appraisal, nothing_agreed)
    with translation.override("en"), pytest.raises(GuardRefused) as future:
        record(cast, appraisal, talk(at(4, 15, 14, 40), at(4, 15, 15, 10)))

    assert reason_of(without) == "Write down at least one action agreed for the next period."
    assert reason_of(future) == "The interview cannot end in the future."


def test_the_record_replaces_the_one_before_with_its_actions(cast: Cast, appraisal: Appraisal) -> None:
    schedule(cast, appraisal)
    record(cast, appraisal, talk(at(4, 15, 14), at(4, 15, 14, 30), "甲", "乙"))
    what = Record(
        at(4, 15, 14), at(4, 15, 14, 50), [AgreedAction("丙", "manager", date(2026, 6, 30))], "优点", "不足", ""
    )
    interview = record(cast, appraisal, what)

    assert list(interview.actions.values_list("text", "owner", "due_on")) == [("丙", "manager", date(2026, 6, 30))]
    assert (interview.strengths, interview.improvements, interview.notes) == ("优点", "不足", "")
    assert Interview.objects.count() == 1


def test_once_recorded_it_is_the_employees_turn(cast: Cast, appraisal: Appraisal, held: Interview) -> None:
    """Recorded on Wednesday 15 April; the employee has 3 working days, until Monday 20 April."""
    item = WorkItem.objects.get(holder=cast.employee.user, closed_at=None, optional=False)

    assert holders(appraisal, held) == {("employee", False), ("employee", True)}
    assert item.due_at == datetime.combine(date(2026, 4, 20), datetime.max.time(), tzinfo=at(4, 20).tzinfo)


def test_the_employee_confirms_and_the_appeal_window_opens(cast: Cast, appraisal: Appraisal, held: Interview) -> None:
    actions.confirm_record(
        acting_user=cast.employee.user, interview=held, comment=" 同意记录。 ", at=at(4, 15, 16), version=1, key="c:1"
    )
    again = actions.confirm_record(acting_user=cast.employee.user, interview=held, at=at(4, 15, 16), key="c:1")

    appraisal.refresh_from_db()
    assert (again.state, again.employee_comment) == (InterviewState.CONFIRMED, "同意记录。")
    assert appraisal.state == Step.APPEAL_WINDOW
    assert Fact.objects.filter(name="interview.confirmed").count() == 1
    assert holders(appraisal, held) == {("employee", True)}
    assert verify_all()[1] == []


@pytest.mark.parametrize("who", ["manager", "hr", "second_level", "outsider"])
def test_nobody_confirms_in_the_employees_name(cast: Cast, held: Interview, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.confirm_record(acting_user=cast.members[who].user, interview=held, at=at(4, 15, 16))
    held.refresh_from_db()
    assert held.state == InterviewState.HELD


def test_a_confirmation_of_an_older_record_is_a_conflict(cast: Cast, appraisal: Appraisal, held: Interview) -> None:
    record(cast, appraisal, talk(at(4, 15, 14), at(4, 15, 14, 45)))
    with pytest.raises(Conflict):
        actions.confirm_record(acting_user=cast.employee.user, interview=held, at=at(4, 15, 16), version=1)


def test_a_correction_asked_for_goes_back_to_the_manager(cast: Cast, appraisal: Appraisal, held: Interview) -> None:
    employee = cast.employee.user
    with pytest.raises(GuardRefused):
        actions.return_record(acting_user=employee, interview=held, reason=" ", at=at(4, 15, 16))
    actions.return_record(acting_user=employee, interview=held, reason="时间写错了。", at=at(4, 15, 16))
    assert (held.state, holders(appraisal, held)) == (
        InterviewState.SCHEDULED, {("manager", False), ("employee", True)},
    )  # fmt: skip
    with pytest.raises(NotInThisState):
        actions.confirm_record(acting_user=employee, interview=held, at=at(4, 15, 17))

    corrected = record(cast, appraisal, talk(at(4, 15, 13), at(4, 15, 13, 40)), at(4, 15, 17))
    assert (corrected.pk, corrected.state, corrected.started_at) == (held.pk, InterviewState.HELD, at(4, 15, 13))


def test_hr_closes_without_confirmation_and_nobody_has_signed(
    cast: Cast, appraisal: Appraisal, held: Interview
) -> None:
    close = actions.close_without_confirmation
    with pytest.raises(GuardRefused):
        close(acting_user=cast.hr.user, interview=held, reason="", at=at(4, 22))
    with pytest.raises(NotAllowed):
        close(acting_user=cast.manager.user, interview=held, reason="员工休假", at=at(4, 22))
    close(acting_user=cast.hr.user, interview=held, reason="员工两次未答复", at=at(4, 22))

    appraisal.refresh_from_db()
    assert (held.state, appraisal.state) == (InterviewState.UNCONFIRMED, Step.APPEAL_WINDOW)
    names = list(queries.history(held).values_list("name", "reason"))
    assert names == [("interview.recorded", ""), ("interview.closed_unconfirmed", "员工两次未答复")]
    assert holders(appraisal, held) == {("employee", True)}


def test_hr_closes_a_missed_appointment_but_not_one_to_come(cast: Cast, appraisal: Appraisal) -> None:
    interview = schedule(cast, appraisal)
    with translation.override("en"), pytest.raises(GuardRefused) as refusal:
        actions.close_without_confirmation(acting_user=cast.hr.user, interview=interview, reason="未到", at=MORNING)
    actions.close_without_confirmation(
        acting_user=cast.hr.user, interview=interview, reason="员工两次未到场", at=at(4, 15, 14, 30)
    )

    assert reason_of(refusal) == "The appointment is still to come."
    assert interview.state == InterviewState.UNCONFIRMED


def test_the_appraisal_does_not_go_on_without_a_record(cast: Cast, appraisal: Appraisal) -> None:
    for user, reason in ((cast.employee.user, ""), (cast.hr.user, "赶进度")):
        with translation.override("en"), pytest.raises(GuardRefused) as refusal:
            perform(appraisal, Verb.RECORD_INTERVIEW, acting_user=user, at=MORNING, reason=reason)
        assert reason_of(refusal) == "The interview has not been recorded yet."


def test_a_recalled_result_takes_its_interview_along_and_is_talked_through_anew(
    cast: Cast, appraisal: Appraisal, held: Interview
) -> None:
    perform(appraisal, Verb.RECALL, acting_user=cast.hr.user, at=at(4, 16), reason="数据有误")
    held.refresh_from_db()
    assert (held.state, holders(appraisal, held)) == (InterviewState.UNCONFIRMED, {("hr", False)})

    def stamp(locked: Appraisal) -> None:
        locked.released_at = at(4, 17)

    perform(appraisal, Verb.RELEASE, acting_user=cast.hr.user, at=at(4, 17), change=stamp)
    with pytest.raises(GuardRefused):
        perform(appraisal, Verb.RECORD_INTERVIEW, acting_user=cast.employee.user, at=at(4, 17, 11))
    second = record(cast, appraisal, talk(at(4, 17, 14), at(4, 17, 14, 30)), at(4, 17, 15))
    assert (second.pk != held.pk, second.state) == (True, InterviewState.HELD)
