from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import PlanState
from appraisal.outcomes.actions import approve, set_base
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.proposing import propose
from appraisal.outcomes.states import OutcomeState
from appraisal.people.models import Person
from appraisal.procedure.actions import recall
from appraisal.records.periods import quarter_of
from appraisal.schemes.models import SchemeVersion
from tests.cast import Cast, Member
from tests.outcomes.conftest import cycle_for, decided, moment_after, release
from workflow import engine
from workflow.queries import history

pytestmark = pytest.mark.django_db
Released = Callable[..., list[Appraisal]]
Q1 = quarter_of(date(2026, 1, 1))
AT = moment_after(Q1)


def fired(appraisals: list[Appraisal], rule: str) -> list[int]:
    """In which of the released periods, counted from 1, the rule led to a proposal."""
    found = set(OutcomeProposal.objects.filter(rule=rule).values_list("appraisal_id", flat=True))
    return [number for number, one in enumerate(appraisals, start=1) if one.pk in found]


def rules_of(appraisal: Appraisal) -> list[str]:
    live = OutcomeProposal.objects.filter(appraisal=appraisal, state=OutcomeState.PROPOSED)
    return sorted(live.values_list("rule", flat=True))


def test_two_quarters_in_a_row_lead_to_something_once(released: Released) -> None:
    # B-21: a raise may be asked for after quarters 3 and 8 (9 would overlap), commission is lowered after 5.
    row = released(["B", "A", "S", "C", "C", "B", "A", "A", "A"])
    assert fired(row, "raise_commission") == [3, 8]
    assert fired(row, "lower_commission") == [5]


def test_c_or_worse_twice_counts_as_a_row(released: Released) -> None:
    assert fired(released(["A", "C", "D", "B"]), "lower_commission") == [3]


def test_a_quarter_without_an_appraisal_breaks_the_row(released: Released) -> None:
    # A, –, A, A: the fourth quarter, which is the third result.
    assert fired(released(["A", "-", "A", "A"]), "raise_commission") == [3]


@pytest.mark.parametrize(("grades", "planned"), [("CBCC", [4]), ("BD", [2]), ("CD", [2]), ("BB", [])])
def test_d_or_two_c_start_a_plan(released: Released, grades: str, planned: list[int]) -> None:
    row = released(list(grades))
    plans = set(ImprovementPlan.objects.values_list("appraisal_id", flat=True))
    assert [number for number, one in enumerate(row, start=1) if one.pk in plans] == planned


def test_two_years_of_a_lead_to_the_trainee_pool(released: Released) -> None:
    row = released(["A", "S"], kind="year")
    assert fired(row, "trainee_pool") == [2]
    assert fired(row, "raise_commission") == []


@pytest.mark.parametrize(("grade", "times"), [("S", "1.2"), ("A", "1"), ("B", "0.8"), ("C", "0.6"), ("D", "0")])
def test_a_month_leads_to_its_bonus(released: Released, grade: str, times: str) -> None:
    (one,) = released([grade], kind="month")
    proposal = OutcomeProposal.objects.get(appraisal=one, rule="monthly_bonus")
    assert (proposal.kind, proposal.detail, proposal.amount) == ("pay", {"grade": grade, "times": times}, None)


def test_a_plan_is_drafted_with_the_targets_of_the_scheme(released: Released) -> None:
    (one,) = released(["D"], scores={"customer_satisfaction": "71.5"})
    plan = ImprovementPlan.objects.get(appraisal=one)
    assert (plan.state, plan.months) == (PlanState.DRAFTED, 3)
    assert plan.trigger == {"rule": "start_improvement_plan", "grades": ["D"]}
    assert [(m.operator, m.change, m.start_value) for m in plan.milestones.order_by("position")] == [
        ("absolute", 85, Decimal("71.5")), ("relative", 10, None),
    ]  # fmt: skip


def test_low_satisfaction_asks_for_a_proposal_and_unknown_satisfaction_for_nothing(released: Released) -> None:
    (one,) = released(["B"], scores={"customer_satisfaction": "79.9"})
    assert "improvement_proposal" in rules_of(one)
    OutcomeProposal.objects.all().delete()
    propose([one], at=AT)
    assert "improvement_proposal" in rules_of(one)


def test_satisfaction_at_the_base_asks_for_nothing(cast: Cast, released: Released) -> None:
    (one,) = released(["B"], scores={"customer_satisfaction": "80"})
    (other,) = released(["B"], member=cast.colleague_one)
    assert "improvement_proposal" not in rules_of(one) + rules_of(other)


def test_the_award_for_newcomers_is_for_who_has_just_come(cast: Cast, released: Released) -> None:
    (one,) = released(["A"])
    Person.objects.filter(pk=cast.colleague_one.person.pk).update(hired_on=date(2026, 1, 12))
    (newcomer,) = released(["A"], member=cast.colleague_one)
    assert ("newcomer_award" in rules_of(one), "newcomer_award" in rules_of(newcomer)) == (False, True)


def test_the_normal_commission_is_restored_only_to_who_stands_below_it(cast: Cast, released: Released) -> None:
    row = released(["C", "C"])
    lowered = OutcomeProposal.objects.get(rule="lower_commission")
    assert fired(row, "restore_commission") == []
    approve(acting_user=cast.hr.user, at=AT, proposal=lowered, level="suspended", note="连续两个季度C级")
    row[1].final_grade = "B"
    row[1].save(update_fields=["final_grade"])
    propose([row[1]], at=AT)
    assert "restore_commission" not in rules_of(row[1])
    lowered.refresh_from_db()
    assert lowered.state == OutcomeState.SUPERSEDED


def test_after_a_suspension_a_b_restores_the_commission(cast: Cast, scheme: SchemeVersion, released: Released) -> None:
    released(["C", "C"])
    approve(
        acting_user=cast.hr.user, at=AT, proposal=OutcomeProposal.objects.get(rule="lower_commission"),
        level="suspended", note="连续两个季度C级",
    )  # fmt: skip
    track = cycle_for(cast, scheme, quarter_of(date(2026, 4, 1)), "quarter")
    one = decided(cast, track, cast.employee, "B")
    release(cast, [one])
    assert "restore_commission" in rules_of(one)


def test_asking_again_changes_nothing(released: Released) -> None:
    (one,) = released(["D"])
    before = list(OutcomeProposal.objects.order_by("pk").values())
    propose([one], at=AT + timedelta(days=1))
    assert list(OutcomeProposal.objects.order_by("pk").values()) == before
    assert ImprovementPlan.objects.count() == 1


def changed(one: Appraisal, grade: str, cast: Cast) -> None:
    """What an appeal leaves: another grade on the appraisal and the fact that says so."""
    one.final_grade = grade
    one.save(update_fields=["final_grade"])
    engine.record(one, "result.recomputed", acting_user=cast.hr.user, at=AT)


def test_a_better_grade_takes_the_draft_of_a_plan_back(cast: Cast, released: Released) -> None:
    (one,) = released(["D"])
    changed(one, "B", cast)
    plan = ImprovementPlan.objects.get()
    assert plan.state == PlanState.CANCELLED
    last = history(plan).last()
    assert last is not None
    assert (last.actor, last.reason) == (None, "The result no longer asks for a plan.")


def test_a_worse_grade_after_all_drafts_the_plan_again(cast: Cast, released: Released) -> None:
    (one,) = released(["D"])
    changed(one, "B", cast)
    changed(one, "D", cast)
    states = ImprovementPlan.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [PlanState.CANCELLED, PlanState.DRAFTED]


def test_a_changed_grade_changes_the_bonus_and_keeps_its_base(cast: Cast, released: Released) -> None:
    (one,) = released(["C"], kind="month")
    first = OutcomeProposal.objects.get()
    set_base(acting_user=cast.hr.user, at=AT, proposal=first, base=Decimal(3000))
    approve(acting_user=cast.hr.user, at=AT, proposal=first)
    changed(one, "B", cast)
    rows = OutcomeProposal.objects.filter(rule="monthly_bonus").order_by("pk")
    assert [(row.state, row.amount) for row in rows] == [
        (OutcomeState.SUPERSEDED, 1800), (OutcomeState.PROPOSED, 2400),
    ]  # fmt: skip


def test_a_recalled_result_leads_to_nothing(cast: Cast, released: Released) -> None:
    (one,) = released(["D"])
    assert ImprovementPlan.objects.get().state == PlanState.DRAFTED
    recall(acting_user=cast.hr.user, at=AT, appraisal=one, reason="数据有误")
    assert rules_of(one) == []
    assert ImprovementPlan.objects.get().state == PlanState.CANCELLED


def test_a_recalled_result_is_no_part_of_a_row(cast: Cast, scheme: SchemeVersion, released: Released) -> None:
    (first,) = released(["A"])
    recall(acting_user=cast.hr.user, at=AT, appraisal=first, reason="数据有误")
    one = decided(cast, cycle_for(cast, scheme, quarter_of(date(2026, 4, 1)), "quarter"), cast.employee, "A")
    release(cast, [one])
    assert "raise_commission" not in rules_of(one)


def test_a_trigger_during_a_running_plan_is_noted_on_it(cast: Cast, scheme: SchemeVersion, released: Released) -> None:
    released(["D"])
    plan = ImprovementPlan.objects.get()
    second = decided(cast, cycle_for(cast, scheme, quarter_of(date(2026, 4, 1)), "quarter"), cast.employee, "D")
    release(cast, [second])
    plan.refresh_from_db()
    assert ImprovementPlan.objects.count() == 1
    assert [again["appraisal"] for again in plan.trigger["again"]] == [second.pk]
    assert [fact.name for fact in history(plan)] == ["plan.drafted", "plan.triggered_again"]
    propose([Appraisal.objects.select_related("cycle", "track", "employee").get(pk=second.pk)], at=AT)
    plan.refresh_from_db()
    assert len(plan.trigger["again"]) == 1


GRADES = "SABCDDCBA"


def team(cast: Cast) -> list[Member]:
    return [cast.employee, *cast.colleagues]


def test_many_at_once_lead_to_the_same_as_one_by_one(cast: Cast, scheme: SchemeVersion) -> None:
    def outcome(release_all: Callable[[list[Appraisal]], object]) -> list[object]:
        for number, start in enumerate((date(2025, 10, 1), date(2026, 1, 1))):
            track = cycle_for(cast, scheme, quarter_of(start), "quarter")
            release_all(
                [
                    decided(cast, track, member, GRADES[2 * place + number], {"customer_satisfaction": "70"})
                    for place, member in enumerate(team(cast))
                ]
            )
        rows = OutcomeProposal.objects.order_by("appraisal__employee__number", "appraisal__cycle__starts_on", "rule")
        plans = ImprovementPlan.objects.order_by("appraisal__employee__number", "pk")
        found: list[object] = list(rows.values_list("appraisal__employee__number", "rule", "detail", "state"))
        found += [
            (plan.appraisal.employee.number, plan.state, len(plan.trigger.get("again", [])), plan.milestones.count())
            for plan in plans
        ]
        OutcomeProposal.objects.all().delete()
        for plan in plans:
            plan.milestones.all().delete()
        plans.delete()
        Appraisal.objects.update(state=Step.WITHDRAWN)
        return found

    together = outcome(lambda rows: release(cast, rows))
    one_by_one = outcome(lambda rows: [release(cast, [row]) for row in rows])
    assert together == one_by_one
    assert len(together) > 10


def test_the_number_of_queries_does_not_grow_with_the_results(cast: Cast, scheme: SchemeVersion) -> None:
    track = cycle_for(cast, scheme, Q1, "quarter")
    counts = []
    for members in ([cast.employee], list(cast.colleagues)):
        rows = [decided(cast, track, member, "D", {"customer_satisfaction": "70"}) for member in members]
        Appraisal.objects.filter(pk__in=[row.pk for row in rows]).update(state=Step.INTERVIEWING, released_at=AT)
        loaded = list(
            Appraisal.objects.select_related("cycle__calendar", "track", "employee").filter(
                pk__in=[row.pk for row in rows]
            )
        )
        with CaptureQueriesContext(connection) as queries:
            propose(loaded, at=AT)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
