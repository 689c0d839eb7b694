"""The procedure's acts on one appraisal, each with its refusals."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.states import Origin, Step
from appraisal.procedure import actions
from appraisal.procedure.models import Correction
from tests.cast import Cast
from tests.factories.cycles import at, launch_one
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact, Visit, WorkItem

ALL_ON = {"planning": {"on": True}, "countersigning": {"on": True}, "calibrating": {"on": True}}
PARTS = (
    "employee", "manager", "second_level", "hr", "hr_partner", "colleague_one", "sales_director", "auditor", "sysadmin",
    "outsider",
)  # fmt: skip

# verb: the step it starts from, where it leads, who may do it, whether it needs a reason
TABLE: dict[str, tuple[Callable[..., Any], Step, Step, set[str], bool]] = {
    "agree_targets": (actions.agree_targets, Step.PLANNING, Step.TRACKING, {"employee"}, False),
    "send_back": (actions.send_back, Step.SCORING, Step.SELF_REVIEW, {"manager"}, True),
    "send_back_above": (actions.send_back, Step.COUNTERSIGNING, Step.SCORING, {"second_level"}, True),
    "send_back_calibration": (actions.send_back, Step.CALIBRATING, Step.SCORING, {"hr"}, True),
    "countersign": (actions.countersign, Step.COUNTERSIGNING, Step.CALIBRATING, {"second_level"}, False),
    "release": (actions.release, Step.DECIDED, Step.INTERVIEWING, {"hr"}, False),
    "recall": (actions.recall, Step.INTERVIEWING, Step.DECIDED, {"hr"}, True),
    "withdraw": (actions.withdraw, Step.SCORING, Step.WITHDRAWN, {"hr"}, True),
}


@pytest.mark.parametrize("name", TABLE)
def test_an_act_is_done_by_its_role_with_its_reason_and_by_nobody_else(cast: Cast, name: str) -> None:
    act, start, end, allowed, needs_reason = TABLE[name]
    appraisal = launch_one(cast, start, steps=ALL_ON)
    now = at(3, 5) if start == Step.PLANNING else at(5, 20)
    extra = {"reason": "数据有误"} if needs_reason else {}
    for part in set(PARTS) - allowed:
        with pytest.raises((NotAllowed, GuardRefused)):
            act(acting_user=cast.members[part].user, at=now, appraisal=appraisal, **extra)
    for part in allowed:
        user = cast.members[part].user
        if needs_reason:
            with pytest.raises(GuardRefused):
                act(acting_user=user, at=now, appraisal=appraisal, reason="  ")
        with pytest.raises(Conflict):
            act(acting_user=user, at=now, appraisal=appraisal, version=appraisal.version - 1, **extra)
    appraisal.refresh_from_db()
    assert appraisal.state == start
    for part in allowed:
        act(acting_user=cast.members[part].user, at=now, appraisal=appraisal, version=appraisal.version, **extra)
    assert appraisal.state == end


@pytest.mark.parametrize("name", TABLE)
def test_an_act_belongs_to_its_step(cast: Cast, name: str) -> None:
    act, _start, _end, allowed, needs_reason = TABLE[name]
    appraisal = launch_one(cast, Step.TRACKING if name != "withdraw" else Step.CLOSED)
    extra = {"reason": "数据有误"} if needs_reason else {}
    for part in allowed:
        with pytest.raises(NotInThisState):
            act(acting_user=cast.members[part].user, at=at(5, 20), appraisal=appraisal, **extra)


def test_a_step_that_is_sent_back_gets_a_new_visit_with_its_own_time(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    actions.send_back(acting_user=cast.manager.user, at=at(4, 9), appraisal=appraisal, reason="请补充佐证")
    visits = Visit.objects.filter(object_id=appraisal.pk, state=Step.SELF_REVIEW).order_by("number")
    # Three working days from 9 April: 10, 13 and 14 April.
    ends = [visit.due_at.astimezone(at(1, 1).tzinfo).date().isoformat() for visit in visits if visit.due_at]
    assert ends == ["2026-04-03", "2026-04-14"]
    assert (visits[0].closed_at is not None, visits[1].closed_at) == (True, None)


def test_without_a_self_review_in_the_scheme_there_is_nothing_to_send_back_to(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING, steps={"self_review": {"on": False}})
    with pytest.raises(GuardRefused):
        actions.send_back(acting_user=cast.manager.user, at=at(4, 9), appraisal=appraisal, reason="请补充")


def test_a_self_review_is_passed_over_only_when_its_time_is_over(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    with pytest.raises(GuardRefused):
        actions.pass_over_self_review(acting_user=cast.hr.user, at=at(4, 3), appraisal=appraisal, reason="联系不上")
    with pytest.raises(GuardRefused):
        actions.pass_over_self_review(acting_user=cast.hr.user, at=at(4, 7), appraisal=appraisal, reason="")
    with pytest.raises(NotAllowed):
        actions.pass_over_self_review(acting_user=cast.manager.user, at=at(4, 7), appraisal=appraisal, reason="赶时间")
    actions.pass_over_self_review(acting_user=cast.hr_partner.user, at=at(4, 7), appraisal=appraisal, reason="联系不上")
    assert appraisal.state == Step.SCORING
    assert Visit.objects.get(object_id=appraisal.pk, state=Step.SELF_REVIEW).outcome == "pass_over_self_review"


def test_the_review_starts_by_hand_on_the_last_day_and_not_before(cast: Cast) -> None:
    appraisal = launch_one(cast)
    with pytest.raises(GuardRefused):
        actions.start_review(acting_user=cast.hr.user, at=at(3, 30), appraisal=appraisal)
    actions.start_review(acting_user=cast.hr.user, at=at(3, 31, 9), appraisal=appraisal)
    assert appraisal.state == Step.SELF_REVIEW
    assert WorkItem.objects.get(object_id=appraisal.pk, closed_at=None).due_at == at(4, 3, 23, 59).replace(
        second=59, microsecond=999999
    )


def test_nobody_releases_their_own_result(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.DECIDED)
    Appraisal.objects.filter(pk=appraisal.pk).update(employee_account=cast.hr.user)
    with pytest.raises(NotAllowed):
        actions.release(acting_user=cast.hr.user, at=at(4, 14), appraisal=appraisal)
    actions.release(acting_user=cast.hr_two.user, at=at(4, 14), appraisal=appraisal)
    assert (appraisal.state, appraisal.released_at) == (Step.INTERVIEWING, at(4, 14))


def test_there_is_no_release_without_a_result(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.DECIDED)
    Appraisal.objects.filter(pk=appraisal.pk).update(final_grade="")
    with pytest.raises(GuardRefused):
        actions.release(acting_user=cast.hr.user, at=at(4, 14), appraisal=appraisal)


@pytest.mark.parametrize("step", [Step.SELF_REVIEW, Step.SCORING, Step.DECIDED, Step.APPEAL_WINDOW])
def test_who_was_withdrawn_is_taken_back_to_the_same_step_with_its_full_time(cast: Cast, step: Step) -> None:
    appraisal = launch_one(cast, step)
    actions.withdraw(acting_user=cast.hr.user, at=at(4, 22), appraisal=appraisal, reason="长期病假")
    assert not WorkItem.objects.filter(object_id=appraisal.pk, closed_at=None).exists()
    for part in set(PARTS) - {"hr"}:
        with pytest.raises(NotAllowed):
            actions.reinstate(acting_user=cast.members[part].user, at=at(4, 23), appraisal=appraisal, reason="返岗")
    with pytest.raises(GuardRefused):
        actions.reinstate(acting_user=cast.hr.user, at=at(4, 23), appraisal=appraisal, reason="")
    actions.reinstate(acting_user=cast.hr.user, at=at(4, 23), appraisal=appraisal, reason="返岗")
    assert appraisal.state == step
    item = WorkItem.objects.filter(object_id=appraisal.pk, closed_at=None, state=step).first()
    assert item is not None
    assert item.due_at is not None
    assert item.due_at > at(4, 23)


def test_who_was_withdrawn_while_tracking_comes_back_to_the_review_after_the_period(cast: Cast) -> None:
    appraisal = launch_one(cast)
    actions.withdraw(acting_user=cast.hr.user, at=at(3, 9), appraisal=appraisal, reason="借调")
    actions.reinstate(acting_user=cast.hr.user, at=at(4, 9), appraisal=appraisal, reason="返岗")
    assert appraisal.state == Step.SELF_REVIEW


def test_a_closed_cycle_takes_nobody_back(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.WITHDRAWN)
    actions.close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=appraisal.cycle)
    appraisal.refresh_from_db()
    with pytest.raises(GuardRefused):
        actions.reinstate(acting_user=cast.hr.user, at=at(5, 9), appraisal=appraisal, reason="返岗")


@pytest.mark.parametrize("step", [Step.APPEALED, Step.IMPROVING])
def test_nobody_is_withdrawn_while_an_appeal_or_a_plan_runs(cast: Cast, step: Step) -> None:
    appraisal = launch_one(cast, step)
    with pytest.raises(NotInThisState):
        actions.withdraw(acting_user=cast.hr.user, at=at(5, 20), appraisal=appraisal, reason="离职")


def test_a_correction_needs_two_people_of_hr_and_both_reasons_are_kept(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.CLOSED)
    now = at(5, 20)
    with pytest.raises(NotAllowed):
        actions.propose_correction(acting_user=cast.manager.user, at=now, appraisal=appraisal, reason="有误")
    with pytest.raises(GuardRefused):
        actions.propose_correction(acting_user=cast.hr.user, at=now, appraisal=appraisal, reason=" ")
    with pytest.raises(GuardRefused):
        actions.approve_correction(acting_user=cast.hr_two.user, at=now, appraisal=appraisal)
    actions.propose_correction(acting_user=cast.hr.user, at=now, appraisal=appraisal, reason="线索数据有误")
    with pytest.raises(GuardRefused):
        actions.propose_correction(acting_user=cast.hr_two.user, at=now, appraisal=appraisal, reason="又一次")
    with pytest.raises(GuardRefused):
        actions.approve_correction(acting_user=cast.hr.user, at=now, appraisal=appraisal)
    with pytest.raises(NotAllowed):
        actions.approve_correction(acting_user=cast.auditor.user, at=now, appraisal=appraisal)
    actions.approve_correction(acting_user=cast.hr_two.user, at=now, appraisal=appraisal)
    assert appraisal.state == Step.DECIDED
    correction = Correction.objects.get()
    assert (correction.proposed_by, correction.approved_by) == (cast.hr.user, cast.hr_two.user)
    assert Fact.objects.get(object_id=appraisal.pk, name="result.corrected").reason == "线索数据有误"


def test_a_declined_correction_can_be_proposed_anew(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.CLOSED)
    now = at(5, 20)
    actions.propose_correction(acting_user=cast.hr.user, at=now, appraisal=appraisal, reason="线索数据有误")
    actions.decline_correction(acting_user=cast.hr_two.user, at=now, appraisal=appraisal, reason="数据无误")
    with pytest.raises(GuardRefused):
        actions.decline_correction(acting_user=cast.hr_two.user, at=now, appraisal=appraisal, reason="数据无误")
    actions.propose_correction(acting_user=cast.hr.user, at=now, appraisal=appraisal, reason="已核对")
    assert Correction.objects.count() == 2


def test_only_an_archived_result_is_corrected(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.APPEAL_WINDOW)
    with pytest.raises(NotInThisState):
        actions.propose_correction(acting_user=cast.hr.user, at=at(4, 16), appraisal=appraisal, reason="有误")


def test_a_corrected_result_is_released_again_also_in_a_closed_cycle(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.CLOSED)
    actions.close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=appraisal.cycle)
    actions.propose_correction(acting_user=cast.hr.user, at=at(5, 20), appraisal=appraisal, reason="有误")
    actions.approve_correction(acting_user=cast.hr_two.user, at=at(5, 20), appraisal=appraisal)
    actions.release(acting_user=cast.hr.user, at=at(5, 21), appraisal=appraisal)
    assert (appraisal.state, appraisal.released_at) == (Step.INTERVIEWING, at(5, 21))


def test_a_correction_that_cannot_be_computed_changes_nothing(cast: Cast) -> None:
    """The set-up stored a bare result without figures, so there is nothing to compute from."""
    appraisal = launch_one(cast, Step.CLOSED)
    actions.propose_correction(
        acting_user=cast.hr.user, at=at(5, 20), appraisal=appraisal, reason="有误",
        changes={"lead_conversion": Decimal(90)},
    )  # fmt: skip
    with pytest.raises(GuardRefused):
        actions.approve_correction(acting_user=cast.hr_two.user, at=at(5, 20), appraisal=appraisal)
    appraisal.refresh_from_db()
    assert appraisal.state == Step.CLOSED
    assert not Result.objects.filter(origin=Origin.CORRECTION).exists()
