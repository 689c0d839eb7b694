"""Several at once on real rows, and many in one go."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections

from appraisal.calibration.actions import decide, finalise, lock, open_session, prepare_session
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.people.models import User
from tests.calibration.conftest import CALIBRATION_ON, CHANGE, NOW
from tests.cast import Cast, build_cast
from tests.counting import counted_queries
from tests.factories.cycles import launch, walk_to
from workflow.calendars import forget_daybooks
from workflow.errors import Refusal


def together(*acts: Callable[[], object]) -> list[str]:
    """What became of each: done, or the name of the refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        start.wait()
        try:
            act()
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.fixture
def session(transactional_db: None) -> CalibrationSession:
    assert connection.vendor == "postgresql", "Several at once means nothing on a database that writes one at a time."
    cast = build_cast()
    rows = [walk_to(row, Step.CALIBRATING, cast) for row in launch(cast, steps=CALIBRATION_ON)]
    made = prepare_session(acting_user=cast.hr.user, cycle=rows[0].cycle, name="会", at=NOW)
    return open_session(acting_user=cast.hr.user, session=made, at=NOW)


def fresh() -> Appraisal:
    return Appraisal.objects.select_related("cycle", "track", "org_unit").get()


def hr(name: str = "hr") -> User:
    return User.objects.get(username=name)


def test_of_two_who_decide_at_once_one_wins(session: CalibrationSession) -> None:
    for one, other in (("S", "C"), ("A", "D"), ("C", "S"), ("D", "A"), ("S", "D")):
        seen = CalibrationDecision.objects.filter(is_current=True).values_list("pk", flat=True).first() or 0
        about = {"appraisal": fresh(), "at": NOW, "seen": seen, **CHANGE}
        found = together(
            partial(decide, acting_user=hr(), grade=one, **about),
            partial(decide, acting_user=hr("hr_two"), grade=other, **about),
        )
        assert found == ["Conflict", "done"]
        assert CalibrationDecision.objects.filter(is_current=True).count() == 1


def test_a_decision_and_the_lock_at_once_leave_no_decision_behind_the_lock(session: CalibrationSession) -> None:
    decide(acting_user=hr(), appraisal=fresh(), grade="B", at=NOW)
    found = together(
        lambda: lock(acting_user=hr(), session=CalibrationSession.objects.get(), at=NOW),
        lambda: decide(acting_user=hr("hr_two"), appraisal=fresh(), grade="A", at=NOW, **CHANGE),
    )
    assert found in (["done", "done"], ["GuardRefused", "done"])
    current = CalibrationDecision.objects.get(is_current=True)
    assert current.to_grade == ("A" if found == ["done", "done"] else "B")


def test_finalising_three_costs_no_more_than_finalising_one(cast: Cast) -> None:
    counts = []
    members = (cast.employee, *cast.colleagues)
    for group in (members[:1], members[1:]):
        rows = [walk_to(row, Step.CALIBRATING, cast) for row in launch(cast, *group, steps=CALIBRATION_ON)]
        made = prepare_session(acting_user=cast.hr.user, cycle=rows[0].cycle, name="会", at=NOW)
        open_session(acting_user=cast.hr.user, session=made, at=NOW)
        for row in rows:
            decide(acting_user=cast.hr.user, appraisal=row, grade="A", at=NOW, **CHANGE)
        lock(acting_user=cast.hr.user, session=made, at=NOW)
        forget_daybooks()
        with counted_queries() as queries:
            assert len(finalise(acting_user=cast.hr.user, session=made, at=NOW).confirmed) == len(group)
        counts.append(len(queries))
    # One alone is moved by plain updates, several together by a single statement.
    assert counts[1] <= counts[0] <= 20
