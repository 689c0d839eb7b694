"""Every verb of the appraisal × state × person, and the relations that the cast does not have by itself."""

from __future__ import annotations

import pytest
from guardian.shortcuts import assign_perm

from appraisal.calibration.actions import decide
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.states import Step
from appraisal.people.roles import roles_of
from appraisal.procedure.actions import hand_over
from tests.cast import PARTS, Cast
from tests.factories.cycles import at, launch, launch_one, make_cycle
from tests.house.permissions.appraisals import TABLE, case, ready
from tests.house.permissions.tables import HR, Case, Row, ask, deviations, start_only

STEPS = {"calibrating": {"on": True, "days": 5}}


@pytest.mark.django_db
@pytest.mark.parametrize("state", [step.value for step in Step])
def test_every_verb_of_every_person_in_every_step(state: str, cast: Cast) -> None:
    assert deviations(case(cast, state), TABLE, cast) == []


@pytest.mark.django_db
def test_hr_launches_a_new_appraisal_while_its_cycle_takes_people(cast: Cast) -> None:
    cycle = make_cycle(cast)
    row = Appraisal(
        cycle=cycle, track=cycle.tracks.get(), employee=cast.employee.person, org_unit=cast.east,
        employee_account=cast.employee.user, manager_account=cast.manager.user, state="",
    )  # fmt: skip
    new = Case(row, at(3, 2))
    cycle.state = AppraisalCycle.State.OPEN
    assert deviations(new, start_only(TABLE), cast) == []
    cycle.state = AppraisalCycle.State.CLOSED
    assert deviations(new, {"launch": Row("start", HR, {"start": "The cycle is closed"})}, cast) == []


def seats(cast: Cast, appraisal: Appraisal) -> set[str]:
    decided = Case(ready(appraisal), at(5, 21))
    return {part for part in PARTS if ask(decided, "decide_appeal", getattr(cast, part).user)[0] != "role"}


@pytest.mark.django_db
def test_who_calibrated_or_scored_has_no_seat_on_the_panel(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.APPEALED, steps=STEPS)
    assert appraisal.calibrated_by_id == cast.hr.user.pk
    assert seats(cast, appraisal) == {"hr_two", "sales_director"}
    Appraisal.objects.filter(pk=appraisal.pk).update(scored_by=cast.sales_director.user)
    assert seats(cast, appraisal) == {"hr_two"}


@pytest.mark.django_db
def test_hr_who_gave_the_score_leaves_the_calibration_to_a_colleague(cast: Cast) -> None:
    """Also once the grade has been looked at; for the colleague the way is then free."""
    appraisal = launch_one(cast, Step.CALIBRATING, steps=STEPS)
    decide(acting_user=cast.hr_two.user, appraisal=appraisal, grade=appraisal.review_grade, at=at(4, 12))
    confirmed = {"confirm_calibration": Row("calibrating", HR)}
    assert deviations(Case(ready(appraisal), at(4, 12)), confirmed, cast) == []
    Appraisal.objects.filter(pk=appraisal.pk).update(manager_account=cast.hr.user, scored_by=cast.hr.user)
    own = {"confirm_calibration": Row("calibrating", HR, {"calibrating hr": "You gave this score"})}
    assert deviations(Case(ready(appraisal), at(4, 12)), own, cast) == []


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["scoring", "countersigning", "interviewing", "improving"])
def test_a_former_manager_has_nothing_to_say_any_more(state: str, cast: Cast) -> None:
    """After a hand-over the second-level manager is the manager, and the sales director stands above."""
    found = case(cast, state)
    hand_over(
        acting_user=cast.hr.user, at=found.at, appraisals=[found.subject], manager=cast.second_level.person,
        reason="调岗",
    )  # fmt: skip
    parts = {"manager": "second_level", "second_level": "sales_director", "sales_director": "manager"}
    table = {verb: row for verb, row in TABLE.items() if verb != "decide_appeal"}
    assert deviations(Case(ready(found.subject), found.at, found.data), table, cast, parts) == []


@pytest.mark.django_db
def test_hr_and_the_partner_of_the_unit_are_only_employees_on_their_own_appraisal(cast: Cast) -> None:
    for part in ("hr", "hr_partner"):
        assign_perm("appraisal.partner_orgunit", getattr(cast, part).user, cast.staff)
        getattr(cast, part).user.roles_cache = None
        assert cast.staff.pk in roles_of(getattr(cast, part).user).partner_unit_ids
    rows = launch(cast, cast.hr, cast.hr_partner)
    own = {"agree_targets", "submit_self_review", "record_interview", "acknowledge", "lodge_appeal", "withdraw_appeal"}
    # The launch is for the whole cycle; HR presses it for everybody.
    for row, part, besides in zip(rows, ("hr", "hr_partner"), ({"launch"}, set()), strict=True):
        subject = Case(ready(row), at(5, 21), {"answer": "agreed", "to": "scoring"})
        user = getattr(cast, part).user
        assert {verb for verb in TABLE if ask(subject, verb, user)[0] != "role"} == own | besides
        colleague = {verb for verb in TABLE if ask(subject, verb, cast.hr_two.user)[0] != "role"}
        assert {"release", "recall", "withdraw", "decide_appeal", "confirm_calibration"} <= colleague
