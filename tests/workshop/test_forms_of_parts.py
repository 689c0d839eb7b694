"""Indicators, inputs, parameters and grades changed, added, moved and removed by form."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.models import SchemeVersion
from appraisal.workshop.findings import findings_of
from appraisal.workshop.rewriting import data_at
from tests.cast import Cast
from tests.schemes.documents import SMALL, small_text
from tests.workshop.forms import fill, posted, stored
from workflow.models import Fact

pytestmark = pytest.mark.django_db
Draft = Callable[..., SchemeVersion]


@pytest.fixture
def hr(cast: Cast, client: Client) -> Client:
    client.force_login(cast.hr.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def at(version: SchemeVersion, rest: str) -> str:
    return f"/schemes/{version.pk}/{rest}"


@pytest.mark.parametrize(
    "part",
    [
        "weights/attainment",
        "weights/people",
        "weights/manner",
        "inputs/sales",
        "inputs/audit",
        "parameters/cap",
        "grades/0",
    ],
)
def test_a_page_that_is_sent_as_it_is_changes_nothing(hr: Client, draft: Draft, part: str) -> None:
    version = draft()
    assert fill(hr, at(version, f"edit/{part}/")).status_code == 302
    assert stored(version) == SMALL
    assert Fact.objects.filter(name="scheme.edited").count() == 0


def test_the_words_of_an_indicator_are_changed(hr: Client, draft: Draft) -> None:
    version = draft()
    response = fill(
        hr,
        at(version, "edit/weights/attainment/"),
        label__en="Sales attained",
        clause="三、指标：销售",
        definition__zh="含税",
    )
    assert response.status_code == 302
    rule = "    score: {attainment: sales, cap: {parameter: cap}}\n"
    more = '    clause: "三、指标：销售"\n    definition: {zh: 含税, en: 含税}\n'
    assert stored(version) == small_text(("en: Attainment}", "en: Sales attained}"), (rule, rule + more))


def test_another_kind_of_rule_keeps_the_input_and_shows_its_own_fields(hr: Client, draft: Draft) -> None:
    version = draft()
    url = at(version, "edit/weights/attainment/")
    redrawn = fill(hr, url, score__kind="inverse", act="redraw", label__en="Typed before")
    assert redrawn.status_code == 200
    form = redrawn.context["form"]
    assert form["score.inverse"].value() == "sales"
    assert form["label.en"].value() == "Typed before"
    assert stored(version) == SMALL
    assert fill(hr, url, kept=posted(form)).status_code == 302
    assert stored(version) == small_text(
        ("en: Attainment}", "en: Typed before}"), ("{attainment: sales, cap", "{inverse: sales, cap")
    )


def test_an_indicator_is_added_with_an_input_of_its_own(hr: Client, draft: Draft) -> None:
    version = draft()
    response = fill(
        hr, at(version, "add/weights/?after=attainment"), label__zh="回款", label__en="Money received", weight__n="10",
        score__attainment="new:measure", score__attainment__zh="回款额", score__attainment__en="Receipts",
        score__cap__n="110",
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    assert response.url == at(version, "edit/weights/money_received/")
    scheme = load_scheme(stored(version), file="x")
    assert [one.key for one in scheme.indicators] == ["attainment", "money_received", "people"]
    added = scheme.all_indicators[1]
    assert (added.score.kind, added.score.attainment, added.score.cap.value) == ("attainment", "receipts", 110)  # type: ignore[union-attr]
    assert scheme.inputs["receipts"].label.zh == "回款额"
    # Everything else stands as it stood.
    assert all(line in stored(version).splitlines() for line in SMALL.splitlines())


def test_an_indicator_is_added_at_the_end_of_a_group(hr: Client, draft: Draft) -> None:
    version = draft()
    url = at(version, "add/weights/?in=people")
    assert fill(hr, url, label__zh="勤", label__en="Care", weight__n="5", score__attainment="sales").status_code == 302
    assert [one.key for one in load_scheme(stored(version), file="x").all_indicators] == [
        "attainment", "manner", "compliance", "care",
    ]  # fmt: skip


def test_a_group_is_added_with_its_first_indicator(hr: Client, draft: Draft) -> None:
    version = draft()
    response = fill(
        hr, at(version, "add/weights/?kind=group"), label__zh="组", label__en="Team", weight__n="20",
        of__label__zh="协作", of__label__en="Help", of__weight__n="20", of__score__attainment="sales",
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    data = data_at(stored(version), ("indicators", 2))
    assert (data["group"], data["of"][0]["indicator"], data["of"][0]["score"]) == (
        "team",
        "help",
        {"attainment": "sales"},
    )


def test_an_indicator_moves_and_its_weights_are_kept(hr: Client, draft: Draft) -> None:
    version = draft()
    assert fill(hr, at(version, "edit/weights/"), act="down:attainment", weight_manner="25").status_code == 302
    scheme = load_scheme(stored(version), file="x")
    assert [one.key for one in scheme.all_indicators] == ["manner", "compliance", "attainment"]
    assert scheme.all_indicators[0].weight.value == 25
    assert fill(hr, at(version, "edit/weights/"), act="up:attainment", weight_manner="30").status_code == 302
    assert stored(version) == SMALL


NAMED = ("steps:\n", "results:\n  half: {label: {zh: 半, en: Half}, expr: attainment / 2}\nsteps:\n")


def test_what_a_removal_breaks_is_said_before(hr: Client, draft: Draft) -> None:
    version = draft(small_text(NAMED))
    url = at(version, "remove/weights/attainment/")
    page = hr.get(url)
    assert [use.place for use in page.context["uses"]] == ["results.half.expr"]
    assert "Results · Half" in page.content.decode()
    assert hr.post(url, {"seen": version.digest}).status_code == 302
    assert "indicator: attainment" not in stored(version)
    assert any("attainment" in finding.sentence for finding in findings_of(stored(version)))


def test_a_grade_that_is_named_elsewhere_is_reported(hr: Client, draft: Draft) -> None:
    result = "results:\n  top: {label: {zh: 优, en: Top}, expr: grade == 'good'}\nsteps:\n"
    version = draft(small_text(("steps:\n", result)))
    url = at(version, "remove/grades/0/")
    assert [use.place for use in hr.get(url).context["uses"]] == ["results.top.expr"]
    assert [use.place for use in hr.get(at(version, "remove/grades/1/")).context["uses"]] == []
    assert hr.post(url, {"seen": version.digest}).status_code == 302
    assert [one["grade"] for one in data_at(stored(version), ("grades", "bands"))] == ["poor"]


def test_the_last_indicator_of_a_group_stays(hr: Client, draft: Draft) -> None:
    version = draft()
    assert hr.post(at(version, "remove/weights/manner/"), {"seen": version.digest}).status_code == 302
    version.refresh_from_db()
    assert "manner" not in version.document
    assert hr.post(at(version, "remove/weights/compliance/"), {"seen": version.digest}).status_code == 422
    assert stored(version) == version.document


@pytest.mark.parametrize(
    ("part", "place"),
    [("inputs/sales", "indicators[1].score.attainment"), ("parameters/cap", "indicators[1].score.cap.parameter")],
)
def test_what_is_in_use_is_not_removed(hr: Client, draft: Draft, part: str, place: str) -> None:
    version = draft()
    url = at(version, f"remove/{part}/")
    assert [use.place for use in hr.get(url).context["uses"]] == [place]
    assert hr.post(url, {"seen": version.digest}).status_code == 422
    assert stored(version) == SMALL


def test_an_unused_input_comes_and_goes(hr: Client, draft: Draft) -> None:
    version = draft()
    response = fill(
        hr, at(version, "add/inputs/"), input__label__zh="到货", input__label__en="Deliveries", input__unit__zh="件",
        input__owner="operations", input__target="optional",
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    assert data_at(stored(version), ("inputs", "deliveries")) == {
        "kind": "measure", "label": {"zh": "到货", "en": "Deliveries"}, "unit": "件", "owner": "operations",
        "target": "optional",
    }  # fmt: skip
    url = at(version, "edit/inputs/deliveries/")
    drawn = hr.get(url).context["form"]
    data = posted(drawn)
    del data["input.required"]
    assert fill(hr, url, kept=data, input__label__en="Goods").status_code == 302
    assert data_at(stored(version), ("inputs", "deliveries"))["required"] is False
    version.refresh_from_db()
    assert hr.post(at(version, "remove/inputs/deliveries/"), {"seen": version.digest}).status_code == 302
    assert stored(version) == SMALL


def test_a_parameter_comes_and_goes(hr: Client, draft: Draft) -> None:
    version = draft()
    response = fill(
        hr,
        at(version, "add/parameters/"),
        label__zh="门槛",
        label__en="Gate",
        number__n="60",
        number__o="assumed",
        unit__zh="%",
    )
    assert response.status_code == 302, response.context["form"].errors
    assert '  gate: {label: {zh: 门槛, en: Gate}, unit: "%", assumed: 60}\n' in stored(version)
    version.refresh_from_db()
    assert hr.post(at(version, "remove/parameters/gate/"), {"seen": version.digest}).status_code == 302
    assert stored(version) == SMALL


def test_a_grade_is_added_renamed_and_moved(hr: Client, draft: Draft) -> None:
    version = draft()
    response = fill(
        hr,
        at(version, "add/grades/"),
        grade="fail",
        label__zh="差",
        label__en="Fail",
        upper__kind="below",
        upper__at__n="60",
    )
    assert response.status_code == 302, response.context["form"].errors
    assert "    - {grade: fail, label: {zh: 差, en: Fail}, below: 60}\n" in stored(version)
    page = hr.get(at(version, "edit/grades/")).content.decode()
    assert "lies in two bands" in page
    assert fill(hr, at(version, "edit/grades/"), act="up:2", lower_kind_1="at_least", lower_1="60").status_code == 302
    assert fill(hr, at(version, "edit/grades/1/"), label__en="Failed").status_code == 302
    assert [(one["grade"], one["label"]["en"]) for one in data_at(stored(version), ("grades", "bands"))] == [
        ("good", "Good"), ("fail", "Failed"), ("poor", "Poor"),
    ]  # fmt: skip


def test_what_is_refused_keeps_what_was_typed_and_says_where(hr: Client, draft: Draft) -> None:
    version = draft()
    response = fill(
        hr, at(version, "edit/weights/attainment/"), weight__n="viel", score__cap__n="99,", label__en="Kept"
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="viel"' in page
    assert 'value="Kept"' in page
    assert set(response.context["form"].errors) == {"weight.n"}
    assert 'href="#id_weight.n"' in page
    assert stored(version) == SMALL


def test_what_only_the_whole_document_can_refuse_is_said_at_its_field(hr: Client, draft: Draft) -> None:
    version = draft()
    response = fill(
        hr, at(version, "add/inputs/"), input__label__zh="甲", input__label__en="A", input__clause="x" * 2001
    )
    assert response.status_code == 422
    response = fill(hr, at(version, "add/grades/"), grade="x" * 21, label__zh="甲")
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"grade"})


def test_a_part_that_lacks_what_it_needs_says_so_at_the_place(hr: Client, draft: Draft) -> None:
    version = draft()
    url = at(version, "edit/inputs/sales/")
    form = fill(hr, url, input__kind="ledger", act="redraw").context["form"]
    response = fill(hr, url, kept=posted(form))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"input.columns.0.label.zh"}
    form = fill(hr, url, input__kind="rating", act="redraw").context["form"]
    response = fill(hr, url, kept=posted(form))
    assert set(response.context["form"].errors) == {"input.by", "input.scale.points.n"}
    assert stored(version) == SMALL


HOSTILE = [
    'x"}, weight: 99 #',
    "- a: b",
    "{x}",
    "a: b\n  c: d",
    "\x07bell",
    "'",
    "&a *a !!python/object",
    "null",
    "é\u2028",
    "%",
    "@x",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_only_words(hr: Client, draft: Draft, words: str) -> None:
    version = draft()
    response = fill(hr, at(version, "edit/weights/compliance/"), label__en=words, clause=words)
    assert response.status_code == 302
    data = data_at(stored(version), ("indicators", 1, "of", 1))
    assert data["clause"] == words.replace("\x07", "").strip()
    assert data["weight"] == 20
    assert load_scheme(stored(version), file="x").all_indicators[2].label.en == words.replace("\x07", "").strip()


@pytest.mark.parametrize("formula", ["__import__('os')", "sales.x", "1 +", "2 ** 99", "sum(", "a" * 700])
def test_a_formula_that_is_none_is_refused_at_its_field(hr: Client, draft: Draft, formula: str) -> None:
    version = draft()
    form = fill(hr, at(version, "edit/weights/manner/"), score__kind="expr", act="redraw").context["form"]
    data = posted(form)
    data["score.expr"] = formula
    response = fill(hr, at(version, "edit/weights/manner/"), kept=data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"score.expr"}
    assert response.context["form"]["score.expr"].value() == formula
    assert stored(version) == SMALL


@pytest.mark.parametrize("rows", ["9999999999", "-1", "²", "x", ""])
def test_rows_cannot_be_asked_for_without_end(hr: Client, draft: Draft, rows: str) -> None:
    version = draft()
    url = at(version, "edit/inputs/audit/")
    data = posted(hr.get(url).context["form"])
    data["input.severities.rows"] = rows
    response = hr.post(url, {**data.dict(), "seen": version.digest, "act": "add:input.severities"})
    assert response.status_code == 200
    assert len(response.context["form"].fields) < 400


def test_a_row_is_added_filled_and_removed(hr: Client, draft: Draft) -> None:
    version = draft()
    url = at(version, "edit/inputs/audit/")
    grown = fill(hr, url, act="add:input.severities")
    data = posted(grown.context["form"])
    assert fill(hr, url, kept=data).status_code == 302
    assert stored(version) == SMALL
    data["input.severities.1.label.en"] = " "
    data["input.severities.1.examples.zh"] = "迟到"
    half = fill(hr, url, kept=data)
    assert set(half.context["form"].errors) == {"input.severities.1.label.zh"}
    data["input.severities.1.examples.zh"] = ""
    data["input.severities.1.label.zh"], data["input.severities.1.label.en"] = "严重", "Very serious"
    assert fill(hr, url, kept=data).status_code == 302
    assert data_at(stored(version), ("inputs", "audit", "severities")) == {
        "minor": {"label": {"zh": "轻微", "en": "Minor"}},
        "very_serious": {"label": {"zh": "严重", "en": "Very serious"}},
    }  # fmt: skip
    data = posted(hr.get(url).context["form"])
    data["input.severities.1.gone"] = "on"
    assert fill(hr, url, kept=data).status_code == 302
    assert stored(version) == SMALL


def test_yaml_of_a_part_is_refused_with_its_line(hr: Client, draft: Draft) -> None:
    text = small_text(("indicators:\n", (
        "  work: {kind: ledger, label: {zh: 事, en: Work}, owner: manager, columns: "
        "{status: {label: {zh: 态, en: Status}, type: choice, choices: {ok: {zh: 好, en: OK}}}}}\nindicators:\n"
    )))  # fmt: skip
    version = draft(text)
    url = at(version, "edit/inputs/work/")
    drawn = hr.get(url).context["form"]
    assert drawn["input.columns.0.choices"].value() == "ok: {zh: 好, en: OK}"
    response = fill(hr, url, input__columns__0__choices="ok: {zh: 好, en: OK}\nlate: [")
    assert response.status_code == 422
    assert "Line 2" in str(response.context["form"].errors["input.columns.0.choices"])
    assert response.context["form"]["input.columns.0.choices"].value().endswith("late: [")
    assert fill(hr, url, input__columns__0__choices="ok: {zh: 好, en: OK}\nlate: {zh: 晚, en: Late}").status_code == 302
    assert stored(version) == text.replace("en: OK}}", "en: OK}, late: {zh: 晚, en: Late}}")


def test_the_checks_answer_while_typing_and_keep_nothing(hr: Client, draft: Draft) -> None:
    version = draft()
    url = at(version, "edit/weights/attainment/")
    page = fill(hr, url, act="check", weight__n="40").content.decode()
    assert "The weights inside add up to 90 and must add up to 100." in page
    assert "<form" not in page
    assert "This is not a number." in fill(hr, url, act="check", weight__n="viel").content.decode()
    assert "The checks find nothing." in fill(hr, url, act="check").content.decode()
    assert stored(version) == SMALL


def test_who_was_second_overwrites_nothing(hr: Client, draft: Draft) -> None:
    version = draft()
    url = at(version, "edit/weights/attainment/")
    data = posted(hr.get(url).context["form"])
    data["seen"] = version.digest
    assert fill(hr, url, label__en="First").status_code == 302
    data["label.en"] = "Second"
    assert hr.post(url, data).status_code == 409
    assert "Second" not in stored(version)


def test_only_who_keeps_schemes_has_the_pages(cast: Cast, client: Client, draft: Draft) -> None:
    version = draft()
    for member in (cast.auditor, cast.manager, cast.employee):
        client.force_login(member.user)
        for path in ("edit/weights/manner/", "add/inputs/", "remove/grades/0/"):
            assert client.get(at(version, path)).status_code == 404
            assert client.post(at(version, path), {"seen": version.digest}).status_code == 404
    client.force_login(cast.hr.user)
    for path in (
        "edit/weights/nobody/",
        "edit/grades/7/",
        "edit/steps/scoring/",
        "add/steps/",
        "remove/inputs/x/",
        "edit/x/y/",
    ):
        assert client.get(at(version, path)).status_code == 404, path


def trial_of(response: Any) -> Any:
    assert response.status_code == 200, response.context["form"].errors or response.context["calculator"].errors
    return response.context["trial"].node


def test_an_indicator_is_tried_as_it_is_typed_and_nothing_is_kept(hr: Client, draft: Draft) -> None:
    version = draft()
    url = at(version, "edit/weights/attainment/")
    context = hr.get(url).context
    assert set(context["calculator"].fields) == {"as_of", "period", "variant", "in_sales__actual", "in_sales__target"}
    data = {
        **posted(context["form"]).dict(),
        **posted(context["calculator"]).dict(),
        "act": "try",
        "seen": version.digest,
    }
    data |= {"in_sales__actual": "130", "score.cap.o": "value", "score.cap.n": "125"}
    response = hr.post(url, data)
    node = trial_of(response)
    assert (node["value"], response.context["trial"].points) == ("125", Decimal("62.5"))
    assert "125" in node["sentence"]["en"]
    assert trial_of(hr.post(url, {**data, "in_sales__actual": "80"}))["value"] == "80"
    assert stored(version) == SMALL
