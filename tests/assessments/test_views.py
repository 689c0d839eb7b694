"""The pages: what they show to whom, what they keep from whom, and what they cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.assessments.actions import (
    attach_evidence,
    invite_raters,
    save_score_draft,
    save_self_review_draft,
    submit_score,
    submit_self_review,
)
from appraisal.assessments.models import Evidence, RatingRequest, Review, Submission
from appraisal.assessments.states import RequestState, Writer
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.states import Step
from tests.assessments.conftest import NOW, PEERS, enter_figures, full_score, full_self_review, rate
from tests.assessments.test_evidence import EXE, PNG, png
from tests.cast import Cast, Member
from tests.factories.cycles import at, launch, launch_one, walk_to
from workflow import calendars

THEN = at(4, 2)


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture(autouse=True)
def _in_time(time_machine=None) -> Iterator[None]:
    import time_machine as machine

    with machine.travel(NOW, tick=False):
        yield


def sign_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"assessments:{name}", args=args)


def hand_in(cast: Cast, appraisal: Appraisal, member: Member | None = None) -> Evidence:
    user = (member or cast.employee).user
    save_self_review_draft(acting_user=user, appraisal=appraisal, patch=full_self_review(appraisal), draft=0, at=THEN)
    evidence = attach_evidence(acting_user=user, appraisal=appraisal, file=png(), indicator="lead_conversion", at=THEN)
    submit_self_review(acting_user=user, appraisal=appraisal, at=THEN)
    return evidence


def finish(cast: Cast, appraisal: Appraisal) -> None:
    save_score_draft(acting_user=cast.manager.user, appraisal=appraisal, patch=full_score(), draft=0, at=NOW)
    submit_score(acting_user=cast.manager.user, appraisal=appraisal, at=NOW)


@pytest.fixture
def handed(cast: Cast, own: Appraisal) -> Appraisal:
    """With the manager: self-review and evidence handed in, figures entered, three ratings given."""
    hand_in(cast, own)
    enter_figures(cast, own)
    rate(cast, own, *PEERS, words=("资料分享及时", "会议准备充分", "愿意带新人"))
    return own


def form_of_self_review(appraisal: Appraisal, **changed: str) -> dict[str, str]:
    patch = full_self_review(appraisal)
    fields = {f"comment-{key}": entry["comment"] for key, entry in patch.entries.items()}
    return {**fields, "summary": "达成目标", "version": "0", "subject_version": str(appraisal.version),
            "key": "page1", **changed}  # fmt: skip


def test_the_self_review_is_written_with_files_and_handed_in_without_a_script(cast: Cast, own: Appraisal) -> None:
    client = sign_in(cast.employee)
    fields = form_of_self_review(own, act="submit")

    first = client.post(url("self_review_edit", own.pk), {**fields, "evidence": png()})
    again = client.post(url("self_review_edit", own.pk), fields)

    assert [first.status_code, again.status_code] == [302, 302]
    assert first["Location"] == again["Location"] == url("self_review_detail", own.pk)
    assert Appraisal.objects.get(pk=own.pk).state == Step.SCORING
    assert Submission.objects.count() == 1
    assert Evidence.objects.get().name == "CRM截图.png"


def test_an_incomplete_self_review_is_saved_and_the_page_says_what_is_missing(cast: Cast, own: Appraisal) -> None:
    client = sign_in(cast.employee)
    answer = client.post(
        url("self_review_edit", own.pk), form_of_self_review(own, act="submit", **{"comment-lead_conversion": ""})
    )

    page = client.get(answer["Location"]).content.decode()
    assert answer["Location"] == url("self_review_edit", own.pk) + "#gaps"
    assert 'href="#id_comment-lead_conversion"' in page
    assert 'href="#evidence"' in page
    assert Review.objects.get().summary == "达成目标"
    assert Appraisal.objects.get(pk=own.pk).state == Step.SELF_REVIEW


def test_autosave_counts_and_the_second_tab_hears_of_it(cast: Cast, own: Appraisal) -> None:
    client = sign_in(cast.employee)
    save = url("self_review_save", own.pk)
    headers = {"Accept": "application/json"}

    first = client.post(save, {"summary": "一", "version": "0"}, headers=headers)
    second = client.post(save, {"summary": "二", "version": "1"}, headers=headers)
    stale = client.post(save, {"summary": "旧", "version": "1"}, headers=headers)

    assert (first.status_code, first.json()) == (200, {"version": 1, "saved_at": "10:00"})
    assert second.json()["version"] == 2
    assert stale.status_code == 409
    assert stale.json()["reason"]
    assert Review.objects.get().summary == "二"


def test_the_page_shows_target_actual_and_split(cast: Cast, own: Appraisal) -> None:
    enter_figures(cast, own)
    page = sign_in(cast.employee).get(url("self_review_edit", own.pk)).content.decode()

    for shown in ("960,000", "1,000,000", "96%", "600,000", "62.5%", "360,000", "37.5%", "90%", "吕超"):
        assert shown in page


def test_evidence_is_sent_fetched_and_removed(cast: Cast, own: Appraisal) -> None:
    client = sign_in(cast.employee)
    sent = client.post(url("evidence_attach", own.pk) + "?indicator=lead_conversion", {"file": png()})
    refused = client.post(url("evidence_attach", own.pk), {"file": png("a.pdf")})
    evidence = Evidence.objects.get()

    fetched = client.get(sent.json()["url"])

    assert (sent.status_code, refused.status_code) == (201, 422)
    assert sent.json() == {
        "name": "CRM截图.png", "size": len(PNG), "url": url("evidence_download", own.pk, evidence.pk),
        "remove_url": url("evidence_remove", own.pk, evidence.pk),
    }  # fmt: skip
    assert evidence.indicator == "lead_conversion"
    assert refused.json()["error"]
    assert b"".join(fetched.streaming_content) == PNG
    assert fetched["Content-Disposition"].startswith("attachment;")
    assert (fetched["X-Content-Type-Options"], fetched["Content-Type"]) == ("nosniff", "image/png")
    assert "sandbox" in fetched["Content-Security-Policy"]
    assert client.post(sent.json()["remove_url"], headers={"Accept": "application/json"}).status_code == 200
    assert client.get(sent.json()["url"]).status_code == 404


def test_a_program_named_pdf_is_refused(cast: Cast, own: Appraisal) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("合同.pdf", EXE, content_type="application/pdf")
    answer = sign_in(cast.employee).post(url("evidence_attach", own.pk), {"file": file})

    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_evidence_is_read_by_whom_it_concerns_once_handed_in(cast: Cast, own: Appraisal) -> None:
    draft = attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png("草稿.png", b"d"), at=THEN)
    address = url("evidence_download", own.pk, draft.pk)
    before = {part: sign_in(member).get(address).status_code for part, member in cast.members.items()}
    hand_in(cast, own)
    after = {part: sign_in(member).get(address).status_code for part, member in cast.members.items()}

    assert {part for part, code in before.items() if code == 200} == {"employee"}
    assert {part for part, code in after.items() if code == 200} == {
        "employee", "manager", "second_level", "hr", "hr_two", "hr_partner", "auditor",
    }  # fmt: skip
    assert set(before.values()) == {200, 404}


def test_evidence_of_an_appeal_is_not_the_managers(cast: Cast, own: Appraisal) -> None:
    window = walk_to(own, Step.APPEAL_WINDOW, cast)
    evidence = attach_evidence(acting_user=cast.employee.user, appraisal=window, indicator="appeal", file=png(), at=NOW)
    address = url("evidence_download", own.pk, evidence.pk)

    readers = {part for part, member in cast.members.items() if sign_in(member).get(address).status_code == 200}

    assert readers == {"employee", "hr", "hr_two", "hr_partner", "auditor"}


def test_the_score_is_previewed_written_and_handed_in(cast: Cast, handed: Appraisal) -> None:
    client = sign_in(cast.manager)
    empty = client.get(url("score_preview", handed.pk)).content.decode()
    saved = client.post(
        url("score_save", handed.pk),
        {"points-learning": "92", "strengths": "跟进及时", "improvements": "提高转化", "version": "0"},
    )
    preview = client.get(url("score_preview", handed.pk)).content.decode()
    answer = client.post(
        url("score_edit", handed.pk),
        {"points-learning": "92", "strengths": "跟进及时", "improvements": "提高转化", "version": "1",
         "subject_version": str(handed.version), "key": "k1", "act": "submit"},
    )  # fmt: skip

    assert "87.65" not in empty
    assert "直屬領導對學習成長的評價" in empty
    assert saved.json()["version"] == 1
    assert "87.65" in preview
    assert answer["Location"] == url("score_detail", handed.pk)
    assert str(Result.objects.get().score) == "87.6500"


def test_missing_data_is_named_on_the_refusal_and_the_words_are_kept(cast: Cast, own: Appraisal) -> None:
    hand_in(cast, own)
    enter_figures(cast, own, leads=None)
    rate(cast, own, *PEERS)
    answer = sign_in(cast.manager).post(
        url("score_edit", own.pk),
        {"points-learning": "92", "strengths": "跟进及时", "improvements": "提高转化", "version": "0",
         "subject_version": str(own.version), "key": "k1", "act": "submit"},
    )  # fmt: skip

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "潛在線索數" in page
    assert "提高转化" in page
    assert Review.objects.get(writer=Writer.MANAGER).strengths == "跟进及时"


def test_the_manager_reads_comments_without_names_and_without_their_order(cast: Cast, handed: Appraisal) -> None:
    page = sign_in(cast.manager).get(url("score_edit", handed.pk)).content.decode()

    places = [page.index(words) for words in ("会议准备充分", "愿意带新人", "资料分享及时")]
    assert places == sorted(places)
    for member in cast.colleagues:
        assert member.person.name not in page


@pytest.mark.parametrize("points", [("33", "34"), ("33",)])
def test_below_the_minimum_nothing_of_the_ratings_is_shown_to_anybody(
    cast: Cast, own: Appraisal, points: tuple[str, ...]
) -> None:
    hand_in(cast, own)
    enter_figures(cast, own)
    rate(cast, own, *points, words=("暗号甲", "暗号乙"))
    finish(cast, own)
    walk_to(own, Step.INTERVIEWING, cast)

    for member in cast.members.values():
        client = sign_in(member)
        for name in ("score_edit", "score_detail", "self_review_detail", "explanation", "raters_invite"):
            page = client.get(url(name, own.pk), follow=True).content.decode()
            assert "暗号" not in page
        file = client.get(url("explanation", own.pk) + "?format=json").content.decode()
        assert '"33"' not in file
        assert "33.5" not in file


def test_nothing_is_shown_while_a_rater_is_still_out(cast: Cast, handed: Appraisal) -> None:
    invite_raters(
        acting_user=cast.manager.user, appraisal=handed, input_key="teamwork", raters=[cast.finance.user], at=NOW
    )
    client = sign_in(cast.manager)
    page = client.get(url("score_edit", handed.pk)).content.decode()

    assert "会议准备充分" not in page
    assert "團隊成員匿名評價" in client.get(url("score_preview", handed.pk)).content.decode()


def test_raters_are_invited_from_the_page_with_a_warning_below_the_minimum(cast: Cast, own: Appraisal) -> None:
    client = sign_in(cast.manager)
    chosen = {"input": "teamwork", "raters": [cast.colleague_one.user.pk], "numbers": "2001，3004"}

    few = client.post(url("raters_invite", own.pk), {**chosen, "numbers": ""}, follow=True).content.decode()
    enough = client.post(url("raters_invite", own.pk), {**chosen, "raters": []}, follow=True).content.decode()
    unknown = client.post(url("raters_invite", own.pk), {"input": "teamwork", "numbers": "7777"})

    assert "少于 3 人" in few
    assert "少于 3 人" not in enough
    assert unknown.status_code == 422
    assert {request.rater.username for request in RatingRequest.objects.all()} == {
        "colleague_one", "outsider", "legal",
    }  # fmt: skip
    assert cast.outsider.person.name not in enough


def test_a_rater_sees_the_person_and_the_question_and_nothing_else(cast: Cast, handed: Appraisal) -> None:
    request = RatingRequest.objects.get(rater=cast.colleague_one.user)
    client = sign_in(cast.colleague_one)
    page = client.get(url("rating_edit", request.pk)).content.decode()

    assert "李娜" in page
    assert "團隊成員匿名評價" in page
    assert "960,000" not in page
    for name in ("self_review_detail", "score_detail", "explanation"):
        assert client.get(url(name, handed.pk)).status_code == 404


def test_a_rating_is_given_on_its_page(cast: Cast, own: Appraisal) -> None:
    [request] = invite_raters(
        acting_user=cast.hr.user, appraisal=own, input_key="teamwork", raters=[cast.colleague_one.user], at=THEN
    )
    client = sign_in(cast.colleague_one)
    saved = client.post(url("rating_save", request.pk), {"points": "85", "comment": "好", "version": "0"})
    stale = client.post(
        url("rating_save", request.pk), {"points": "1", "comment": "", "version": "0"},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    answer = client.post(
        url("rating_edit", request.pk),
        {"points": "86", "comment": "好", "version": "1", "subject_version": str(request.version), "act": "submit",
         "key": "k"},
    )  # fmt: skip

    stored = RatingRequest.objects.get()
    assert (saved.json()["version"], stale.status_code) == (1, 409)
    assert answer["Location"] == url("rating_list")
    assert (str(stored.points), stored.state) == ("86.00", RequestState.SUBMITTED)


def test_a_request_is_accepted_or_declined(cast: Cast, own: Appraisal) -> None:
    one, two = invite_raters(
        acting_user=cast.hr.user, appraisal=own, input_key="teamwork",
        raters=[cast.colleague_one.user, cast.colleague_two.user], at=THEN,
    )  # fmt: skip
    sign_in(cast.colleague_one).post(url("rating_accept", one.pk), {"version": str(one.version), "key": "a"})
    sign_in(cast.colleague_two).post(
        url("rating_decline", two.pk), {"version": str(two.version), "key": "b", "reason": "合作不多"}
    )

    assert [request.state for request in RatingRequest.objects.order_by("pk")] == ["accepted", "declined"]


def test_hr_stops_waiting(cast: Cast, own: Appraisal) -> None:
    invite_raters(
        acting_user=cast.manager.user, appraisal=own, input_key="teamwork",
        raters=[member.user for member in cast.colleagues], at=THEN,
    )  # fmt: skip
    refused = sign_in(cast.manager).post(url("ratings_expire", own.pk), {"input": "teamwork"})
    sign_in(cast.hr).post(url("ratings_expire", own.pk), {"input": "teamwork", "reason": "到期"})

    assert refused.status_code == 404
    assert {request.state for request in RatingRequest.objects.all()} == {RequestState.EXPIRED}


def test_the_explanation_is_for_the_manager_now_and_for_the_employee_after_release(
    cast: Cast, handed: Appraisal
) -> None:
    finish(cast, handed)
    result = Result.objects.get()

    def readers() -> set[str]:
        return {
            part for part, member in cast.members.items()
            if sign_in(member).get(url("explanation", handed.pk)).status_code == 200
        }  # fmt: skip

    before = readers()
    walk_to(handed, Step.INTERVIEWING, cast)
    after = readers()
    file = sign_in(cast.employee).get(url("result_explanation", handed.pk, result.pk) + "?format=json")

    assert before == {"manager", "second_level", "hr", "hr_two", "hr_partner", "auditor"}
    assert after == before | {"employee"}
    assert json.loads(file.content) == result.explanation
    assert file["Content-Disposition"].startswith("attachment;")


def test_a_score_that_was_sent_back_is_not_the_employees_to_see(cast: Cast, handed: Appraisal) -> None:
    finish(cast, handed)
    old = Result.objects.get()
    Appraisal.objects.filter(pk=handed.pk).update(state=Step.SCORING)
    handed.refresh_from_db()
    save_score_draft(acting_user=cast.manager.user, appraisal=handed, patch=full_score("80"), draft=2, at=NOW)
    submit_score(acting_user=cast.manager.user, appraisal=handed, at=NOW)
    walk_to(handed, Step.INTERVIEWING, cast)

    client = sign_in(cast.employee)
    assert client.get(url("explanation", handed.pk)).status_code == 200
    assert client.get(url("result_explanation", handed.pk, old.pk)).status_code == 404
    assert sign_in(cast.hr).get(url("result_explanation", handed.pk, old.pk)).status_code == 200


def test_the_next_person_is_one_step_away(cast: Cast) -> None:
    one, two, three = launch(cast, cast.employee, cast.colleague_one, cast.colleague_two)
    for appraisal in (one, two, three):
        walk_to(appraisal, Step.SCORING, cast)
    client = sign_in(cast.manager)

    def following(appraisal: Appraisal) -> object:
        return client.get(url("score_edit", appraisal.pk)).context["appraisal"].next_pk

    assert [following(one), following(two), following(three)] == [two.pk, three.pk, one.pk]


APPRAISAL_PAGES = (
    "self_review_detail", "self_review_edit", "self_review_gap_list", "score_detail", "score_edit", "score_preview",
    "explanation", "raters_invite",
)  # fmt: skip
APPRAISAL_POSTS = (
    "self_review_edit", "self_review_save", "self_review_reveal", "score_edit", "score_save", "evidence_attach",
    "raters_invite", "ratings_expire",
)  # fmt: skip


def test_outsiders_find_nothing_here_just_as_with_an_unknown_number(cast: Cast, handed: Appraisal) -> None:
    finish(cast, handed)
    evidence, result = Evidence.objects.get(), Result.objects.get()
    asked = RatingRequest.objects.first()
    assert asked is not None
    for member in (cast.outsider, cast.sysadmin, cast.legal):
        client = sign_in(member)
        found = [client.get(url(name, handed.pk)) for name in APPRAISAL_PAGES]
        found += [client.post(url(name, handed.pk), {"input": "teamwork"}) for name in APPRAISAL_POSTS]
        found += [
            client.get(url("evidence_download", handed.pk, evidence.pk)),
            client.post(url("evidence_remove", handed.pk, evidence.pk)),
            client.get(url("result_explanation", handed.pk, result.pk)),
            client.get(url("rating_edit", asked.pk)),
            *(client.post(url(f"rating_{verb}", asked.pk)) for verb in ("edit", "save", "accept", "decline")),
        ]
        unknown = client.get(url("self_review_detail", 10**6))
        assert [answer.status_code for answer in found] == [404] * len(found)
        assert {_without_tokens(answer.content.decode()) for answer in found} == {
            _without_tokens(unknown.content.decode())
        }


def _without_tokens(page: str) -> str:
    import re

    page = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", page)
    return re.sub(r'name="next" value="[^"]*"', "", page)


def test_without_a_sign_in_every_page_leads_to_it(cast: Cast, handed: Appraisal) -> None:
    for name in APPRAISAL_PAGES:
        assert Client().get(url(name, handed.pk)).status_code == 302


def queries(client: Client, address: str) -> int:
    # A calendar made in this transaction is not kept between readings; one that stood before is.
    calendars.forget_daybooks()
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_cost_of_the_self_review_does_not_grow_with_evidence(cast: Cast, own: Appraisal) -> None:
    enter_figures(cast, own)
    client = sign_in(cast.employee)
    counts = []
    for number in range(3):
        attach_evidence(
            acting_user=cast.employee.user, appraisal=own, file=png(f"{number}.png", bytes([number])), at=THEN
        )
        counts.append(queries(client, url("self_review_edit", own.pk)))

    assert counts == [counts[0]] * 3
    assert counts[0] <= 12


def test_the_cost_of_the_score_does_not_grow_with_ratings(cast: Cast, own: Appraisal) -> None:
    hand_in(cast, own)
    enter_figures(cast, own)
    client = sign_in(cast.manager)
    rate(cast, own, "80")
    one = queries(client, url("score_edit", own.pk))
    for member, points in ((cast.colleague_two, "85"), (cast.colleague_three, "90")):
        RatingRequest.objects.create(
            appraisal=own, input_key="teamwork", rater=member.user, anonymous=True, points=points,
            state=RequestState.SUBMITTED,
        )  # fmt: skip
    three = queries(client, url("score_edit", own.pk))

    assert one == three
    assert three <= 12


def test_the_cost_of_a_raters_list_does_not_grow(cast: Cast) -> None:
    appraisals = launch(cast, cast.employee, cast.colleague_one, cast.colleague_two)
    client = sign_in(cast.outsider)
    counts = []
    for appraisal in appraisals:
        invite_raters(
            acting_user=cast.manager.user, appraisal=appraisal, input_key="teamwork", raters=[cast.outsider.user],
            at=THEN,
        )  # fmt: skip
        counts.append(queries(client, url("rating_list")))

    assert counts == [counts[0]] * 3
    assert counts[0] <= 12


def test_every_page_of_the_frame_stays_cheap(cast: Cast, handed: Appraisal) -> None:
    finish(cast, handed)
    client = sign_in(cast.manager)

    costs = {
        name: queries(client, url(name, handed.pk))
        for name in ("self_review_detail", "score_detail", "explanation", "raters_invite")
    }

    assert max(costs.values()) <= 12, costs


def test_saving_and_computing_cost_little(cast: Cast, handed: Appraisal) -> None:
    client = sign_in(cast.manager)
    client.get(url("score_edit", handed.pk))
    assert queries(client, url("score_preview", handed.pk)) <= 12


def test_one_who_is_appraised_twice_keeps_apart(cast: Cast) -> None:
    other = launch_one(cast, Step.SELF_REVIEW)
    assert sign_in(cast.colleague_one).get(url("self_review_edit", other.pk)).status_code == 404
