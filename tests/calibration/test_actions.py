"""Confirming and changing grades, and the life of a session, with every refusal."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from appraisal.calibration.actions import (
    Guideline,
    confirm,
    decide,
    decide_and_confirm,
    edit_session,
    finalise,
    lock,
    open_session,
    prepare_session,
    unlock,
)
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.calibration.states import SessionState
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.states import Step
from appraisal.procedure.actions import send_back
from appraisal.scoring.scored import sealed
from appraisal.scoring.verify import differences
from tests.calibration.conftest import CHANGE, NOW, score_of
from tests.cast import Cast
from tests.factories.cycles import at, walk_to
from tests.scoring.figures import scored
from workflow import facts
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact
from workflow.queries import history

LATER = at(4, 13)


def keep_all(cast: Cast, people: list[Appraisal]) -> None:
    for row in people:
        decide(acting_user=cast.hr.user, appraisal=row, grade=row.review_grade, at=NOW)


def current(appraisal: Appraisal) -> CalibrationDecision:
    return CalibrationDecision.objects.get(appraisal=appraisal, is_current=True)


def test_a_grade_is_confirmed_unchanged_without_a_reason(cast: Cast, people: list[Appraisal]) -> None:
    made = decide(acting_user=cast.hr.user, appraisal=people[0], grade="B", at=NOW)
    assert (made.from_grade, made.to_grade, made.by, made.session) == ("B", "B", cast.hr.user, None)
    assert score_of(people[0]) == (Decimal("82.0000"), "B", "review")


@pytest.mark.parametrize("left_out", ["reason", "reason_for_employee"])
def test_a_change_needs_both_reasons(cast: Cast, people: list[Appraisal], left_out: str) -> None:
    with pytest.raises(GuardRefused, match="needs a reason"):
        decide(acting_user=cast.hr.user, appraisal=people[0], grade="A", at=NOW, **{**CHANGE, left_out: "  "})
    assert CalibrationDecision.objects.count() == 0


def test_the_database_too_refuses_a_change_without_reasons(cast: Cast, people: list[Appraisal]) -> None:
    row = CalibrationDecision(appraisal=people[0], from_grade="B", to_grade="A", reason="x", by=cast.hr.user, at=NOW)
    with pytest.raises(ValidationError):
        row.validate_constraints()
    with transaction.atomic(), pytest.raises(IntegrityError):
        row.save()


def test_a_grade_that_the_scheme_does_not_have_is_refused(cast: Cast, people: list[Appraisal]) -> None:
    with pytest.raises(GuardRefused, match="has no grade “E”"):
        decide(acting_user=cast.hr.user, appraisal=people[0], grade="E", at=NOW, **CHANGE)


def test_the_next_decision_replaces_the_current_one_and_the_older_is_kept(cast: Cast, people: list[Appraisal]) -> None:
    first = decide(acting_user=cast.hr.user, appraisal=people[0], grade="A", at=NOW, **CHANGE)
    second = decide(acting_user=cast.hr_two.user, appraisal=people[0], grade="B", at=LATER, seen=first.pk)
    rows = CalibrationDecision.objects.filter(appraisal=people[0]).order_by("pk")
    assert [(row.pk, row.to_grade, row.is_current) for row in rows] == [
        (first.pk, "A", False), (second.pk, "B", True),
    ]  # fmt: skip


def test_a_decision_on_a_page_that_is_out_of_date_is_a_conflict(cast: Cast, people: list[Appraisal]) -> None:
    made = decide(acting_user=cast.hr_two.user, appraisal=people[0], grade="B", at=NOW, seen=0)
    with pytest.raises(Conflict, match="since the page was opened"):
        decide(acting_user=cast.hr.user, appraisal=people[0], grade="A", at=NOW, seen=0, **CHANGE)
    assert current(people[0]) == made


def test_a_second_click_decides_nothing_twice(cast: Cast, people: list[Appraisal]) -> None:
    said = {"acting_user": cast.hr.user, "appraisal": people[0], "grade": "A", "at": NOW, "seen": 0, **CHANGE}
    assert decide(**said) == decide(**said)
    assert CalibrationDecision.objects.count() == 1
    assert Fact.objects.filter(name="calibration.decided").count() == 1


def test_nobody_outside_hr_decides(cast: Cast, people: list[Appraisal]) -> None:
    for member in (cast.manager, cast.second_level, cast.hr_partner, cast.auditor, cast.outsider, cast.employee):
        with pytest.raises(NotAllowed):
            decide(acting_user=member.user, appraisal=people[0], grade="B", at=NOW)


def test_nobody_calibrates_their_own_result(cast: Cast, people: list[Appraisal]) -> None:
    Appraisal.objects.filter(pk=people[0].pk).update(employee_account=cast.hr.user)
    with pytest.raises(NotAllowed, match="their own result"):
        decide(acting_user=cast.hr.user, appraisal=people[0], grade="B", at=NOW)


@pytest.mark.parametrize("column", ["scored_by", "manager_account"])
def test_nobody_calibrates_a_result_that_they_scored(cast: Cast, people: list[Appraisal], column: str) -> None:
    Appraisal.objects.filter(pk=people[0].pk).update(**{column: cast.hr.user})
    with pytest.raises(GuardRefused, match="You gave this score"):
        decide(acting_user=cast.hr.user, appraisal=people[0], grade="B", at=NOW)


def test_outside_the_step_nothing_is_decided(cast: Cast, people: list[Appraisal]) -> None:
    decided = walk_to(people[0], Step.DECIDED, cast)
    with pytest.raises(NotInThisState):
        decide(acting_user=cast.hr.user, appraisal=decided, grade="A", at=NOW, **CHANGE)


def test_the_history_that_the_employee_reads_tells_neither_grade_nor_reason(
    cast: Cast, people: list[Appraisal]
) -> None:
    decide(acting_user=cast.hr.user, appraisal=people[0], grade="A", at=NOW, **CHANGE)
    fact = history(people[0]).get(name="calibration.decided")
    assert facts.sentence(fact) == "Zheng Fang looked at the result in calibration"
    assert (fact.reason, set(fact.data)) == ("", {"decision"})
    assert fact.personal == {"from_grade": "B", "to_grade": "A", "why": CHANGE["reason"]}


def test_one_person_is_confirmed_outside_a_session(cast: Cast, people: list[Appraisal]) -> None:
    decide(acting_user=cast.hr_two.user, appraisal=people[0], grade="A", at=NOW, **CHANGE)
    confirm(acting_user=cast.hr.user, appraisal=people[0], at=LATER)
    assert people[0].state == Step.DECIDED
    assert score_of(people[0]) == (Decimal("82.0000"), "A", "calibration")
    assert (people[0].review_grade, people[0].review_score) == ("B", Decimal("82.0000"))
    assert people[0].calibrated_by == cast.hr_two.user
    assert people[0].scored_by == cast.manager.user


@pytest.fixture
def explained(people: list[Appraisal]) -> Appraisal:
    """The score of the worked quarter, 87.65 and grade A, with its real explanation."""
    row = people[0]
    Appraisal.objects.filter(pk=row.pk).update(review_score="87.65", review_grade="A", final_grade="A")
    Result.objects.filter(appraisal=row).update(score="87.65", grade="A", explanation=scored().to_json())
    row.refresh_from_db()
    return row


def test_a_change_leaves_a_result_with_the_score_and_its_explanation_below(cast: Cast, explained: Appraisal) -> None:
    decide_and_confirm(acting_user=cast.hr.user, appraisal=explained, grade="S", at=NOW, **CHANGE)
    review, changed = Result.objects.filter(appraisal=explained).order_by("pk")
    assert (review.origin, review.grade) == ("review", "A")
    assert (changed.origin, changed.grade, changed.score) == ("calibration", "S", Decimal("87.6500"))
    assert (changed.reason, changed.by) == (CHANGE["reason_for_employee"], cast.hr.user)
    assert changed.tree["rule"] == "calibration"
    assert changed.tree["children"] == [review.tree]
    assert changed.tree["value"] == "87.65"
    assert changed.explanation["grade"] == "A"
    assert changed.tree["sentence"] == {
        "zh": "上级评分对应等级A，校准定为等级S。",
        "en": "The manager's score gives grade A; calibration set it to S.",
    }
    assert CHANGE["reason"] not in str(changed.explanation)


def test_the_explanation_of_a_changed_grade_still_holds_to_the_last_digit(cast: Cast, explained: Appraisal) -> None:
    decide_and_confirm(acting_user=cast.hr.user, appraisal=explained, grade="S", at=NOW, **CHANGE)
    stored = Result.objects.get(origin="calibration").explanation
    assert differences(sealed(stored)) == []
    assert differences(sealed({**stored, "total": "90"})) != []


def test_an_unchanged_grade_leaves_no_further_result(cast: Cast, people: list[Appraisal]) -> None:
    decide_and_confirm(acting_user=cast.hr.user, appraisal=people[0], grade="B", at=NOW)
    assert Result.objects.filter(appraisal=people[0]).count() == 1
    assert score_of(people[0]) == (Decimal("82.0000"), "B", "review")
    assert people[0].calibrated_by == cast.hr.user


def test_a_grade_that_nobody_looked_at_is_not_confirmed(cast: Cast, people: list[Appraisal]) -> None:
    with pytest.raises(GuardRefused, match="Nobody has confirmed or changed"):
        confirm(acting_user=cast.hr.user, appraisal=people[0], at=NOW)


def test_a_score_sent_back_has_to_be_looked_at_anew(cast: Cast, people: list[Appraisal]) -> None:
    decide(acting_user=cast.hr.user, appraisal=people[0], grade="A", at=NOW, **CHANGE)
    send_back(acting_user=cast.hr.user, appraisal=people[0], at=NOW, reason="证据不足")
    again = walk_to(people[0], Step.CALIBRATING, cast, score="90", grade="A")
    assert not CalibrationDecision.objects.filter(appraisal=again, is_current=True).exists()
    with pytest.raises(GuardRefused, match="Nobody has confirmed or changed"):
        confirm(acting_user=cast.hr.user, appraisal=again, at=at(4, 20))


# Sessions


def test_only_hr_prepares_a_session(cast: Cast, people: list[Appraisal]) -> None:
    for member in (cast.manager, cast.hr_partner, cast.auditor, cast.outsider):
        with pytest.raises(NotAllowed):
            prepare_session(acting_user=member.user, cycle=people[0].cycle, name="会", at=NOW)


def test_two_sessions_do_not_look_at_the_same_people(cast: Cast, people: list[Appraisal]) -> None:
    hr, cycle = cast.hr.user, people[0].cycle
    east = prepare_session(acting_user=hr, cycle=cycle, name="华东", org_unit=cast.east, at=NOW)
    prepare_session(acting_user=hr, cycle=cycle, name="研发", org_unit=cast.rd, at=NOW)
    for unit in (None, cast.sales, cast.east):
        with pytest.raises(GuardRefused, match="already looks at some"):
            prepare_session(acting_user=hr, cycle=cycle, name="又", org_unit=unit, at=NOW)
    keep_all(cast, people)
    lock(acting_user=hr, session=open_session(acting_user=hr, session=east, at=NOW), at=NOW)
    finalise(acting_user=hr, session=east, at=LATER)
    again = prepare_session(acting_user=hr, cycle=cycle, name="又", org_unit=cast.sales, at=LATER)
    assert again.state == SessionState.PREPARING


def test_the_shares_of_a_guideline_add_up(cast: Cast, people: list[Appraisal]) -> None:
    shares = {"A": Decimal(20), "B": Decimal("70.5"), "C": Decimal("9.5")}
    made = prepare_session(
        acting_user=cast.hr.user, cycle=people[0].cycle, name="会", at=NOW, guideline=Guideline(shares, 4, "lower")
    )
    assert (made.guideline, made.smallest_group, made.ties) == ({"A": "20", "B": "70.5", "C": "9.5"}, 4, "lower")
    with pytest.raises(GuardRefused, match="add up to 100"):
        edit_session(
            acting_user=cast.hr.user, session=made, name="会", at=NOW, version=made.version,
            guideline=Guideline({"A": Decimal(99)}),
        )  # fmt: skip
    made.refresh_from_db()
    assert made.guideline["A"] == "20"


def test_an_open_session_keeps_the_people_it_looks_at(cast: Cast, opened: CalibrationSession) -> None:
    with pytest.raises(GuardRefused, match="no longer changes"):
        edit_session(
            acting_user=cast.hr.user, session=opened, name="会", at=NOW, version=opened.version, org_unit=cast.east
        )
    edit_session(acting_user=cast.hr.user, session=opened, name="新名", at=NOW, version=opened.version)
    assert CalibrationSession.objects.get().name == "新名"


def test_a_decision_belongs_to_the_open_session(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession
) -> None:
    assert decide(acting_user=cast.hr.user, appraisal=people[0], grade="B", at=NOW).session == opened
    with pytest.raises(GuardRefused, match="looks at this person"):
        confirm(acting_user=cast.hr.user, appraisal=people[0], at=NOW)


def test_a_session_decides_on_its_own_people_alone(cast: Cast, people: list[Appraisal]) -> None:
    hr = cast.hr.user
    other = prepare_session(acting_user=hr, cycle=people[0].cycle, name="研发", org_unit=cast.rd, at=NOW)
    with pytest.raises(GuardRefused, match="is not open"):
        decide(acting_user=hr, appraisal=people[0], grade="B", at=NOW, session=other)
    open_session(acting_user=hr, session=other, at=NOW)
    with pytest.raises(GuardRefused, match="does not look at this person"):
        decide(acting_user=hr, appraisal=people[0], grade="B", at=NOW, session=other)


def test_a_session_is_locked_once_everybody_is_decided(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession
) -> None:
    with pytest.raises(GuardRefused, match="4 grades are neither"):
        lock(acting_user=cast.hr.user, session=opened, at=NOW)
    keep_all(cast, people)
    assert lock(acting_user=cast.hr.user, session=opened, at=NOW).state == SessionState.LOCKED


def test_a_locked_session_takes_no_decision(cast: Cast, people: list[Appraisal], opened: CalibrationSession) -> None:
    keep_all(cast, people)
    lock(acting_user=cast.hr.user, session=opened, at=NOW)
    for named in (opened, None):
        with pytest.raises(GuardRefused, match="is locked"):
            decide(acting_user=cast.hr.user, appraisal=people[0], grade="A", at=NOW, session=named, **CHANGE)
    unlock(acting_user=cast.hr.user, session=opened, reason="补充证据", at=NOW)
    decide(acting_user=cast.hr.user, appraisal=people[0], grade="A", at=NOW, session=opened, **CHANGE)
    assert current(people[0]).to_grade == "A"


def test_unlocking_needs_a_reason(cast: Cast, people: list[Appraisal], opened: CalibrationSession) -> None:
    keep_all(cast, people)
    lock(acting_user=cast.hr.user, session=opened, at=NOW)
    with pytest.raises(GuardRefused):
        unlock(acting_user=cast.hr.user, session=opened, reason=" ", at=NOW)


def test_finalising_confirms_everybody_in_one_go(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession
) -> None:
    keep_all(cast, people[1:])
    decide(acting_user=cast.hr_two.user, appraisal=people[0], grade="A", at=NOW, **CHANGE)
    lock(acting_user=cast.hr.user, session=opened, at=NOW)
    done = finalise(acting_user=cast.hr.user, session=opened, at=LATER)
    assert (len(done.confirmed), done.left, opened.state) == (4, [], SessionState.FINALISED)
    found = Appraisal.objects.order_by("employee__number").values_list("state", "final_grade", "final_origin")
    assert list(found) == [
        ("decided", "A", "calibration"), ("decided", "A", "review"), ("decided", "B", "review"),
        ("decided", "C", "review"),
    ]  # fmt: skip
    people[0].refresh_from_db()
    assert people[0].calibrated_by == cast.hr_two.user
    assert Result.objects.filter(origin="calibration").count() == 1


def test_finalising_twice_is_finalising_once(cast: Cast, people: list[Appraisal], opened: CalibrationSession) -> None:
    keep_all(cast, people)
    lock(acting_user=cast.hr.user, session=opened, at=NOW)
    version = opened.version
    for _click in range(2):
        finalise(acting_user=cast.hr.user, session=opened, at=LATER, version=version, key="finalise:1")
    assert Fact.objects.filter(name="calibration.confirmed").count() == 4


def test_who_came_after_the_lock_holds_the_session_up(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession
) -> None:
    keep_all(cast, people)
    lock(acting_user=cast.hr.user, session=opened, at=NOW)
    CalibrationDecision.objects.filter(appraisal=people[3]).update(is_current=False)
    with pytest.raises(GuardRefused, match="1 grade is neither"):
        finalise(acting_user=cast.hr.user, session=opened, at=LATER)
    assert set(Appraisal.objects.values_list("state", flat=True)) == {"calibrating"}


def test_the_own_result_and_one_that_was_scored_are_left_to_a_colleague(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession
) -> None:
    Appraisal.objects.filter(pk=people[0].pk).update(employee_account=cast.hr.user)
    Appraisal.objects.filter(pk=people[1].pk).update(scored_by=cast.hr.user)
    for row in people:
        decide(acting_user=cast.hr_two.user, appraisal=row, grade=row.review_grade, at=NOW)
    lock(acting_user=cast.hr.user, session=opened, at=NOW)
    done = finalise(acting_user=cast.hr.user, session=opened, at=LATER)
    assert [row.pk for row in done.left] == [people[0].pk, people[1].pk]
    assert {row.pk for row in done.confirmed} == {people[2].pk, people[3].pk}
    for row in people[:2]:
        row.refresh_from_db()
        confirm(acting_user=cast.hr_two.user, appraisal=row, at=LATER)
    assert set(Appraisal.objects.values_list("state", flat=True)) == {"decided"}
