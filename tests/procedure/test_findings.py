"""The look over the data before a launch: each finding alone, and a company where nothing is wrong."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.cycles.models import AppraisalCycle
from appraisal.people.models import Person, ReportingLine, User
from appraisal.procedure.actions import add_track
from appraisal.procedure.findings import Finding, check_data, stops_launch
from appraisal.schemes.models import SchemeVersion
from tests.cast import Cast
from tests.factories.cycles import LAUNCHED, launch, make_cycle, scheme_version

# Numbers that the scheme's source leaves out, and figures that nobody has entered in the test's company.
ALWAYS = {"assumed", "figures", "never_signed_in"}


def found(cycle: AppraisalCycle) -> dict[str, Finding]:
    return {finding.code: finding for finding in check_data(cycle, at=LAUNCHED)}


def test_a_sound_cycle_has_only_remarks(cast: Cast) -> None:
    findings = found(make_cycle(cast))
    assert set(findings) == ALWAYS
    assert not stops_launch(findings.values())
    assert findings["figures"].names == ("李娜",)


def test_who_has_signed_in_once_is_not_mentioned(cast: Cast) -> None:
    User.objects.update(last_login=LAUNCHED)
    assert set(found(make_cycle(cast))) == ALWAYS - {"never_signed_in"}


def test_a_cycle_without_a_track_cannot_be_launched(cast: Cast) -> None:
    cycle = make_cycle(cast)
    cycle.tracks.all().delete()
    assert [(finding.code, finding.level) for finding in check_data(cycle, at=LAUNCHED)] == [("no_track", "error")]


def nobody_on_it(cast: Cast) -> AppraisalCycle:
    return make_cycle(cast, population={"units": [10**9]})


def nobody_above(cast: Cast) -> AppraisalCycle:
    ReportingLine.objects.filter(person=cast.employee.person).delete()
    return make_cycle(cast)


def manager_without_account(cast: Cast) -> AppraisalCycle:
    Person.objects.filter(pk=cast.manager.person.pk).update(user=None)
    return make_cycle(cast)


def caught_twice(cast: Cast) -> AppraisalCycle:
    cycle = make_cycle(cast)
    add_track(
        acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, name="二", scheme_version=scheme_version(),
        population={"units": [cast.east.pk]},
    )  # fmt: skip
    return cycle


def unpublished(cast: Cast) -> AppraisalCycle:
    cycle = make_cycle(cast)
    SchemeVersion.objects.update(state=SchemeVersion.State.DRAFT)
    return cycle


def no_director(cast: Cast) -> AppraisalCycle:
    cast.sales_director.user.groups.remove(Group.objects.get(name="sales_director"))
    return make_cycle(cast)


def wrong_period(cast: Cast) -> AppraisalCycle:
    return make_cycle(cast, period_kind="half_year", starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))


ERRORS: dict[str, Callable[[Cast], AppraisalCycle]] = {
    "nobody": nobody_on_it,
    "no_manager": nobody_above,
    "manager_without_account": manager_without_account,
    "two_tracks": caught_twice,
    "not_published": unpublished,
    "empty_role": no_director,
    "wrong_period": wrong_period,
}


@pytest.mark.parametrize("code", ERRORS)
def test_what_stops_the_launch(cast: Cast, code: str) -> None:
    findings = found(ERRORS[code](cast))
    assert findings[code].level == "error"
    assert findings[code].mend
    assert stops_launch(findings.values())


def no_account(cast: Cast) -> AppraisalCycle:
    Person.objects.filter(pk=cast.employee.person.pk).update(user=None)
    return make_cycle(cast)


def beyond_the_calendar(cast: Cast) -> AppraisalCycle:
    return make_cycle(cast, starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))


def in_another_cycle(cast: Cast) -> AppraisalCycle:
    launch(cast)
    return make_cycle(cast)


WARNINGS: dict[str, Callable[[Cast], AppraisalCycle]] = {
    "no_account": no_account,
    "calendar": beyond_the_calendar,
    "elsewhere": in_another_cycle,
}


@pytest.mark.parametrize("code", WARNINGS)
def test_what_is_worth_a_look(cast: Cast, code: str) -> None:
    findings = found(WARNINGS[code](cast))
    assert findings[code].level == "warning"
    assert not stops_launch(findings.values())


def test_the_check_costs_the_same_for_one_and_for_many(cast: Cast) -> None:
    few, many = make_cycle(cast), make_cycle(cast, cast.employee, *cast.colleagues, cast.manager, cast.second_level)
    costs = []
    check_data(few, at=LAUNCHED)
    for cycle in (few, many):
        with CaptureQueriesContext(connection) as queries:
            check_data(AppraisalCycle.objects.select_related("calendar").get(pk=cycle.pk), at=LAUNCHED)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12
