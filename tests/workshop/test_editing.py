from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from appraisal.schemes.actions import load_catalogue
from appraisal.schemes.loader import digest_of
from appraisal.schemes.models import SchemeVersion
from appraisal.workshop.examples import examples_of
from appraisal.workshop.parts import PARTS
from appraisal.workshop.patching import Patch
from appraisal.workshop.queries import catalogue_version
from tests.cast import Cast
from tests.schemes.documents import SMALL, small_text
from tests.workshop.conftest import AT, CASES
from tests.workshop.test_library import VERSIONS
from workflow.models import Fact

pytestmark = pytest.mark.django_db
Draft = Callable[..., SchemeVersion]


@pytest.fixture
def hr(cast: Cast, client: Client) -> Client:
    client.force_login(cast.hr.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def sent(hr: Client, version: SchemeVersion, text: str, seen: str | None = None) -> Any:
    return hr.post(f"/schemes/{version.pk}/edit/", {"text": text, "seen": seen or version.digest})


def test_a_changed_document_is_saved_with_its_fact(hr: Client, draft: Draft) -> None:
    version = draft()
    text = small_text(("en: Small}", "en: Smaller}"), ("weight: 30", "weight: 25"))
    # A browser sends every line end as two characters.
    assert sent(hr, version, text.replace("\n", "\r\n")).status_code == 302
    saved = SchemeVersion.objects.get()
    assert (saved.document, saved.digest, saved.title_en) == (text, digest_of(text), "Smaller")
    fact = Fact.objects.order_by("seq").last()
    assert fact is not None
    assert (fact.name, fact.data["part"], fact.data["after"]) == ("scheme.edited", "document", saved.digest)


def test_a_document_that_does_not_read_stays_on_the_page_with_the_line(hr: Client, draft: Draft) -> None:
    version = draft()
    text = small_text(("  - indicator: attainment", "  - indicator: attainment\n    wieght: 3"))
    response = sent(hr, version, text)
    page = response.content.decode()
    assert response.status_code == 422
    assert "wieght: 3" in page
    assert f'data-line="{text.splitlines().index("    wieght: 3") + 1}"' in page
    assert "Your text is kept here" in page
    assert SchemeVersion.objects.get().document == SMALL


def test_what_reads_but_is_not_right_is_saved_and_reported(hr: Client, draft: Draft) -> None:
    version = draft()
    assert sent(hr, version, small_text(("at_least: 80", "at_least: 85"))).status_code == 302
    page = hr.get(f"/schemes/{version.pk}/edit/").content.decode()
    assert "A total of 80 lies in no band" in page


def test_the_checks_answer_while_typing_and_keep_nothing(hr: Client, draft: Draft) -> None:
    draft()
    page = hr.post("/schemes/check/", {"text": small_text(("weight: 30", "weight: 25"))}).content.decode()
    assert "The weights inside add up to 45 and must add up to 50." in page
    assert SchemeVersion.objects.get().document == SMALL
    assert "not valid YAML" in hr.post("/schemes/check/", {"text": "a: [1"}).content.decode()


def test_who_was_second_is_told_and_overwrites_nothing(hr: Client, draft: Draft) -> None:
    version = draft()
    sent(hr, version, small_text(("weight: 30", "weight: 25")))
    response = sent(hr, version, small_text(("weight: 30", "weight: 20")))
    assert response.status_code == 409
    assert SchemeVersion.objects.get().document == small_text(("weight: 30", "weight: 25"))


def test_a_document_that_is_there_already_is_not_stored_twice(hr: Client, draft: Draft) -> None:
    first = draft()
    other = draft(small_text(("valid_from: 2026-01-01", "valid_from: 2026-02-01")))
    assert sent(hr, other, first.document).status_code == 422
    other.refresh_from_db()
    assert other.valid_from.isoformat() == "2026-02-01"


def test_only_a_draft_is_edited(hr: Client) -> None:
    (version,) = load_catalogue(acting_user=None, at=AT)
    for path in ("edit/", "edit/weights/", "examples/"):
        assert hr.get(f"/schemes/{version.pk}/{path}").status_code == 404, path
        assert hr.post(f"/schemes/{version.pk}/{path}", {"text": "x", "seen": "y"}).status_code == 404, path


def part(hr: Client, version: SchemeVersion, name: str, **changes: str) -> Any:
    """Sends the form as it is drawn, with some fields changed."""
    form = hr.get(f"/schemes/{version.pk}/edit/{name}/").context["form"]
    data = {field: "" if form[field].value() is None else str(form[field].value()) for field in form.fields}
    return hr.post(f"/schemes/{version.pk}/edit/{name}/", {**data, "seen": version.digest, **changes})


def stored() -> str:
    return SchemeVersion.objects.get().document


@pytest.mark.parametrize("name", ["parameters", "weights", "grades", "steps"])
def test_a_form_that_changes_nothing_leaves_the_document_as_it_is(hr: Client, draft: Draft, name: str) -> None:
    version = draft()
    assert part(hr, version, name).status_code == 302
    assert stored() == SMALL
    assert Fact.objects.filter(name="scheme.edited").count() == 0


def test_a_weight_is_changed_by_form(hr: Client, draft: Draft) -> None:
    version = draft()
    assert part(hr, version, "weights", weight_manner="32.5").status_code == 302
    assert stored() == small_text(("weight: 30", "weight: 32.5"))


def test_a_parameter_is_changed_by_form(hr: Client, draft: Draft) -> None:
    version = draft()
    assert part(hr, version, "parameters", value_cap="130", origin_cap="assumed").status_code == 302
    assert stored() == small_text(("value: 120", "assumed: 130"))


def test_a_number_that_was_missing_is_filled_in(hr: Client, draft: Draft) -> None:
    version = draft(small_text(("value: 120", "missing: true, proposed: 110")))
    assert part(hr, version, "parameters", value_cap="115").status_code == 302
    assert stored() == small_text(("value: 120", "assumed: 115"))


def test_a_band_is_changed_by_form_and_its_gap_is_told(hr: Client, draft: Draft) -> None:
    version = draft()
    assert part(hr, version, "grades", lower_0="85").status_code == 302
    assert stored() == small_text(("at_least: 80", "at_least: 85"))
    assert "lies in no band" in hr.get(f"/schemes/{version.pk}/edit/grades/").content.decode()
    again = SchemeVersion.objects.get()
    assert part(hr, again, "grades", upper_1="85").status_code == 302
    assert stored() == small_text(("at_least: 80", "at_least: 85"), ("below: 80", "below: 85"))
    assert "The checks find nothing." in hr.get(f"/schemes/{version.pk}/edit/grades/").content.decode()


def test_the_days_of_a_step_are_changed_by_form(hr: Client, draft: Draft) -> None:
    version = draft()
    assert part(hr, version, "steps", days_scoring="1", unit_scoring="calendar").status_code == 302
    assert stored() == small_text(
        ("scoring: {holder: manager, within: 5 working days}", "scoring: {holder: manager, within: 1 calendar day}")
    )


def test_a_form_that_is_not_right_keeps_what_was_typed(hr: Client, draft: Draft) -> None:
    version = draft()
    response = part(hr, version, "weights", weight_manner="viel")
    assert response.status_code == 422
    assert 'value="viel"' in response.content.decode()
    assert stored() == SMALL


def test_every_form_can_be_drawn_and_sent_for_every_scheme_of_the_catalogue() -> None:
    for key, day in VERSIONS:
        version = catalogue_version(key, day)
        assert version is not None
        for kind, _label in PARTS.values():
            drawn = kind(version.scheme)
            data = {name: "" if drawn[name].value() is None else str(drawn[name].value()) for name in drawn.fields}
            form = kind(version.scheme, data)
            assert form.is_valid(), (key, form.errors)
            patch = Patch(version.document)
            form.write(patch)
            assert patch.applied() == version.document, key


def test_worked_examples_are_run_when_they_are_saved(hr: Client, draft: Draft) -> None:
    version = draft()
    text = CASES.replace("total: 94", "total: 95")
    response = hr.post(f"/schemes/{version.pk}/examples/", {"text": text, "seen": digest_of(CASES)}, follow=True)
    page = response.content.decode()
    assert "total: 95 is written, 94 comes out." in page
    assert "Worked examples that do not come out as written: 1 of 1." in page
    (example,) = examples_of(SchemeVersion.objects.get())
    assert example.failed


def test_examples_that_are_no_yaml_stay_on_the_page(hr: Client, draft: Draft) -> None:
    version = draft()
    response = hr.post(f"/schemes/{version.pk}/examples/", {"text": "cases: [", "seen": digest_of(CASES)})
    assert response.status_code == 422
    assert "cases: [" in response.content.decode()
    assert SchemeVersion.objects.get().cases == CASES


def test_an_example_that_does_not_fit_the_scheme_says_so(hr: Client, draft: Draft) -> None:
    version = draft(cases=CASES.replace("rating: 8", "ratng: 8"))
    page = hr.get(f"/schemes/{version.pk}/").content.decode()
    assert "does not fit" in page
    assert "ratng" in page
