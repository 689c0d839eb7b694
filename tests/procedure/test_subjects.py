"""Tracks of units and organisations: chosen, checked, launched, scored, released."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import IntegrityError, transaction

from appraisal.assessments.actions import submit_score, submit_self_review
from appraisal.cycles.models import Appraisal, AppraisalCycle, Track
from appraisal.cycles.states import Step
from appraisal.cycles.wanted import Missing, missing_by_role
from appraisal.outcomes.reading import cases_of
from appraisal.people.models import Organisation, OrgUnit, Person
from appraisal.procedure.actions import add_track, draft_cycle, edit_track, launch_cycle, release_many
from appraisal.procedure.findings import check_data
from appraisal.records.actions import enter_figure
from appraisal.records.figures import Values
from appraisal.records.models import Ledger
from appraisal.records.papers import keeps
from appraisal.records.periods import Period
from appraisal.records.queries import figures_of
from appraisal.schemes.catalogue_files import catalogue_files
from appraisal.schemes.loader import load_scheme
from notifications.models import OutboxMessage
from tests.cast import Cast
from tests.factories.cycles import LAUNCHED, at, write_manager_review, write_self_review
from tests.factories.kinds import published

pytestmark = pytest.mark.django_db

SPANS = {
    "month": (date(2026, 3, 1), date(2026, 3, 31)),
    "quarter": (date(2026, 1, 1), date(2026, 3, 31)),
    "half_year": (date(2026, 1, 1), date(2026, 6, 30)),
    "year": (date(2026, 1, 1), date(2026, 12, 31)),
}
UNITS = """
scheme: unit-sheet
title: {zh: 部门考核, en: Department sheet}
source: {file: 测试.txt}
valid_from: 2020-01-01
subject: department
period_kinds: [quarter]
inputs:
  sales: {kind: measure, label: {zh: 销售额, en: Sales}, unit: {zh: 分, en: points}, owner: finance}
  order: {kind: rating, label: {zh: 管理, en: Order}, by: manager, scale: {points: 100}}
indicators:
  - {indicator: sold, label: {zh: 销售, en: Sold}, weight: 60, score: {figure: sales}}
  - {indicator: kept, label: {zh: 管理, en: Order kept}, weight: 40, score: {mean: order}}
grades: {bands: [{grade: A, label: {zh: 优, en: A}, at_least: 80}, {grade: B, label: {zh: 良, en: B}, below: 80}]}
steps:
  self_review: {holder: employee, within: 3 working days}
  scoring: {holder: executives, within: 5 working days}
  decided: {holder: hr, within: 5 working days}
  appeal_window: {holder: employee, within: 3 working days, on_expiry: close_window, rights: true}
  appealed: {holder: [hr], within: 5 working days}
"""
ORGANISATIONS = UNITS.replace("unit-sheet", "dealer-sheet").replace("subject: department", "subject: organisation")
PEOPLE = UNITS.replace("unit-sheet", "person-sheet").replace("subject: department", "subject: person")
OF_OTHERS = sorted(path for path in catalogue_files() if load_scheme(path.read_text(), file="x").subject != "person")


@pytest.fixture(autouse=True)
def _heads(cast: Cast) -> None:
    """The sales director reports to nobody; so the heads here are those who have somebody above them."""
    OrgUnit.objects.filter(pk=cast.sales.pk).update(head=cast.second_level.person)
    OrgUnit.objects.filter(pk=cast.east.pk).update(head=cast.manager.person)
    for unit in (cast.sales, cast.east):
        unit.refresh_from_db()


def dealer(code: str, contact: Person | None) -> Organisation:
    return Organisation.objects.create(code=code, name=f"{code}经销商", name_en=f"Dealer {code}", kind="dealer",
                                       contact=contact)  # fmt: skip


def draft(cast: Cast, kind: str = "quarter") -> AppraisalCycle:
    first, last = SPANS[kind]
    return draft_cycle(acting_user=cast.hr.user, at=LAUNCHED, name="第一季度", name_en="Q1", period_kind=kind,
                       starts_on=first, ends_on=last, calendar=cast.entity.calendar)  # fmt: skip


def track(cast: Cast, cycle: AppraisalCycle, text: str, rule: dict[str, Any]) -> Track:
    return add_track(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, name="考核", scheme_version=published(text),
                     population=rule)  # fmt: skip


def of(*rows: OrgUnit | Organisation, **named: Person) -> dict[str, Any]:
    return {"subjects": [{"id": row.pk} for row in rows]}


def launched(cast: Cast, cycle: AppraisalCycle) -> list[Appraisal]:
    launch_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle)
    return list(Appraisal.objects.filter(cycle=cycle).select_related("cycle", "track", "employee", "manager"))


def runnable(path: Path) -> str:
    """The catalogue's text with every missing number at what it proposes."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for parameter in document.get("parameters", {}).values():
        if parameter.pop("missing", None):
            parameter["assumed"] = parameter.pop("proposed")
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize("path", OF_OTHERS, ids=[f"{path.parent.name}-{path.stem}" for path in OF_OTHERS])
def test_every_catalogue_scheme_about_units_or_organisations_can_be_launched(cast: Cast, path: Path) -> None:
    text = runnable(path)
    scheme = load_scheme(text, file="test.yaml")
    kind = next(kind for kind in scheme.period_kinds if kind in SPANS)
    about = dealer("D1", cast.employee.person) if scheme.subject == "organisation" else cast.sales
    cycle = draft(cast, kind)
    track(cast, cycle, text, of(about))
    assert [row.text for row in check_data(cycle, at=LAUNCHED) if row.level == "error"] == []
    (appraisal,) = launched(cast, cycle)
    assert appraisal.title_names == (about.name, about.name_en)
    expected = cast.employee.person if scheme.subject == "organisation" else cast.second_level.person
    assert (appraisal.employee, appraisal.unit_id or appraisal.organisation_id) == (expected, about.pk)


def test_there_are_eleven_files_of_ten_such_schemes_or_more() -> None:
    assert len(OF_OTHERS) >= 10


def test_a_department_is_reviewed_scored_and_released_through_its_head(cast: Cast) -> None:
    cycle = draft(cast)
    track(cast, cycle, UNITS, of(cast.east))
    (appraisal,) = launched(cast, cycle)
    manager = cast.second_level
    assert (appraisal.employee_account, appraisal.manager_account) == (cast.manager.user, manager.user)
    assert (appraisal.org_unit, appraisal.unit, appraisal.position) == (cast.east, cast.east, None)
    enter_figure(
        acting_user=cast.finance.user, at=at(3, 30), person=cast.manager.person, period=Period(*SPANS["quarter"]),
        input_key=f"sales-u{cast.east.pk}", values=Values(Decimal(90)),
    )  # fmt: skip
    write_self_review(appraisal, at(4, 2))
    submit_self_review(acting_user=cast.manager.user, appraisal=appraisal, at=at(4, 2))
    appraisal.refresh_from_db()
    assert appraisal.state == Step.SCORING
    write_manager_review(appraisal, at(4, 3), points="70")
    submit_score(acting_user=manager.user, appraisal=appraisal, at=at(4, 3))
    appraisal.refresh_from_db()
    assert (appraisal.final_score, appraisal.final_grade) == (Decimal(82), "A")
    release_many(acting_user=cast.hr.user, at=at(4, 7), appraisals=[appraisal])
    appraisal.refresh_from_db()
    assert appraisal.state == Step.APPEAL_WINDOW
    letter = OutboxMessage.objects.get(recipient=cast.manager.user, kind="result.released")
    assert letter.context["whom_zh"] == "华东销售组"


def test_a_head_may_have_his_own_appraisal_and_that_of_his_unit_with_figures_apart(cast: Cast) -> None:
    cycle = draft(cast)
    track(cast, cycle, UNITS, of(cast.east))
    track(cast, cycle, PEOPLE, {"include": [cast.manager.person.pk]})
    assert [row.text for row in check_data(cycle, at=LAUNCHED) if row.level == "error"] == []
    unit, person = sorted(launched(cast, cycle), key=lambda row: row.is_of_person)
    assert (unit.title_names[0], person.title_names[0]) == ("华东销售组", "王强")
    period = Period(*SPANS["quarter"])
    assert missing_by_role(cycle) == {"finance": Missing(total=2)}
    for key, value in ((f"sales-u{cast.east.pk}", "90"), ("sales", "40")):
        enter_figure(acting_user=cast.finance.user, at=at(3, 30), person=cast.manager.person, period=period,
                     input_key=key, values=Values(Decimal(value)))  # fmt: skip
    found = figures_of([unit, person])
    assert (found[unit.pk]["sales"].actual, found[person.pk]["sales"].actual) == (Decimal(90), Decimal(40))
    assert missing_by_role(cycle) == {}


def test_what_is_missing_of_the_unit_is_not_made_up_for_by_its_heads_own_figure(cast: Cast) -> None:
    cycle = draft(cast)
    track(cast, cycle, UNITS, of(cast.east))
    track(cast, cycle, PEOPLE, {"include": [cast.manager.person.pk]})
    launched(cast, cycle)
    enter_figure(acting_user=cast.finance.user, at=at(3, 30), person=cast.manager.person,
                 period=Period(*SPANS["quarter"]), input_key="sales", values=Values(Decimal(40)))  # fmt: skip
    assert missing_by_role(cycle) == {"finance": Missing(total=1)}


def test_two_dealers_with_one_contact_are_two_appraisals_and_a_second_launch_adds_none(cast: Cast) -> None:
    dealers = [dealer("D1", cast.employee.person), dealer("D2", cast.employee.person)]
    cycle = draft(cast)
    track(cast, cycle, ORGANISATIONS, of(*dealers))
    rows = launched(cast, cycle)
    assert sorted(row.title_names[1] for row in rows) == ["Dealer D1", "Dealer D2"]
    assert {row.org_unit_id for row in rows} == {cast.east.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        rows[0].pk, rows[0].chain_id = None, None  # type: ignore[assignment]
        Appraisal.objects.bulk_create([rows[0]])


def test_the_check_finds_a_unit_without_head_an_organisation_without_contact_and_who_has_left(cast: Cast) -> None:
    Person.objects.filter(pk=cast.manager.person.pk).update(left_on=date(2026, 2, 1))
    cycle = draft(cast)
    track(cast, cycle, UNITS, of(cast.rd, cast.east))
    track(cast, cycle, ORGANISATIONS, of(dealer("D1", None)))
    found = {row.code: row.names for row in check_data(cycle, at=LAUNCHED) if row.level == "error"}
    assert (found["no_head"], found["no_contact"], found["responsible_left"]) == (
        (str(cast.rd),), ("D1经销商",), (str(cast.east),),
    )  # fmt: skip


def test_hr_names_another_person_than_the_head(cast: Cast) -> None:
    cycle = draft(cast)
    track(cast, cycle, UNITS, {"subjects": [{"id": cast.rd.pk, "person": cast.employee.person.pk}]})
    (appraisal,) = launched(cast, cycle)
    assert (appraisal.title_names[0], appraisal.employee) == ("研发部", cast.employee.person)


def test_another_kind_of_scheme_empties_whom_the_track_was_for(cast: Cast) -> None:
    cycle = draft(cast)
    row = track(cast, cycle, UNITS, of(cast.east))
    edit_track(acting_user=cast.hr.user, at=LAUNCHED, track=row, changes={"scheme_version": published(PEOPLE)})
    row.refresh_from_db()
    assert row.population == {}


def test_a_units_results_do_not_count_for_its_head(cast: Cast) -> None:
    """One B of the unit and one of the head's own, by the same scheme, are not two of anybody."""
    cycle = draft(cast)
    track(cast, cycle, UNITS, of(cast.east))
    track(cast, cycle, PEOPLE.replace("person-sheet", "unit-sheet"), {"include": [cast.manager.person.pk]})
    unit, person = sorted(launched(cast, cycle), key=lambda row: row.is_of_person)
    Appraisal.objects.filter(cycle=cycle).update(
        released_at=LAUNCHED, state=Step.CLOSED, final_grade="B", final_origin="review"
    )
    later = draft_cycle(acting_user=cast.hr.user, at=at(6, 1), name="二季度", period_kind="quarter",
                        starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30),
                        calendar=cast.entity.calendar)  # fmt: skip
    add_track(acting_user=cast.hr.user, at=at(6, 1), cycle=later, name="考核", scheme_version=unit.track.scheme_version,
              population=of(cast.east))  # fmt: skip
    launch_cycle(acting_user=cast.hr.user, at=at(6, 1), cycle=later)
    second = Appraisal.objects.select_related("cycle", "track", "employee").get(cycle=later)
    second.final_grade = "B"
    row = cases_of([second])[second.pk].row
    assert [(past.starts_on, past.grade) for past in row] == [(date(2026, 1, 1), "B"), (date(2026, 4, 1), "B")]
    assert len(cases_of([person])[person.pk].row) == 1


def test_the_department_that_keeps_its_own_ledger_is_its_head(cast: Cast) -> None:
    key = f"months-u{cast.east.pk}"
    span = dict(zip(("period_start", "period_end"), SPANS["quarter"], strict=True))
    own = Ledger(person=cast.manager.person, input_key=key, owners=["department"], **span)
    other = Ledger(person=cast.manager.person, input_key="months", owners=["department"], **span)
    told = {name: (keeps(own, cast.members[name].user), keeps(other, cast.members[name].user))
            for name in ("manager", "hr", "outsider")}  # fmt: skip
    assert told == {"manager": (True, False), "hr": (True, True), "outsider": (False, False)}
