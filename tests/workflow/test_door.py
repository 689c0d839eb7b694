"""The door: one effect for each act, whoever knocks how often."""

from datetime import UTC, date, datetime, timedelta

import pytest

from appraisal.cycles.models import AppraisalCycle
from appraisal.cycles.states import CycleState
from workflow import engine
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact, Visit

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 4, 1, 4, tzinfo=UTC)


@pytest.fixture
def cycle(cast):
    return engine.begin([_new_cycle(cast)], "draft_cycle", acting_user=cast.hr.user, at=NOON)[0]


def _new_cycle(cast):
    return AppraisalCycle(
        name="2026 年第一季度",
        period_kind="quarter",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 3, 31),
        calendar=cast.employee.person.legal_entity.calendar,
        owner=cast.hr.user,
        created_at=NOON,
    )


def _open(cycle, user, **rest):
    return engine.perform(
        cycle, "open_cycle", acting_user=user, at=NOON + timedelta(hours=1), data={"people": 3}, **rest
    )


def test_a_transition_moves_the_subject_and_leaves_a_fact_and_a_new_visit(cycle, cast):
    outcome = _open(cycle, cast.hr.user, version=1)

    stored = AppraisalCycle.objects.get(pk=cycle.pk)
    assert (stored.state, stored.version, cycle.state, cycle.version) == (CycleState.OPEN, 2, CycleState.OPEN, 2)
    facts = list(Fact.objects.filter(object_id=cycle.pk).order_by("seq").values_list("name", "from_state", "to_state"))
    assert facts == [("cycle.drafted", "", "draft"), ("cycle.launched", "draft", "open")]
    assert outcome.fact.actor_label == str(cast.hr.user)
    visits = list(Visit.objects.order_by("pk").values_list("state", "outcome", "closed_by"))
    assert visits == [("draft", "open_cycle", cast.hr.user.pk), ("open", "", None)]


def test_the_same_key_again_returns_the_first_result_and_does_nothing(cycle, cast):
    first = _open(cycle, cast.hr.user, key="click-1")
    second = _open(cycle, cast.hr.user, key="click-1")

    assert (first.replayed, second.replayed, second.fact.pk) == (False, True, first.fact.pk)
    assert Fact.objects.filter(name="cycle.launched").count() == 1


def test_a_key_of_another_act_is_a_conflict(cycle, cast):
    _open(cycle, cast.hr.user, key="click-1")

    with pytest.raises(Conflict):
        engine.perform(cycle, "close_cycle", acting_user=cast.hr.user, at=NOON, key="click-1")


def test_a_page_drawn_from_an_older_version_is_told_who_was_first(cycle, cast):
    _open(cycle, cast.hr.user)

    with pytest.raises(Conflict) as refusal:
        engine.perform(cycle, "close_cycle", acting_user=cast.hr_two.user, at=NOON, version=1)
    assert refusal.value.last is not None
    assert refusal.value.last.actor_id == cast.hr.user.pk


def test_who_holds_no_role_is_refused_before_the_state_is_told(cycle, cast):
    with pytest.raises(NotAllowed):
        engine.perform(cycle, "close_cycle", acting_user=cast.employee.user, at=NOON)


def test_a_verb_of_another_state_is_refused_as_such(cycle, cast):
    with pytest.raises(NotInThisState):
        engine.perform(cycle, "close_cycle", acting_user=cast.hr.user, at=NOON)


def test_a_reason_is_asked_for_where_the_table_says_so(cycle, cast):
    with pytest.raises(GuardRefused):
        engine.perform(cycle, "cancel_cycle", acting_user=cast.hr.user, at=NOON, reason="  ")

    engine.perform(cycle, "cancel_cycle", acting_user=cast.hr.user, at=NOON, reason="组织调整")
    assert AppraisalCycle.objects.get(pk=cycle.pk).state == CycleState.CANCELLED


def test_nothing_is_changed_when_the_change_itself_fails(cycle, cast):
    def fail(_cycle):
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        _open(cycle, cast.hr.user, change=fail)

    assert AppraisalCycle.objects.get(pk=cycle.pk).state == CycleState.DRAFT
    assert Fact.objects.filter(name="cycle.launched").count() == 0


def test_columns_set_by_the_change_are_written_in_the_same_update(cycle, cast):
    def rename(locked):
        locked.name = "一季度"

    _open(cycle, cast.hr.user, change=rename)
    assert AppraisalCycle.objects.get(pk=cycle.pk).name == "一季度"


def test_many_through_the_same_table_leave_the_same_rows_as_one_by_one(cast):
    both = engine.begin([_new_cycle(cast), _new_cycle(cast)], "draft_cycle", acting_user=cast.hr.user, at=NOON)
    third = engine.begin([_new_cycle(cast)], "draft_cycle", acting_user=cast.hr.user, at=NOON)[0]

    bulk = engine.perform_many(both, "open_cycle", acting_user=cast.hr.user, at=NOON, data={"people": 3})
    engine.perform(third, "open_cycle", acting_user=cast.hr.user, at=NOON, data={"people": 3})

    assert [row.pk for row in bulk.moved] == [row.pk for row in both]
    rows = Fact.objects.filter(name="cycle.launched").order_by("pk")
    seen = rows.values_list("seq", "from_state", "to_state", "actor_id", "data", "verb")
    assert len(set(map(str, seen))) == 1
    assert len(seen) == 3
    stored = AppraisalCycle.objects.order_by("pk").values_list("state", "version", "chain_length")
    assert list(stored) == [("open", 2, 2)] * 3


def test_those_refused_among_many_come_back_with_their_reasons(cast):
    first, second = engine.begin([_new_cycle(cast), _new_cycle(cast)], "draft_cycle", acting_user=cast.hr.user, at=NOON)
    engine.perform(first, "cancel_cycle", acting_user=cast.hr.user, at=NOON, reason="重复")

    bulk = engine.perform_many([first, second], "open_cycle", acting_user=cast.hr.user, at=NOON, data={"people": 0})

    assert [row.pk for row in bulk.moved] == [second.pk]
    assert [(row.pk, type(refusal)) for row, refusal in bulk.refused] == [(first.pk, NotInThisState)]


def test_a_bulk_run_started_again_moves_nobody_twice(cast):
    rows = engine.begin([_new_cycle(cast), _new_cycle(cast)], "draft_cycle", acting_user=cast.hr.user, at=NOON)
    for _run in range(2):
        bulk = engine.perform_many(
            rows, "open_cycle", acting_user=cast.hr.user, at=NOON, data={"people": 0}, key_prefix="run-7"
        )

    assert len(bulk.moved) == 2
    assert Fact.objects.filter(name="cycle.launched").count() == 2
