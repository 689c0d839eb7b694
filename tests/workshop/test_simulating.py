"""A version tried out on a finished cycle and on people who are made up."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from appraisal.assessments.actions import invite_raters, save_rating, save_score_draft, submit_rating, submit_score
from appraisal.assessments.results import compute_many
from appraisal.cycles.models import Appraisal, AppraisalCycle, Track
from appraisal.cycles.states import Step
from appraisal.procedure.actions import close_cycle
from appraisal.schemes.library import shelf
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.spec import Scheme
from appraisal.workshop.crowds import finished_tracks, of_track
from tests.assessments.conftest import NOW, enter_figures, full_score
from tests.cast import Cast, Member
from tests.counting import counted_queries
from tests.factories.cycles import at, launch, loaded, walk_to
from tests.schemes.documents import SALES, small_text
from workflow.models import Fact

pytestmark = pytest.mark.django_db
Page = Callable[[Member, str], str]
Draft = Callable[..., SchemeVersion]
# The figure of sales, the points of the raters and of the manager, by the place of the person.
PEOPLE = (("960000", "80", "92"), ("700000", "70", "61.5"), ("1380000", "95", "77"))


def score(cast: Cast, appraisal: Appraisal, sales: str, peers: str, learning: str) -> None:
    enter_figures(cast, appraisal, sales=sales)
    raters = [member.user for member in (cast.outsider, cast.legal, cast.finance)]
    manager = cast.manager.user
    asked = invite_raters(acting_user=manager, appraisal=appraisal, input_key="teamwork", raters=raters, at=NOW)
    for one in asked:
        save_rating(acting_user=one.rater, request=one, points=peers, comment="", draft=0, at=NOW)
        submit_rating(acting_user=one.rater, request=one, at=NOW)
    save_score_draft(acting_user=manager, appraisal=appraisal, patch=full_score(learning), draft=0, at=NOW)
    submit_score(acting_user=manager, appraisal=loaded().get(pk=appraisal.pk), at=NOW)


def closed(cast: Cast, count: int = 3) -> list[Appraisal]:
    """A quarter of so many people that has ended, scored from their figures."""
    people = (cast.employee, cast.colleague_one, cast.colleague_two)[:count]
    rows = [walk_to(row, Step.SCORING, cast) for row in launch(cast, *people)]
    for row, given in zip(rows, PEOPLE, strict=False):
        score(cast, row, *given)
        walk_to(loaded().get(pk=row.pk), Step.CLOSED, cast)
    close_cycle(acting_user=cast.hr.user, at=at(5, 8), cycle=rows[0].cycle)
    return list(loaded().filter(cycle=rows[0].cycle).order_by("pk"))


def track_of(cast: Cast) -> Track:
    return finished_tracks(cast.hr.user, "sales-specialist")[0]


def cells(text: str, label: str) -> list[str]:
    """The numbers that follow in the row."""
    row = re.search(rf"{label}</t[hd]>(.*?)</tr>", text)
    return re.findall(r'<td class="cell-number"[^>]*>([^<]*)</td>', row[1]) if row else []


def test_a_cycle_simulated_with_its_own_version_comes_out_to_the_digit(cast: Cast) -> None:
    rows = closed(cast)
    crowd = of_track(cast.hr.user, track_of(cast), 3)
    version = crowd.version(rows[0].track.scheme_version.scheme)
    real = compute_many(rows)
    found = {row.pk: version.score(crowd.inputs[str(row.pk)]) for row in rows}
    assert {pk: (one.total, one.grade) for pk, one in found.items()} == {
        pk: (one.total, one.grade) for pk, one in real.items()
    }
    assert {row.pk: row.review_score for row in rows} == {
        pk: one.total.quantize(Decimal("0.0001")) for pk, one in found.items() if one.total is not None
    }
    # 0.15 x (96 + 80 + 90 + 75) + 0.1 x (88 + 100 + 80 + 92), and so on: three different totals.
    assert [row.review_score for row in rows] == [Decimal("87.15"), Decimal("79.2"), Decimal("90.75")]


def test_what_the_cycle_had_set_holds_in_the_simulation_too(cast: Cast) -> None:
    rows = closed(cast)
    Track.objects.filter(pk=rows[0].track_id).update(parameters={"attainment_cap": "110"})
    crowd = of_track(cast.hr.user, track_of(cast), 3)
    scheme: Scheme = rows[0].track.scheme_version.scheme
    best = crowd.inputs[str(rows[2].pk)]
    # 138 % of the target: at most 110 points instead of 120, with a weight of 15.
    assert crowd.version(scheme).score(best).total == Decimal("89.25")
    assert crowd.version(scheme, {"attainment_cap": Decimal(100)}).score(best).total == Decimal("87.75")


def test_of_more_people_than_can_be_scored_some_are_taken_evenly(cast: Cast) -> None:
    closed(cast)
    crowd = of_track(cast.hr.user, track_of(cast), 3000)
    # One of three: their keys follow each other.
    assert (len(crowd.inputs), crowd.everybody) == (1, 3000)


def test_a_copy_under_another_key_is_compared_with_the_catalogue(cast: Cast, draft: Draft, page: Page) -> None:
    path = shelf()["presales-general"][-1]
    text = path.read_text(encoding="utf-8").replace("scheme: presales-general", "scheme: our-own", 1)
    version = draft(text.replace("at_least: 91}", "at_least: 90.5}", 1), cases="")
    found = page(cast.hr, f"/schemes/{version.pk}/simulate/")
    assert '<option value="presales-general/2020-01-01" selected>' in found
    found = page(cast.hr, f"/schemes/{version.pk}/difference/")
    assert "<del>91</del>" in found
    assert "<ins>90.5</ins>" in found


def test_the_page_says_who_would_have_another_grade_and_why(cast: Cast, page: Page) -> None:
    row = closed(cast)[2]
    version = row.track.scheme_version
    facts = Fact.objects.count()
    text = page(cast.hr, f"/schemes/{version.pk}/simulate/?people={row.track_id}&try_attainment_cap=60")
    for words in (
        "All 3 people of Q1 2026", "This version as it stands", "This version, with what is tried",
        "of 3 people would have another grade", "Li Na", "Sales East", "The mean of the totals goes from 85.7 to",
        "What one more point of each weight would do", "tried on 3 of 3 people",
    ):  # fmt: skip
        assert words in text, words
    assert cells(text, "cap") == ["1", "3"]
    assert Fact.objects.count() == facts


def test_a_draft_is_compared_with_what_it_was_made_from(cast: Cast, draft: Draft, page: Page) -> None:
    row = closed(cast)[0]
    version = row.track.scheme_version
    copy = draft(SALES.replace("valid_from: 2026-01-01", "valid_from: 2026-04-01", 1), cases="")
    SchemeVersion.objects.filter(pk=copy.pk).update(based_on=version)
    text = page(cast.hr, f"/schemes/{copy.pk}/simulate/")
    assert re.search(rf'<option value="{version.pk}" selected>', text)
    text = page(cast.hr, f"/schemes/{copy.pk}/simulate/?people={row.track_id}&with={version.pk}")
    assert "Nobody would have another grade" in text
    assert "Sales specialist" in text


def test_figures_that_another_scheme_asks_for_are_named(cast: Cast, draft: Draft, page: Page) -> None:
    row = closed(cast)[0]
    version = draft()
    text = page(cast.hr, f"/schemes/{version.pk}/simulate/?people={row.track_id}")
    assert "What is missing, and for how many" in text
    assert cells(text, r"Rating \(.*\)") == ["3"]
    assert "Nobody could be scored" not in text


def test_without_a_finished_cycle_people_are_made_up(cast: Cast, draft: Draft, page: Page) -> None:
    version = draft()
    text = page(cast.hr, f"/schemes/{version.pk}/simulate/")
    assert "No cycle has ended yet" in text
    url = f"/schemes/{version.pk}/simulate/?people=made-up&size=40&seed=7"
    text = page(cast.hr, url)
    assert "40 people made up from the seed 7" in text
    assert page(cast.hr, url).count("cell-number") == text.count("cell-number")
    other = page(cast.hr, url.replace("seed=7", "seed=8"))
    assert other != text


def test_a_gap_between_the_grades_is_counted(cast: Cast, draft: Draft, page: Page) -> None:
    version = draft(small_text(("at_least: 80", "at_least: 100")))
    text = page(cast.hr, f"/schemes/{version.pk}/simulate/?people=made-up&size=40&seed=1")
    assert "In no band" in text


def test_the_address_keeps_only_what_says_something(cast: Cast, client: Client, draft: Draft) -> None:
    version = draft()
    client.force_login(cast.hr.user)
    answer = client.get(f"/schemes/{version.pk}/simulate/?people=made-up&with=&size=40&seed=7&try_cap=")
    assert (answer.status_code, answer["Location"]) == (
        302, f"/schemes/{version.pk}/simulate/?people=made-up&size=40&seed=7",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("people=made-up&size=5000", "Ensure this value is less than or equal to 1000."),
        ("people=made-up&seed=x", "Enter a whole number."),
        ("people=made-up&try_cap=a+lot", "This is not a number."),
        ("people=999", "Select a valid choice."),
        ("people=made-up&with=999", "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    cast: Cast, client: Client, draft: Draft, asked: str, words: str
) -> None:
    version = draft()
    client.force_login(cast.hr.user)
    answer = client.get(f"/schemes/{version.pk}/simulate/?{asked}", headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'id="result"' not in answer.content.decode()


def test_a_year_that_rolls_up_is_not_scored_from_figures(cast: Cast, client: Client) -> None:
    row = closed(cast, 1)[0]
    AppraisalCycle.objects.filter(pk=row.cycle_id).update(period_kind="year")
    client.force_login(cast.hr.user)
    url = f"/schemes/{row.track.scheme_version_id}/simulate/"
    answer = client.get(f"{url}?people={row.track_id}", headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "The totals of this cycle come from those of shorter periods." in answer.content.decode()
    assert '<option value="year"' not in client.get(url).content.decode()


def test_a_scheme_of_the_catalogue_is_simulated_before_it_is_copied(cast: Cast, page: Page) -> None:
    text = page(cast.hr, "/schemes/catalogue/presales-general/2020-01-01/simulate/?people=made-up&size=30&seed=1")
    assert "30 people made up" in text
    assert "the points of the work listed fix it" in text
    text = page(cast.hr, "/schemes/catalogue/key-account-bonus/2020-01-01/simulate/")
    assert "This scheme gives no score" in text


def test_only_hr_and_auditors_simulate(cast: Cast, client: Client, draft: Draft) -> None:
    version = draft()
    urls = [f"/schemes/{version.pk}/simulate/", "/schemes/catalogue/presales-general/2020-01-01/simulate/"]
    for part, member in cast.members.items():
        client.force_login(member.user)
        expected = 200 if part in ("hr", "hr_two", "auditor") else 404
        assert [client.get(url).status_code for url in urls] == [expected, expected], part


@pytest.mark.parametrize("count", [1, 3])
def test_the_database_is_asked_the_same_for_one_person_and_for_three(cast: Cast, client: Client, count: int) -> None:
    row = closed(cast, count)[0]
    client.force_login(cast.hr.user)
    url = f"/schemes/{row.track.scheme_version_id}/simulate/?people={row.track_id}"
    client.get(url)
    with counted_queries() as queries:
        assert client.get(url).status_code == 200
    assert len(queries) == 12, "\n".join(queries)
