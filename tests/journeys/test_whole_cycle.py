"""A cycle from the first page of the wizard to its end, with everybody who has a part in it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.cycles import scheme_version
from tests.journeys import first_half as first
from tests.journeys import second_half as second
from tests.journeys.pages import Stage, moment
from tests.journeys.shortcuts import calibrate, interview, score

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]
LANGUAGES = pytest.mark.parametrize("stage", ["zh-hans", "en"], indirect=True)


@LANGUAGES
def test_a_quarter_is_appraised_from_the_wizard_to_the_archive(stage: Stage) -> None:
    scheme_version()
    stage.travels_to(moment(3, 2))
    first.hr_draws_up_and_launches(stage)
    first.an_incident_is_reported_and_confirmed(stage)
    stage.travels_to(moment(4, 1, 8))
    first.hr_imports_the_figures(stage)
    first.the_employee_writes_and_hands_in(stage)
    now = stage.travels_to(moment(4, 2))
    first.the_manager_asks_colleagues_and_sends_back(stage)
    first.the_employee_hands_in_again(stage)
    first.colleagues_rate(stage)
    score(stage.cast, first.the_appraisal(stage, "colleague_one"), now, peers="80", learning="60")
    score(stage.cast, first.the_appraisal(stage, "colleague_two"), now, peers="50", learning="50")
    stage.travels_to(moment(4, 7))
    first.the_manager_scores(stage)
    finish(stage)


def finish(stage: Stage) -> None:
    now = stage.travels_to(moment(4, 8))
    second.hr_calibrates(stage)
    for part, grade in (("colleague_one", "B"), ("colleague_two", "D")):
        calibrate(stage.cast, first.the_appraisal(stage, part), now, grade)
    second.hr_releases_in_one_go(stage)
    second.the_manager_sets_the_appointment(stage, "2026-04-09")
    now = stage.travels_to(moment(4, 9, 15))
    second.the_manager_records_the_interview(stage, "2026-04-09")
    second.the_employee_confirms_and_agrees(stage)
    second.the_employee_reads_the_explanation(stage)
    for part in ("colleague_one", "colleague_two"):
        interview(stage.cast, first.the_appraisal(stage, part), now)
    stage.travels_to(moment(4, 10))
    second.a_colleague_appeals(stage)
    second.the_panel_upholds_it(stage)
    stage.travels_to(moment(4, 15, 9))
    second.a_plan_is_drafted_approved_and_handed_over(stage, date(2026, 4, 15))
    stage.travels_to(moment(4, 28))
    second.the_manager_checks_in(stage, date(2026, 4, 28))
    stage.travels_to(moment(7, 16))
    second.hr_concludes_the_plan(stage)
    second.hr_closes_the_cycle(stage)
