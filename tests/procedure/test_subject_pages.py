"""The wizard for departments and organisations, and what readers see of their appraisals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.cycles.models import Appraisal
from appraisal.people.models import Organisation, OrgUnit
from appraisal.procedure.actions import launch_cycle
from appraisal.schemes.loader import digest_of, load_scheme
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.states import VersionVerb
from tests.cast import Cast, Member
from tests.counting import counted_queries
from tests.factories.cycles import LAUNCHED, at
from tests.factories.kinds import EVERY_KIND, published
from tests.procedure.test_subjects import ORGANISATIONS, PEOPLE, UNITS, dealer, draft, launched, of, track
from workflow.engine import begin

pytestmark = pytest.mark.django_db
VARIED = EVERY_KIND.replace("every-kind", "varied").replace(
    "\ninputs:", "\nvariants:\n  paid: {label: {zh: 按回款, en: By payment}, sets: {base: paid, rate: 7}}\ninputs:", 1
)


@pytest.fixture(autouse=True)
def _heads_and_day(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(LAUNCHED, tick=False)
    OrgUnit.objects.filter(pk=cast.sales.pk).update(head=cast.second_level.person)
    OrgUnit.objects.filter(pk=cast.east.pk).update(head=cast.manager.person)


def page(member: Member, name: str, *args: Any, data: dict[str, Any] | None = None, **query: Any) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(type(member.user).objects.get(pk=member.user.pk))
    url = reverse(name, args=args)
    return client.get(url, query) if data is None else client.post(url, data)


def cost_of(member: Member, name: str, *args: Any) -> int:
    client = Client()
    client.force_login(type(member.user).objects.get(pk=member.user.pk))
    client.get(reverse(name, args=args))
    with counted_queries() as queries:
        assert client.get(reverse(name, args=args)).status_code == 200
    return len(queries)


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_hr_chooses_units_who_answers_and_what_is_left_out(cast: Cast) -> None:
    row = track(cast, draft(cast), UNITS, {})
    shown = text(page(cast.hr, "cycles:track_people", row.pk))
    assert ("Chen Jing" in shown, "nobody yet" in shown) == (True, True)
    typed = {
        f"in_{cast.sales.pk}": "on", f"in_{cast.rd.pk}": "on", f"person_{cast.rd.pk}": "2001",
        f"why_{cast.staff.pk}": "另行考核",
    }  # fmt: skip
    assert page(cast.hr, "cycles:track_people", row.pk, data=typed).status_code == 302
    row.refresh_from_db()
    assert row.population == {
        "subjects": [{"id": cast.rd.pk, "person": cast.outsider.person.pk}, {"id": cast.sales.pk}],
        "exclude": [{"subject": cast.staff.pk, "reason": "另行考核"}],
    }
    assert "2001" in text(page(cast.hr, "cycles:track_people", row.pk))


def test_an_unknown_number_and_a_reason_beside_a_tick_are_refused(cast: Cast) -> None:
    row = track(cast, draft(cast), UNITS, {})
    typed = {f"in_{cast.rd.pk}": "on", f"person_{cast.rd.pk}": "9999", f"why_{cast.rd.pk}": "?"}
    answer = page(cast.hr, "cycles:track_people", row.pk, data=typed)
    assert answer.status_code == 422
    assert "Nobody has this employee number." in answer.content.decode()
    row.refresh_from_db()
    assert row.population == {}


def test_organisations_in_use_are_offered_retired_ones_not(cast: Cast) -> None:
    dealer("D1", cast.employee.person)
    Organisation.objects.filter(pk=dealer("D2", None).pk).update(is_active=False)
    row = track(cast, draft(cast), ORGANISATIONS, {})
    shown = text(page(cast.hr, "cycles:track_people", row.pk))
    assert ("Dealer D1" in shown, "Dealer D2" in shown) == (True, False)
    assert page(cast.manager, "cycles:track_people", row.pk).status_code == 404


def test_choosing_costs_the_same_for_one_and_three(cast: Cast) -> None:
    row = track(cast, draft(cast), ORGANISATIONS, {})
    dealer("D1", cast.employee.person)
    one = cost_of(cast.hr, "cycles:track_people", row.pk)
    dealer("D2", cast.manager.person)
    dealer("D3", None)
    assert cost_of(cast.hr, "cycles:track_people", row.pk) == one <= 12


def test_only_schemes_that_fit_can_be_chosen_and_the_others_say_why(cast: Cast) -> None:
    monthly, fitting = published(VARIED), published(UNITS)
    missing = UNITS.replace("unit-sheet", "unfinished").replace(
        "\ninputs:", "\nparameters:\n  limit: {label: {zh: 限额, en: Limit}, missing: true}\ninputs:", 1
    )
    begin_as_draft(cast, missing)
    shown = text(page(cast.hr, "cycles:track_add", draft(cast).pk))
    choice = shown.split("<select", 1)[1].split("</select>", 1)[0]
    assert (f'value="{fitting.pk}"' in choice, f'value="{monthly.pk}"' in choice) == (True, False)
    assert ("1 number is missing." in shown, "It is made for other periods: " in shown) == (True, True)
    assert "2 schemes cannot be chosen" in shown


def begin_as_draft(cast: Cast, document: str) -> SchemeVersion:
    scheme = load_scheme(document, file="test.yaml")
    version = SchemeVersion(
        key=scheme.scheme, valid_from=scheme.valid_from, title_zh=scheme.title.zh, title_en=scheme.title.en,
        document=document, digest=digest_of(document), created_at=LAUNCHED,
    )  # fmt: skip
    return begin([version], VersionVerb.WRITE, acting_user=cast.hr.user, at=LAUNCHED)[0]


def test_a_variant_fills_in_the_settings(cast: Cast) -> None:
    row = track(cast, draft(cast, "month"), VARIED, {})
    assert "As written" in text(page(cast.hr, "cycles:track_edit", row.pk))
    typed = {"name": "考核", "scheme_version": row.scheme_version_id, "set_rate": "5", "set_base": "signed",
             "scoring_days": "5", "decided_days": "5", "appeal_window_days": "5", "appealed_days": "5"}  # fmt: skip
    assert page(cast.hr, "cycles:track_edit", row.pk, data={**typed, "variant": "paid"}).status_code == 302
    row.refresh_from_db()
    assert row.parameters == {"base": "paid", "rate": "7"}
    own = {**typed, "variant": "paid", "set_base": "paid", "set_rate": "6"}
    page(cast.hr, "cycles:track_edit", row.pk, data=own)
    row.refresh_from_db()
    assert row.parameters == {"base": "paid", "rate": "6"}
    assert "As set below" in text(page(cast.hr, "cycles:track_edit", row.pk))
    page(cast.hr, "cycles:track_edit", row.pk, data={**own, "variant": "as_written"})
    row.refresh_from_db()
    assert row.parameters == {}


@pytest.fixture
def both(cast: Cast) -> tuple[Appraisal, Appraisal]:
    """The head's own appraisal, and that of his unit."""
    cycle = draft(cast)
    track(cast, cycle, UNITS, of(OrgUnit.objects.get(pk=cast.east.pk)))
    track(cast, cycle, PEOPLE, {"include": [cast.manager.person.pk]})
    unit, person = sorted(launched(cast, cycle), key=lambda row: row.is_of_person)
    return person, unit


def test_the_unit_stands_first_and_the_head_beside_it(cast: Cast, both: tuple[Appraisal, Appraisal]) -> None:
    person, unit = both
    shown = text(page(cast.hr, "home:appraisal", unit.pk))
    assert ("<h1" in shown, "Sales East" in shown, "Responsible: Wang Qiang" in shown) == (True, True, True)
    shown = text(page(cast.hr, "home:appraisal", person.pk))
    assert ("Wang Qiang" in shown, "Responsible" in shown) == (True, False)
    listed = text(page(cast.hr, "cycles:cycle_detail", unit.cycle_id))
    assert ("Responsible: Wang Qiang" in listed, "Sales East" in listed) == (True, True)
    assert "Responsible: Wang Qiang" in text(page(cast.hr, "cycles:cycle_detail", unit.cycle_id, q="华东"))
    assert page(cast.outsider, "home:appraisal", unit.pk).status_code == 404
    assert page(cast.employee, "home:appraisal", unit.pk).status_code == 404


def test_the_head_finds_both_apart(cast: Cast, both: tuple[Appraisal, Appraisal], time_machine: Any) -> None:
    mine = text(page(cast.manager, "home:appraisal_mine"))
    assert ("Sales East · Q1" in mine, mine.count("Responsible: Wang Qiang")) == (True, 1)
    inbox = text(page(cast.manager, "home:inbox"))
    assert ("Sales East" in inbox, "your appraisal" in inbox) == (True, True)
    time_machine.move_to(at(4, 2), tick=False)
    assert "Sales East" in text(page(cast.second_level, "home:team_overview"))


def test_the_list_of_figures_has_a_row_for_the_unit(cast: Cast, both: tuple[Appraisal, Appraisal]) -> None:
    shown = text(page(cast.finance, "records:figure_list", period="2026Q1"))
    assert (f"/sales-u{cast.east.pk}/" in shown, "/2026Q1/sales/" in shown) == (True, True)
    one = text(page(cast.finance, "records:figure_edit", cast.manager.person.pk, "2026Q1", f"sales-u{cast.east.pk}"))
    assert "Sales (Sales East)" in one


def test_the_cycle_costs_the_same_for_one_and_three_units(cast: Cast) -> None:
    def cost(*units: OrgUnit) -> int:
        cycle = draft(cast)
        rule = {"subjects": [{"id": unit.pk, "person": cast.manager.person.pk} for unit in units]}
        track(cast, cycle, UNITS.replace("unit-sheet", f"sheet-{len(units)}"), rule)
        launch_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle)
        return cost_of(cast.hr, "cycles:cycle_detail", cycle.pk)

    assert cost(cast.east) == cost(cast.east, cast.rd, cast.staff) <= 12


def test_the_pages_of_a_units_appraisal_cost_no_more_than_those_of_a_person(
    cast: Cast, both: tuple[Appraisal, Appraisal]
) -> None:
    for member in (cast.manager, cast.second_level, cast.hr):
        cost_of(member, "home:appraisal", both[0].pk)
        costs = [cost_of(member, "home:appraisal", row.pk) for row in both]
        assert costs[1] <= costs[0] <= 12
    assert cost_of(cast.manager, "home:appraisal_mine") <= 12
