"""Inviting raters and answering: who may, when, once, and without a name where anonymity is promised."""

from __future__ import annotations

from decimal import Decimal

import pytest

from appraisal.assessments.actions import (
    accept_rating,
    decline_rating,
    expire_rating,
    invite_raters,
    save_rating,
    submit_rating,
)
from appraisal.assessments.models import RatingRequest
from appraisal.assessments.states import RequestState
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from tests.assessments.conftest import NOW
from tests.cast import Cast
from tests.factories.cycles import at, launch_one, walk_to
from workflow.engine import perform
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact, WorkItem
from workflow.queries import history, open_items


@pytest.fixture
def scored(cast: Cast) -> Appraisal:
    return launch_one(cast, Step.SCORING)


@pytest.fixture
def request_one(cast: Cast, scored: Appraisal) -> RatingRequest:
    [request] = invite(cast, scored, cast.colleague_one.user)
    return request


def invite(cast: Cast, appraisal: Appraisal, *raters, by=None) -> list[RatingRequest]:
    return invite_raters(
        acting_user=by or cast.manager.user, appraisal=appraisal, input_key="teamwork", raters=raters, at=NOW
    )


def save(request: RatingRequest, points: str = "85", comment: str = "", draft: int = 0) -> RatingRequest:
    return save_rating(acting_user=request.rater, request=request, points=points, comment=comment, draft=draft, at=NOW)


def test_each_rater_gets_one_request_with_a_deadline(cast: Cast, scored: Appraisal) -> None:
    users = [member.user for member in cast.colleagues]

    invite(cast, scored, *users)
    again = invite(cast, scored, *users, by=cast.hr.user)

    requests = list(RatingRequest.objects.order_by("pk"))
    assert again == []
    assert [(request.rater, request.state, request.anonymous) for request in requests] == [
        (user, RequestState.INVITED, True) for user in users
    ]
    items = WorkItem.objects.filter(subject_label__contains="李娜", role="rater").order_by("pk")
    assert [(item.holder, item.due_at) for item in items] == [(request.rater, request.due_at) for request in requests]


@pytest.mark.parametrize("part", ["employee", "manager"])
def test_employee_and_manager_are_no_raters(cast: Cast, scored: Appraisal, part: str) -> None:
    with pytest.raises(GuardRefused):
        invite(cast, scored, cast.colleague_one.user, cast.members[part].user)

    assert not RatingRequest.objects.exists()


@pytest.mark.parametrize("part", ["employee", "colleague_one", "second_level", "outsider", "hr_partner"])
def test_only_manager_and_hr_invite(cast: Cast, scored: Appraisal, part: str) -> None:
    with pytest.raises(NotAllowed):
        invite(cast, scored, cast.colleague_two.user, by=cast.members[part].user)


def test_nobody_is_invited_after_the_score(cast: Cast, scored: Appraisal) -> None:
    walk_to(scored, Step.DECIDED, cast)

    with pytest.raises(GuardRefused):
        invite(cast, scored, cast.colleague_one.user)


def test_an_input_without_raters_takes_no_invitation(cast: Cast, scored: Appraisal) -> None:
    with pytest.raises(GuardRefused):
        invite_raters(
            acting_user=cast.manager.user, appraisal=scored, input_key="learning",
            raters=[cast.colleague_one.user], at=NOW,
        )  # fmt: skip


def test_a_rating_is_drafted_then_handed_in(cast: Cast, request_one: RatingRequest) -> None:
    accept_rating(acting_user=request_one.rater, request=request_one, at=NOW)
    save(request_one, "85.5", "乐于分享")
    submit_rating(acting_user=request_one.rater, request=request_one, at=NOW)

    stored = RatingRequest.objects.get()
    assert (stored.state, stored.points, stored.comment) == (RequestState.SUBMITTED, Decimal("85.5"), "乐于分享")
    assert not open_items(stored).exists()


def test_a_rating_without_points_is_not_handed_in(request_one: RatingRequest) -> None:
    save(request_one, "", "还没想好")

    with pytest.raises(GuardRefused):
        submit_rating(acting_user=request_one.rater, request=request_one, at=NOW)


@pytest.mark.parametrize("points", ["101", "-1", "85.555", "many", "NaN", "1e3"])
def test_points_lie_on_the_scale(request_one: RatingRequest, points: str) -> None:
    with pytest.raises(GuardRefused):
        save(request_one, points)


def test_a_stale_tab_does_not_overwrite(request_one: RatingRequest) -> None:
    save(request_one, "85")
    other_tab = RatingRequest.objects.get()
    save(request_one, "86", draft=1)

    with pytest.raises(Conflict):
        save(other_tab, "10", draft=1)

    assert RatingRequest.objects.get().points == Decimal(86)


def test_nobody_else_answers_for_the_rater(cast: Cast, request_one: RatingRequest) -> None:
    for member in (cast.manager, cast.employee, cast.hr, cast.colleague_two):
        with pytest.raises(NotAllowed):
            save_rating(acting_user=member.user, request=request_one, points="1", comment="", draft=0, at=NOW)
        with pytest.raises(NotAllowed):
            submit_rating(acting_user=member.user, request=request_one, at=NOW)
        with pytest.raises(NotAllowed):
            decline_rating(acting_user=member.user, request=request_one, reason="x", at=NOW)


def test_declining_needs_a_reason(request_one: RatingRequest) -> None:
    with pytest.raises(GuardRefused):
        decline_rating(acting_user=request_one.rater, request=request_one, reason=" ", at=NOW)

    decline_rating(acting_user=request_one.rater, request=request_one, reason="合作不多", at=NOW)

    assert RatingRequest.objects.get().state == RequestState.DECLINED


def test_a_late_rating_is_not_taken(cast: Cast, request_one: RatingRequest, scored: Appraisal) -> None:
    save(request_one)
    Appraisal.objects.filter(pk=scored.pk).update(state=Step.DECIDED)
    late = RatingRequest.objects.get()

    with pytest.raises(GuardRefused):
        submit_rating(acting_user=late.rater, request=late, at=NOW)


def test_hr_lets_a_request_expire(cast: Cast, request_one: RatingRequest) -> None:
    with pytest.raises(NotAllowed):
        expire_rating(acting_user=cast.manager.user, request=request_one, at=NOW)

    expire_rating(acting_user=cast.hr.user, request=request_one, at=NOW)

    assert RatingRequest.objects.get().state == RequestState.EXPIRED
    with pytest.raises(NotInThisState):
        save(request_one)


def test_the_log_names_no_anonymous_rater(cast: Cast, request_one: RatingRequest) -> None:
    save(request_one)
    submit_rating(acting_user=request_one.rater, request=request_one, at=NOW, key="submit:1")
    submit_rating(acting_user=request_one.rater, request=request_one, at=NOW, key="submit:1")

    facts = list(history(request_one))
    assert [(fact.name, fact.actor_label, fact.actor_id) for fact in facts] == [
        ("rating.invited", str(cast.manager.user), cast.manager.user.pk),
        ("rating.submitted", "", None),
    ]
    assert "85" not in str(Fact.objects.filter(name="rating.submitted").values_list("data", "personal"))


def test_withdrawing_a_person_ends_the_requests(cast: Cast, request_one: RatingRequest, scored: Appraisal) -> None:
    perform(scored, Verb.WITHDRAW, acting_user=cast.hr.user, at=at(4, 10), reason="长期病假")

    assert RatingRequest.objects.get().state == RequestState.EXPIRED
    assert not WorkItem.objects.filter(role="rater", closed_at__isnull=True).exists()
