"""The demo loads through the real actions, and everything it shows is there."""

from collections import Counter

import pytest
from django.core.management import call_command

from appraisal.appeals.models import Appeal
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.states import Step
from appraisal.demo.company import LOGINS, PASSWORD, people
from appraisal.demo.loading import is_loaded
from appraisal.improvement.models import ImprovementPlan
from appraisal.people.models import Person, User
from workflow.verification import verify_all

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]


def _steps(name: str) -> Counter:
    return Counter(Appraisal.objects.filter(cycle__name=name).values_list("state", flat=True))


def test_the_demo_shows_everything_it_promises(demo):
    assert is_loaded()
    assert Person.objects.count() == len(list(people())) == 120

    assert _steps("2026年第二季度") == {Step.CLOSED: 36}
    finished = AppraisalCycle.objects.get(name="2026年第二季度")
    assert finished.state == "closed"
    assert set(finished.appraisals.values_list("final_grade", flat=True)) == {"S", "A", "B", "C", "D"}
    closed_appeals = Appeal.objects.filter(appraisal__cycle=finished).values_list(
        "state", "grade_before", "grade_after"
    )
    assert sorted(closed_appeals) == [("dismissed", "B", "B"), ("upheld", "B", "A")]

    everywhere = set(Step) - {Step.PLANNING, Step.TRACKING, Step.COUNTERSIGNING}
    assert set(_steps("2026年第三季度")) == everywhere
    assert set(_steps("2026年第四季度")) == {Step.TRACKING}
    assert Counter(ImprovementPlan.objects.values_list("state", flat=True)) == {"met": 1, "active": 1}
    assert Appeal.objects.filter(state="under_review").count() == 1
    assert AppraisalCycle.objects.filter(state="draft").count() == 1

    assert [number for number, _role in LOGINS if not User.objects.get(username=number).check_password(PASSWORD)] == []
    count, breaks = verify_all()
    assert breaks == []
    assert count > 1000


def test_a_loaded_demo_is_kept(demo, capsys):
    before = User.objects.count()
    call_command("demo", no_serve=True)
    assert User.objects.count() == before
    assert "1102" in capsys.readouterr().out
