"""A scheme from the library to the first step of a cycle: copied, changed, tried out, reviewed, launched."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.states import Step
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.states import VersionState
from tests.journeys.pages import Person, Stage, moment

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
TITLE = {"zh-hans": "售前绩效考核制度(通用6篇)·1", "en": "General appraisal system, text 1 (80/20, five grades)"}
BANDS = {"zh-hans": ("优秀", "良好"), "en": ("Excellent", "Good")}
NO_CYCLE = (
    "No cycle has ended yet, so there are no real figures to try it on. People who are made up show how it behaves."
)
MADE_UP = "%(count)d people made up from the seed %(seed)d: the same seed makes the same people again."
# What the catalogue says of 90.5 points, and what a scheme says that asks for 92.
BEFORE = "total: 90.5, grade_by_continuous_bounds: good, grade: 优秀"
AFTER = BEFORE.replace("优秀", "良好")


def band(person: Person, label: str, side: str) -> Locator:
    """The points of one bound in the row of a band."""
    row = person.page.locator(".workshop-row").filter(has_text=label)
    points = row.get_by_label(person.t("Points"), exact=False)
    return points.first if side == "from" else points.last


def tab(person: Person, words: str) -> None:
    person.page.locator(".workshop-tabs").get_by_role("link", name=words, exact=True).click()


@pytest.mark.parametrize("stage", ["zh-hans", "en"], indirect=True)
def test_a_scheme_of_the_library_is_made_ones_own_and_launched(stage: Stage) -> None:
    stage.travels_to(moment(3, 2))
    version = hr_copies(stage)
    hr_opens_a_gap_and_mends_it(stage, version)
    hr_simulates(stage, version)
    hr_corrects_the_example_and_hands_in(stage, version)
    another_reviews_and_publishes(stage, version)
    hr_launches_a_small_cycle(stage, version)


def hr_copies(stage: Stage) -> SchemeVersion:
    hr = stage.person("hr").goes("schemes:scheme_list")
    hr.fills("Name in either language, or number", "S000-13").presses("Show")
    hr.page.get_by_role("link", name=TITLE[stage.language], exact=True).click()
    hr.follows("Copy").fills("Short name", "our-eighty-twenty").fills("Valid from", "2026-01-01")
    hr.presses("Create the draft")
    hr.reads("The draft is there. Change it, then hand it in for review.")
    return SchemeVersion.objects.get(key="our-eighty-twenty")


def hr_opens_a_gap_and_mends_it(stage: Stage, version: SchemeVersion) -> None:
    hr = stage.person("hr")
    excellent, good = BANDS[stage.language]
    hr.page.locator(".workshop-links").get_by_role("link", name=hr.t("Grades"), exact=True).click()
    expect(hr.page.locator(".workshop-finding")).to_have_count(0)
    band(hr, excellent, "from").fill("92")
    hr.presses("Save")
    finding = hr.page.locator(".workshop-finding")
    expect(finding).to_have_count(1)
    expect(finding).to_contain_text("at_least: 81, at_most: 90")
    expect(finding).to_contain_text("excellent")
    tab(hr, "YAML")
    hr.awake.locator(".workshop-goto").click()
    marked = hr.page.locator("textarea").evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert "at_least: 81, at_most: 90" in marked
    tab(hr, hr.t("Grades"))
    band(hr, good, "to").fill("91")
    hr.presses("Save")
    expect(hr.page.locator(".workshop-finding")).to_have_count(0)
    version.refresh_from_db()
    assert [str(one.at_least and one.at_least.value) for one in version.scheme.grades.bands[:2]] == ["92", "81"]


def hr_simulates(stage: Stage, version: SchemeVersion) -> None:
    """Against the scheme of the catalogue, on people who are made up: nobody was ever appraised here."""
    hr = stage.person("hr")
    tab(hr, hr.t("Simulation"))
    hr.reads(NO_CYCLE)
    expect(hr.field("Compared with")).to_have_value("presales-general/2020-01-01")
    hr.fills("How many", "200").fills("Seed", "5").presses("Simulate")
    hr.reads(MADE_UP, count=200, seed=5)
    expect(hr.page.locator("#grades-found canvas")).to_be_visible()
    counts = hr.page.locator("#grades-found tbody tr td:last-of-type").all_inner_texts()
    assert sum(int(count) for count in counts) == 200
    moved = hr.page.locator("#changes tbody tr")
    # 91 points each, which the catalogue calls excellent.
    expect(moved).to_have_count(3)
    expect(moved.first).to_contain_text(" → ".join(BANDS[stage.language]))
    assert "?people=made-up&with=presales-general%2F2020-01-01&size=200&seed=5" in hr.page.url


def hr_corrects_the_example_and_hands_in(stage: Stage, version: SchemeVersion) -> None:
    hr = stage.person("hr").goes("schemes:scheme_detail", version.pk)
    hr.sees("B-05 90.5 is excellent")
    expect(hr.page.get_by_text(hr.t("differs"), exact=True)).to_have_count(1)
    hr.page.locator("#examples").get_by_role("link").click()
    text = hr.page.locator("textarea").input_value()
    assert text.count(BEFORE) == 1
    hr.page.locator("textarea").fill(text.replace(BEFORE, AFTER))
    hr.presses("Save and run").reads("Saved.")
    hr.goes("schemes:scheme_detail", version.pk).presses("Hand in for review")
    hr.reads("Handed in. Another member of human resources reviews and publishes it.")
    expect(hr.page.locator("[aria-disabled=true]").filter(has_text=hr.t("Publish"))).to_be_visible()


def another_reviews_and_publishes(stage: Stage, version: SchemeVersion) -> None:
    reviewer = stage.person("hr_two").goes("schemes:scheme_list", query="?state=in_review")
    reviewer.page.get_by_role("link", name=TITLE[stage.language], exact=True).click()
    reviewer.follows("Compare versions")
    reviewer.sees("92")
    reviewer.goes("schemes:scheme_detail", version.pk).presses("Publish")
    reviewer.reads("Published. Cycles can begin with it; those that run keep their version.")
    version.refresh_from_db()
    assert version.state == VersionState.PUBLISHED


def hr_launches_a_small_cycle(stage: Stage, version: SchemeVersion) -> None:
    hr = stage.person("hr").goes("cycles:cycle_list").follows("New cycle")
    hr.fills("name", "2026年3月").fills("English name", "March 2026")
    hr.chooses("kind of period", re.compile("^(月|Month)$"))
    hr.fills("first day", "2026-03-01").fills("last day", "2026-03-31").presses("Continue")
    hr.follows("Add a track").fills("Name of the track", "全体员工")
    hr.chooses("Scheme", TITLE[stage.language]).presses("Add").presses("Save").follows("Continue")
    hr.ticks(re.compile("华东销售组|Sales East")).fills("Without these people", "1003 经理另行考核").presses("Save")
    expect(hr.page.locator(".big-count strong")).to_have_text("4")
    hr.follows("Continue").does_not_see(stage.t("Stops the launch")).follows("Continue")
    hr.follows("Continue").presses("Launch now")
    cycle = AppraisalCycle.objects.get()
    rows = Appraisal.objects.filter(cycle=cycle)
    assert {(row.state, row.track.scheme_digest) for row in rows.select_related("track")} == {
        (Step.PLANNING, version.digest)
    }
    hr.goes("cycles:cycle_detail", cycle.pk).reads("Running")
    for part in ("employee", "colleague_one", "colleague_two", "colleague_three"):
        row = hr.page.get_by_role("row").filter(has_text=stage.name_of(part))
        expect(row).to_contain_text(stage.t(Step.PLANNING.label))
    stage.person("employee").goes("home:appraisal_mine").page.locator("a.own-card").click()
    stage.person("employee").stands_at(Step.PLANNING.label)
