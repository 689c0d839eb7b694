"""The pages: who gets them, what they do, what they cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.assessments.models import Submission
from appraisal.calibration.actions import decide, finalise, lock, open_session, prepare_session
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.calibration.states import SessionState
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.people.models import User
from tests.calibration.conftest import CALIBRATION_ON, CHANGE, NOW
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import launch, walk_to

Page = Callable[..., Any]
ENGLISH = {"accept-language": "en"}
JSON = {"Accept": "application/json", **ENGLISH}


@pytest.fixture
def page(client: Client) -> Page:
    def get(user: User, name: str, *args: Any, data: dict[str, Any] | None = None, **extra: Any) -> Any:
        client.force_login(user)
        url = reverse(f"calibration:{name}", args=args)
        extra = {"headers": ENGLISH, **extra}
        return client.post(url, data, **extra) if data is not None else client.get(url, **extra)

    return get


def addresses(session: CalibrationSession, appraisal: Appraisal) -> dict[str, tuple[int, ...]]:
    one, both = (session.pk,), (session.pk, appraisal.pk)
    return {
        "session_list": (session.cycle_id,), "session_new": (session.cycle_id,), "session_detail": one,
        "session_table": one, "session_edit": one, "person_detail": both, "decision_edit": (appraisal.pk,),
    }  # fmt: skip


POSTED = ("session_open", "session_lock", "session_unlock", "session_finalise", "session_cancel")


def test_every_page_is_for_hr_alone(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page
) -> None:
    for name, args in addresses(opened, people[0]).items():
        assert page(cast.hr.user, name, *args).status_code == 200, name
        for part, member in cast.members.items():
            if part not in {"hr", "hr_two"}:
                assert page(member.user, name, *args).status_code == 404, (name, part)
        unknown = (*args[:-1], 10**9)
        assert page(cast.hr.user, name, *unknown).status_code == 404, name


def test_every_act_is_for_hr_alone(cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page) -> None:
    acts = dict.fromkeys(POSTED, (opened.pk,)) | {"person_decide": (opened.pk, people[0].pk)}
    for name, args in acts.items():
        for member in (cast.outsider, cast.employee, cast.manager, cast.hr_partner, cast.auditor):
            assert page(member.user, name, *args, data={"grade": "B", "seen": 0}).status_code == 404
        assert page(cast.hr.user, name, *args).status_code == 405
    assert CalibrationDecision.objects.count() == 0


def test_nobody_sees_the_own_grade_on_the_board(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page
) -> None:
    Appraisal.objects.filter(pk=people[0].pk).update(employee_account=cast.hr.user)
    found = page(cast.hr.user, "session_detail", opened.pk)
    assert "Li Na" not in found.content.decode()
    assert [len(cards) for _column, cards in found.context["columns"]] == [0, 1, 1, 1, 0]
    assert found.context["found"].has_own
    for name, args in (("person_detail", (opened.pk, people[0].pk)), ("decision_edit", (people[0].pk,))):
        assert page(cast.hr.user, name, *args).status_code == 404


def test_the_board_has_a_column_for_each_grade_with_its_people(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page
) -> None:
    found = page(cast.hr.user, "session_detail", opened.pk).context["columns"]
    assert [(column.grade, [card.appraisal.employee.name for card in cards]) for column, cards in found] == [
        ("S", []), ("A", ["刘洋"]), ("B", ["李娜", "赵敏"]), ("C", ["孙磊"]), ("D", []),
    ]  # fmt: skip


def test_a_session_is_prepared_with_a_guideline_and_edited(cast: Cast, people: list[Appraisal], page: Page) -> None:
    cycle = people[0].cycle_id
    typed = {"name": "一季度", "org_unit": cast.sales.pk, "smallest_group": 4, "ties": "lower", "share_A": "30"}
    refused = page(cast.hr.user, "session_new", cycle, data=typed)
    assert refused.status_code == 422
    assert "add up to 30, not to 100" in refused.content.decode()
    page(cast.hr.user, "session_new", cycle, data={**typed, "share_B": "70"})
    session = CalibrationSession.objects.get()
    assert (session.name, session.org_unit, session.ties) == ("一季度", cast.sales, "lower")
    assert session.guideline == {"S": "0", "A": "30", "B": "70", "C": "0", "D": "0"}
    shown = page(cast.hr.user, "session_detail", session.pk).content.decode()
    assert "move 1 out" in shown
    changed = {**typed, "share_A": "", "version": session.version, "name": "改名"}
    page(cast.hr.user, "session_edit", session.pk, data=changed)
    session.refresh_from_db()
    assert (session.name, session.guideline) == ("改名", {})


def test_a_small_group_is_told_that_there_is_no_guideline(cast: Cast, people: list[Appraisal], page: Page) -> None:
    typed = {"name": "会", "smallest_group": 10, "ties": "higher", "share_A": "30", "share_B": "70"}
    page(cast.hr.user, "session_new", people[0].cycle_id, data=typed)
    shown = page(cast.hr.user, "session_detail", CalibrationSession.objects.get().pk).content.decode()
    assert "No guideline for 4 people: it speaks of groups of 10 and more." in shown
    assert "move 1 out" not in shown


def test_the_session_goes_through_its_life_by_its_buttons(cast: Cast, people: list[Appraisal], page: Page) -> None:
    hr = cast.hr.user
    session = prepare_session(acting_user=hr, cycle=people[0].cycle, name="会", at=NOW)

    def press(name: str, **typed: Any) -> int:
        session.refresh_from_db()
        about = {"version": session.version, "key": name, **typed}
        return int(page(hr, name, session.pk, data=about).status_code)

    assert press("session_open") == 302
    assert press("session_lock") == 422
    for row in people:
        args = (session.pk, row.pk)
        assert page(hr, "person_decide", *args, data={"grade": row.review_grade, "seen": 0}).status_code == 302
    assert press("session_lock") == 302
    assert press("session_unlock") == 422
    assert press("session_unlock", reason="补充证据") == 302
    assert press("session_lock", key="again") == 302
    assert press("session_finalise") == 302
    session.refresh_from_db()
    assert session.state == SessionState.FINALISED
    shown = page(hr, "session_detail", session.pk)
    assert sum(len(cards) for _column, cards in shown.context["columns"]) == 4
    assert "The session is finalised: 4 results wait for their release." in shown.content.decode()
    assert set(Appraisal.objects.values_list("state", flat=True)) == {"decided"}


def test_a_change_without_its_reasons_comes_back_with_what_was_typed(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page
) -> None:
    typed = {"grade": "A", "seen": 0, "reason": "证据充分"}
    found = page(cast.hr.user, "person_decide", opened.pk, people[0].pk, data=typed)
    assert found.status_code == 422
    assert found.context["form"].errors == {"reason_for_employee": ["A changed grade needs this reason."]}
    assert "证据充分" in found.content.decode()


def test_the_board_gets_the_card_anew_and_the_counts_of_all_columns(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page
) -> None:
    typed = {"grade": "A", "seen": 0, **CHANGE}
    said = page(cast.hr.user, "person_decide", opened.pk, people[0].pk, data=typed, headers=JSON).json()
    assert [(one["grade"], one["count"]) for one in said["columns"]] == [
        ("S", 0), ("A", 2), ("B", 1), ("C", 1), ("D", 0),
    ]  # fmt: skip
    assert said["said"] == "Li Na: changed from B to A. 3 still undecided."
    assert 'data-grade="A"' in said["card"]
    late = {"grade": "B", "seen": 0}
    again = page(cast.hr_two.user, "person_decide", opened.pk, people[0].pk, data=late, headers=JSON)
    assert again.status_code == 409
    assert again.json()["reason"] == "Somebody else has decided on this grade since the page was opened."


def test_the_drawer_shows_what_both_wrote_and_every_decision(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page
) -> None:
    entries = {"team_contribution": {"comment": "主动支援同事。"}}
    content = {"entries": entries, "strengths": "跟进及时。", "improvements": "线索转化。", "summary": ""}
    about = {"appraisal": people[0], "by": cast.manager.user, "at": NOW}
    Submission.objects.create(writer="manager", content=content, **about)
    Submission.objects.create(writer="employee", content={**content, "summary": "完成了目标。", "entries": {}}, **about)
    decide(acting_user=cast.hr.user, appraisal=people[0], grade="A", at=NOW, **CHANGE)
    decide(acting_user=cast.hr.user, appraisal=people[0], grade="B", at=NOW)
    shown = page(cast.hr.user, "person_detail", opened.pk, people[0].pk).content.decode()
    said = ("跟进及时。", "主动支援同事。", "线索转化。", "完成了目标。", CHANGE["reason"], "B → A", "no longer holds")
    for words in said:
        assert words in shown


def test_one_person_is_decided_and_confirmed_on_their_own_page(cast: Cast, people: list[Appraisal], page: Page) -> None:
    row = people[0]
    typed = {"grade": "A", "seen": 0, "version": row.version, "key": "one", "confirm": "1", **CHANGE}
    assert page(cast.hr.user, "decision_edit", row.pk, data=typed).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.final_grade) == (Step.DECIDED, "A")
    assert "at another step now" in page(cast.hr.user, "decision_edit", row.pk).content.decode()


def test_who_scored_reads_why_a_colleague_decides(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page
) -> None:
    Appraisal.objects.filter(pk=people[0].pk).update(scored_by=cast.hr.user)
    for name, args in addresses(opened, people[0]).items():
        if name in {"session_detail", "session_table", "person_detail", "decision_edit"}:
            assert "You gave this score" in page(cast.hr.user, name, *args).content.decode()
    found = page(cast.hr.user, "person_decide", opened.pk, people[0].pk, data={"grade": "B", "seen": 0})
    assert found.status_code == 422


def test_a_locked_or_finalised_board_takes_nothing(
    cast: Cast, people: list[Appraisal], opened: CalibrationSession, page: Page
) -> None:
    hr = cast.hr.user
    for row in people:
        decide(acting_user=hr, appraisal=row, grade=row.review_grade, at=NOW)
    lock(acting_user=hr, session=opened, at=NOW)
    assert page(hr, "person_decide", opened.pk, people[0].pk, data={"grade": "B", "seen": 0}).status_code == 422
    finalise(acting_user=hr, session=opened, at=NOW)
    assert page(hr, "person_decide", opened.pk, people[0].pk, data={"grade": "B", "seen": 0}).status_code == 409
    typed = {"name": "x", "smallest_group": 3, "ties": "higher"}
    assert page(hr, "session_edit", opened.pk, data=typed).status_code == 409


@pytest.mark.parametrize("name", ["session_detail", "session_table"])
def test_a_session_costs_the_same_for_one_and_three(cast: Cast, client: Client, name: str) -> None:
    counts = []
    client.force_login(cast.hr.user)
    members = (cast.employee, *cast.colleagues)
    for group, unit in ((members[:1], cast.east), (members[1:], cast.sales)):
        rows = launch(cast, *group, steps=CALIBRATION_ON)
        for row in rows:
            walk_to(row, Step.CALIBRATING, cast)
        session = prepare_session(acting_user=cast.hr.user, cycle=rows[0].cycle, name="会", org_unit=unit, at=NOW)
        open_session(acting_user=cast.hr.user, session=session, at=NOW)
        url = reverse(f"calibration:{name}", args=[session.pk])
        client.get(url)
        with counted_queries() as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_the_list_costs_the_same_for_one_and_three_sessions(
    cast: Cast, people: list[Appraisal], client: Client
) -> None:
    client.force_login(cast.hr.user)
    url, counts = reverse("calibration:session_list", args=[people[0].cycle_id]), []
    for units in ((cast.east,), (cast.rd, cast.staff)):
        for unit in units:
            prepare_session(acting_user=cast.hr.user, cycle=people[0].cycle, name="会", org_unit=unit, at=NOW)
        client.get(url)
        with counted_queries() as queries:
            found = client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert [(line.people, line.decided) for line in found.context["found"].lines] == [(4, 0), (0, 0), (0, 0)]
