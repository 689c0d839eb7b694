"""The ladder plays: reminders, escalations and expiries, each once, however often and late the sweeper comes."""

from datetime import timedelta

import pytest

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import at, launch, launch_one, write_self_review
from workflow import deadlines
from workflow.calendars import daybook_of
from workflow.engine import perform
from workflow.machine import machine_of
from workflow.models import Fact, Visit, WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """The rungs that the appraisal's machine was told of."""
    rungs: list[str] = []
    machine = machine_of(Appraisal)

    def listen(alarms, moment):
        rungs.extend(alarm.slot for alarm in alarms)

    monkeypatch.setitem(machine.__dict__, "on_alarms", listen)
    return rungs


def _open_item(appraisal: Appraisal) -> WorkItem:
    return WorkItem.objects.get(object_id=appraisal.pk, closed_at__isnull=True, optional=False)


def test_the_review_begins_by_itself_when_the_period_is_over(cast: Cast):
    appraisal = launch(cast)[0]
    assert appraisal.state == Step.TRACKING

    deadlines.sweep(at=at(3, 31, 23, 59))
    assert Appraisal.objects.get().state == Step.TRACKING
    deadlines.sweep(at=at(4, 1, 0, 1))
    assert Appraisal.objects.get().state == Step.SELF_REVIEW


def test_each_rung_speaks_once_and_the_end_of_the_time_passes_the_step_over(cast: Cast, heard):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    item = _open_item(appraisal)
    assert item.due_at is not None
    # S003-01: three working days after 31 March 2026 is Friday 3 April (catalogue B-22).
    assert (item.due_at.astimezone(at(4, 1).tzinfo).date(), item.holder_id) == (at(4, 3).date(), cast.employee.user.pk)

    for moment in [at(4, 1, 12), at(4, 2, 9, 31), at(4, 2, 9, 32), at(4, 3, 9, 31), at(4, 3, 23, 0)]:
        deadlines.sweep(at=moment)
    assert heard == ["remind:-1", "remind:0"]

    deadlines.sweep(at=at(4, 4, 0, 1))
    deadlines.sweep(at=at(4, 4, 0, 2))
    appraisal.refresh_from_db()
    assert appraisal.state == Step.SCORING
    assert Fact.objects.filter(name="self_review.not_given").count() == 1


def test_after_a_standstill_only_the_latest_reminder_is_said(cast: Cast, heard):
    launch_one(cast, Step.SELF_REVIEW)

    deadlines.sweep(at=at(4, 3, 20))

    assert heard == ["remind:0"]


def test_escalations_follow_and_no_score_is_ever_invented(cast: Cast, heard):
    appraisal = launch_one(cast, Step.SCORING)
    due = _open_item(appraisal).due_at

    deadlines.sweep(at=due + timedelta(days=30))

    assert heard == ["remind:0", "escalate:1:manager", "escalate:2:second_level", "escalate:4:hr_partner"]
    appraisal.refresh_from_db()
    assert (appraisal.state, appraisal.final_score) == (Step.SCORING, None)


def test_the_managers_days_begin_when_the_self_review_came_in(cast: Cast):
    """Catalogue B-22: handed in on 3 April 2026, five working days end on Monday the 13th (6 April is a holiday)."""
    appraisal = launch_one(cast, Step.SCORING)
    assert _open_item(appraisal).due_at.astimezone(at(4, 1).tzinfo).date() == at(4, 13).date()


def test_a_done_step_is_silent(cast: Cast, heard):
    launch_one(cast, Step.SCORING)
    deadlines.sweep(at=at(4, 4, 9, 31))
    assert "remind:-1" not in heard


def test_a_poison_item_is_put_off_and_does_not_stop_the_others(cast: Cast, monkeypatch):
    first, _second = launch(cast, cast.employee, cast.colleague_one)
    machine = machine_of(Appraisal)

    def poison(subject):
        if subject.pk == first.pk:
            raise RuntimeError("unreadable")
        return "start_review"

    monkeypatch.setitem(machine.__dict__, "on_expiry", poison)
    deadlines.sweep(at=at(4, 1, 0, 1))

    assert [row.state for row in Appraisal.objects.order_by("pk")] == [Step.TRACKING, Step.SELF_REVIEW]
    put_off = WorkItem.objects.get(object_id=first.pk, closed_at__isnull=True)
    assert (put_off.alarm_failures, put_off.alarm_at) == (1, at(4, 1, 1, 1))

    monkeypatch.undo()
    deadlines.sweep(at=at(4, 1, 1, 2))
    assert Appraisal.objects.get(pk=first.pk).state == Step.SELF_REVIEW


def test_one_that_breaks_the_chunk_is_put_off_and_the_others_end_one_by_one(cast: Cast, monkeypatch):
    first, second, third = launch(cast, cast.employee, cast.colleague_one, cast.colleague_two)
    machine = machine_of(Appraisal)
    usual = machine.duties

    def broken(subject, moment):
        if subject.pk == second.pk:
            raise RuntimeError("unreadable")
        return usual(subject, moment)

    monkeypatch.setitem(machine.__dict__, "duties", broken)
    deadlines.sweep(at=at(4, 1, 0, 1))

    states = dict(Appraisal.objects.values_list("pk", "state"))
    assert states == {first.pk: Step.SELF_REVIEW, second.pk: Step.TRACKING, third.pk: Step.SELF_REVIEW}
    put_off = WorkItem.objects.get(object_id=second.pk, closed_at__isnull=True)
    assert (put_off.alarm_failures, put_off.alarm_at) == (1, at(4, 1, 1, 1))


def test_a_refused_end_of_time_is_put_off_longer_each_time(cast: Cast, monkeypatch):
    first, second = launch(cast, cast.employee, cast.colleague_one)
    machine = machine_of(Appraisal)
    # Nobody but the employee agrees to targets, least of all the system.
    monkeypatch.setitem(machine.__dict__, "on_expiry", lambda subject: "agree_targets")

    deadlines.sweep(at=at(4, 1, 0, 1))
    deadlines.sweep(at=at(4, 1, 1, 2))

    items = WorkItem.objects.filter(object_id__in=[first.pk, second.pk], closed_at__isnull=True)
    assert list(items.values_list("alarm_failures", "alarm_at")) == [(2, at(4, 1, 3, 2))] * 2


def test_a_return_makes_a_new_visit_with_its_own_due_moment(cast: Cast):
    appraisal = launch_one(cast, Step.SCORING)
    perform(appraisal, "send_back", acting_user=cast.manager.user, at=at(4, 20), reason="缺少新客户名单")

    visits = Visit.objects.filter(object_id=appraisal.pk, state=Step.SELF_REVIEW).order_by("pk")
    # Three working days from 20 April 2026, not the old 3 April: nobody is pushed forward the next night.
    assert [visit.due_at.astimezone(at(4, 1).tzinfo).date().day for visit in visits] == [3, 23]
    deadlines.sweep(at=at(4, 21, 0, 1))
    appraisal.refresh_from_db()
    assert appraisal.state == Step.SELF_REVIEW


def test_an_extension_moves_due_and_ladder_and_says_why(cast: Cast, heard):
    appraisal = launch_one(cast, Step.SELF_REVIEW)

    deadlines.extend(
        [appraisal],
        lambda item: item.due_at + timedelta(days=4),
        acting_user=cast.hr.user,
        at=at(4, 2),
        reason="系统维护",
    )
    deadlines.sweep(at=at(4, 4, 0, 1))

    appraisal.refresh_from_db()
    assert appraisal.state == Step.SELF_REVIEW
    assert _open_item(appraisal).due_at.astimezone(at(4, 1).tzinfo).date() == at(4, 7).date()
    assert Fact.objects.get(name="deadline.extended").reason == "系统维护"


def test_one_transition_takes_at_most_nine_queries(cast: Cast):

    appraisal = launch_one(cast, Step.SELF_REVIEW)
    write_self_review(appraisal, at(4, 2))
    # A process that has worked before knows the calendar's days.
    daybook_of(appraisal.cycle.calendar)

    with counted_queries() as queries:
        perform(
            appraisal,
            "submit_self_review",
            acting_user=cast.employee.user,
            at=at(4, 2),
            version=appraisal.version,
            key="k",
        )

    assert len(queries) <= 12, "\n".join(queries)
    papers = ("appraisal_review", "appraisal_evidence", "appraisal_ratingrequest")
    door = [sql for sql in queries if not any(table in sql for table in papers)]
    assert len(door) <= 9, "\n".join(door)
