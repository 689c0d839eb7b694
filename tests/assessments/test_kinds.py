"""Every kind of input reaches the score, and the results beside it reach its readers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from appraisal.assessments.actions import Patch, save_score_draft, submit_score
from appraisal.assessments.gaps import score_gaps
from appraisal.assessments.rules import load_papers
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.procedure.actions import release_many
from appraisal.records.ledgers import Entered, ledger_of, lock_ledger, save_rows
from appraisal.records.models import Actual
from appraisal.records.periods import Period
from appraisal.records.sheets import spec_in
from appraisal.schemes.spec import Ledger as LedgerSpec
from appraisal.scoring.scored import sealed
from appraisal.scoring.verify import differences
from tests.cast import Cast
from tests.factories.cycles import at, loaded
from tests.factories.kinds import EVERY_KIND, PAPERS_ONLY, UNGRADED, launch_on
from workflow.errors import GuardRefused

pytestmark = pytest.mark.django_db
NOW = at(4, 2)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
TELLS: dict[str, dict[str, Any]] = {
    "role": {"told": "seller"},
    "loyalty": {"actual": Decimal("33.6634"), "detail": {"promoters": 47, "detractors": 13, "answers": 101}},
}


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def tell(cast: Cast, **more: dict[str, Any]) -> None:
    Actual.objects.bulk_create(
        Actual(
            person=cast.employee.person, period_start=MARCH.starts_on, period_end=MARCH.ends_on, input_key=key,
            source="typed", entered_by=cast.hr.user, entered_at=NOW, **values,
        )
        for key, values in {**TELLS, **more}.items()
    )  # fmt: skip


def lock_contracts(cast: Cast, *amounts: str, lock: bool = True) -> None:
    spec = spec_in(MARCH, cast.employee.person, "contracts")
    assert isinstance(spec, LedgerSpec)
    ledger = ledger_of(cast.employee.person, MARCH, "contracts", spec)
    rows = [
        Entered({"customer": "甲", "amount": amount, "signed_on": None, "kind": None, "paid": None})
        for amount in amounts
    ]
    ledger = save_rows(acting_user=cast.finance.user, at=NOW, ledger=ledger, rows=rows, edition=0)
    if lock:
        lock_ledger(acting_user=cast.finance.user, at=NOW, ledger=ledger, given=spec)


def score_it(cast: Cast, appraisal: Appraisal, when: datetime = NOW, **points: str) -> Appraisal:
    patch = Patch(
        entries={key: {"points": given} for key, given in points.items()}, strengths="主动", improvements="细心"
    )
    save_score_draft(acting_user=cast.manager.user, appraisal=appraisal, patch=patch, draft=0, at=when)
    load_papers([appraisal])
    submit_score(acting_user=cast.manager.user, appraisal=appraisal, at=when)
    row: Appraisal = loaded().get(pk=appraisal.pk)
    return row


def results(appraisal: Appraisal) -> dict[str, Any]:
    document = appraisal.results.latest("pk").explanation
    return {node["key"]: node["value"] if node["value"] is not None else node["word"] for node in document["results"]}


def test_facts_rows_and_scores_of_promoters_are_scored_with_the_period_and_its_calendar(cast: Cast) -> None:
    own = launch_on(cast, EVERY_KIND)[0]
    tell(cast)
    lock_contracts(cast, "20000", "5000.10")
    own = score_it(cast, own, manner="3")
    # 34/101 promoters net, (33.66… + 100)/2 = 66.83…; level fair 3 of 5 is 60.
    assert own.final_score == Decimal("63.4158")
    assert own.final_grade == "B"
    found = results(own)
    assert found["commission"] == "1250.01"
    assert (found["month_end"], found["pay_day"]) == ("2026-03-31", "2026-04-01")
    assert (found["big"], found["handed"]) == ("yes", "0")
    table = own.results.latest("pk").explanation["tables"]["by_contract"]
    assert [row["share"] for row in table["rows"]] == ["1000", "250.01"]
    assert differences(sealed(own.results.latest("pk").explanation)) == []


def test_an_open_ledger_counts_nowhere(cast: Cast) -> None:
    own = launch_on(cast, EVERY_KIND)[0]
    tell(cast)
    lock_contracts(cast, "20000", lock=False)
    own = score_it(cast, own, manner="3")
    assert results(own)["commission"] is None


def test_what_the_cycle_sets_is_scored_instead_of_the_schemes_own(cast: Cast) -> None:
    own = launch_on(cast, EVERY_KIND, parameters={"rate": "10", "base": "paid"})[0]
    tell(cast)
    lock_contracts(cast, "20000")
    assert results(score_it(cast, own, manner="3"))["commission"] == "0"


def test_a_parameter_that_the_scheme_does_not_have_is_refused(cast: Cast) -> None:
    for wrong in ({"rates": "1"}, {"base": "billed"}, {"rate": "viel"}):
        with pytest.raises(GuardRefused):
            launch_on(cast, EVERY_KIND.replace("every-kind", f"kind-{len(str(wrong))}"), parameters=wrong)


def test_only_the_rating_that_applies_has_to_be_given(cast: Cast) -> None:
    own = launch_on(cast, EVERY_KIND)[0]
    tell(cast)
    assert [gap for gap, _words in score_gaps(own) if gap in {"manner", "leading"}] == ["manner"]
    Actual.objects.filter(input_key="role").update(told="head")
    load_papers([own])
    assert [gap for gap, _words in score_gaps(own) if gap in {"manner", "leading"}] == ["leading"]


def test_points_that_are_no_level_of_the_scale_are_refused(cast: Cast) -> None:
    own = launch_on(cast, EVERY_KIND)[0]
    patch = Patch(entries={"manner": {"points": "4"}})
    with pytest.raises(GuardRefused):
        save_score_draft(acting_user=cast.manager.user, appraisal=own, patch=patch, draft=0, at=NOW)


def test_the_manager_chooses_a_level_by_its_name(cast: Cast, client: Client) -> None:
    own = launch_on(cast, EVERY_KIND)[0]
    tell(cast)
    client.force_login(cast.manager.user)
    page = client.get(f"/appraisals/{own.pk}/score/edit/", headers={"accept-language": "en"}).content.decode()
    assert '<option value="3">Fair</option>' in page
    assert "Net promoter score" in page


def released(cast: Cast, own: Appraisal) -> Appraisal:
    release_many(acting_user=cast.hr.user, at=at(4, 3), appraisals=[own])
    row: Appraisal = loaded().get(pk=own.pk)
    return row


def test_the_employee_reads_the_figures_beside_the_score_after_the_release(cast: Cast, client: Client) -> None:
    own = launch_on(cast, EVERY_KIND)[0]
    tell(cast)
    lock_contracts(cast, "20000", "5000.10")
    own = score_it(cast, own, manner="3")
    page = f"/appraisals/{own.pk}/explanation/"
    client.force_login(cast.employee.user)
    assert client.get(page).status_code == 404
    client.force_login(cast.manager.user)
    assert "1,250.01" in client.get(page, headers={"accept-language": "en"}).content.decode()
    own = released(cast, own)
    client.force_login(cast.employee.user)
    text = client.get(page, headers={"accept-language": "en"}).content.decode()
    assert ("1,250.01" in text, "Its commission" in text, "Big month" in text) == (True, True, True)
    assert "asks_praise" not in text
    order = [text.index(f'scope="col"{number}>{name}</th>') for name, number in (
        ("Customer", ""), ("Amount", ' class="cell-number"'), ("Kind", ""), ("Its commission", ' class="cell-number"'),
    )]  # fmt: skip
    assert order == sorted(order)
    assert "<td>New</td>" in text
    chinese = client.get(f"/appraisals/{own.pk}/", headers={"accept-language": "zh-hans"}).content.decode()
    assert ("提成额" in chinese, "1,250.01" in chinese) == (True, True)


@pytest.mark.parametrize(("text", "score", "missing"), [(PAPERS_ONLY, None, "Sales"), (UNGRADED, "90", "Sales")])
def test_a_scheme_without_grades_or_indicators_runs_to_its_release(
    cast: Cast, client: Client, text: str, score: str | None, missing: str
) -> None:
    own = launch_on(cast, text)[0]
    with pytest.raises(GuardRefused) as refused:
        score_it(cast, own)
    assert missing in str(refused.value) or "销售额" in str(refused.value)
    Actual.objects.create(
        person=cast.employee.person, period_start=MARCH.starts_on, period_end=MARCH.ends_on, input_key="sales",
        actual=Decimal(90), source="typed", entered_by=cast.finance.user, entered_at=NOW,
    )  # fmt: skip
    submit_score(acting_user=cast.manager.user, appraisal=loaded().get(pk=own.pk), at=NOW)
    own = loaded().get(pk=own.pk)
    assert (own.state, own.final_grade) == (Step.DECIDED, "")
    assert own.final_score == (Decimal(score) if score else None)
    own = released(cast, own)
    assert own.state == Step.APPEAL_WINDOW
    client.force_login(cast.employee.user)
    for page in (f"/appraisals/{own.pk}/", f"/appraisals/{own.pk}/explanation/"):
        assert "1.8" in client.get(page, headers={"accept-language": "en"}).content.decode()
