"""Acts on many at once: the same as one by one, with reasons for those who stay."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.people.models import Person, ReportingLine, User
from appraisal.procedure import actions
from appraisal.procedure.models import BulkRun
from appraisal.procedure.states import BulkKind
from tests.cast import Cast
from tests.factories.cycles import ZONE, at, launch, launch_one, loaded, make_cycle, walk_to
from workflow.errors import GuardRefused, NotAllowed
from workflow.models import Fact, Subject, Visit, WorkItem

DATA = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def data_queries(queries: Any) -> list[str]:
    return [one["sql"] for one in queries if one["sql"].split(" ", 1)[0].strip("(") in DATA]


def decided(cast: Cast) -> list[Appraisal]:
    rows = launch(cast, *cast.colleagues)
    return [walk_to(row, Step.DECIDED, cast) for row in rows]


def written(model: Any, rows: Sequence[Subject], leave_out: Sequence[str]) -> list[dict[str, Any]]:
    found = model.objects.filter(object_id__in=[row.pk for row in rows], content_type__model="appraisal").order_by("pk")
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in leave_out]
    return list(found.values(*names))


def test_bulk_and_single_agree_row_for_row(cast: Cast) -> None:
    """Two cycles with the same people, walked the same way: one released in bulk, the other one by one."""
    many, single = decided(cast), decided(cast)
    actions.release_many(acting_user=cast.hr.user, at=at(4, 14), appraisals=many)
    for row in single:
        actions.release(acting_user=cast.hr.user, at=at(4, 14), appraisal=row)
    hashes = ("id", "object_id", "hash", "prev_hash", "personal_salt", "personal_digest", "key")
    for model, own in ((Fact, hashes), (Visit, ("id", "object_id")), (WorkItem, ("id", "object_id"))):
        order = [row.employee_id for row in many]
        by_person = {
            name: [
                [{k: v for k, v in entry.items() if k != "object_id"} for entry in written(model, [row], own)]
                for row in sorted(rows, key=lambda row: order.index(row.employee_id))
            ]
            for name, rows in (("many", many), ("single", single))
        }
        assert by_person["many"] == by_person["single"], model
    columns = ("state", "version", "state_since", "released_at", "chain_length", "final_grade", "employee_id")
    stored = [
        list(Appraisal.objects.filter(pk__in=[row.pk for row in rows]).order_by("employee").values(*columns))
        for rows in (many, single)
    ]
    assert stored[0] == stored[1]


def test_who_cannot_be_released_stays_with_the_reason(cast: Cast) -> None:
    ready, behind, own = launch(cast, cast.employee, cast.colleague_one, cast.colleague_two)
    walk_to(ready, Step.DECIDED, cast)
    walk_to(own, Step.DECIDED, cast)
    Appraisal.objects.filter(pk=own.pk).update(employee_account=cast.hr.user)
    rows = list(loaded().filter(pk__in=[ready.pk, behind.pk, own.pk]).order_by("pk"))
    outcome = actions.release_many(acting_user=cast.hr.user, at=at(4, 14), appraisals=rows)
    assert [row.pk for row in outcome.moved] == [ready.pk]
    assert {row.pk: type(refusal).__name__ for row, refusal in outcome.refused} == {
        behind.pk: "NotInThisState",
        own.pk: "NotAllowed",
    }


def test_nobody_but_hr_releases_in_bulk(cast: Cast) -> None:
    rows = decided(cast)
    outcome = actions.release_many(acting_user=cast.manager.user, at=at(4, 14), appraisals=rows)
    assert (len(outcome.moved), len(outcome.refused)) == (0, 3)
    with pytest.raises(NotAllowed):
        actions.prepare_run(
            acting_user=cast.hr_partner.user, at=at(4, 14), cycle=rows[0].cycle, kind=BulkKind.RELEASE, appraisals=rows
        )


def test_a_run_keeps_its_progress_and_is_harmless_to_repeat(cast: Cast) -> None:
    rows = decided(cast)
    cycle = rows[0].cycle
    run = actions.prepare_run(
        acting_user=cast.hr.user, at=at(4, 14), cycle=cycle, kind=BulkKind.RELEASE, appraisals=rows
    )
    with pytest.raises(GuardRefused):
        actions.prepare_run(
            acting_user=cast.hr_two.user, at=at(4, 14), cycle=cycle, kind=BulkKind.RELEASE, appraisals=rows
        )
    # As if the worker had died after its transaction and before it wrote how far it had come.
    actions.release_many(acting_user=cast.hr.user, at=at(4, 14), appraisals=rows[:1], key_prefix=f"run:{run.pk}")
    actions.carry_on(run, at=at(4, 14, 11))
    actions.carry_on(run, at=at(4, 14, 12))
    run = BulkRun.objects.get(pk=run.pk)
    assert (run.total, run.done, run.refused, run.finished_at) == (3, 3, [], at(4, 14, 11))
    assert Fact.objects.filter(name="result.released").count() == 3


def test_self_reviews_that_are_overdue_are_passed_over_in_bulk_with_a_reason(cast: Cast) -> None:
    rows = [walk_to(row, Step.SELF_REVIEW, cast) for row in launch(cast, *cast.colleagues)]
    with pytest.raises(GuardRefused):
        actions.pass_over_many(acting_user=cast.hr.user, at=at(4, 7), appraisals=rows, reason="")
    early = actions.pass_over_many(acting_user=cast.hr.user, at=at(4, 2), appraisals=rows, reason="联系不上")
    assert (len(early.moved), len(early.refused)) == (0, 3)
    late = actions.pass_over_many(acting_user=cast.hr.user, at=at(4, 7), appraisals=rows, reason="联系不上")
    assert {row.state for row in late.moved} == {Step.SCORING}


def open_work(appraisal: Appraisal) -> WorkItem:
    return WorkItem.objects.get(content_type__model="appraisal", object_id=appraisal.pk, closed_at=None)


def test_a_deadline_is_extended_from_its_due_day_with_a_reason_by_who_may(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    for part in ("manager", "employee", "auditor", "sysadmin"):
        with pytest.raises(NotAllowed):
            actions.extend_deadlines(
                acting_user=cast.members[part].user, at=at(4, 8), appraisals=[appraisal], days=2, reason="系统停机"
            )
    for days, reason in ((0, "系统停机"), (21, "系统停机"), (2, " ")):
        with pytest.raises(GuardRefused):
            actions.extend_deadlines(
                acting_user=cast.hr.user, at=at(4, 8), appraisals=[appraisal], days=days, reason=reason
            )
    moved = actions.extend_deadlines(
        acting_user=cast.hr_partner.user, at=at(4, 8), appraisals=[appraisal], days=2, reason="系统停机"
    )
    item = open_work(appraisal)
    visit = Visit.objects.get(content_type__model="appraisal", object_id=appraisal.pk, closed_at=None)
    assert moved == [appraisal]
    # 13 April and two working days.
    assert item.due_at == visit.due_at == at(4, 15, 23, 59).replace(second=59, microsecond=999999)
    assert Fact.objects.get(name="deadline.extended").reason == "系统停机"


def test_a_deadline_that_has_passed_is_extended_from_today(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    actions.extend_deadlines(acting_user=cast.hr.user, at=at(4, 20), appraisals=[appraisal], days=1, reason="系统停机")
    due = open_work(appraisal).due_at
    assert due is not None
    assert due.astimezone(ZONE).date().isoformat() == "2026-04-21"


@pytest.mark.parametrize("step", [Step.TRACKING, Step.APPEALED, Step.CLOSED])
def test_what_has_no_deadline_of_somebody_is_not_extended(cast: Cast, step: Step) -> None:
    appraisal = launch_one(cast, step)
    with pytest.raises(GuardRefused):
        actions.extend_deadlines(
            acting_user=cast.hr.user, at=at(5, 20), appraisals=[appraisal], days=1, reason="系统停机"
        )


def test_a_holder_is_reminded_once_in_24_hours_whoever_asks(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    for part in ("employee", "colleague_one", "auditor", "outsider"):
        with pytest.raises(NotAllowed):
            actions.nudge(acting_user=cast.members[part].user, at=at(4, 2), appraisals=[appraisal])
    first = actions.nudge(acting_user=cast.manager.user, at=at(4, 2), appraisals=[appraisal])
    second = actions.nudge(acting_user=cast.hr.user, at=at(4, 2) + timedelta(hours=23), appraisals=[appraisal])
    third = actions.nudge(acting_user=cast.hr.user, at=at(4, 2) + timedelta(hours=25), appraisals=[appraisal])
    assert ([len(first.reminded), len(second.reminded), len(third.reminded)]) == [1, 0, 1]
    assert "10:00" in second.skipped[0][1]
    facts = Fact.objects.filter(name="work.nudged").order_by("seq")
    assert [fact.data["holders"] for fact in facts] == [[cast.employee.user.pk]] * 2


def test_the_next_step_may_be_reminded_at_once(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    actions.nudge(acting_user=cast.hr.user, at=at(4, 2), appraisals=[appraisal])
    walk_to(appraisal, Step.SCORING, cast)
    appraisal.refresh_from_db()
    assert len(actions.nudge(acting_user=cast.hr.user, at=at(4, 3), appraisals=[appraisal]).reminded) == 1
    own = actions.nudge(acting_user=cast.manager.user, at=at(4, 7), appraisals=[appraisal])
    assert len(own.skipped) == 1


def test_open_work_moves_to_the_new_manager_with_at_least_three_working_days(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    with pytest.raises(NotAllowed):
        actions.hand_over(
            acting_user=cast.manager.user,
            at=at(4, 13),
            appraisals=[appraisal],
            manager=cast.second_level.person,
            reason="调岗",
        )
    with pytest.raises(GuardRefused):
        actions.hand_over(
            acting_user=cast.hr.user, at=at(4, 13), appraisals=[appraisal], manager=cast.second_level.person, reason=" "
        )
    actions.hand_over(
        acting_user=cast.hr.user, at=at(4, 13), appraisals=[appraisal], manager=cast.second_level.person, reason="调岗"
    )
    appraisal.refresh_from_db()
    assert appraisal.manager_account == cast.second_level.user
    assert appraisal.second_level_account == cast.sales_director.user
    item = open_work(appraisal)
    assert (item.holder, item.role) == (cast.second_level.user, "manager")
    # Due on the day of the hand-over it would leave no time: 14, 15 and 16 April.
    assert item.due_at == at(4, 16, 23, 59).replace(second=59, microsecond=999999)
    fact = Fact.objects.get(name="appraisal.handed_over")
    assert (fact.reason, fact.personal) == ("调岗", {"to": str(cast.second_level.person)})


def test_time_that_is_left_is_not_shortened_by_a_hand_over(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    actions.hand_over(
        acting_user=cast.hr.user, at=at(4, 7), appraisals=[appraisal], manager=cast.second_level.person, reason="调岗"
    )
    due = open_work(appraisal).due_at
    assert due == at(4, 13, 23, 59).replace(second=59, microsecond=999999)


def test_nobody_becomes_their_own_manager_and_nobody_without_an_account_becomes_one(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    actions.hand_over(
        acting_user=cast.hr.user, at=at(4, 7), appraisals=[appraisal], manager=cast.employee.person, reason="调岗"
    )
    appraisal.refresh_from_db()
    assert appraisal.manager == cast.manager.person
    Person.objects.filter(pk=cast.outsider.person.pk).update(user=None)
    nobody = Person.objects.get(pk=cast.outsider.person.pk)
    with pytest.raises(GuardRefused):
        actions.hand_over(acting_user=cast.hr.user, at=at(4, 7), appraisals=[appraisal], manager=nobody, reason="调岗")


def test_who_leaves_hands_over_to_whom_the_people_report_to_now(cast: Cast) -> None:
    from appraisal.people.actions import leave

    appraisal = launch_one(cast, Step.SCORING)
    leave(acting_user=cast.hr.user, at=at(4, 8), person=cast.manager.person, on=at(4, 7).date())
    appraisal.refresh_from_db()
    assert appraisal.manager_account == cast.second_level.user
    assert open_work(appraisal).holder == cast.second_level.user
    assert actions.hand_over_from_leavers(at=at(4, 9)) == 0


def test_who_leaves_later_keeps_the_work_until_then(cast: Cast) -> None:
    from appraisal.people.actions import leave

    appraisal = launch_one(cast, Step.SCORING)
    leave(acting_user=cast.hr.user, at=at(4, 8), person=cast.manager.person, on=at(4, 10).date())
    appraisal.refresh_from_db()
    assert appraisal.manager_account == cast.manager.user
    assert actions.hand_over_from_leavers(at=at(4, 10)) == 0
    assert actions.hand_over_from_leavers(at=at(4, 11)) == 1


def launched_with(cast: Cast, people: list[Person]) -> list[str]:
    cycle = make_cycle(cast, population={"include": [person.pk for person in people]})
    run = actions.prepare_launch(acting_user=cast.hr.user, at=at(4, 2), cycle=cycle)
    with CaptureQueriesContext(connection) as queries:
        actions.carry_on_launch(run, at=at(4, 2))
    return data_queries(queries)


def test_launch_and_release_cost_the_same_for_few_and_for_many(cast: Cast) -> None:
    hired = cast.employee.person.hired_on
    users = User.objects.bulk_create(User(username=f"u{n}", password="!") for n in range(60))
    sixty = Person.objects.bulk_create(
        Person(
            number=f"7{n:03}", name=f"员工{n}", user=user, legal_entity=cast.entity, org_unit=cast.east, hired_on=hired
        )
        for n, user in enumerate(users)
    )
    ReportingLine.objects.bulk_create(
        ReportingLine(person=person, manager=cast.manager.person, starts_on=hired) for person in sixty
    )
    launched_with(cast, [cast.colleague_one.person])
    few, more = launched_with(cast, sixty[:21]), launched_with(cast, sixty[21:])
    assert len(few) == len(more)
    # More than twenty share their relatives instead of joining them; both halves are more than that.
    few, more = released_with(cast, sixty[:21]), released_with(cast, sixty[21:])
    assert len(few) == len(more)


def released_with(cast: Cast, people: list[Person]) -> list[str]:
    rows = Appraisal.objects.filter(employee__in=people).order_by("pk")
    rows.update(state=Step.DECIDED, final_grade="B", final_score=82)
    with CaptureQueriesContext(connection) as queries:
        outcome = actions.release_many(acting_user=cast.hr.user, at=at(4, 14), appraisals=list(rows))
    assert len(outcome.moved) == len(people)
    return data_queries(queries)
