from datetime import date, datetime
from decimal import Decimal

import pytest

from appraisal.cycles.states import Step
from appraisal.records.actions import confirm_incident, enter_figure, reject_incident, report_incident
from appraisal.records.figures import Values
from appraisal.records.models import Actual, FigureRegister, Incident
from appraisal.records.periods import Period
from appraisal.records.queries import figures_of, incidents_of, missing_figures, needed_inputs
from tests.cast import Cast
from tests.factories.cycles import launch_one
from workflow.errors import Conflict, GuardRefused, NotAllowed
from workflow.models import WorkItem
from workflow.queries import history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scheme", "english")]

SALES = Values(
    actual=Decimal(960000), target=Decimal(1000000), split={"new": Decimal(600000), "repurchase": Decimal(360000)}
)


def corrected(new: int, repurchase: int) -> Values:
    return Values(
        actual=Decimal(new + repurchase),
        target=Decimal(1000000),
        split={"new": Decimal(new), "repurchase": Decimal(repurchase)},
    )


def test_an_owner_enters_a_figure_with_its_parts(cast: Cast, at: datetime, q1: Period) -> None:
    row = enter_figure(
        acting_user=cast.data_owner.user, at=at, person=cast.employee.person, period=q1, input_key="sales", values=SALES
    )
    row.refresh_from_db()
    assert (row.actual, row.target) == (960000, 1000000)
    assert row.split == {"new": 600000, "repurchase": 360000}
    assert (row.entered_by, row.entered_at, row.source) == (cast.data_owner.user, at, "typed")
    fact = history(FigureRegister.objects.get()).get()
    assert (fact.name, fact.data) == ("figure.entered", {"person": "1004", "period": "2026Q1", "input": "sales"})


def test_a_correction_is_a_new_row_and_the_old_one_stays(cast: Cast, at: datetime, q1: Period) -> None:
    common = {
        "acting_user": cast.data_owner.user, "at": at, "person": cast.employee.person, "period": q1,
        "input_key": "sales",
    }  # fmt: skip
    first = enter_figure(**common, values=SALES)
    with pytest.raises(GuardRefused, match="note"):
        enter_figure(**common, values=corrected(700000, 300000), seen=first.pk)
    second = enter_figure(**common, values=corrected(700000, 300000), seen=first.pk, note="退货冲减")
    rows = Actual.objects.filter(person=cast.employee.person, input_key="sales").order_by("pk")
    assert [(row.actual, row.is_current) for row in rows] == [(960000, False), (1000000, True)]
    assert second.note == "退货冲减"


def test_the_same_figure_sent_twice_is_entered_once(cast: Cast, at: datetime, q1: Period) -> None:
    for _click in range(2):
        enter_figure(
            acting_user=cast.data_owner.user, at=at, person=cast.employee.person, period=q1, input_key="sales",
            values=SALES,
        )  # fmt: skip
    assert Actual.objects.count() == 1


def test_two_owners_who_correct_at_once_notice_each_other(cast: Cast, at: datetime, q1: Period) -> None:
    common = {"at": at, "person": cast.employee.person, "period": q1, "input_key": "sales"}
    first = enter_figure(acting_user=cast.data_owner.user, **common, values=SALES)
    enter_figure(acting_user=cast.data_owner.user, **common, values=corrected(500000, 300000), seen=first.pk, note="a")
    with pytest.raises(Conflict):
        enter_figure(acting_user=cast.hr.user, **common, values=corrected(1, 1), seen=first.pk, note="b")


@pytest.mark.parametrize(
    ("key", "values", "note", "words"),
    [
        ("sales", Values(Decimal(1), Decimal(5), {"new": Decimal(1)}), "", "part"),
        ("sales", Values(Decimal(3), Decimal(5), {"new": Decimal(1), "repurchase": Decimal(1)}), "", "add up to 2"),
        ("new_customers", Values(Decimal(3)), "", "needs a target"),
        ("new_customers", Values(Decimal(3), Decimal(0)), "", "above zero"),
        ("leads", Values(Decimal(3), Decimal(9)), "", "no target"),
        ("leads", Values(None), " ", "note"),
        ("satisfaction", Values(Decimal(101), answers=9), "", "between 0 and 100"),
        ("satisfaction", Values(Decimal(88)), "", "how many answers"),
    ],
)
def test_a_figure_that_cannot_be_right_is_refused(
    cast: Cast, at: datetime, q1: Period, key: str, values: Values, note: str, words: str
) -> None:
    with pytest.raises(GuardRefused, match=words):
        enter_figure(
            acting_user=cast.data_owner.user, at=at, person=cast.employee.person, period=q1, input_key=key,
            values=values, note=note,
        )  # fmt: skip
    assert not Actual.objects.exists()


@pytest.mark.parametrize("part", ["employee", "manager", "finance", "auditor", "hr_partner", "outsider", "sysadmin"])
def test_who_does_not_own_a_figure_cannot_enter_it(cast: Cast, at: datetime, q1: Period, part: str) -> None:
    with pytest.raises(NotAllowed):
        enter_figure(
            acting_user=cast.members[part].user, at=at, person=cast.colleague_one.person, period=q1,
            input_key="sales", values=SALES,
        )  # fmt: skip


def test_nobody_enters_their_own_figures(cast: Cast, at: datetime, q1: Period) -> None:
    with pytest.raises(NotAllowed, match="themselves"):
        enter_figure(acting_user=cast.hr.user, at=at, person=cast.hr.person, period=q1, input_key="sales", values=SALES)


def test_a_missing_figure_can_be_declared_absent(cast: Cast, at: datetime, q1: Period) -> None:
    row = enter_figure(
        acting_user=cast.hr.user, at=at, person=cast.employee.person, period=q1, input_key="leads",
        values=Values(None), note="新系统尚未上线",
    )  # fmt: skip
    assert row.is_absent


def test_figures_are_closed_once_the_score_is_handed_in(cast: Cast, at: datetime, q1: Period) -> None:
    launch_one(cast, Step.COUNTERSIGNING, steps={"countersigning": {"on": True}})
    common = {"acting_user": cast.data_owner.user, "at": at, "input_key": "visits", "values": Values(Decimal(4))}
    with pytest.raises(GuardRefused, match="handed in"):
        enter_figure(**common, person=cast.employee.person, period=q1)
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert enter_figure(**common, person=cast.employee.person, period=march).actual == 4


def test_figures_gaps_and_incidents_of_an_appraisal(cast: Cast, at: datetime, q1: Period) -> None:
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    needed = {appraisal.pk: needed_inputs(appraisal.track.scheme_version.scheme, "quarter")}
    assert sorted(needed[appraisal.pk]) == [
        "collected", "leads", "new_customers", "receivable_due", "sales", "satisfaction", "signed_customers",
    ]  # fmt: skip
    for values, key in ((SALES, "sales"), (Values(Decimal(90), answers=25), "satisfaction")):
        enter_figure(
            acting_user=cast.data_owner.user, at=at, person=cast.employee.person, period=q1, input_key=key,
            values=values,
        )  # fmt: skip
    found = figures_of([appraisal])[appraisal.pk]
    assert {key: row.actual for key, row in found.items()} == {"sales": 960000, "satisfaction": 90}
    assert found["satisfaction"].answers == 25
    gaps = missing_figures([appraisal], needed)[appraisal.pk]
    assert sorted(gap.input_key for gap in gaps) == [
        "collected", "leads", "new_customers", "receivable_due", "signed_customers",
    ]  # fmt: skip
    assert incidents_of([appraisal]) == {appraisal.pk: []}


def reported(cast: Cast, at: datetime, by: str = "manager", day: date = date(2026, 2, 10)) -> Incident:
    return report_incident(
        acting_user=cast.members[by].user, at=at, person=cast.employee.person, input_key="audit", severity="serious",
        kind="虚假报价", happened_on=day, description="对客户报出未经批准的价格。",
    )  # fmt: skip


def test_a_reported_incident_lies_with_the_three_deciding_functions(cast: Cast, at: datetime) -> None:
    incident = reported(cast, at)
    items = WorkItem.objects.filter(object_id=incident.pk, role="decider", closed_at=None)
    assert sorted(item.pool for item in items) == ["finance", "legal", "operations"]


def test_a_confirmed_incident_counts_and_a_reversed_one_no_longer(cast: Cast, at: datetime) -> None:
    appraisal = launch_one(cast, Step.SELF_REVIEW)
    incident = reported(cast, at)
    assert incidents_of([appraisal])[appraisal.pk] == []
    confirm_incident(acting_user=cast.legal.user, at=at, incident=incident, note="报价单可证")
    found = incidents_of([appraisal])[appraisal.pk]
    assert [(one.severity, one.decided_by, one.decided_role) for one in found] == [
        ("serious", cast.legal.user, "legal")
    ]
    reject_incident(acting_user=cast.finance.user, at=at, incident=incident, note="价格其实获批")
    assert incidents_of([appraisal])[appraisal.pk] == []
    assert [fact.name for fact in history(incident)] == [
        "incident.reported", "incident.confirmed", "incident.rejected",
    ]  # fmt: skip
    assert not WorkItem.objects.filter(object_id=incident.pk, role="decider", closed_at=None).exists()


@pytest.mark.parametrize("part", ["employee", "colleague_one", "outsider", "data_owner", "auditor", "sysadmin"])
def test_who_is_neither_above_nor_an_auditing_function_cannot_report(cast: Cast, at: datetime, part: str) -> None:
    with pytest.raises(NotAllowed):
        reported(cast, at, by=part)


@pytest.mark.parametrize("part", ["hr", "manager", "employee", "auditor", "outsider", "data_owner"])
def test_only_legal_finance_and_operations_decide(cast: Cast, at: datetime, part: str) -> None:
    incident = reported(cast, at, by="legal")
    with pytest.raises(NotAllowed):
        confirm_incident(acting_user=cast.members[part].user, at=at, incident=incident, note="x")


def test_the_reporter_does_not_decide(cast: Cast, at: datetime) -> None:
    incident = reported(cast, at, by="legal")
    with pytest.raises(GuardRefused, match="Whoever reported"):
        confirm_incident(acting_user=cast.legal.user, at=at, incident=incident, note="x")


def test_a_decision_needs_a_note(cast: Cast, at: datetime) -> None:
    incident = reported(cast, at)
    with pytest.raises(GuardRefused):
        confirm_incident(acting_user=cast.legal.user, at=at, incident=incident, note=" ")


def test_an_incident_of_a_closed_period_cannot_be_confirmed(cast: Cast, at: datetime) -> None:
    incident = reported(cast, at)
    launch_one(cast, Step.COUNTERSIGNING, steps={"countersigning": {"on": True}})
    with pytest.raises(GuardRefused, match="handed in"):
        confirm_incident(acting_user=cast.legal.user, at=at, incident=incident, note="x")


def test_an_incident_of_tomorrow_cannot_be_reported(cast: Cast, at: datetime) -> None:
    with pytest.raises(GuardRefused, match="before it has happened"):
        reported(cast, at, day=date(2026, 4, 2))
