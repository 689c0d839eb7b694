"""Several at once on real PostgreSQL: one winner each, and the losers are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from appraisal.assessments.models import RatingRequest
from appraisal.assessments.states import RequestState, RequestVerb
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from tests.cast import Cast
from tests.factories.cycles import at, launch, launch_one, walk_to, write_manager_review, write_self_review
from workflow import deadlines
from workflow.engine import begin, perform
from workflow.errors import Refusal
from workflow.models import Fact, Visit, WorkItem
from workflow.verification import verify_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(600)]
REPEATS = 50


@pytest.fixture(autouse=True)
def _on_postgresql(db) -> None:
    assert connection.vendor == "postgresql", "SQLite hides races: these tests need DATABASE_URL of a PostgreSQL."


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Starts the acts in the same moment, each on a connection of its own; gives their results or exceptions."""
    barrier = Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=30)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    unexpected = [result for result in results if isinstance(result, Exception) and not isinstance(result, Refusal)]
    assert not unexpected, unexpected
    return results


def _winners(results: list[object]) -> int:
    return sum(not isinstance(result, Refusal) for result in results)


def _fresh(appraisal: Appraisal) -> Appraisal:
    return Appraisal.objects.get(pk=appraisal.pk)


def _consistent(appraisal: Appraisal) -> None:
    content_type = ContentType.objects.get_for_model(Appraisal)
    about = {"content_type": content_type, "object_id": appraisal.pk}
    assert Visit.objects.filter(**about, closed_at__isnull=True).count() == 1
    state = _fresh(appraisal).state
    assert set(WorkItem.objects.filter(**about, closed_at__isnull=True).values_list("state", flat=True)) <= {state}


def test_four_clicks_on_one_appraisal_have_one_effect(cast: Cast):
    for turn in range(REPEATS):
        appraisal = launch_one(cast, Step.SELF_REVIEW, name=f"第{turn}轮")
        write_self_review(appraisal, at(4, 2))
        version = appraisal.version

        def submit(place: int, appraisal: Appraisal = appraisal, version: int = version) -> object:
            return perform(
                _fresh(appraisal), Verb.SUBMIT_SELF_REVIEW, acting_user=cast.employee.user, at=at(4, 2),
                version=version, key=f"{appraisal.pk}-{place}",
            )  # fmt: skip

        results = at_once(*[lambda place=place: submit(place) for place in range(4)])
        assert _winners(results) == 1
        assert Fact.objects.filter(name="self_review.submitted", object_id=appraisal.pk).count() == 1
        _consistent(appraisal)
    assert verify_all()[1] == []


def test_the_same_click_arriving_four_times_succeeds_four_times_with_one_effect(cast: Cast):
    for turn in range(REPEATS):
        appraisal = launch_one(cast, Step.SELF_REVIEW, name=f"第{turn}轮")
        write_self_review(appraisal, at(4, 2))

        def submit(appraisal: Appraisal = appraisal) -> object:
            return perform(
                _fresh(appraisal), Verb.SUBMIT_SELF_REVIEW, acting_user=cast.employee.user, at=at(4, 2),
                version=appraisal.version, key=f"click-{appraisal.pk}",
            )  # fmt: skip

        assert _winners(at_once(*[submit] * 4)) == 4
        assert Fact.objects.filter(name="self_review.submitted", object_id=appraisal.pk).count() == 1


def test_ratings_that_come_in_together_all_join_before_the_score(cast: Cast):
    for turn in range(REPEATS):
        appraisal = launch_one(cast, Step.SCORING, name=f"第{turn}轮")
        write_manager_review(appraisal, at(4, 8))
        raters = [cast.colleague_one, cast.colleague_two, cast.colleague_three]
        requests = begin(
            [RatingRequest(appraisal=appraisal, input_key="teamwork", rater=r.user, anonymous=True) for r in raters],
            RequestVerb.INVITE, acting_user=cast.manager.user, at=at(4, 7),
        )  # fmt: skip
        RatingRequest.objects.filter(appraisal=appraisal).update(points=90)

        def rate(request: RatingRequest) -> object:
            own = RatingRequest.objects.get(pk=request.pk)
            return perform(own, RequestVerb.SUBMIT, acting_user=own.rater, at=at(4, 8))

        def hand_in(appraisal: Appraisal = appraisal) -> object:
            return perform(_fresh(appraisal), Verb.SUBMIT_SCORE, acting_user=cast.manager.user, at=at(4, 8))

        results = at_once(*[lambda request=request: rate(request) for request in requests], hand_in)

        states = set(RatingRequest.objects.filter(appraisal=appraisal).values_list("state", flat=True))
        assert (_winners(results[:3]), states) == (3, {RequestState.SUBMITTED})
        if isinstance(results[3], Refusal):
            assert _fresh(appraisal).state == Step.SCORING
            hand_in()
        assert _fresh(appraisal).state == Step.DECIDED


def test_a_submission_against_the_end_of_the_time_has_one_winner(cast: Cast):
    outcomes = set()
    for turn in range(REPEATS):
        appraisal = launch_one(cast, Step.SELF_REVIEW, name=f"第{turn}轮")
        write_self_review(appraisal, at(4, 2))
        due = Visit.objects.get(object_id=appraisal.pk, state=Step.SELF_REVIEW).due_at
        assert due is not None
        late = due + timedelta(seconds=1)

        def submit(appraisal: Appraisal = appraisal, late=late) -> object:
            return perform(_fresh(appraisal), Verb.SUBMIT_SELF_REVIEW, acting_user=cast.employee.user, at=late)

        at_once(submit, lambda late=late: deadlines.sweep(at=late))

        names = ["self_review.submitted", "self_review.not_given"]
        left = Fact.objects.filter(object_id=appraisal.pk, name__in=names).values_list("name", flat=True)
        assert len(left) == 1
        outcomes.add(left[0])
        assert _fresh(appraisal).state == Step.SCORING
        _consistent(appraisal)
        walk_to(_fresh(appraisal), Step.WITHDRAWN, cast)
    assert outcomes <= {"self_review.submitted", "self_review.not_given"}


def test_of_many_whose_time_ends_the_one_who_submits_in_the_same_moment_moves_once(cast: Cast):
    members = (cast.employee, *cast.colleagues)
    for turn in range(REPEATS // 5):
        rows = [walk_to(row, Step.SELF_REVIEW, cast) for row in launch(cast, *members, name=f"第{turn}轮")]
        for row in rows:
            write_self_review(row, at(4, 2))
        due = Visit.objects.get(object_id=rows[0].pk, state=Step.SELF_REVIEW).due_at
        assert due is not None
        late = due + timedelta(seconds=1)

        def submit(appraisal: Appraisal = rows[0], late=late) -> object:
            return perform(_fresh(appraisal), Verb.SUBMIT_SELF_REVIEW, acting_user=cast.employee.user, at=late)

        at_once(submit, *[lambda late=late: deadlines.sweep(at=late)] * 2)

        for row in rows:
            left = Fact.objects.filter(object_id=row.pk, name__startswith="self_review.").values_list("name", flat=True)
            assert len(left) == 1
            assert row == rows[0] or left[0] == "self_review.not_given"
            assert _fresh(row).state == Step.SCORING
            _consistent(row)
            walk_to(_fresh(row), Step.WITHDRAWN, cast)
    assert verify_all()[1] == []


def test_two_sweepers_never_say_the_same_thing(cast: Cast):
    for turn in range(10):
        appraisal = launch_one(cast, name=f"第{turn}轮")
        moment = at(4, 1, 0, 1)

        at_once(*[lambda moment=moment: deadlines.sweep(at=moment)] * 4)

        assert Fact.objects.filter(object_id=appraisal.pk, name="review.started").count() == 1
        walk_to(_fresh(appraisal), Step.WITHDRAWN, cast)
