"""The wizard sets parameters of a track's scheme, and periods of every kind."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from appraisal.cycles.models import AppraisalCycle, Track
from appraisal.procedure.actions import add_track, draft_cycle
from tests.cast import Cast
from tests.factories.cycles import LAUNCHED
from tests.factories.kinds import EVERY_KIND, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(LAUNCHED, tick=False)


def drafted(cast: Cast, **changed: Any) -> AppraisalCycle:
    about = {"name": "三月", "period_kind": "month", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}
    return draft_cycle(acting_user=cast.hr.user, at=LAUNCHED, calendar=cast.entity.calendar, **{**about, **changed})


def track_of(cast: Cast, cycle: AppraisalCycle) -> Track:
    return add_track(
        acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, name="各类", scheme_version=published(EVERY_KIND)
    )


def test_only_what_differs_from_the_scheme_is_kept(cast: Cast, client: Client) -> None:
    track = track_of(cast, drafted(cast))
    client.force_login(cast.hr.user)
    page = client.get(f"/cycles/tracks/{track.pk}/", headers={"accept-language": "en"}).content.decode()
    assert ("Settings of this cycle" in page, 'name="set_rate"' in page) == (True, True)
    typed = {"name": "各类", "scheme_version": track.scheme_version_id, "set_rate": "5", "set_base": "paid",
             "scoring_days": "5", "decided_days": "5", "appeal_window_days": "5", "appealed_days": "5"}  # fmt: skip
    assert client.post(f"/cycles/tracks/{track.pk}/", typed).status_code == 302
    track.refresh_from_db()
    assert track.parameters == {"base": "paid"}


def test_a_number_that_cannot_be_read_is_refused_and_stays_typed(cast: Cast, client: Client) -> None:
    track = track_of(cast, drafted(cast))
    client.force_login(cast.hr.user)
    typed = {"name": "各类", "scheme_version": track.scheme_version_id, "set_rate": "fünf", "set_base": "paid"}
    page = client.post(f"/cycles/tracks/{track.pk}/", typed).content.decode()
    assert 'value="fünf"' in page
    track.refresh_from_db()
    assert track.parameters == {}


@pytest.mark.parametrize(
    ("kind", "first", "typed", "last"),
    [
        ("phase", "2026-03-02", {"weeks": "6"}, date(2026, 4, 12)),
        ("two_months", "2026-03-01", {"ends_on": "2026-04-30"}, date(2026, 4, 30)),
        ("half_year", "2026-01-01", {"ends_on": "2026-06-30"}, date(2026, 6, 30)),
        ("project", "2026-01-15", {"ends_on": "2026-05-20"}, date(2026, 5, 20)),
        ("ad_hoc", "2026-01-15", {"ends_on": "2026-01-20"}, date(2026, 1, 20)),
        ("week", "2026-03-02", {"ends_on": "2026-03-08"}, date(2026, 3, 8)),
    ],
)
def test_a_cycle_may_last_as_any_scheme_asks(
    cast: Cast, client: Client, kind: str, first: str, typed: dict[str, str], last: date
) -> None:
    client.force_login(cast.hr.user)
    about = {"name": "周期", "period_kind": kind, "calendar": str(cast.entity.calendar.pk), "starts_on": first}
    assert client.post("/cycles/new/", {**about, **typed}).status_code == 302
    assert AppraisalCycle.objects.get().ends_on == last


def test_a_period_without_its_last_day_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.hr.user)
    about = {"name": "周期", "period_kind": "project", "calendar": str(cast.entity.calendar.pk)}
    page = client.post("/cycles/new/", {**about, "starts_on": "2026-03-02", "weeks": "6"})
    assert (page.status_code, AppraisalCycle.objects.count()) == (200, 0)
