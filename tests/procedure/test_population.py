"""Whom a track is for."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.people.models import Person
from appraisal.procedure.population import counts_by_unit, exclusions, members
from tests.cast import Cast

DAY = date(2026, 3, 2)


def names(cast: Cast, rule: dict[str, object], day: date = DAY) -> list[str]:
    return [person.number for person in members(rule, day)]


def test_a_unit_counts_with_those_below_it(cast: Cast) -> None:
    assert names(cast, {"units": [cast.sales.pk]}) == ["1001", "1002", "1003", "1004", "1005", "1006", "1007"]
    assert names(cast, {"units": [cast.east.pk]}) == ["1003", "1004", "1005", "1006", "1007"]
    assert names(cast, {"units": [cast.east.pk, cast.rd.pk]}) == ["1003", "1004", "1005", "1006", "1007", "2001"]


def test_positions_narrow_units(cast: Cast) -> None:
    assert names(cast, {"units": [cast.sales.pk], "positions": [cast.specialist.pk]}) == [
        "1004",
        "1005",
        "1006",
        "1007",
    ]
    assert names(cast, {"positions": [cast.specialist.pk]}) == ["1004", "1005", "1006", "1007"]


def test_without_a_rule_only_the_included_are_caught(cast: Cast) -> None:
    assert names(cast, {}) == []
    assert names(cast, {"include": [cast.outsider.person.pk]}) == ["2001"]


def test_exclusion_beats_inclusion(cast: Cast) -> None:
    pk = cast.employee.person.pk
    assert names(cast, {"include": [pk], "exclude": [{"person": pk, "reason": "产假"}]}) == []


def test_who_was_hired_too_late_or_has_left_stays_out_and_is_named_with_the_reason(cast: Cast) -> None:
    Person.objects.filter(pk=cast.colleague_one.person.pk).update(hired_on=date(2026, 2, 1))
    Person.objects.filter(pk=cast.colleague_two.person.pk).update(left_on=date(2026, 2, 28))
    Person.objects.filter(pk=cast.colleague_three.person.pk).update(hired_on=date(2026, 3, 3))
    rule = {
        "units": [cast.east.pk],
        "hired_before": "2026-01-01",
        "exclude": [{"person": cast.manager.person.pk, "reason": "经理另行考核"}],
    }
    assert names(cast, rule) == ["1004"]
    found = {row.person.number: row.reason for row in exclusions(rule, DAY)}
    assert set(found) == {"1003", "1005", "1006", "1007"}
    assert found["1003"] == "经理另行考核"
    assert "2026-02-01" in found["1005"]
    assert "2026-02-28" in found["1006"]
    assert "2026-03-03" in found["1007"]


def test_somebody_who_leaves_on_the_day_itself_is_still_in(cast: Cast) -> None:
    Person.objects.filter(pk=cast.employee.person.pk).update(left_on=DAY)
    assert "1004" in names(cast, {"units": [cast.east.pk]})


def test_the_included_are_in_whenever_they_were_hired(cast: Cast) -> None:
    Person.objects.filter(pk=cast.outsider.person.pk).update(hired_on=date(2026, 3, 1))
    rule = {"units": [cast.east.pk], "hired_before": "2020-06-01", "include": [cast.outsider.person.pk]}
    assert "2001" in names(cast, rule)


def test_counts_by_unit_are_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        counts = counts_by_unit(members({"units": [cast.sales.pk]}, DAY))
    assert dict(counts) == {cast.sales.pk: 2, cast.east.pk: 5}
    assert len(queries) == 1


@pytest.mark.parametrize("rule", [{}, {"units": []}, {"units": [10**9]}])
def test_an_unknown_unit_catches_nobody(cast: Cast, rule: dict[str, object]) -> None:
    assert names(cast, rule) == []
