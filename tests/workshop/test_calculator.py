from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from appraisal.schemes.catalogue_files import catalogue_files
from appraisal.schemes.models import SchemeVersion
from appraisal.scoring.cases import run
from appraisal.workshop.calculator import CalculatorForm
from appraisal.workshop.examples import first_example
from appraisal.workshop.queries import catalogue_version
from appraisal.workshop.scoring_page import reckoned
from tests.cast import Cast, Member
from workflow.calendars import is_mainland_working_day

VERSIONS = [(path.parent.name, path.stem) for path in catalogue_files()]
Page = Callable[[Member, str], str]


def typed(form: CalculatorForm) -> dict[str, Any]:
    """What a browser would send of the form as it is drawn."""
    data = {name: form.initial.get(name, "") for name in form.fields}
    data |= {f"in_{block.key}__rows": str(block.rows) for block in form.blocks if block.columns}
    return {name: value for name, value in data.items() if value is not False and value is not None}


@pytest.mark.parametrize(("key", "day"), VERSIONS, ids=[f"{key}-{day}" for key, day in VERSIONS])
def test_the_example_that_is_filled_in_comes_to_the_same_when_it_is_typed(key: str, day: str) -> None:
    version = catalogue_version(key, day)
    assert version is not None
    case = first_example(version)
    assert case is not None
    drawn = CalculatorForm(version.scheme, case=case, today=date(2026, 1, 1))
    form = CalculatorForm(version.scheme, typed(drawn), case=case, today=date(2026, 1, 1))
    assert form.is_valid(), form.errors
    expected = run(case, version.scheme, is_working_day=is_mainland_working_day)
    assert reckoned(version.scheme, form.case).outcome.outputs == expected.outputs


@pytest.mark.django_db
def test_hr_types_figures_and_sees_total_grade_and_explanation(
    cast: Cast, client: Client, draft: Callable[..., SchemeVersion]
) -> None:
    version = draft()
    client.force_login(cast.hr.user)
    data = {
        "as_of": "2026-03-31", "period": "quarter", "variant": "runnable",
        "in_sales__actual": "1,320,000", "in_sales__target": "1000000", "in_rating__ratings": "9, 7",
        "in_audit__rows": "2", "in_audit__0__severity": "minor", "in_audit__0__day": "2026-02-03",
    }  # fmt: skip
    response = client.post(f"/schemes/{version.pk}/calculate/", data, headers={"accept-language": "en"})
    text = response.content.decode()
    assert response.status_code == 200
    # 120 × 50 % + 80 × 30 % + 95 × 20 %
    assert '<span class="workshop-total-value">103</span>' in text
    assert '<span class="grade">Good</span>' in text
    assert "capped at 120" in text
    assert SchemeVersion.objects.get().version == version.version


@pytest.mark.django_db
def test_what_is_no_figure_is_refused_at_its_field(
    cast: Cast, client: Client, draft: Callable[..., SchemeVersion]
) -> None:
    version = draft()
    client.force_login(cast.hr.user)
    data = {"as_of": "2026-03-31", "period": "quarter", "variant": "runnable", "in_sales__target": "viel"}
    response = client.post(f"/schemes/{version.pk}/calculate/", data, headers={"accept-language": "en"})
    assert response.status_code == 422
    assert 'id="id_in_sales__target_error"' in response.content.decode()


@pytest.mark.django_db
def test_what_is_missing_is_named(cast: Cast, client: Client, draft: Callable[..., SchemeVersion]) -> None:
    version = draft()
    client.force_login(cast.auditor.user)
    data = {"as_of": "2026-03-31", "period": "quarter", "variant": "runnable", "in_rating__ratings": "8"}
    response = client.post(f"/schemes/{version.pk}/calculate/", data, headers={"accept-language": "en"})
    assert "Not given, so something could not be worked out: Sales" in response.content.decode()
