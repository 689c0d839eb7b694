"""What a result comes to is proposed as pay, and a formula over results proposes the rest."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from appraisal.outcomes.actions import approve, set_base
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.proposing import propose
from tests.assessments.test_kinds import lock_contracts, released, score_it, tell
from tests.cast import Cast
from tests.factories.cycles import at, loaded
from tests.factories.kinds import EVERY_KIND, launch_on
from workflow.errors import GuardRefused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(at(4, 2), tick=False)


def run(cast: Cast, *amounts: str) -> dict[str, OutcomeProposal]:
    own = launch_on(cast, EVERY_KIND)[0]
    tell(cast)
    lock_contracts(cast, *amounts)
    released(cast, score_it(cast, own, manner="3"))
    return {row.rule: row for row in OutcomeProposal.objects.all()}


def test_the_amount_of_a_result_is_proposed_and_hr_approves_it(cast: Cast) -> None:
    row = run(cast, "20000", "5000.10")["commission_paid"]
    assert (row.kind, row.state, row.amount) == ("pay", "proposed", Decimal("1250.01"))
    assert row.explanation["key"] == "commission"
    with pytest.raises(GuardRefused):
        set_base(acting_user=cast.hr.user, at=at(4, 4), proposal=row, base=Decimal(1))
    assert approve(acting_user=cast.hr.user, at=at(4, 4), proposal=row).state == "approved"


def test_a_formula_over_results_and_the_total_proposes(cast: Cast) -> None:
    assert set(run(cast, "20000", "5000.10")) == {"commission_paid", "praise"}


def test_a_formula_that_does_not_hold_proposes_nothing(cast: Cast) -> None:
    assert set(run(cast, "100")) == {"commission_paid"}


def test_what_comes_to_nothing_is_not_proposed(cast: Cast) -> None:
    assert run(cast) == {}


def test_proposing_again_changes_nothing(cast: Cast) -> None:
    before = {row.pk for row in run(cast, "20000", "5000.10").values()}
    propose(list(loaded()), at=at(4, 4))
    rows = OutcomeProposal.objects.all()
    assert ({row.pk for row in rows}, {row.state for row in rows}) == (before, {"proposed"})


def test_the_list_and_the_proposal_say_why(cast: Cast, client: Client) -> None:
    rows = run(cast, "20000", "5000.10")
    client.force_login(cast.hr.user)
    text = client.get("/outcomes/", headers={"accept-language": "en"}).content.decode()
    assert ("Commission" in text, "1,250.01" in text) == (True, True)
    for row in rows.values():
        assert client.get(f"/outcomes/{row.pk}/", headers={"accept-language": "zh-hans"}).status_code == 200
