"""The panel: who sits on it, what it writes, how it signs, what follows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from appraisal.appeals.actions import ItemRuling, extend_decision, sign_decision, take_up, write_decision
from appraisal.appeals.models import Appeal, PanelSeat
from appraisal.appeals.states import AppealState, Ruling
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.states import Origin, Step
from appraisal.interviews.models import Acknowledgement
from appraisal.people.models import User
from tests.appeals.conftest import UNFAIR, lodge, rulings
from tests.appeals.test_lodging import end_of
from tests.cast import Cast, Member
from tests.factories.cycles import at
from workflow import queries
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact
from workflow.verification import verify_all

SIGNED = at(4, 21)


def also(member: Member, role: str) -> User:
    """The same account, freshly read, with one more role."""
    member.user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=member.user.pk)


def sign(user: User, appeal: Appeal, **rest: object) -> Appeal:
    return sign_decision(acting_user=user, appeal=appeal, decision=appeal.decision_number, at=SIGNED, **rest)


def seats(appeal: Appeal) -> dict[str, str | None]:
    rows = PanelSeat.objects.filter(appeal=appeal).select_related("signed_by")
    return {seat.role: seat.signed_by.username if seat.signed_by else None for seat in rows}


def whose_turn(appeal: Appeal) -> list[str]:
    return sorted(item.pool for item in queries.open_items(appeal))


@pytest.mark.parametrize("who", ["employee", "manager", "second_level", "hr_partner", "auditor", "outsider"])
def test_the_case_is_taken_up_by_the_panel_alone(cast: Cast, lodged: Appeal, who: str) -> None:
    with pytest.raises(NotAllowed):
        take_up(acting_user=cast.members[who].user, appeal=lodged, at=at(4, 17))
    take_up(acting_user=cast.sales_director.user, appeal=lodged, at=at(4, 17), version=1)
    assert (lodged.state, whose_turn(lodged)) == (AppealState.UNDER_REVIEW, ["hr", "sales_director"])


@pytest.mark.parametrize("column", ["manager_account", "scored_by", "calibrated_by", "employee_account"])
def test_who_scored_or_calibrated_it_does_not_decide_on_it(cast: Cast, decided: Appeal, column: str) -> None:
    Appraisal.objects.filter(pk=decided.appraisal_id).update(**{column: cast.hr_two.user})
    with pytest.raises(NotAllowed):
        sign(cast.hr_two.user, decided)
    sign(cast.hr.user, decided)
    assert seats(decided) == {"hr": "hr", "sales_director": None}


def test_the_manager_with_the_directors_role_is_refused(cast: Cast, decided: Appeal) -> None:
    with pytest.raises(NotAllowed):
        sign(also(cast.manager, "sales_director"), decided)


def test_an_unfinished_decision_cannot_be_signed(cast: Cast, reviewed: Appeal) -> None:
    wrong, unfair = reviewed.items.order_by("position")
    with translation.override("en"), pytest.raises(GuardRefused) as nothing:
        sign(cast.hr.user, reviewed)
    half = {wrong.pk: ItemRuling(Ruling.UPHELD, "数据有误", Decimal(15)), unfair.pk: ItemRuling(Ruling.DISMISSED, "")}
    write_decision(acting_user=cast.hr.user, appeal=reviewed, rulings=half, answer="见各项。", at=at(4, 20))
    with translation.override("en"), pytest.raises(GuardRefused) as no_reason:
        sign(cast.hr.user, reviewed)

    expected = "Every contested item needs its ruling, and the employee an answer in words."
    assert (nothing.value.reason, no_reason.value.reason) == (expected, "Every ruling needs its reason.")


@pytest.mark.parametrize(
    ("position", "ruling", "reason"),
    [
        (0, ItemRuling(Ruling.UPHELD, "x", Decimal(-1)), "The new value cannot be negative."),
        (
            0,
            ItemRuling(Ruling.UPHELD, "x", None, "A"),
            "A new grade belongs to the result as a whole and is one of the scheme's.",
        ),
        (1, ItemRuling(Ruling.UPHELD, "x", Decimal(90)), "A new value belongs to an indicator."),
        (
            1,
            ItemRuling(Ruling.UPHELD, "x", None, "E"),
            "A new grade belongs to the result as a whole and is one of the scheme's.",
        ),
        (1, ItemRuling(Ruling.UPHELD, "x", None, "C"), "An appeal never worsens a grade."),
    ],
)
def test_a_ruling_sets_only_what_belongs_to_its_item(
    cast: Cast, reviewed: Appeal, position: int, ruling: ItemRuling, reason: str
) -> None:
    item = reviewed.items.order_by("position")[position]
    with translation.override("en"), pytest.raises(GuardRefused) as refusal:
        write_decision(acting_user=cast.hr.user, appeal=reviewed, rulings={item.pk: ruling}, answer="", at=at(4, 20))
    assert refusal.value.reason == reason


def test_an_upheld_appeal_changes_score_and_grade_exactly(cast: Cast, decided: Appeal) -> None:
    sign(cast.hr.user, decided)
    assert (decided.state, whose_turn(decided)) == (AppealState.UNDER_REVIEW, ["sales_director"])
    assert Appraisal.objects.get(pk=decided.appraisal_id).final_grade == "B"
    sign(cast.sales_director.user, decided)

    appraisal = Appraisal.objects.get(pk=decided.appraisal_id)
    assert (decided.state, decided.decided_at) == (AppealState.PARTLY_UPHELD, SIGNED)
    # 15 of 100 leads against a target of 20 % are 75 points: 0.6 x 85.25 + 0.4 x 91.25 = 87.65.
    assert (decided.score_before, decided.grade_before) == (Decimal("80.15"), "B")
    assert (decided.score_after, decided.grade_after) == (Decimal("87.65"), "A")
    assert (appraisal.final_score, appraisal.final_grade, appraisal.final_origin) == (
        Decimal("87.65"),
        "A",
        Origin.APPEAL,
    )
    assert (appraisal.review_score, appraisal.review_grade) == (Decimal("80.15"), "B")
    assert (appraisal.state, appraisal.released_at, appraisal.window_days_left) == (Step.CLOSED, SIGNED, None)
    result = Result.objects.latest("pk")
    assert (result.origin, result.by, result.reason) == (
        Origin.APPEAL,
        cast.sales_director.user,
        "CRM 中有 15 家签约客户。",
    )
    assert Acknowledgement.objects.filter(appraisal=appraisal, answer="delivered", released_at=SIGNED).count() == 1
    names = list(queries.history(appraisal).values_list("name", flat=True))
    assert names[-3:] == ["appraisal.appealed", "result.recomputed", "appeal.decided"]
    assert (whose_turn(decided), verify_all()[1]) == ([], [])


def test_a_dismissed_appeal_leaves_the_result_and_is_released_again(cast: Cast, reviewed: Appeal) -> None:
    for_all = {item.pk: ItemRuling(Ruling.DISMISSED, "数据与CRM一致。", Decimal(15)) for item in reviewed.items.all()}
    write_decision(acting_user=cast.hr.user, appeal=reviewed, rulings=for_all, answer="不成立。", at=at(4, 20))
    for member in (cast.sales_director, cast.hr):
        sign(member.user, reviewed)

    appraisal = Appraisal.objects.get(pk=reviewed.appraisal_id)
    assert (reviewed.state, reviewed.grade_after, appraisal.released_at) == (AppealState.DISMISSED, "B", SIGNED)
    assert (appraisal.final_score, Result.objects.filter(origin=Origin.APPEAL).count()) == (Decimal("80.15"), 0)
    assert not Fact.objects.filter(name="result.recomputed").exists()


def test_the_panel_puts_right_a_grade_that_no_figure_explains(cast: Cast, contestable: Appraisal) -> None:
    appeal = take_up(acting_user=cast.hr.user, appeal=lodge(cast, contestable, UNFAIR), at=at(4, 17))
    ruling = {appeal.items.get().pk: ItemRuling(Ruling.UPHELD, "校准理由不成立。", new_grade="A")}
    write_decision(acting_user=cast.hr.user, appeal=appeal, rulings=ruling, answer="成立。", at=at(4, 20))
    for member in (cast.hr, cast.sales_director):
        sign(member.user, appeal)

    appraisal = Appraisal.objects.get(pk=contestable.pk)
    assert (appeal.state, appeal.grade_after, appeal.score_after) == (AppealState.UPHELD, "A", Decimal("80.15"))
    assert (appraisal.final_grade, appraisal.final_score) == ("A", Decimal("80.15"))
    assert Result.objects.latest("pk").grade == "A"


def test_one_person_never_signs_for_two_seats(cast: Cast, decided: Appeal) -> None:
    both = also(cast.hr, "sales_director")
    sign(both, decided, role="sales_director")
    with translation.override("en"), pytest.raises(GuardRefused) as refusal:
        sign(both, decided, role="hr")
    assert refusal.value.reason == "Your signature is already given, or no seat of the panel is yours."
    assert seats(decided) == {"hr": None, "sales_director": "hr"}
    sign(cast.hr_two.user, decided)
    assert (decided.state, seats(decided)) == (AppealState.PARTLY_UPHELD, {"hr": "hr_two", "sales_director": "hr"})


def test_a_decision_written_anew_is_signed_anew_until_the_same_day(cast: Cast, decided: Appeal) -> None:
    sign(cast.hr.user, decided)
    assert whose_turn(decided) == ["sales_director"]
    old = decided.decision_number
    write_decision(
        acting_user=cast.sales_director.user, appeal=decided, rulings=rulings(decided, second=Ruling.UPHELD),
        answer="两项均成立。", at=at(4, 22), version=decided.version,
    )  # fmt: skip

    assert (seats(decided), whose_turn(decided)) == ({"hr": None, "sales_director": None}, ["hr", "sales_director"])
    assert {item.due_at for item in queries.open_items(decided)} == {end_of(4, 23)}
    with translation.override("en"), pytest.raises(GuardRefused) as refusal:
        sign_decision(acting_user=cast.hr.user, appeal=decided, decision=old, at=at(4, 22))
    assert refusal.value.reason == "The decision has been written anew since you opened the page."
    for member in (cast.hr, cast.sales_director):
        sign(member.user, decided)
    assert decided.state == AppealState.UPHELD


def test_two_who_write_at_once_do_not_overwrite_each_other(cast: Cast, decided: Appeal) -> None:
    with pytest.raises(Conflict):
        write_decision(
            acting_user=cast.sales_director.user, appeal=decided, rulings={}, answer="旧页面", at=at(4, 20), version=2
        )


def test_after_the_decision_nothing_is_signed_or_written(cast: Cast, decided: Appeal) -> None:
    for member in (cast.hr, cast.sales_director):
        sign(member.user, decided)
    with pytest.raises(NotInThisState):
        sign(cast.hr_two.user, decided)
    with pytest.raises(NotInThisState):
        write_decision(acting_user=cast.hr.user, appeal=decided, rulings={}, answer="改", at=at(4, 22))


def test_a_decision_is_put_off_once_with_a_reason(cast: Cast, lodged: Appeal) -> None:
    """Due on Thursday 23 April; 3 working days later is Tuesday 28 April, also once the case is taken up."""

    def extend(days: int, reason: str = "等待法务意见", **rest: object) -> Appeal:
        return extend_decision(acting_user=cast.hr.user, appeal=lodged, days=days, reason=reason, at=at(4, 17), **rest)

    for days, reason in ((0, "x"), (6, "x"), (3, " ")):
        with pytest.raises(GuardRefused):
            extend(days, reason)
    extend(3, key="e:1")
    extend(3, key="e:1")
    with pytest.raises(GuardRefused):
        extend(2)
    take_up(acting_user=cast.hr.user, appeal=lodged, at=at(4, 20))

    assert {item.due_at for item in queries.open_items(lodged)} == {end_of(4, 28)}
    appraisal = Appraisal.objects.get(pk=lodged.appraisal_id)
    visit = queries.open_visit(appraisal)
    assert visit is not None
    assert visit.due_at == end_of(4, 28)
    fact = Fact.objects.get(name="appeal.extended")
    assert (fact.data, fact.reason) == ({"days": 3, "until": "2026-04-28"}, "等待法务意见")
    assert lodged.extended_to == end_of(4, 28)


def test_the_employee_and_the_manager_do_not_put_it_off(cast: Cast, lodged: Appeal) -> None:
    for member in (cast.employee, cast.manager):
        with pytest.raises(NotAllowed):
            extend_decision(acting_user=member.user, appeal=lodged, days=1, reason="x", at=LATER)


LATER = at(4, 17) + timedelta(hours=1)
