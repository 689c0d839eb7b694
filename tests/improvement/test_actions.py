from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.improvement.actions import (
    accept,
    amend,
    approve,
    cancel,
    check_in,
    deliver,
    record_refusal,
    revise,
)
from appraisal.improvement.conclusions import (
    Conclusion,
    approve_conclusion,
    conclude,
    judge_milestone,
    return_conclusion,
    start_review,
)
from appraisal.improvement.drafts import Draft, draft_plan
from appraisal.improvement.models import ImprovementPlan, Milestone
from appraisal.improvement.states import FollowUp, PlanState
from tests.cast import Cast
from tests.factories.cycles import at as moment
from tests.factories.cycles import launch_one
from tests.improvement.conftest import PlanIn, content
from workflow import deadlines
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.queries import history, open_items

pytestmark = pytest.mark.django_db
JULY = moment(7, 20, 10)


def judged(cast: Cast, plan: ImprovementPlan, *, satisfaction: int, conversion: str) -> ImprovementPlan:
    first, second = plan.milestones.order_by("position")
    judge_milestone(acting_user=cast.hr.user, at=JULY, milestone=first, reached=Decimal(satisfaction))
    judge_milestone(acting_user=cast.manager.user, at=JULY, milestone=second, reached=Decimal(conversion))
    return ImprovementPlan.objects.get(pk=plan.pk)


def concludable(cast: Cast, plan_in: PlanIn, at: datetime, *, satisfaction: int = 84) -> ImprovementPlan:
    plan = plan_in(PlanState.ACTIVE)
    check_in(acting_user=cast.manager.user, at=at, plan=plan, held_on=date(2026, 4, 21), progress="已回访五家。")
    start_review(acting_user=None, at=JULY, plan=plan)
    return judged(cast, plan, satisfaction=satisfaction, conversion="13.2")


def test_a_plan_of_three_months_ends_on_the_same_day(cast: Cast, plan_in: PlanIn) -> None:
    # B-23: 20 April and three months are 20 July; 12 % and 10 % of it are 13.2 %.
    plan = plan_in(PlanState.DRAFTED)
    assert plan.ends_on == date(2026, 7, 20)
    assert [milestone.target for milestone in plan.milestones.order_by("position")] == [85, Decimal("13.2")]


@pytest.mark.parametrize(
    ("operator", "start", "change", "target"),
    [
        ("absolute", None, "85", "85"),
        ("relative", "12", "10", "13.2"),
        ("points", "12", "10", "22"),
        ("relative", "0", "10", None),
        ("relative", None, "10", None),
        ("points", None, "10", None),
    ],
)
def test_what_a_target_asks_for(operator: str, start: str | None, change: str, target: str | None) -> None:
    milestone = Milestone(operator=operator, start_value=start and Decimal(start), change=Decimal(change))
    assert milestone.target == (target and Decimal(target))


def test_progress_is_the_part_of_the_way_that_was_made() -> None:
    milestone = Milestone(operator="relative", start_value=Decimal(12), change=Decimal(10), reached=Decimal("12.6"))
    assert milestone.progress == 50
    milestone.reached = Decimal(11)
    assert milestone.progress == 0


def test_a_plan_that_is_asked_for_twice_is_drafted_once(cast: Cast, improving: Appraisal, at: datetime) -> None:
    first = draft_plan(acting_user=None, at=at, draft=Draft(improving))
    second = draft_plan(acting_user=cast.hr.user, at=at, draft=Draft(improving))
    assert first.pk == second.pk
    assert ImprovementPlan.objects.count() == 1


def test_no_plan_before_the_release(cast: Cast, at: datetime) -> None:
    appraisal = launch_one(cast, Step.DECIDED)
    with pytest.raises(GuardRefused, match="release"):
        draft_plan(acting_user=cast.hr.user, at=at, draft=Draft(appraisal))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"concerns": " "}, "concerns"),
        ({"support": ""}, "help"),
        ({"targets": ()}, "measurable target"),
        ({"mentor": None}, "mentor"),
        ({"starts_on": None}, "starts"),
    ],
)
def test_an_incomplete_plan_is_not_approved(
    cast: Cast, plan_in: PlanIn, at: datetime, changes: dict[str, object], words: str
) -> None:
    plan = plan_in(PlanState.DRAFTED)
    revise(acting_user=cast.hr.user, at=at, plan=plan, content=content(cast, **changes))
    with pytest.raises(GuardRefused, match=words):
        approve(acting_user=cast.hr.user, at=at, plan=plan)


def test_the_employee_is_not_the_mentor(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.DRAFTED)
    revise(acting_user=cast.hr.user, at=at, plan=plan, content=content(cast, mentor=cast.employee.person))
    with pytest.raises(GuardRefused, match="somebody else"):
        approve(acting_user=cast.hr.user, at=at, plan=plan)


def test_a_plan_is_not_approved_while_the_result_may_change(cast: Cast, at: datetime) -> None:
    appraisal = launch_one(cast, Step.APPEAL_WINDOW)
    plan = draft_plan(acting_user=cast.hr.user, at=at, draft=Draft(appraisal))
    revise(acting_user=cast.hr.user, at=at, plan=plan, content=content(cast))
    with pytest.raises(GuardRefused, match="appeal window"):
        approve(acting_user=cast.hr.user, at=at, plan=plan)


def test_an_approved_plan_that_is_revised_is_approved_again(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.APPROVED)
    revise(acting_user=cast.manager.user, at=at, plan=plan, content=content(cast, support="每周两次陪访。"))
    assert plan.state == PlanState.DRAFTED


def test_the_way_to_an_active_plan(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.ACTIVE)
    assert (plan.approved_by, plan.delivered_at, plan.acknowledged_at) == (cast.hr.user, at, at)
    assert [fact.name for fact in history(plan)] == [
        "plan.drafted", "plan.revised", "plan.approved", "plan.delivered", "plan.accepted",
    ]  # fmt: skip
    # Ten working days from 22 April: the first of May to the fifth are a holiday, 9 May is worked.
    item = open_items(plan).get(role="manager")
    assert (item.holder, item.due_at and item.due_at.date()) == (cast.manager.user, date(2026, 5, 9))


def test_refusal_is_recorded_with_a_witness_and_signs_nothing(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.DELIVERED)
    with pytest.raises(GuardRefused, match="present"):
        record_refusal(acting_user=cast.hr.user, at=at, plan=plan, witness=" ", reason="拒绝签收")
    record_refusal(acting_user=cast.hr.user, at=at, plan=plan, witness="工会 王敏", reason="拒绝签收")
    assert (plan.state, plan.acknowledged_at, plan.refusal_witness) == (PlanState.ACTIVE, None, "工会 王敏")


def test_a_check_in_closes_the_one_that_was_due_and_opens_the_next(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.ACTIVE)
    due = open_items(plan).get(role="manager")
    later = moment(5, 7)
    check_in(
        acting_user=cast.manager.user, at=later, plan=plan, held_on=date(2026, 5, 7), progress="满意度回升。",
        help_given="陪访两次。", employee_comment="有帮助。",
    )  # fmt: skip
    due.refresh_from_db()
    assert (due.closed_at, due.outcome, plan.state) == (later, "check_in", PlanState.ACTIVE)
    # Ten working days after 7 May, with 9 May worked: 20 May.
    upcoming = open_items(plan).get(role="manager")
    assert upcoming.due_at is not None
    assert upcoming.due_at.date() == date(2026, 5, 20)
    assert plan.check_ins.get().by == cast.manager.user


def test_a_check_in_of_tomorrow_is_refused(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.ACTIVE)
    with pytest.raises(GuardRefused, match="held"):
        check_in(acting_user=cast.manager.user, at=at, plan=plan, held_on=date(2026, 4, 23), progress="x")


def test_a_changed_plan_pauses_until_it_is_acknowledged_again(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.ACTIVE)
    amend(
        acting_user=cast.hr.user, at=at, plan=plan, content=content(cast, support="另加线上课程。"), reason="员工请求"
    )
    assert plan.state == PlanState.PAUSED
    assert open_items(plan).get().holder == cast.employee.user
    fact = history(plan).last()
    assert fact is not None
    assert fact.personal["before"]["support"] == "每周陪访。"
    with pytest.raises(NotInThisState):
        check_in(acting_user=cast.manager.user, at=at, plan=plan, held_on=at.date(), progress="x")
    accept(acting_user=cast.employee.user, at=at, plan=plan)
    assert plan.state == PlanState.ACTIVE


def test_the_end_of_the_plan_starts_its_conclusion(cast: Cast, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.ACTIVE)
    deadlines.sweep(at=moment(7, 20, 8, 59))
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    deadlines.sweep(at=moment(7, 20, 9, 1))
    plan.refresh_from_db()
    assert plan.state == PlanState.REVIEWING


def test_a_plan_whose_time_passed_in_a_pause_is_concluded_after_it(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.ACTIVE)
    amend(acting_user=cast.hr.user, at=at, plan=plan, content=content(cast), reason="更正")
    accept(acting_user=cast.employee.user, at=moment(7, 22), plan=plan)
    deadlines.sweep(at=moment(7, 22, 10, 5))
    plan.refresh_from_db()
    assert plan.state == PlanState.REVIEWING


def test_ending_a_plan_early_needs_a_reason(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.ACTIVE)
    with pytest.raises(GuardRefused, match="needs a reason"):
        start_review(acting_user=cast.hr.user, at=at, plan=plan)
    start_review(acting_user=cast.hr.user, at=at, plan=plan, reason="目标提前达成")
    assert plan.state == PlanState.REVIEWING


def test_a_number_judges_itself(cast: Cast, plan_in: PlanIn) -> None:
    plan = judged(cast, plan_in(PlanState.REVIEWING), satisfaction=85, conversion="13.19")
    assert [milestone.met for milestone in plan.milestones.order_by("position")] == [True, False]


def test_a_plan_whose_targets_were_met_archives_the_appraisal(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = concludable(cast, plan_in, at, satisfaction=86)
    conclude(
        acting_user=cast.hr.user, at=JULY, plan=plan, conclusion=Conclusion(PlanState.MET.value, "两项目标均达成。")
    )
    plan.refresh_from_db()
    assert (plan.state, plan.concluded_by, plan.appraisal.state) == (PlanState.MET, cast.hr.user, Step.CLOSED)


def test_targets_that_were_missed_are_not_called_met(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = concludable(cast, plan_in, at)
    with pytest.raises(GuardRefused, match="not reached"):
        conclude(acting_user=cast.hr.user, at=JULY, plan=plan, conclusion=Conclusion(PlanState.MET.value, "达成。"))


def test_a_plan_without_a_check_in_cannot_be_concluded(cast: Cast, plan_in: PlanIn) -> None:
    plan = judged(cast, plan_in(PlanState.REVIEWING), satisfaction=86, conversion="14")
    with pytest.raises(GuardRefused, match="check-in"):
        conclude(acting_user=cast.hr.user, at=JULY, plan=plan, conclusion=Conclusion(PlanState.MET.value, "达成。"))


def test_a_dismissal_takes_two_people_of_hr(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = concludable(cast, plan_in, at)
    proposal = Conclusion(PlanState.NOT_MET.value, "满意度未达标。", FollowUp.DISMISSAL, "三个月后仍低于85分。")
    conclude(acting_user=cast.hr.user, at=JULY, plan=plan, conclusion=proposal)
    assert (plan.state, plan.proposed_by) == (PlanState.REVIEWING, cast.hr.user)
    with pytest.raises(GuardRefused, match="second person"):
        approve_conclusion(acting_user=cast.hr.user, at=JULY, plan=plan)
    approve_conclusion(acting_user=cast.hr_two.user, at=JULY, plan=plan)
    plan.refresh_from_db()
    assert (plan.state, plan.follow_up) == (PlanState.NOT_MET, FollowUp.DISMISSAL)
    assert (plan.proposed_by, plan.concluded_by) == (cast.hr.user, cast.hr_two.user)
    assert plan.appraisal.state == Step.CLOSED


def test_a_returned_proposal_leaves_nothing_behind(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = concludable(cast, plan_in, at)
    proposal = Conclusion(PlanState.NOT_MET.value, "满意度未达标。", FollowUp.TRANSFER, "改任内勤。")
    conclude(acting_user=cast.hr.user, at=JULY, plan=plan, conclusion=proposal)
    return_conclusion(acting_user=cast.hr_two.user, at=JULY, plan=plan, reason="先延长一个月")
    plan.refresh_from_db()
    assert (plan.proposed_by, plan.follow_up, plan.follow_up_reason) == (None, FollowUp.NONE, "")


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [(PlanState.EXTENDED, "x", "not met"), (PlanState.NOT_MET, "", "reason")],
)
def test_an_adverse_step_follows_only_from_missed_targets_and_with_a_reason(
    cast: Cast, plan_in: PlanIn, at: datetime, outcome: PlanState, reason: str, words: str
) -> None:
    plan = concludable(cast, plan_in, at)
    with pytest.raises(GuardRefused, match=words):
        conclude(
            acting_user=cast.hr.user, at=JULY, plan=plan,
            conclusion=Conclusion(outcome.value, "未达标。", FollowUp.TRANSFER, reason),
        )  # fmt: skip


def test_the_database_too_keeps_one_person_from_dismissing(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = concludable(cast, plan_in, at)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImprovementPlan.objects.filter(pk=plan.pk).update(
            follow_up=FollowUp.DISMISSAL, proposed_by=cast.hr.user, concluded_by=cast.hr.user
        )


def test_an_extended_plan_goes_on_in_a_further_one(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = concludable(cast, plan_in, at)
    conclude(
        acting_user=cast.hr.user, at=JULY, plan=plan,
        conclusion=Conclusion(PlanState.EXTENDED.value, "已接近目标，再给一次机会。"),
    )  # fmt: skip
    further = ImprovementPlan.objects.get(extends=plan)
    assert (further.state, further.mentor) == (PlanState.DRAFTED, cast.colleague_one.person)
    assert [milestone.text for milestone in further.milestones.all()] == ["客户满意度"]
    plan.appraisal.refresh_from_db()
    assert plan.appraisal.state == Step.IMPROVING


def test_cancelling_archives_the_appraisal(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.ACTIVE)
    cancel(acting_user=cast.hr.user, at=at, plan=plan, reason="员工已调任")
    plan.appraisal.refresh_from_db()
    assert (plan.state, plan.appraisal.state) == (PlanState.CANCELLED, Step.CLOSED)


def test_two_tabs_notice_each_other_and_a_double_click_counts_once(cast: Cast, plan_in: PlanIn, at: datetime) -> None:
    plan = plan_in(PlanState.APPROVED)
    version = plan.version
    for _click in range(2):
        deliver(acting_user=cast.hr.user, at=at, plan=plan, version=version, key="k1")
    assert plan.version == version + 1
    with pytest.raises(Conflict):
        accept(acting_user=cast.employee.user, at=at, plan=plan, version=version)


REFUSED = {
    "approve": ("employee", "manager", "hr_partner", "second_level", "auditor", "outsider"),
    "accept": ("manager", "hr", "hr_partner", "outsider"),
    "check_in": ("employee", "second_level", "colleague_one", "auditor", "outsider"),
    "amend": ("employee", "manager", "outsider"),
    "cancel": ("employee", "manager", "hr_partner", "outsider"),
}


@pytest.mark.parametrize(("verb", "part"), [(verb, part) for verb, parts in REFUSED.items() for part in parts])
def test_who_may_not(cast: Cast, plan_in: PlanIn, at: datetime, verb: str, part: str) -> None:
    user = cast.members[part].user
    states = {"approve": PlanState.DRAFTED, "accept": PlanState.DELIVERED}
    plan = plan_in(states.get(verb, PlanState.ACTIVE))
    calls = {
        "approve": lambda: approve(acting_user=user, at=at, plan=plan),
        "accept": lambda: accept(acting_user=user, at=at, plan=plan),
        "check_in": lambda: check_in(acting_user=user, at=at, plan=plan, held_on=at.date(), progress="x"),
        "amend": lambda: amend(acting_user=user, at=at, plan=plan, content=content(cast), reason="x"),
        "cancel": lambda: cancel(acting_user=user, at=at, plan=plan, reason="x"),
    }
    with pytest.raises(NotAllowed):
        calls[verb]()
