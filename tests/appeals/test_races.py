"""Two at once, on real PostgreSQL: one effect, and the loser is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from appraisal.appeals.actions import lodge_appeal, sign_decision, take_up, withdraw_appeal, write_decision
from appraisal.appeals.models import Appeal, PanelSeat
from appraisal.appeals.states import AppealState
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from appraisal.people.models import User
from appraisal.procedure.machine import MACHINE
from tests.appeals.conftest import UNFAIR, WRONG, lodge, rulings, scored
from tests.cast import Cast
from tests.factories.cycles import at, loaded, walk_to
from workflow import visits
from workflow.engine import perform
from workflow.errors import Refusal
from workflow.models import Visit, WorkItem
from workflow.verification import verify_all

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and shows no race"),
]
REPEATS = 50
END = at(4, 21)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Runs the acts in threads that start together; what became of each: done, or the name of its refusal."""
    barrier, results = Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            results[number] = "done"
        except Refusal as refusal:
            results[number] = type(refusal).__name__
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def reopen_window(appraisal: Appraisal) -> None:
    """Puts the appraisal back into its window as if it had just entered it, for the next round."""
    Visit.objects.filter(object_id=appraisal.pk, closed_at=None).update(closed_at=END)
    WorkItem.objects.filter(closed_at=None).update(closed_at=END)
    Appraisal.objects.filter(pk=appraisal.pk).update(state=Step.APPEAL_WINDOW, window_days_left=None)
    visits.entered(MACHINE, [(loaded().get(pk=appraisal.pk), "")], user=None, at=at(4, 15), verb="again").store()


def test_an_appeal_at_the_moment_the_window_closes_has_one_winner(cast: Cast) -> None:
    pk = walk_to(scored(cast, signed_customers="5"), Step.APPEAL_WINDOW, cast).pk
    employee, outcomes = cast.employee.user, []

    def appeal() -> None:
        user = fresh(employee)
        lodge_appeal(acting_user=user, appraisal=loaded().get(pk=pk), items=[WRONG], statement="请复核", at=END)

    def close() -> None:
        perform(loaded().get(pk=pk), Verb.CLOSE_WINDOW, acting_user=None, at=END)

    for _round in range(REPEATS):
        before = Appeal.objects.count()
        outcome = at_once(appeal, close)
        lodged, stored = Appeal.objects.count() - before, Appraisal.objects.get(pk=pk)
        expected = {
            ("done", "NotInThisState"): (1, Step.APPEALED),
            ("NotInThisState", "done"): (0, Step.CLOSED),
        }
        assert expected[tuple(outcome)] == (lodged, stored.state)
        outcomes.append(outcome)
        if stored.state == Step.APPEALED:
            latest = Appeal.objects.latest("pk")
            withdraw_appeal(acting_user=fresh(employee), appeal=latest, at=END + timedelta(minutes=1))
        reopen_window(stored)
    assert len(outcomes) == REPEATS
    assert Visit.objects.filter(object_id=pk, closed_at=None).count() == 1
    assert verify_all()[1] == []


def signed_case(cast: Cast) -> Appeal:
    appraisal = walk_to(scored(cast, signed_customers="5"), Step.APPEAL_WINDOW, cast)
    case = take_up(acting_user=cast.hr.user, appeal=lodge(cast, appraisal, WRONG, UNFAIR), at=at(4, 17))
    write_decision(acting_user=cast.hr.user, appeal=case, rulings=rulings(case), answer="成立。", at=at(4, 20))
    return case


def sign(user: User, pk: int, **rest: str) -> Callable[[], object]:
    def act() -> object:
        appeal = Appeal.objects.get(pk=pk)
        return sign_decision(acting_user=fresh(user), appeal=appeal, decision=1, at=at(4, 21), **rest)

    return act


def test_two_members_who_sign_at_once_both_sign_and_the_case_ends_once(cast: Cast) -> None:
    case = signed_case(cast)
    results = at_once(sign(cast.hr.user, case.pk), sign(cast.sales_director.user, case.pk))

    case.refresh_from_db()
    assert (results, case.state, case.grade_after) == (["done", "done"], AppealState.PARTLY_UPHELD, "A")
    assert PanelSeat.objects.filter(appeal=case, signed_by=None).count() == 0
    assert Appraisal.objects.get(pk=case.appraisal_id).results.filter(origin="appeal").count() == 1
    assert verify_all()[1] == []


def test_two_of_hr_who_sign_at_once_give_one_signature(cast: Cast) -> None:
    case = signed_case(cast)
    results = at_once(sign(cast.hr.user, case.pk), sign(cast.hr_two.user, case.pk))
    assert sorted(results) == ["GuardRefused", "done"]
    assert PanelSeat.objects.filter(appeal=case, signed_by__isnull=False).count() == 1


def test_a_double_click_signs_once_and_both_clicks_are_answered_alike(cast: Cast) -> None:
    case = signed_case(cast)
    click = sign(cast.hr.user, case.pk, key="sign:double")
    assert at_once(click, click) == ["done", "done"]
    assert PanelSeat.objects.filter(appeal=case, signed_by=cast.hr.user).count() == 1
