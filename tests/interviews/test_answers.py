"""Six outcomes of a released result, none of them invented."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from appraisal.interviews.actions import acknowledge
from appraisal.interviews.models import Acknowledgement
from appraisal.interviews.states import Answer
from tests.cast import Cast
from tests.factories.cycles import at, launch, launch_one, walk_to
from workflow import facts, queries
from workflow.engine import perform, perform_many
from workflow.errors import Conflict, GuardRefused, NotAllowed
from workflow.models import WorkItem

NOW = at(4, 14, 11)


def answers(appraisal: Appraisal) -> list[str]:
    return list(Acknowledgement.objects.filter(appraisal=appraisal).order_by("pk").values_list("answer", flat=True))


def test_the_release_delivers_and_nothing_more(appraisal: Appraisal) -> None:
    row = Acknowledgement.objects.get()
    assert (row.answer, row.by, row.at, row.released_at) == (Answer.DELIVERED, None, at(4, 14), at(4, 14))


def test_delivery_of_many_costs_one_query(cast: Cast) -> None:
    rows = launch(cast, cast.employee, *cast.colleagues)
    for row in rows:
        walk_to(row, Step.DECIDED, cast)

    def stamp(locked: list[Appraisal]) -> None:
        for appraisal in locked:
            appraisal.released_at = NOW

    with CaptureQueriesContext(connection) as queries_made:
        perform_many(rows, Verb.RELEASE, acting_user=cast.hr.user, at=NOW, change_many=stamp)
    inserts = [query for query in queries_made if 'INSERT INTO "appraisal_acknowledgement"' in query["sql"]]
    assert len(inserts) == 1
    assert Acknowledgement.objects.filter(answer=Answer.DELIVERED, released_at=NOW).count() == 4


def test_the_employee_reads_and_agrees(cast: Cast, appraisal: Appraisal) -> None:
    user = cast.employee.user
    acknowledge(acting_user=user, appraisal=appraisal, answer=Answer.READ, at=NOW, version=appraisal.version)
    right = WorkItem.objects.filter(holder=user, optional=True, closed_at=None)
    assert right.count() == 1

    acknowledge(acting_user=user, appraisal=appraisal, answer=Answer.AGREED, comment="谢谢", at=NOW, key="a:1")
    acknowledge(acting_user=user, appraisal=appraisal, answer=Answer.AGREED, comment="谢谢", at=NOW, key="a:1")

    assert answers(appraisal) == [Answer.DELIVERED, Answer.READ, Answer.AGREED]
    assert (appraisal.state, right.count()) == (Step.INTERVIEWING, 0)
    with translation.override("en"):
        said = [facts.sentence(fact) for fact in queries.history(appraisal).filter(name="result.acknowledged")]
    assert said == ["Li Na: Read", "Li Na: Agreed"]


def test_a_disagreement_says_why_and_ends_the_matter_of_answering(cast: Cast, appraisal: Appraisal) -> None:
    user = cast.employee.user
    with translation.override("en"), pytest.raises(GuardRefused) as silent:
        acknowledge(acting_user=user, appraisal=appraisal, answer=Answer.DISAGREED, at=NOW)
    acknowledge(acting_user=user, appraisal=appraisal, answer=Answer.DISAGREED, comment="回款数据不对。", at=NOW)
    with translation.override("en"), pytest.raises(GuardRefused) as second:
        acknowledge(acting_user=user, appraisal=appraisal, answer=Answer.AGREED, at=NOW)

    row = Acknowledgement.objects.get(answer=Answer.DISAGREED)
    assert (row.comment, row.by, silent.value.reason, second.value.reason) == (
        "回款数据不对。", user, "Say what you disagree with.", "You have already answered this result.",
    )  # fmt: skip


@pytest.mark.parametrize("answer", [Answer.READ, Answer.AGREED, Answer.DISAGREED])
@pytest.mark.parametrize("who", ["hr", "hr_partner"])
def test_nobody_answers_in_the_employees_name(cast: Cast, appraisal: Appraisal, answer: Answer, who: str) -> None:
    with translation.override("en"), pytest.raises(GuardRefused) as refusal:
        acknowledge(acting_user=cast.members[who].user, appraisal=appraisal, answer=answer, comment="代", at=NOW)
    assert refusal.value.reason == "Only the employee can give this answer; nobody signs for somebody else."


@pytest.mark.parametrize("answer", [Answer.DELIVERED, Answer.WINDOW_PASSED, "made_up"])
def test_what_the_system_records_is_nobodys_to_say(cast: Cast, appraisal: Appraisal, answer: str) -> None:
    for user in (cast.employee.user, cast.hr.user):
        with pytest.raises(GuardRefused):
            acknowledge(acting_user=user, appraisal=appraisal, answer=answer, at=NOW)
    assert answers(appraisal) == [Answer.DELIVERED]


def test_a_refusal_is_recorded_by_hr_with_a_third_person_as_witness(cast: Cast, appraisal: Appraisal) -> None:
    def refuse(user: object, witness: str) -> None:
        acknowledge(
            acting_user=user, appraisal=appraisal, answer=Answer.REFUSED, witness=witness, comment="当面拒签", at=NOW
        )

    for user in (cast.manager.user, cast.outsider.user):
        with pytest.raises(NotAllowed):
            refuse(user, "何伟")
    for user, witness in (
        (cast.employee.user, "何伟"),
        (cast.hr.user, " "),
        (cast.hr.user, "李娜"),
        (cast.hr.user, "郑芳"),
    ):
        with pytest.raises(GuardRefused):
            refuse(user, witness)
    refuse(cast.hr_partner.user, "何伟")

    row = Acknowledgement.objects.get(answer=Answer.REFUSED)
    assert (row.witness, row.by, row.comment) == ("何伟", cast.hr_partner.user, "当面拒签")
    acknowledge(acting_user=cast.employee.user, appraisal=appraisal, answer=Answer.AGREED, at=NOW)
    assert answers(appraisal) == [Answer.DELIVERED, Answer.REFUSED, Answer.AGREED]


def test_an_answer_from_a_page_drawn_before_the_result_changed_is_a_conflict(cast: Cast, appraisal: Appraisal) -> None:
    seen = appraisal.version
    perform(appraisal, Verb.RECALL, acting_user=cast.hr.user, at=NOW, reason="数据有误")
    perform(appraisal, Verb.RELEASE, acting_user=cast.hr.user, at=NOW)
    with pytest.raises(Conflict):
        acknowledge(acting_user=cast.employee.user, appraisal=appraisal, answer=Answer.AGREED, at=NOW, version=seen)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, [Answer.DELIVERED, Answer.WINDOW_PASSED]),
        (Answer.READ, [Answer.DELIVERED, Answer.READ, Answer.WINDOW_PASSED]),
        (Answer.AGREED, [Answer.DELIVERED, Answer.AGREED]),
    ],
)
def test_a_window_that_passes_in_silence_is_recorded_as_that(
    cast: Cast, answer: Answer | None, expected: list[str]
) -> None:
    appraisal = launch_one(cast, Step.APPEAL_WINDOW)
    if answer:
        acknowledge(acting_user=cast.employee.user, appraisal=appraisal, answer=answer, at=at(4, 16))
        window = WorkItem.objects.get(holder=cast.employee.user, optional=True, closed_at=None)
        assert window.alarm_at is not None
    perform(appraisal, Verb.CLOSE_WINDOW, acting_user=None, at=at(4, 21))
    assert answers(appraisal) == expected
