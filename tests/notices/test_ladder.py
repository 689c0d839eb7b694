"""The ladder of scheme S003-01 plays: who is reminded when, who is told of it, and each of it once."""

from datetime import timedelta

import pytest

from appraisal.assessments.models import RatingRequest
from appraisal.assessments.states import RequestVerb
from appraisal.cycles.states import Step, Verb
from appraisal.people import ladder
from notifications import sender
from notifications.models import OutboxMessage
from notifications.rendering import render_mail, title_of
from notifications.states import MessageState
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import ZONE, at, launch, launch_one, walk_to, write_self_review
from workflow import deadlines
from workflow.engine import begin, perform, perform_many
from workflow.machine import Alarm
from workflow.models import WorkItem

pytestmark = pytest.mark.django_db


def sweep_twice(moment) -> None:
    deadlines.sweep(at=moment)
    deadlines.sweep(at=moment + timedelta(minutes=1))


def test_the_self_review_reminds_the_day_before_and_on_the_day_and_then_goes_on(cast: Cast, letters, mark):
    """S003-01: within three working days after 31 March 2026, reminded at −1 and 0; due on Friday, 3 April."""
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    before = mark()

    sweep_twice(at(4, 2, 9, 28))
    assert letters(since=before) == []
    sweep_twice(at(4, 2, 9, 30))
    sweep_twice(at(4, 3, 9, 31))
    assert letters(since=before) == [("work.reminder", "employee"), ("work.due_today", "employee")]
    sweep_twice(at(4, 4, 0, 1))

    assert letters(since=before)[2:] == [("self_review.not_given", "employee"), ("self_review.not_given", "manager")]
    appraisal.refresh_from_db()
    assert appraisal.state == Step.SCORING
    reminder, due = OutboxMessage.objects.filter(kind__in=["work.reminder", "work.due_today"]).order_by("pk")
    item = WorkItem.objects.get(object_id=appraisal.pk, state=Step.SELF_REVIEW)
    assert (reminder.slot, due.slot) == (f"{item.pk}:remind:-1", f"{item.pk}:remind:0")
    assert title_of(reminder, language="en") == "Self-review, Q1 2026: 1 working day left"
    assert title_of(reminder, language="zh-hans") == "自评，2026年第一季度：还剩 1 个工作日"
    assert title_of(due, language="zh-hans") == "今天截止：自评，2026年第一季度"


def test_a_late_score_climbs_from_the_manager_to_the_hr_partner(cast: Cast, letters, mark):
    """S003-01: five working days after 3 April end on 13 April (the 6th is a holiday); reminders at −3, −1 and 0,
    then the manager after one working day, the second level after two, the HR partner after four."""
    launch_one(cast, Step.SCORING)
    told = {}
    for day in range(7, 18):
        before = mark()
        sweep_twice(at(4, day, 9, 30))
        if heard := letters(since=before):
            told[day] = heard

    assert told == {
        8: [("work.reminder", "manager")],
        10: [("work.reminder", "manager")],
        13: [("work.due_today", "manager")],
        14: [("work.overdue", "manager")],
        15: [("work.escalated", "second_level"), ("work.escalation_told", "manager")],
        17: [("work.escalated", "hr_partner"), ("work.escalation_told", "manager")],
    }
    [_first, second] = OutboxMessage.objects.filter(kind="work.escalated").order_by("pk")
    text = render_mail(second, zone=ZONE).text
    assert title_of(second, language="zh-hans") == "逾期：上级评分，李娜"
    assert "“上级评分”（李娜）已逾期 4 个工作日，目前由王强处理。" in text
    assert "截止：2026年4月13日 星期一" in text
    [_, last] = OutboxMessage.objects.filter(kind="work.escalation_told").order_by("pk")
    assert "已告知：该部门的 HRBP（韩雪）。" in render_mail(last, zone=ZONE).text


def test_nobody_is_reminded_of_what_is_done(cast: Cast):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    write_self_review(appraisal, at(4, 1))
    perform(appraisal, Verb.SUBMIT_SELF_REVIEW, acting_user=cast.employee.user, at=at(4, 1, 12))

    deadlines.sweep(at=at(4, 3, 9, 31))

    assert not OutboxMessage.objects.filter(kind__startswith="work.", recipient=cast.employee.user).exclude(
        kind="work.opened"
    )


@pytest.mark.django_db(transaction=True)
def test_a_reminder_is_suppressed_when_the_work_is_done_or_the_deadline_moved_meanwhile(cast: Cast):
    done, moved, open_still = launch(cast, cast.employee, cast.colleague_one, cast.colleague_two)
    perform_many([done, moved, open_still], Verb.START_REVIEW, acting_user=None, at=at(4, 1, 0, 5))
    deadlines.sweep(at=at(4, 3, 9, 30))
    done.refresh_from_db()
    write_self_review(done, at(4, 3, 9, 31))
    perform(done, Verb.SUBMIT_SELF_REVIEW, acting_user=cast.employee.user, at=at(4, 3, 9, 31))
    deadlines.extend(
        [moved],
        lambda item: item.due_at + timedelta(days=4),
        acting_user=cast.hr.user,
        at=at(4, 3, 9, 31),
        reason="病假",
    )

    sender.send_due(at=at(4, 3, 9, 32), limit=500)

    rows = OutboxMessage.objects.filter(kind="work.due_today").values_list(
        "recipient__username", "state", "suppressed_reason"
    )
    assert sorted(rows) == [
        ("colleague_one", MessageState.SUPPRESSED, "The deadline was moved."),
        ("colleague_two", MessageState.SENT, ""),
        ("employee", MessageState.SUPPRESSED, "It was done before this could be sent."),
    ]


def test_the_right_to_appeal_is_reminded_of_and_cannot_be_switched_off(cast: Cast, letters, mark):
    """S003-01: the window ends three working days after 15 April, on Monday the 20th."""
    launch_one(cast, Step.APPEAL_WINDOW)
    told = {}
    for day in range(16, 21):
        before = mark()
        sweep_twice(at(4, day, 9, 30))
        if heard := letters(since=before):
            told[day] = heard

    assert told == {17: [("work.right_ends", "employee")], 20: [("work.right_ends", "employee")]}
    first, last = OutboxMessage.objects.filter(kind="work.right_ends").select_related("recipient").order_by("pk")
    assert first.deadline.astimezone(ZONE).date() == at(4, 20).date()
    assert title_of(first, language="zh-hans") == "申诉期：还剩 1 个工作日"
    assert title_of(last, language="en") == "Appeal window ends today"


def test_what_one_may_do_but_need_not_is_not_asked_for(cast: Cast, letters, mark):
    """While the interview is the manager's work, the employee's answer to the result is open and optional."""
    launch_one(cast, Step.INTERVIEWING)
    before = mark()
    deadlines.sweep(at=at(5, 6))
    assert {name for _kind, name in letters(since=before)} == {"manager", "second_level"}


def test_a_pools_reminder_about_many_is_one_letter_for_each_of_its_members(cast: Cast, letters, mark):
    rows = launch(cast, cast.employee, *cast.colleagues)
    for row in rows:
        walk_to(row, Step.DECIDED, cast)
    before = mark()

    sweep_twice(WorkItem.objects.filter(state=Step.DECIDED).first().alarm_at)

    assert letters(since=before) == [("work.reminder", "hr"), ("work.reminder", "hr_two")]
    message = OutboxMessage.objects.filter(kind="work.reminder", pk__gt=before).first()
    assert (message.subject_type, message.link) == ("cycle", "/")
    assert title_of(message, language="zh-hans") == "待发布，2026年第一季度：还剩 1 个工作日"


def test_escalations_about_a_team_are_one_letter_that_names_everybody(cast: Cast):
    rows = launch(cast, cast.employee, *cast.colleagues)
    perform_many(rows, Verb.START_REVIEW, acting_user=None, at=at(4, 1, 0, 5))
    perform_many(rows, Verb.PASS_OVER_SELF_REVIEW, acting_user=None, at=at(4, 4, 0, 5))

    deadlines.sweep(at=at(5, 6))

    message = OutboxMessage.objects.filter(kind="work.escalated", recipient=cast.second_level.user).get()
    text = render_mail(message, zone=ZONE).text
    assert "4 人的“上级评分”已逾期" in text
    assert [name in text for name in ("李娜", "刘洋", "赵敏", "孙磊")] == [True] * 4


def test_raters_are_reminded_by_name_and_nobody_else_hears_of_them(cast: Cast, letters, mark):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    request = RatingRequest(appraisal=appraisal, input_key="teamwork", rater=cast.outsider.user, anonymous=True)
    begin([request], RequestVerb.INVITE, acting_user=cast.manager.user, at=at(4, 1))
    before = mark()
    assert letters("rating.invited") == [("rating.invited", "outsider")]
    item = WorkItem.objects.get(holder=cast.outsider.user)

    sweep_twice(item.due_at + timedelta(days=1))

    told = [pair for pair in letters(since=before) if pair[1] in {"outsider", "manager"}]
    assert ("rating.expired", "manager") in told
    late = OutboxMessage.objects.filter(kind="rating.expired").get()
    assert "吴刚" not in render_mail(late, zone=ZONE).text


def test_an_anonymous_raters_silence_is_told_to_nobody(cast: Cast, letters, mark):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    request = RatingRequest(appraisal=appraisal, input_key="teamwork", rater=cast.outsider.user, anonymous=True)
    begin([request], RequestVerb.INVITE, acting_user=cast.manager.user, at=at(4, 1))
    before = mark()
    item = WorkItem.objects.get(holder=cast.outsider.user)

    ladder.speak(
        [Alarm(item, "escalate:1:manager"), Alarm(item, "escalate:4:hr_partner")], item.due_at + timedelta(days=5)
    )

    assert letters(since=before) == []


def test_a_sweeps_queries_do_not_grow_with_the_number_of_rungs(cast: Cast):
    rows = launch(cast, cast.employee, *cast.colleagues)
    perform_many(rows, Verb.START_REVIEW, acting_user=None, at=at(4, 1, 0, 5))
    perform_many(rows, Verb.PASS_OVER_SELF_REVIEW, acting_user=None, at=at(4, 4, 0, 5))
    due = WorkItem.objects.filter(state=Step.SCORING, closed_at__isnull=True).first().due_at
    counts = []
    for kept in (1, 3):
        WorkItem.objects.filter(state=Step.SCORING).update(alarm_at=None)
        chosen = WorkItem.objects.filter(state=Step.SCORING, closed_at__isnull=True).order_by("pk")[:kept]
        for item in chosen:
            item.alarm_at = due + timedelta(days=2)
            item.save(update_fields=["alarm_at"])
        with counted_queries() as queries:
            deadlines.sweep(at=due + timedelta(days=4, hours=kept))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16, counts
