"""Drafts and submissions of the two reviews, and the self-review that opens only after a first own score."""

from __future__ import annotations

import pytest

from appraisal.assessments.actions import (
    Patch,
    attach_evidence,
    reveal_self_review,
    save_score_draft,
    save_self_review_draft,
    submit_score,
    submit_self_review,
)
from appraisal.assessments.gaps import score_gaps, self_review_gaps
from appraisal.assessments.models import Review, Submission
from appraisal.assessments.rules import (
    load_papers,
    may_read_manager_review,
    may_read_self_review,
)
from appraisal.assessments.states import Writer
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from tests.assessments.conftest import NOW, full_score, full_self_review
from tests.assessments.test_evidence import png
from tests.cast import Cast
from tests.factories.cycles import at, launch_one, walk_to
from workflow.engine import perform
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.queries import history

THEN = at(4, 2)


def save_own(cast: Cast, appraisal: Appraisal, patch: Patch, draft: int = 0) -> Review:
    return save_self_review_draft(
        acting_user=cast.employee.user, appraisal=appraisal, patch=patch, draft=draft, at=THEN
    )


def save_score(cast: Cast, appraisal: Appraisal, patch: Patch, draft: int = 0) -> Review:
    return save_score_draft(acting_user=cast.manager.user, appraisal=appraisal, patch=patch, draft=draft, at=NOW)


def test_a_draft_is_patched_and_counted(cast: Cast, own: Appraisal) -> None:
    save_own(cast, own, Patch(entries={"sales_attainment": {"comment": "完成96%"}}))
    save_own(cast, own, Patch(entries={"lead_conversion": {"comment": "偏低"}}, summary="总体良好"), draft=1)

    review = Review.objects.get()
    assert review.entries == {"sales_attainment": {"comment": "完成96%"}, "lead_conversion": {"comment": "偏低"}}
    assert (review.summary, review.draft, review.saved_at, review.writer) == ("总体良好", 2, THEN, Writer.EMPLOYEE)


def test_saving_a_draft_is_one_small_update(cast: Cast, own: Appraisal, django_assert_num_queries) -> None:
    save_own(cast, own, Patch(summary="一"))

    with django_assert_num_queries(2) as captured:
        save_own(cast, own, Patch(summary="二"), draft=1)

    assert [query["sql"].split()[0] for query in captured.captured_queries] == ["SELECT", "UPDATE"]


def test_a_stale_draft_is_refused_and_nothing_is_lost(cast: Cast, own: Appraisal) -> None:
    save_own(cast, own, Patch(summary="第一页"))
    save_own(cast, own, Patch(summary="第二页"), draft=1)

    with pytest.raises(Conflict):
        save_own(cast, own, Patch(summary="旧页"), draft=1)

    assert Review.objects.get().summary == "第二页"


def test_the_same_words_again_are_no_conflict(cast: Cast, own: Appraisal) -> None:
    save_own(cast, own, Patch(summary="一样"))
    save_own(cast, own, Patch(summary="一样"), draft=0)

    assert Review.objects.get().draft == 1


def test_only_the_writer_saves(cast: Cast, own: Appraisal) -> None:
    for member in (cast.manager, cast.hr, cast.outsider):
        with pytest.raises(NotAllowed):
            save_self_review_draft(acting_user=member.user, appraisal=own, patch=Patch(summary="x"), draft=0, at=THEN)
    for member in (cast.employee, cast.hr, cast.second_level):
        with pytest.raises(NotAllowed):
            save_score_draft(acting_user=member.user, appraisal=own, patch=Patch(strengths="x"), draft=0, at=THEN)


def test_drafts_are_open_only_in_their_step(cast: Cast, own: Appraisal) -> None:
    with pytest.raises(NotInThisState):
        save_score(cast, own, full_score())
    scoring = walk_to(own, Step.SCORING, cast)
    with pytest.raises(NotInThisState):
        save_own(cast, scoring, Patch(summary="太晚"), draft=1)


def test_a_page_loaded_before_the_step_ended_cannot_save_after_it(cast: Cast, own: Appraisal) -> None:
    review = save_own(cast, own, full_self_review(own))
    Appraisal.objects.filter(pk=own.pk).update(state=Step.SCORING)

    with pytest.raises(Conflict):
        save_own(cast, own, Patch(summary="太晚"), draft=review.draft)


def test_unknown_keys_are_left_away(cast: Cast, own: Appraisal) -> None:
    save_own(cast, own, Patch(entries={"invented": {"comment": "x"}, "learning": {"points": "100"}}))

    assert Review.objects.get().entries == {}


def test_an_incomplete_self_review_is_refused_with_what_is_missing(cast: Cast, own: Appraisal) -> None:
    save_own(cast, own, Patch(entries={"sales_attainment": {"comment": "完成96%"}}))

    gaps = self_review_gaps(own)
    with pytest.raises(GuardRefused):
        submit_self_review(acting_user=cast.employee.user, appraisal=own, at=THEN)

    assert [key for key, _words in gaps] == [
        "customer_development", "collection_timeliness", "lead_conversion", "customer_satisfaction",
        "sales_compliance", "team_contribution", "learning_growth", "evidence",
    ]  # fmt: skip


def test_a_submitted_self_review_is_kept_as_it_was(cast: Cast, own: Appraisal) -> None:
    save_own(cast, own, full_self_review(own))
    evidence = attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png(), at=THEN)

    submit_self_review(acting_user=cast.employee.user, appraisal=own, at=THEN, version=own.version, key="submit:1")
    submit_self_review(acting_user=cast.employee.user, appraisal=own, at=THEN, key="submit:1")

    submission = Submission.objects.get()
    review = Review.objects.get()
    assert Appraisal.objects.get(pk=own.pk).state == Step.SCORING
    assert (submission.writer, submission.by, submission.at) == (Writer.EMPLOYEE, cast.employee.user, THEN)
    assert submission.content["summary"] == "达成了季度目标。"
    assert [card["id"] for card in submission.content["evidence"]] == [evidence.pk]
    assert (review.submitted_at, review.draft) == (THEN, 2)


def test_a_second_submission_after_a_send_back_leaves_the_first(cast: Cast, own: Appraisal) -> None:
    save_own(cast, own, full_self_review(own))
    attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png(), at=THEN)
    submit_self_review(acting_user=cast.employee.user, appraisal=own, at=THEN)
    perform(own, Verb.SEND_BACK, acting_user=cast.manager.user, at=NOW, reason="请补充线索数据")
    save_own(cast, own, Patch(summary="补充了线索数据。"), draft=2)

    submit_self_review(acting_user=cast.employee.user, appraisal=own, at=NOW)

    assert [row.content["summary"] for row in Submission.objects.order_by("pk")] == [
        "达成了季度目标。", "补充了线索数据。",
    ]  # fmt: skip


def test_the_score_needs_points_strengths_and_improvements(cast: Cast, scoring: Appraisal) -> None:
    save_score(cast, scoring, Patch(strengths="跟进及时"))

    gaps = score_gaps(scoring)
    with pytest.raises(GuardRefused):
        submit_score(acting_user=cast.manager.user, appraisal=scoring, at=NOW)

    assert [key for key, _words in gaps] == ["learning", "improvements"]


def test_the_employee_does_not_score_themselves(cast: Cast, scoring: Appraisal) -> None:
    save_score(cast, scoring, full_score())

    with pytest.raises(NotAllowed):
        submit_score(acting_user=cast.employee.user, appraisal=scoring, at=NOW)


def test_the_score_waits_for_raters_who_were_asked(cast: Cast, scoring: Appraisal) -> None:
    from appraisal.assessments.actions import invite_raters

    save_score(cast, scoring, full_score())
    invite_raters(
        acting_user=cast.manager.user, appraisal=scoring, input_key="teamwork", raters=[cast.finance.user], at=NOW
    )

    with pytest.raises(GuardRefused) as refusal:
        submit_score(acting_user=cast.manager.user, appraisal=scoring, at=NOW)

    assert refusal.value.reason == "1 rating is still out." or "1" in refusal.value.reason


@pytest.fixture
def blind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Appraisal:
    """The same scheme, with blind-first switched on."""
    from appraisal.cycles import process

    plain = process.rule_of

    def with_blind_first(track, step):
        rule = plain(track, step)
        return rule.model_copy(update={"blind_first": True}) if rule is not None and step == Step.SCORING else rule

    monkeypatch.setattr("appraisal.assessments.rules.rule_of", with_blind_first)
    own = launch_one(cast, Step.SELF_REVIEW)
    save_own(cast, own, full_self_review(own))
    attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png(), at=THEN)
    submit_self_review(acting_user=cast.employee.user, appraisal=own, at=THEN)
    return own


def read(appraisal: Appraisal, user) -> bool:
    load_papers([appraisal])
    return bool(may_read_self_review(appraisal, user))


def test_blind_first_hides_the_self_review_until_the_own_points_stand(cast: Cast, blind: Appraisal) -> None:
    manager = cast.manager.user
    assert not read(blind, manager)
    assert read(blind, cast.hr.user)
    with pytest.raises(GuardRefused):
        reveal_self_review(acting_user=manager, appraisal=blind, at=NOW)
    save_score(cast, blind, Patch(strengths="跟进及时"))
    load_papers([blind])
    with pytest.raises(GuardRefused):
        reveal_self_review(acting_user=manager, appraisal=blind, at=NOW)
    save_score(cast, blind, Patch(entries={"learning": {"points": "90"}}), draft=1)
    load_papers([blind])

    reveal_self_review(acting_user=manager, appraisal=blind, at=NOW)
    reveal_self_review(acting_user=manager, appraisal=blind, at=NOW)

    assert read(blind, manager)
    [fact] = history(blind).filter(name="self_review.revealed")
    assert (fact.actor, fact.personal) == (manager, {"points": {"learning": "90"}})


def test_words_are_read_by_whom_they_concern_when_it_is_time(cast: Cast, own: Appraisal) -> None:
    save_own(cast, own, full_self_review(own))
    assert read(own, cast.employee.user)
    assert not read(own, cast.manager.user)
    attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png(), at=THEN)
    submit_self_review(acting_user=cast.employee.user, appraisal=own, at=THEN)

    assert {part for part in cast.members if read(own, cast.members[part].user)} == {
        "employee", "manager", "second_level", "hr", "hr_two", "hr_partner", "auditor",
    }  # fmt: skip


def test_the_employee_reads_the_managers_words_after_release(cast: Cast, scoring: Appraisal) -> None:
    def reads(appraisal: Appraisal) -> set[str]:
        load_papers([appraisal])
        return {part for part in cast.members if may_read_manager_review(appraisal, cast.members[part].user)}

    save_score(cast, scoring, full_score())
    assert reads(scoring) == {"manager"}
    submit_score(acting_user=cast.manager.user, appraisal=scoring, at=NOW)
    above = {"manager", "second_level", "hr", "hr_two", "hr_partner", "auditor"}
    assert reads(scoring) == above

    released = walk_to(scoring, Step.INTERVIEWING, cast)

    assert reads(released) == above | {"employee"}
