"""The lines of the daily digest, and the hours in which mail may go."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appraisal.cycles.agenda import LISTED, agenda
from appraisal.cycles.states import Step, Verb
from appraisal.people.models import Person
from appraisal.people.working_hours import next_quiet_end
from notifications import digests
from notifications.kinds import DIGEST
from notifications.models import OutboxMessage
from notifications.rendering import render_mail
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import ZONE, at, launch, launch_one, walk_to
from workflow import calendars
from workflow.engine import perform_many
from workflow.models import WorkItem

pytestmark = pytest.mark.django_db


def lines(member, moment, others=()):
    found = agenda([member.user.pk, *(each.user.pk for each in others)], moment)
    return [(line.group, line.text_zh, line.text_en) for line in found.get(member.user.pk, ())]


def test_work_is_grouped_by_urgency_and_said_in_both_languages(cast: Cast):
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    own = ("自评：2026年第一季度，4月3日截止", "Self-review: Q1 2026, due on April 3")

    assert lines(cast.employee, at(4, 1)) == [("this_week", *own)]
    assert lines(cast.employee, at(4, 3)) == [("today", *own)]
    assert lines(cast.employee, at(4, 4)) == [("overdue", *own)]
    [line] = agenda([cast.employee.user.pk], at(4, 3))[cast.employee.user.pk]
    assert line.link.endswith(f"/appraisals/{appraisal.pk}/")


def test_what_is_due_next_week_or_waits_for_others_alone_is_no_digest(cast: Cast):
    launch_one(cast, Step.SCORING)
    assert agenda([cast.manager.user.pk, cast.employee.user.pk], at(4, 3)) == {}


def test_who_has_something_to_do_also_reads_what_waits_for_others(cast: Cast):
    first, second = launch(cast, cast.employee, cast.colleague_one)
    walk_to(first, Step.SCORING, cast)
    perform_many([second], Verb.START_REVIEW, acting_user=None, at=at(4, 1, 0, 5))

    assert lines(cast.manager, at(4, 13)) == [
        ("today", "上级评分：李娜，4月13日截止", "Manager's score: Li Na, due on April 13"),
        ("waiting", "自评：1 项未完成", "Self-review: 1 open"),
    ]


def test_a_pool_counts_its_work(cast: Cast):
    for row in launch(cast, cast.employee, *cast.colleagues):
        walk_to(row, Step.DECIDED, cast)
    due = WorkItem.objects.filter(state=Step.DECIDED).first().due_at

    counted = [("today", "待发布：4 项未完成", "Awaiting release: 4 open")]
    assert lines(cast.hr, due - timedelta(hours=8)) == lines(cast.hr_two, due - timedelta(hours=8)) == counted
    assert lines(cast.manager, due - timedelta(hours=8)) == []


def test_a_long_list_is_cut_with_a_count(cast: Cast):
    appraisal = launch_one(cast, Step.SCORING)
    item = WorkItem.objects.get(state=Step.SCORING, closed_at__isnull=True)
    for _turn in range(LISTED + 2):
        item.pk = None
        item.save()
    found = lines(cast.manager, at(4, 13))
    assert len(found) == LISTED + 1
    assert found[-1] == ("today", "另有 3 项", "and 3 more")
    assert appraisal.manager_account_id == cast.manager.user.pk


def test_the_digests_queries_do_not_grow_with_people_or_work(cast: Cast):
    rows = launch(cast, cast.employee, *cast.colleagues)
    walk_to(rows[0], Step.SCORING, cast)
    walk_to(rows[3], Step.DECIDED, cast)
    counts = []
    for several in ([cast.manager], [cast.manager, cast.employee, cast.hr, cast.hr_two, *cast.colleagues]):
        with counted_queries() as queries:
            agenda([member.user.pk for member in several], at(4, 13))
        counts.append(len(queries))
        perform_many(rows[1:3], Verb.START_REVIEW, acting_user=None, at=at(4, 1, 0, 5))
    assert counts[0] == counts[1] <= 12, counts


@pytest.mark.django_db(transaction=True)
def test_the_digest_comes_once_and_does_not_repeat_a_reminder_as_a_notice(cast: Cast):
    from notifications import sender
    from workflow import deadlines

    launch_one(cast, Step.SELF_REVIEW)
    sender.send_due(at=at(4, 1, 9))
    deadlines.sweep(at=at(4, 2, 9, 30))
    sender.send_due(at=at(4, 2, 9, 30))

    digests.compose(at=at(4, 2, 9, 31))
    digests.compose(at=at(4, 2, 9, 40))

    mail = OutboxMessage.objects.select_related("recipient").get(kind=DIGEST.name, recipient=cast.employee.user)
    text = render_mail(mail, zone=ZONE).text
    assert text.count("自评") == 1, text
    assert "您的考核已开始" in text
    assert "本周到期" in text


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-04-02T10:00", "2026-04-02T10:00"),
        ("2026-04-02T20:00", "2026-04-03T08:30"),
        # The Qingming holiday: Saturday the 4th to Monday the 6th.
        ("2026-04-03T21:00", "2026-04-07T08:30"),
        # Sunday, 4 January 2026 is worked instead of Friday, the 2nd.
        ("2026-01-02T10:00", "2026-01-04T08:30"),
        ("2026-01-04T10:00", "2026-01-04T10:00"),
    ],
)
def test_mail_waits_for_the_legal_entitys_next_working_morning(cast: Cast, moment, goes):
    asked = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    found = next_quiet_end([cast.employee.user.pk], asked)
    assert found == {cast.employee.user.pk: datetime.fromisoformat(goes).replace(tzinfo=ZONE)}


def test_the_hours_are_those_where_the_person_is_and_nobodys_account_is_left_to_the_default(cast: Cast):
    Person.objects.filter(pk=cast.outsider.person.pk).update(time_zone="Europe/Berlin")
    Person.objects.filter(pk=cast.hr.person.pk).update(user=None)

    found = next_quiet_end([cast.outsider.user.pk, cast.employee.user.pk, cast.hr.user.pk], at(4, 2, 10))

    berlin = ZoneInfo("Europe/Berlin")
    assert found == {
        cast.outsider.user.pk: datetime(2026, 4, 2, 8, 30, tzinfo=berlin),
        cast.employee.user.pk: at(4, 2, 10),
    }
    assert str(found[cast.outsider.user.pk].tzinfo) == "Europe/Berlin"


def test_the_hours_of_everybody_take_a_constant_number_of_queries(cast: Cast):
    calendars.forget_daybooks()
    next_quiet_end([cast.employee.user.pk], at(4, 2))
    counts = []
    for people in ([cast.employee], [cast.employee, cast.hr, cast.manager]):
        with counted_queries() as queries:
            next_quiet_end([member.user.pk for member in people], at(4, 2))
        counts.append(len(queries))
    assert counts == [2, 2]
