"""Lodging within the window, the draft before it, withdrawing."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from appraisal.appeals.actions import Contested, lodge_appeal, save_appeal_draft, withdraw_appeal
from appraisal.appeals.models import Appeal, AppealDraft
from appraisal.appeals.states import AppealState, Ground
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from tests.appeals.conftest import LODGED, UNFAIR, WRONG, lodge
from tests.cast import Cast
from tests.factories.cycles import at
from workflow import queries
from workflow.engine import perform
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact
from workflow.verification import verify_all


def end_of(month: int, day: int) -> datetime:
    return at(month, day).replace(hour=0) + timedelta(days=1) - timedelta(microseconds=1)


def test_an_appeal_stops_the_window_and_calls_the_panel(cast: Cast, contestable: Appraisal) -> None:
    appeal = lodge(cast, contestable, WRONG, UNFAIR)

    contestable.refresh_from_db()
    assert (contestable.state, contestable.window_days_left) == (Step.APPEALED, 2)
    assert (appeal.state, appeal.score_before, appeal.grade_before) == (AppealState.LODGED, Decimal("80.15"), "B")
    contested = list(appeal.items.order_by("position").values_list("indicator", "ground", "text"))
    assert contested == [("lead_conversion", Ground.FACTS, WRONG.text), ("", Ground.BIAS, UNFAIR.text)]
    # Thursday 16 April and 5 working days.
    waiting = {(item.pool, item.due_at) for item in queries.open_items(appeal)}
    assert waiting == {("hr", end_of(4, 23)), ("sales_director", end_of(4, 23))}
    assert verify_all()[1] == []


@pytest.mark.parametrize("who", ["manager", "hr", "colleague_one", "outsider"])
def test_only_the_employee_appeals(cast: Cast, contestable: Appraisal, who: str) -> None:
    with pytest.raises(NotAllowed):
        lodge_appeal(acting_user=cast.members[who].user, appraisal=contestable, items=[WRONG], statement="", at=LODGED)
    assert not Appeal.objects.exists()


def test_an_appeal_contests_something(cast: Cast, contestable: Appraisal) -> None:
    with translation.override("en"), pytest.raises(GuardRefused) as refusal:
        lodge_appeal(acting_user=cast.employee.user, appraisal=contestable, items=[], statement="不服", at=LODGED)
    assert refusal.value.reason == "Choose at least one thing that you contest."
    assert (contestable.state, Appeal.objects.count()) == (Step.APPEAL_WINDOW, 0)


def test_after_the_window_it_is_too_late(cast: Cast, contestable: Appraisal) -> None:
    perform(contestable, Verb.CLOSE_WINDOW, acting_user=None, at=at(4, 21))
    with pytest.raises(NotInThisState):
        lodge(cast, contestable)
    assert not Appeal.objects.exists()


def test_a_second_click_lodges_nothing_more(cast: Cast, contestable: Appraisal) -> None:
    about = {"appraisal": contestable, "items": [WRONG], "statement": "请复核", "at": LODGED, "key": "lodge:1"}
    first = lodge_appeal(acting_user=cast.employee.user, **about)
    second = lodge_appeal(acting_user=cast.employee.user, **about)
    assert (first.pk, Appeal.objects.count(), first.items.count()) == (second.pk, 1, 1)


def test_a_withdrawn_appeal_gives_back_the_days_that_were_left(cast: Cast, lodged: Appeal) -> None:
    """Two days were left on 16 April; withdrawn on Friday 17 April the window ends on Tuesday 21 April."""
    for member in (cast.hr, cast.manager):
        with pytest.raises(NotAllowed):
            withdraw_appeal(acting_user=member.user, appeal=lodged, at=at(4, 17))
    withdraw_appeal(acting_user=cast.employee.user, appeal=lodged, at=at(4, 17), version=1, key="w:1")
    withdraw_appeal(acting_user=cast.employee.user, appeal=lodged, at=at(4, 17), version=1, key="w:1")

    appraisal = Appraisal.objects.get(pk=lodged.appraisal_id)
    right = queries.open_items(appraisal).get()
    assert (lodged.state, appraisal.state) == (AppealState.WITHDRAWN, Step.APPEAL_WINDOW)
    assert (right.holder, right.optional, right.due_at, right.alarm_slot) == (
        cast.employee.user, True, end_of(4, 21), "remind:-1",
    )  # fmt: skip
    assert not queries.open_items(lodged).exists()


def test_lodged_again_on_the_last_day_and_withdrawn_it_ends_that_day(cast: Cast, contestable: Appraisal) -> None:
    first = lodge(cast, contestable)
    withdraw_appeal(acting_user=cast.employee.user, appeal=first, at=at(4, 17))
    contestable.refresh_from_db()
    second = lodge_appeal(
        acting_user=cast.employee.user, appraisal=contestable, items=[WRONG], statement="", at=at(4, 21)
    )
    assert Appraisal.objects.get(pk=contestable.pk).window_days_left == 0
    withdraw_appeal(acting_user=cast.employee.user, appeal=second, at=at(4, 22, 15))
    assert queries.open_items(contestable).get().due_at == end_of(4, 22)


def test_a_draft_is_kept_for_its_writer_and_ends_with_the_appeal(cast: Cast, contestable: Appraisal) -> None:
    def save(user: object, number: int, text: str) -> AppealDraft:
        return save_appeal_draft(
            acting_user=user, appraisal=contestable, content={"statement": text}, number=number, at=LODGED
        )

    assert (save(cast.employee.user, 0, "一").number, save(cast.employee.user, 1, "二").number) == (1, 2)
    with pytest.raises(Conflict):
        save(cast.employee.user, 1, "另一个窗口")
    with pytest.raises(NotAllowed):
        save(cast.hr.user, 2, "代写")
    assert AppealDraft.objects.get().content == {"statement": "二"}

    lodge(cast, contestable)
    assert not AppealDraft.objects.exists()
    with pytest.raises(NotInThisState):
        save(cast.employee.user, 0, "太晚")


def test_the_log_says_what_was_contested_only_by_number(cast: Cast, contestable: Appraisal) -> None:
    lodge(cast, contestable, WRONG, Contested(Ground.PROCEDURE, "未面谈。"))
    assert Fact.objects.get(name="appeal.lodged").data == {"items": 2}
