from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from appraisal.cycles.models import Appraisal
from appraisal.outcomes.actions import approve, approve_many, reject, set_base, set_bases
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.states import OutcomeState
from appraisal.records.periods import quarter_of
from tests.cast import Cast
from tests.outcomes.conftest import moment_after
from workflow.errors import Conflict, GuardRefused, NotAllowed
from workflow.queries import history

pytestmark = pytest.mark.django_db
Released = Callable[..., list[Appraisal]]
AT = moment_after(quarter_of(date(2026, 1, 1)))


def bonus(released: Released, grade: str, kind: str = "month") -> OutcomeProposal:
    (one,) = released([grade], kind=kind)
    return OutcomeProposal.objects.get(appraisal=one, kind="pay")


@pytest.mark.parametrize(("grade", "amount"), [("S", 3600), ("A", 3000), ("B", 2400), ("C", 1800), ("D", 0)])
def test_the_monthly_bonus_of_a_base_of_3000(cast: Cast, released: Released, grade: str, amount: int) -> None:
    # B-18.
    row = set_base(acting_user=cast.hr.user, at=AT, proposal=bonus(released, grade), base=Decimal(3000))
    assert row.amount == amount
    assert row.explanation["value"] == str(amount)


@pytest.mark.parametrize(("grade", "amount"), [("S", 28000), ("D", 0)])
def test_the_annual_bonus(cast: Cast, released: Released, grade: str, amount: int) -> None:
    # B-19: 20,000 and, for S, a month's salary of 8,000.
    row = bonus(released, grade, "year")
    done = set_base(acting_user=cast.hr.user, at=AT, proposal=row, base=Decimal(20000), month_salary=Decimal(8000))
    assert done.amount == amount


def test_without_the_salary_an_s_has_no_amount_yet(cast: Cast, released: Released) -> None:
    row = set_base(acting_user=cast.hr.user, at=AT, proposal=bonus(released, "S", "year"), base=Decimal(20000))
    assert row.amount is None
    with pytest.raises(GuardRefused, match="base"):
        approve(acting_user=cast.hr.user, at=AT, proposal=row)


def test_approving_leaves_a_fact_and_counts_once(cast: Cast, released: Released) -> None:
    row = set_base(acting_user=cast.hr.user, at=AT, proposal=bonus(released, "B"), base=Decimal(3000))
    for _click in range(2):
        done = approve(acting_user=cast.hr.user, at=AT, proposal=row)
    assert (done.state, done.decided_by, done.decided_at) == (OutcomeState.APPROVED, cast.hr.user, AT)
    facts = [fact for fact in history(row.appraisal) if fact.name == "outcome.approved"]
    assert [fact.data for fact in facts] == [{"rules": ["monthly_bonus"]}]


def test_what_is_decided_stays_decided(cast: Cast, released: Released) -> None:
    row = set_base(acting_user=cast.hr.user, at=AT, proposal=bonus(released, "B"), base=Decimal(3000))
    reject(acting_user=cast.hr.user, at=AT, proposal=row, note="离职")
    with pytest.raises(Conflict):
        approve(acting_user=cast.hr_two.user, at=AT, proposal=row)
    with pytest.raises(Conflict):
        set_base(acting_user=cast.hr.user, at=AT, proposal=row, base=Decimal(9))


def test_a_rejection_says_why(cast: Cast, released: Released) -> None:
    with pytest.raises(GuardRefused, match="why"):
        reject(acting_user=cast.hr.user, at=AT, proposal=bonus(released, "B"), note=" ")


@pytest.mark.parametrize(
    "part", ["employee", "manager", "second_level", "hr_partner", "sales_director", "auditor", "finance", "outsider"]
)
def test_pay_is_decided_by_hr_alone(cast: Cast, released: Released, part: str) -> None:
    row = set_base(acting_user=cast.hr.user, at=AT, proposal=bonus(released, "B"), base=Decimal(3000))
    user = cast.members[part].user
    with pytest.raises(NotAllowed):
        approve(acting_user=user, at=AT, proposal=row)
    with pytest.raises(NotAllowed):
        reject(acting_user=user, at=AT, proposal=row, note="x")
    with pytest.raises(NotAllowed):
        set_base(acting_user=user, at=AT, proposal=row, base=Decimal(9))


def test_nobody_of_hr_decides_for_themselves(cast: Cast, released: Released) -> None:
    (one,) = released(["B"], member=cast.hr, kind="month")
    row = OutcomeProposal.objects.get(appraisal=one)
    with pytest.raises(NotAllowed, match="own result"):
        set_base(acting_user=cast.hr.user, at=AT, proposal=row, base=Decimal(9))
    assert set_base(acting_user=cast.hr_two.user, at=AT, proposal=row, base=Decimal(10)).amount == 8


def test_the_sales_director_may_raise_but_not_lower(cast: Cast, released: Released) -> None:
    released(["A", "A"])
    raised = OutcomeProposal.objects.get(rule="raise_commission")
    assert approve(acting_user=cast.sales_director.user, at=AT, proposal=raised).level == "raised"
    released(["C", "C"], member=cast.colleague_one)
    lowered = OutcomeProposal.objects.get(rule="lower_commission")
    with pytest.raises(NotAllowed):
        approve(acting_user=cast.sales_director.user, at=AT, proposal=lowered, level="reduced", note="x")


def test_what_may_harm_needs_a_reason_and_a_choice(cast: Cast, released: Released) -> None:
    released(["C", "C"])
    row = OutcomeProposal.objects.get(rule="lower_commission")
    with pytest.raises(GuardRefused, match="reason"):
        approve(acting_user=cast.hr.user, at=AT, proposal=row, level="reduced")
    for level in ("", "raised"):
        with pytest.raises(GuardRefused, match="levels"):
            approve(acting_user=cast.hr.user, at=AT, proposal=row, level=level, note="连续两个季度C级")
    done = approve(acting_user=cast.hr.user, at=AT, proposal=row, level="suspended", note="连续两个季度C级")
    assert (done.level, done.note) == ("suspended", "连续两个季度C级")


def test_a_manager_decides_where_the_scheme_names_managers(cast: Cast, released: Released) -> None:
    (one,) = released(["B"], scores={"customer_satisfaction": "70"})
    row = OutcomeProposal.objects.get(appraisal=one, rule="improvement_proposal")
    assert approve(acting_user=cast.manager.user, at=AT, proposal=row).state == OutcomeState.APPROVED


def test_many_are_approved_at_once_and_the_others_told_why(cast: Cast, released: Released) -> None:
    rows = []
    for member, grade in ((cast.employee, "A"), (cast.colleague_one, "B"), (cast.hr, "A")):
        (one,) = released([grade], member=member, kind="month")
        rows.append(OutcomeProposal.objects.get(appraisal=one))
    done = set_bases(acting_user=cast.hr.user, at=AT, proposals=rows, base=Decimal(3000))
    assert [row.amount for row in done.done] == [3000, 2400]
    assert [(row.pk, words) for row, words in done.refused] == [
        (rows[2].pk, "Nobody decides on what follows from their own result.")
    ]
    done = approve_many(acting_user=cast.hr.user, at=AT, proposals=rows)
    assert (len(done.done), len(done.refused)) == (2, 1)


def test_the_database_too_approves_no_pay_without_an_amount(cast: Cast, released: Released) -> None:
    row = bonus(released, "B")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutcomeProposal.objects.filter(pk=row.pk).update(state=OutcomeState.APPROVED)
