"""Drafting, launching and closing cycles."""

from datetime import date
from decimal import Decimal

import pytest

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import CycleState, Step, Verb
from appraisal.people.models import Person, ReportingLine
from appraisal.procedure.actions import (
    add_track,
    cancel_cycle,
    carry_on_launch,
    close_cycle,
    draft_cycle,
    edit_cycle,
    edit_track,
    launch_cycle,
    prepare_launch,
    remove_track,
)
from appraisal.procedure.models import BulkRun
from tests.cast import Cast
from tests.factories.cycles import LAUNCHED, at, launch, launch_one, make_cycle, scheme_version, walk_to
from workflow.engine import perform
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact, Visit, WorkItem


def test_only_hr_drafts_a_cycle(cast: Cast) -> None:
    about = {
        "name": "Q1", "period_kind": "quarter", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 31),
        "calendar": cast.entity.calendar,
    }  # fmt: skip
    for user in (cast.manager.user, cast.hr_partner.user, cast.auditor.user, cast.sysadmin.user):
        with pytest.raises(NotAllowed):
            draft_cycle(acting_user=user, at=LAUNCHED, **about)
    cycle = draft_cycle(acting_user=cast.hr.user, at=LAUNCHED, **about)
    assert (cycle.state, cycle.owner, cycle.version) == (CycleState.DRAFT, cast.hr.user, 1)
    with pytest.raises(GuardRefused):
        draft_cycle(acting_user=cast.hr.user, at=LAUNCHED, **{**about, "ends_on": date(2025, 12, 31)})


def test_a_draft_is_edited_and_what_changed_is_in_the_log(cast: Cast) -> None:
    cycle = make_cycle(cast)
    changed = edit_cycle(acting_user=cast.hr_two.user, at=LAUNCHED, cycle=cycle, changes={"name_en": "First quarter"})
    assert changed.name_en == "First quarter"
    assert Fact.objects.filter(object_id=cycle.pk, name="cycle.revised").count() == 2
    with pytest.raises(NotAllowed):
        edit_cycle(acting_user=cast.manager.user, at=LAUNCHED, cycle=cycle, changes={"name": "X"})
    with pytest.raises(GuardRefused):
        edit_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, changes={"ends_on": date(2025, 1, 1)})


def test_tracks_belong_to_the_draft(cast: Cast) -> None:
    cycle = make_cycle(cast)
    track = cycle.tracks.get()
    edit_track(acting_user=cast.hr.user, at=LAUNCHED, track=track, changes={"steps": {"calibrating": {"on": True}}})
    second = add_track(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, name="二", scheme_version=scheme_version())
    remove_track(acting_user=cast.hr.user, at=LAUNCHED, track=second)
    assert [row.steps for row in cycle.tracks.all()] == [{"calibrating": {"on": True}}]
    launch_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle)
    with pytest.raises(NotInThisState):
        edit_track(acting_user=cast.hr.user, at=LAUNCHED, track=track, changes={"steps": {}})
    with pytest.raises(NotInThisState):
        remove_track(acting_user=cast.hr.user, at=LAUNCHED, track=track)


def test_a_draft_is_cancelled_with_a_reason_a_running_cycle_is_not(cast: Cast) -> None:
    cycle = make_cycle(cast)
    with pytest.raises(GuardRefused):
        cancel_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, reason=" ")
    cancel_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, reason="改为半年度")
    assert cycle.state == CycleState.CANCELLED
    running = launch_one(cast).cycle
    with pytest.raises(NotInThisState):
        cancel_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=running, reason="改为半年度")


def test_the_launch_takes_a_snapshot_of_who_appraises_whom(cast: Cast) -> None:
    cycle = make_cycle(cast, cast.employee, cast.manager)
    run = launch_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle)
    assert (run.total, run.done, run.refused, run.finished_at) == (2, 2, [], LAUNCHED)
    mine = Appraisal.objects.get(employee=cast.employee.person)
    assert (mine.manager, mine.second_level) == (cast.manager.person, cast.second_level.person)
    assert (mine.employee_account, mine.manager_account) == (cast.employee.user, cast.manager.user)
    assert (mine.org_unit, mine.position, mine.zone) == (cast.east, cast.specialist, "Asia/Shanghai")
    assert mine.second_level_account == cast.second_level.user
    assert mine.state == Step.TRACKING
    fact = Fact.objects.get(object_id=mine.pk, name="appraisal.launched", from_state="")
    assert fact.data["digest"] == cycle.tracks.get().scheme_digest
    assert fact.data["passed"] == ["planning"]
    assert cycle.state == CycleState.OPEN


def test_managers_count_as_on_the_last_day_of_a_period_that_is_over(cast: Cast) -> None:
    ReportingLine.objects.filter(person=cast.employee.person).update(ends_on=date(2026, 3, 31))
    ReportingLine.objects.create(
        person=cast.employee.person, manager=cast.second_level.person, starts_on=date(2026, 4, 1)
    )
    mine = launch(cast, when=at(4, 2))[0]
    assert mine.manager == cast.manager.person


def test_a_launch_after_the_period_begins_with_the_review(cast: Cast) -> None:
    mine = launch(cast, when=at(4, 2))[0]
    assert mine.state == Step.SELF_REVIEW
    # Entered late, the step still gets its three working days: 3, 7 and 8 April.
    assert WorkItem.objects.get(object_id=mine.pk).due_at == at(4, 8, 23, 59).replace(second=59, microsecond=999999)


def test_hr_launches_also_their_own_appraisal(cast: Cast) -> None:
    assert launch(cast, cast.hr)[0].state == Step.TRACKING


def test_nobody_but_hr_launches_and_an_empty_cycle_is_not_launched(cast: Cast) -> None:
    cycle = make_cycle(cast)
    with pytest.raises(NotAllowed):
        launch_cycle(acting_user=cast.hr_partner.user, at=LAUNCHED, cycle=cycle)
    empty = make_cycle(
        cast, population={"units": [cast.rd.pk], "exclude": [{"person": cast.outsider.person.pk, "reason": "-"}]}
    )
    with pytest.raises(GuardRefused):
        launch_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=empty)
    assert empty.state == CycleState.DRAFT


def test_a_cut_off_launch_goes_on_and_nobody_is_launched_twice(cast: Cast) -> None:
    cycle = make_cycle(cast, cast.employee, *cast.colleagues)
    run = prepare_launch(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle)
    again = prepare_launch(acting_user=cast.hr_two.user, at=LAUNCHED, cycle=cycle)
    assert again == run
    carry_on_launch(run, at=LAUNCHED)
    carry_on_launch(run, at=LAUNCHED)
    assert Appraisal.objects.filter(cycle=cycle).count() == 4
    assert Fact.objects.filter(name="appraisal.launched").count() == 4
    assert BulkRun.objects.get().done == 4


def test_launching_again_takes_in_those_who_joined_since(cast: Cast) -> None:
    cycle = make_cycle(
        cast, population={"units": [cast.east.pk], "exclude": [{"person": cast.manager.person.pk, "reason": "主管"}]}
    )
    launch_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle)
    before = Appraisal.objects.filter(cycle=cycle).count()
    Person.objects.filter(pk=cast.outsider.person.pk).update(org_unit=cast.east)
    run = launch_cycle(acting_user=cast.hr.user, at=at(3, 9), cycle=cycle)
    assert (before, run.total, Appraisal.objects.filter(cycle=cycle).count()) == (4, 1, 5)


def test_a_cycle_closes_when_everything_is_archived(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.CLOSED)
    with pytest.raises(NotAllowed):
        close_cycle(acting_user=cast.hr_partner.user, at=at(5, 8), cycle=appraisal.cycle)
    close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=appraisal.cycle)
    assert appraisal.cycle.state == CycleState.CLOSED


def test_closing_archives_windows_that_are_over(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.APPEAL_WINDOW)
    close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=appraisal.cycle)
    appraisal.refresh_from_db()
    assert appraisal.state == Step.CLOSED


def test_what_is_unfinished_has_to_be_named_and_is_then_withdrawn(cast: Cast) -> None:
    first, second = launch(cast, cast.employee, cast.colleague_one)
    walk_to(first, Step.SCORING, cast)
    first.refresh_from_db()
    cycle = first.cycle
    with pytest.raises(GuardRefused, match="2"):
        close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=cycle, reason="停止考核")
    with pytest.raises(GuardRefused):
        close_cycle(
            acting_user=cast.hr.user, at=at(5, 8), cycle=cycle, withdraw=[(first.pk, first.version)], reason="停止考核"
        )
    named = [(first.pk, first.version), (second.pk, second.version)]
    perform(second, Verb.START_REVIEW, acting_user=None, at=at(5, 7))
    with pytest.raises(Conflict):
        close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=cycle, withdraw=named, reason="停止考核")
    named[1] = (second.pk, second.version)
    with pytest.raises(GuardRefused):
        close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=cycle, withdraw=named, reason="")
    first.refresh_from_db()
    assert (first.state, cycle.state) == (Step.SCORING, CycleState.OPEN)
    close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=cycle, withdraw=named, reason="停止考核")
    assert set(Appraisal.objects.values_list("state", flat=True)) == {Step.WITHDRAWN}
    assert cycle.state == CycleState.CLOSED
    assert not WorkItem.objects.filter(closed_at__isnull=True).exists()


def test_an_open_appeal_keeps_the_cycle_open_and_a_plan_does_not(cast: Cast) -> None:
    appealed = launch_one(cast, Step.APPEALED)
    with pytest.raises(GuardRefused):
        close_cycle(
            acting_user=cast.hr.user, at=at(5, 8), cycle=appealed.cycle, withdraw=[(appealed.pk, appealed.version)],
            reason="停止考核",
        )  # fmt: skip
    improving = launch_one(cast, Step.IMPROVING)
    close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=improving.cycle)
    assert improving.cycle.state == CycleState.CLOSED


def test_every_step_of_the_walk_leaves_one_visit(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.CLOSED)
    visits = Visit.objects.filter(object_id=appraisal.pk, content_type__model="appraisal").order_by("number", "pk")
    assert [(visit.state, visit.passed_over) for visit in visits] == [
        ("planning", True), ("tracking", False), ("self_review", False), ("scoring", False), ("countersigning", True),
        ("calibrating", True), ("decided", False), ("interviewing", False), ("appeal_window", False), ("closed", False),
    ]  # fmt: skip
    assert appraisal.final_score == Decimal(82)
