"""Who hears of what on an appraisal's way, and of what nobody hears."""

from datetime import timedelta

import pytest

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from appraisal.procedure.actions import launch_cycle
from notifications import sender
from notifications.models import OutboxMessage
from notifications.rendering import render_mail, title_of
from notifications.states import MessageState
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import LAUNCHED, ZONE, at, launch, launch_one, make_cycle, walk_to, write_self_review
from workflow import deadlines
from workflow.calendars import daybook_of, forget_daybooks
from workflow.engine import perform, perform_many, record

pytestmark = pytest.mark.django_db


def of(kind: str) -> OutboxMessage:
    return OutboxMessage.objects.select_related("recipient").get(kind=kind)


def read_calendar(cycle) -> None:
    """As in a process that has worked before; a calendar made in the same transaction is never kept."""
    forget_daybooks()
    daybook_of(cycle.calendar)


def test_the_way_to_the_appeal_window_is_told_step_by_step(cast: Cast, letters):
    launch_one(cast, Step.APPEAL_WINDOW)

    assert letters() == [
        ("appraisal.launched", "employee"),
        ("work.opened", "employee"),
        ("work.opened", "manager"),
        ("result.released", "employee"),
        ("work.opened", "manager"),
        ("interview.scheduled", "employee"),
        ("interview.recorded", "employee"),
        ("interview.confirmed", "manager"),
        ("window.opened", "employee"),
    ]


def test_the_optional_steps_tell_the_second_level_and_leave_hr_to_the_digest(cast: Cast, letters, mark):
    steps = {"planning": {"on": True}, "countersigning": {"on": True}, "calibrating": {"on": True}}
    appraisal = launch(cast, steps=steps)[0]
    assert letters() == [("appraisal.launched", "employee")]
    begun = mark()

    walk_to(appraisal, Step.DECIDED, cast)

    assert letters(since=begun) == [
        ("work.opened", "employee"),
        ("work.opened", "manager"),
        ("work.opened", "second_level"),
    ]


def test_nobody_gets_a_letter_about_their_own_act(cast: Cast):
    launch_one(cast, Step.APPEALED)
    for message in OutboxMessage.objects.exclude(kind="window.opened").select_related("recipient"):
        actor = message.context.get("actor")
        assert actor != str(message.recipient), message.kind


def test_a_letter_reads_well_in_both_languages_and_says_no_grade(cast: Cast):
    cast.manager.user.language = "en"
    cast.manager.user.save()
    launch_one(cast, Step.INTERVIEWING)

    released = render_mail(of("result.released"), zone=ZONE)
    assert released.subject == "考核结果已发布：2026年第一季度"
    assert "下一环节是绩效面谈" in released.text
    assert "82" not in released.text
    assert "B" not in released.text.split("--\n")[0].replace("BASE", "").replace("https", "")
    assert title_of(of("result.released"), language="en") == "Your result is ready: Q1 2026"
    opened = OutboxMessage.objects.filter(kind="work.opened", recipient=cast.manager.user).order_by("pk")
    assert [title_of(row, language="en") for row in opened] == ["Manager's score: Li Na", "Feedback interview: Li Na"]
    # Catalogue B-22: the manager's five working days after 3 April end on Monday, 13 April.
    first = render_mail(opened[0], zone=ZONE)
    assert "Until: April 13, 2026 Monday" in first.text
    assert "https://pingheng.example/appraisals/" in first.text


def test_what_was_sent_back_is_told_with_its_reason(cast: Cast, letters, mark):
    appraisal = launch_one(cast, Step.SCORING)
    before = mark()

    perform(appraisal, Verb.SEND_BACK, acting_user=cast.manager.user, at=at(4, 7), reason="缺少新客户名单")

    assert letters(since=before) == [("appraisal.sent_back", "employee")]
    message = of("appraisal.sent_back")
    assert "原因：缺少新客户名单" in render_mail(message, zone=ZONE).text
    assert title_of(message, language="zh-hans") == "已退回：自评，2026年第一季度"


def test_a_self_review_that_was_not_given_is_told_to_both(cast: Cast, letters, mark):
    launch_one(cast, Step.SELF_REVIEW)
    before = mark()

    deadlines.sweep(at=at(4, 4, 0, 1))

    told = [pair for pair in letters(since=before) if pair[0] == "self_review.not_given"]
    assert told == [("self_review.not_given", "employee"), ("self_review.not_given", "manager")]
    own, manager = OutboxMessage.objects.filter(kind="self_review.not_given").order_by("pk")
    assert "没有以您的名义填写任何内容" in render_mail(own, zone=ZONE).text
    assert "due" not in own.context
    assert "轮到您处理：上级评分" in render_mail(manager, zone=ZONE).text


@pytest.mark.django_db(transaction=True)
def test_a_recalled_result_is_not_announced_in_the_morning(cast: Cast, letters, mark):
    appraisal = launch_one(cast, Step.DECIDED)
    evening = at(4, 14, 21)

    def stamp(locked: Appraisal) -> None:
        locked.released_at = evening

    perform(appraisal, Verb.RELEASE, acting_user=cast.hr.user, at=evening, change=stamp)
    before = mark()
    perform(appraisal, Verb.RECALL, acting_user=cast.hr.user, at=evening + timedelta(hours=1), reason="口径有误")

    assert letters(since=before) == [("result.recalled", "employee"), ("result.recalled", "manager")]
    sender.send_due(at=at(4, 15, 9))
    assert of("result.released").suppressed_reason == "The result was taken back."
    assert of("result.released").state == MessageState.SUPPRESSED


def test_a_withdrawn_person_is_told_why_and_the_manager_only_that(cast: Cast, letters, mark):
    appraisal = launch_one(cast, Step.SCORING)
    before = mark()

    perform(appraisal, Verb.WITHDRAW, acting_user=cast.hr.user, at=at(4, 7), reason="长期病假")

    assert letters(since=before) == [("appraisal.withdrawn", "employee"), ("appraisal.withdrawn", "manager")]
    own, manager = OutboxMessage.objects.filter(kind="appraisal.withdrawn").order_by("pk")
    assert "长期病假" in render_mail(own, zone=ZONE).text
    assert "reason" not in manager.context


def test_an_appeal_is_told_to_the_panel_but_not_to_who_scored(cast: Cast, letters, mark):
    appraisal = launch_one(cast, Step.APPEAL_WINDOW)
    before = mark()
    walk_to(appraisal, Step.APPEALED, cast)

    told = letters(since=before)
    assert {name for kind, name in told if kind == "appeal.lodged"} == {"hr", "hr_two", "sales_director"}
    assert {name for kind, name in told if kind == "appeal.lodged_news"} == {"manager", "hr_partner"}
    assert len(told) == 5


def test_an_extension_is_told_to_the_holder_and_the_employee_once(cast: Cast, letters, mark):
    appraisal = launch_one(cast, Step.SCORING)
    before = mark()

    deadlines.extend(
        [appraisal],
        lambda item: item.due_at + timedelta(days=3),
        acting_user=cast.hr.user,
        at=at(4, 7),
        reason="系统维护",
    )

    assert letters(since=before) == [("deadline.extended", "manager"), ("deadline.extended", "employee")]
    assert "截止：2026年4月16日 星期四" in render_mail(OutboxMessage.objects.filter(pk__gt=before)[0], zone=ZONE).text


def test_a_nudge_reaches_who_holds_the_step(cast: Cast, letters, mark):
    appraisal = launch_one(cast, Step.SCORING)
    before = mark()
    record(appraisal, "work.nudged", acting_user=cast.hr.user, at=at(4, 8), data={"step": "scoring"})
    assert letters(since=before) == [("work.nudged", "manager")]


def test_a_hand_over_tells_the_old_the_new_and_the_employee(cast: Cast, letters, mark):
    from appraisal.procedure.actions import hand_over

    appraisal = launch_one(cast, Step.SCORING)
    before = mark()

    hand_over(
        acting_user=cast.hr.user, at=at(4, 8), appraisals=[appraisal], manager=cast.second_level.person, reason="调岗"
    )

    assert letters(since=before) == [
        ("appraisal.handed_over", "second_level"),
        ("appraisal.no_longer_yours", "manager"),
        ("appraisal.new_manager", "employee"),
    ]
    assert "陈静" in render_mail(of("appraisal.no_longer_yours"), zone=ZONE).text


def test_a_manager_gets_one_letter_about_the_whole_team(cast: Cast):
    rows = launch(cast, cast.employee, *cast.colleagues)
    perform_many(rows, Verb.START_REVIEW, acting_user=None, at=at(4, 1, 0, 5))
    assert OutboxMessage.objects.filter(kind="work.opened").count() == 4

    perform_many(rows, Verb.PASS_OVER_SELF_REVIEW, acting_user=None, at=at(4, 4, 0, 5))

    message = OutboxMessage.objects.get(kind="self_review.not_given", recipient=cast.manager.user)
    assert (message.subject_type, message.subject_id) == ("cycle", str(rows[0].cycle_id))
    assert title_of(message, language="en") == "No self-review: Li Na and 3 others"
    text = render_mail(message, zone=ZONE).text
    assert [name in text for name in ("李娜", "刘洋", "赵敏", "孙磊", "4 人未提交自评")] == [True] * 5


def test_two_hundred_releases_write_their_letters_in_one_query(cast: Cast):
    from tests.factories.people import PersonFactory

    people = [PersonFactory(account=True, org_unit=cast.east, manager=cast.manager.person) for _ in range(200)]
    cycle = make_cycle(cast, population={"include": [person.pk for person in people]})
    launch_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle)
    Appraisal.objects.update(state=Step.DECIDED, final_grade="B", released_at=LAUNCHED)
    rows = list(Appraisal.objects.select_related("cycle", "track", "employee"))
    read_calendar(cycle)
    few, many = rows[:2], rows[2:]

    counts = []
    for some in (few, many):
        with counted_queries() as queries:
            assert len(perform_many(some, Verb.RELEASE, acting_user=cast.hr.user, at=at(4, 14)).moved) == len(some)
        counts.append(len([sql for sql in queries if "notifications_" in sql]))
        total = len(queries)

    assert counts == [1, 1]
    assert total <= 24
    assert OutboxMessage.objects.filter(kind="result.released").count() == 200
    # One to the manager for each of the two acts.
    assert OutboxMessage.objects.filter(kind="work.opened", recipient=cast.manager.user).count() == 2


def test_a_transition_with_its_letters_stays_within_its_queries(cast: Cast):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    write_self_review(appraisal, at(4, 2))
    read_calendar(appraisal.cycle)

    with counted_queries() as queries:
        perform(
            appraisal,
            Verb.SUBMIT_SELF_REVIEW,
            acting_user=cast.employee.user,
            at=at(4, 2),
            version=appraisal.version,
            key="k",
        )

    papers = ("appraisal_review", "appraisal_evidence", "appraisal_ratingrequest")
    assert len([sql for sql in queries if not any(table in sql for table in papers)]) <= 9


@pytest.mark.django_db(transaction=True)
def test_work_done_before_the_mail_goes_is_not_asked_for(cast: Cast):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    write_self_review(appraisal, at(4, 2))
    perform(appraisal, Verb.SUBMIT_SELF_REVIEW, acting_user=cast.employee.user, at=at(4, 1, 7))

    sender.send_due(at=at(4, 1, 9))

    states = dict(OutboxMessage.objects.filter(kind="work.opened").values_list("recipient__username", "state"))
    assert states == {"employee": MessageState.SUPPRESSED, "manager": MessageState.QUEUED}
    assert (
        OutboxMessage.objects.get(state=MessageState.SUPPRESSED).suppressed_reason
        == "It was done before this could be sent."
    )


@pytest.mark.django_db(transaction=True)
def test_work_that_somebody_else_holds_now_is_not_asked_for(cast: Cast):
    from workflow.models import WorkItem

    launch_one(cast, Step.SELF_REVIEW)
    WorkItem.objects.filter(holder=cast.employee.user).update(holder=cast.outsider.user)

    sender.send_due(at=at(4, 1, 9))

    assert OutboxMessage.objects.get(kind="work.opened").suppressed_reason == "Somebody else holds it now."
