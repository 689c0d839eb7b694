"""Every machine there is × state × verb × person: allowed, or refused with its reason in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import translation

from appraisal.records.models import Ledger
from tests.cast import Cast
from tests.house.permissions import appraisals, keeping, papers, plans, talks
from tests.house.permissions.tables import Case, Table, deviations, start_only, states_of
from workflow.machine import machines

Build = Callable[[Cast, str], Case]
# The appraisal's own cells are in test_appraisals.
EXPECTED: dict[str, tuple[Table, Build]] = {
    "appeal": (talks.APPEAL, talks.appeal),
    "appraisal": (appraisals.TABLE, appraisals.case),
    "calibration_session": (keeping.SESSION, keeping.session),
    "cycle": (keeping.CYCLE, keeping.cycle),
    "deliverable": (papers.DELIVERABLE, papers.deliverable),
    "figure_register": (keeping.FIGURES, keeping.figures),
    "figure_request": (keeping.WANTED, keeping.wanted),
    "improvement_plan": (plans.TABLE, plans.case),
    "incident": (keeping.INCIDENT, keeping.incident),
    "interview": (talks.INTERVIEW, talks.interview),
    "ledger": (papers.LEDGER, papers.ledger),
    "people_register": (keeping.PEOPLE, keeping.people),
    "rating_request": (talks.RATING, talks.rating),
    "scheme_version": (keeping.SCHEME, keeping.scheme),
}
CELLS = [(machine.name, state) for machine in machines() if machine.name != "appraisal" for state in states_of(machine)]


def test_every_machine_has_its_table_and_every_verb_its_row() -> None:
    verbs = {machine.name: {row.verb for row in machine.transitions} for machine in machines()}
    assert verbs == {name: set(table) for name, (table, _build) in EXPECTED.items()}


@pytest.mark.django_db
@pytest.mark.parametrize(("machine", "state"), CELLS)
def test_every_verb_of_every_person_in_every_state(machine: str, state: str, cast: Cast) -> None:
    table, build = EXPECTED[machine]
    case = build(cast, state)
    assert case.subject.state == state
    # What is not yet a row cannot be asked for what hangs on it; only what begins it can be tried.
    assert deviations(case, table if state else start_only(table), cast) == []


@pytest.mark.django_db
def test_nobody_concludes_alone_that_somebody_has_to_go(cast: Cast) -> None:
    assert deviations(plans.proposed(cast), plans.PROPOSED, cast) == []


@pytest.mark.django_db
def test_a_seat_of_the_panel_signs_once(cast: Cast) -> None:
    assert deviations(talks.signed(cast), talks.SIGNED, cast) == []


@pytest.mark.django_db
def test_whoever_reported_an_incident_does_not_decide_on_it(cast: Cast) -> None:
    assert deviations(keeping.incident(cast, "reported", "legal"), keeping.BY_LEGAL, cast) == []


@pytest.mark.django_db
def test_whoever_handed_a_version_in_does_not_publish_it(cast: Cast) -> None:
    assert deviations(keeping.handed_in(cast), keeping.BY_HR, cast) == []


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["open", "locked"])
def test_a_ledger_about_oneself_is_kept_only_where_the_scheme_says_so(state: str, cast: Cast) -> None:
    own = papers.ledger(cast, state, owners=("employee", "manager"))
    assert deviations(own, papers.OWN_LEDGER, cast) == []
    Ledger.objects.all().delete()
    assert deviations(papers.ledger(cast, state, about=cast.finance), papers.ABOUT_FINANCE, cast) == []


@pytest.mark.django_db
def test_whoever_handed_a_document_in_does_not_judge_it(cast: Cast) -> None:
    assert deviations(papers.deliverable(cast, "handed_in", "hr"), papers.BY_HR, cast) == []


@pytest.mark.django_db
def test_nobody_judges_a_document_of_their_own(cast: Cast) -> None:
    assert deviations(papers.deliverable(cast, "handed_in", "hr", cast.hr), papers.OF_HR, cast) == []


@pytest.mark.django_db
def test_what_a_handed_in_score_rests_on_moves_no_more(cast: Cast) -> None:
    ledger, document = papers.ledger(cast, "open"), papers.deliverable(cast, "handed_in")
    papers.hand_in_score_of_march(cast)
    assert deviations(ledger, papers.CLOSED_LEDGER, cast) == []
    assert deviations(document, papers.CLOSED_DELIVERABLE, cast) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_verb_role_and_state_has_its_word_in_both_languages(language: str) -> None:
    with translation.override(language):
        words = [
            str(word)
            for machine in machines()
            for word in [
                machine.label, *(row.label for row in machine.transitions), *(role.label for role in machine.roles),
                *machine.states.labels,
            ]
        ]  # fmt: skip
    assert all(words)
    if language == "zh-hans":
        assert [word for word in words if word.isascii() and word != "HR"] == []
