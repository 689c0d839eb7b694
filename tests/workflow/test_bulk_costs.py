"""What bulk acts cost: the same number of statements for a chunk of few and of many. Django counts COPY too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from appraisal.improvement.models import ImprovementPlan
from appraisal.people.models import Person, ReportingLine, User
from appraisal.procedure import actions
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import at, make_cycle
from workflow import deadlines
from workflow.copying import LEAST
from workflow.engine import CHUNK, perform_many
from workflow.models import Fact, Visit, WorkItem
from workflow.verification import verify_all

pytestmark = pytest.mark.django_db
# The budget is twelve for 2,000 people.
MOST = 12 * CHUNK // 2000
MANY = LEAST + 20


def hired(cast: Cast, count: int, prefix: str) -> list[Person]:
    hired_on = cast.employee.person.hired_on
    users = User.objects.bulk_create(User(username=f"{prefix}{n}", password="!") for n in range(count))
    people = Person.objects.bulk_create(
        Person(
            number=f"{prefix}{n:04}", name=f"员工{n}", user=user, legal_entity=cast.entity, org_unit=cast.east,
            position=cast.specialist, hired_on=hired_on,
        )
        for n, user in enumerate(users)
    )  # fmt: skip
    ReportingLine.objects.bulk_create(
        ReportingLine(person=person, manager=cast.manager.person, starts_on=hired_on) for person in people
    )
    return people


def launched(cast: Cast, count: int, prefix: str) -> tuple[list[Appraisal], list[str]]:
    people = hired(cast, count, prefix)
    cycle = make_cycle(cast, name=prefix, population={"include": [person.pk for person in people]})
    run = actions.prepare_launch(acting_user=cast.hr.user, at=at(4, 1, 9), cycle=cycle)
    with counted_queries() as found:
        actions.carry_on_launch(run, at=at(4, 1, 9))
    return list(Appraisal.objects.filter(cycle=cycle).order_by("pk")), found


def in_chunks(act: Callable[[int, str], Sequence[str]]) -> tuple[int, int]:
    """The statements of a chunk of one, of many and of more; a process that has worked before comes first."""
    act(1, "w")
    one, many, more = (act(count, prefix) for count, prefix in ((1, "a"), (MANY, "b"), (2 * MANY, "c")))
    assert len(many) == len(more), "\n".join(many)
    return len(one), len(many)


def test_a_launch_costs_the_same_for_any_number(cast: Cast) -> None:
    one, many = in_chunks(lambda count, prefix: launched(cast, count, prefix)[1])
    # Two thirds of them are the run's own and the reading of whom it is for.
    assert one <= MOST
    assert many <= MOST


def test_a_release_with_improvement_proposals_costs_the_same_for_any_number(cast: Cast) -> None:
    def release(count: int, prefix: str) -> Sequence[str]:
        rows, _found = launched(cast, count, prefix)
        chosen = Appraisal.objects.filter(pk__in=[row.pk for row in rows])
        chosen.update(state=Step.DECIDED, final_grade="D", final_score=52)
        with counted_queries() as found:
            outcome = actions.release_many(acting_user=cast.hr.user, at=at(4, 14), appraisals=list(chosen))
        assert len(outcome.moved) == count
        assert ImprovementPlan.objects.filter(appraisal__in=rows).count() == count
        return found

    one, many = in_chunks(release)
    assert one <= MOST
    assert many <= MOST
    assert verify_all()[1] == []


def test_a_passing_over_costs_at_most_twelve_for_any_number(cast: Cast) -> None:
    def pass_over(count: int, prefix: str) -> Sequence[str]:
        rows, _found = launched(cast, count, prefix)
        with counted_queries() as found:
            perform_many(rows, Verb.PASS_OVER_SELF_REVIEW, acting_user=None, at=at(4, 7))
        return found

    one, many = in_chunks(pass_over)
    assert one <= 12
    assert many <= 12


def test_the_end_of_the_time_costs_the_same_for_any_number(cast: Cast) -> None:
    def expire(count: int, prefix: str) -> Sequence[str]:
        rows, _found = launched(cast, count, prefix)
        due = WorkItem.objects.get(object_id=rows[0].pk, closed_at__isnull=True).due_at
        assert due is not None
        deadlines.sweep(at=due - timedelta(hours=1))
        with counted_queries() as found:
            deadlines.sweep(at=due + timedelta(seconds=1))
        states = set(Appraisal.objects.filter(pk__in=[row.pk for row in rows]).values_list("state", flat=True))
        assert states == {Step.SCORING}
        # What the manager owes now is not due before the next turn of this test.
        WorkItem.objects.filter(closed_at__isnull=True).update(alarm_at=None)
        return found

    one, many = in_chunks(expire)
    assert one <= MOST
    assert many <= 18


def test_chunks_and_single_expiries_leave_the_same_behind(cast: Cast) -> None:
    rows, _found = launched(cast, MANY, "s")
    chosen, alone = rows[:-1], rows[-1]
    due = WorkItem.objects.get(object_id=alone.pk, closed_at__isnull=True).due_at
    assert due is not None
    late = due + timedelta(seconds=1)
    others = WorkItem.objects.filter(object_id__in=[row.pk for row in chosen], closed_at__isnull=True)
    held = others.values_list("alarm_at", flat=True)[0]
    others.update(alarm_at=None)
    deadlines.sweep(at=late)
    others.update(alarm_at=held)
    deadlines.sweep(at=late)

    def left(row: Appraisal) -> list[Any]:
        on = {"content_type__model": "appraisal", "object_id": row.pk}
        return [
            list(Fact.objects.filter(**on).order_by("seq").values_list("seq", "name", "at", "verb", "data", "actor")),
            list(
                Visit.objects.filter(**on)
                .order_by("pk")
                .values_list("state", "number", "due_at", "closed_at", "outcome")
            ),
            list(
                WorkItem.objects.filter(**on)
                .order_by("pk")
                .values_list("state", "holder", "pool", "alarm_at", "outcome")[1:]
            ),
        ]

    assert {repr(left(row)) for row in chosen} == {repr(left(alone))}
    expected = {f"expiry:{pk}" for pk in WorkItem.objects.filter(state=Step.SELF_REVIEW).values_list("pk", flat=True)}
    assert set(Fact.objects.filter(name="self_review.not_given").values_list("key", flat=True)) == expected
    assert verify_all()[1] == []


@pytest.fixture(autouse=True)
def _on_postgresql(db: None) -> None:
    assert connection.vendor == "postgresql", "COPY is PostgreSQL's: these tests need DATABASE_URL of one."
