"""A prepared session that does not take place."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.calibration.actions import cancel_session, edit_session, open_session, prepare_session
from appraisal.calibration.models import CalibrationSession
from appraisal.calibration.queries import sessions_of
from appraisal.calibration.states import SessionState
from appraisal.cycles.models import Appraisal
from tests.calibration.conftest import NOW
from tests.cast import Cast
from workflow.errors import GuardRefused, NotAllowed, NotInThisState
from workflow.queries import history

REASON = "改为逐一确认"
Prepare = Callable[[], CalibrationSession]


@pytest.fixture
def prepare(cast: Cast, people: list[Appraisal]) -> Prepare:
    return lambda: prepare_session(acting_user=cast.hr.user, cycle=people[0].cycle, name="一季度校准会", at=NOW)


def test_a_cancelled_session_makes_room_for_another_and_looks_at_nobody(cast: Cast, prepare: Prepare) -> None:
    session = prepare()
    cancelled = cancel_session(acting_user=cast.hr_two.user, session=session, reason=REASON, at=NOW)
    assert cancelled.state == SessionState.CANCELLED
    assert (history(session).last().name, history(session).last().reason) == ("calibration.cancelled", REASON)
    found = sessions_of(session.cycle, cast.hr.user)
    assert [(line.people, line.decided) for line in found.lines] == [(0, 0)]
    assert found.outside == 4
    assert prepare().state == SessionState.PREPARING


def test_it_needs_a_reason_and_is_too_late_once_the_session_is_open(cast: Cast, prepare: Prepare) -> None:
    session = prepare()
    with pytest.raises(GuardRefused):
        cancel_session(acting_user=cast.hr.user, session=session, reason=" ", at=NOW)
    with pytest.raises(NotAllowed):
        cancel_session(acting_user=cast.manager.user, session=session, reason=REASON, at=NOW)
    open_session(acting_user=cast.hr.user, session=session, at=NOW)
    with pytest.raises(NotInThisState):
        cancel_session(acting_user=cast.hr.user, session=session, reason=REASON, at=NOW)


def test_nothing_is_changed_in_it_any_more(cast: Cast, prepare: Prepare) -> None:
    session = cancel_session(acting_user=cast.hr.user, session=prepare(), reason=REASON, at=NOW)
    with pytest.raises(NotInThisState, match="ended"):
        edit_session(acting_user=cast.hr.user, session=session, name="新名", at=NOW, version=session.version)
    with pytest.raises(NotInThisState):
        open_session(acting_user=cast.hr.user, session=session, at=NOW)


def test_hr_cancels_on_the_page(cast: Cast, prepare: Prepare, client: Client) -> None:
    session = prepare()
    client.force_login(cast.hr.user)
    address = reverse("calibration:session_detail", args=[session.pk])
    act = reverse("calibration:session_cancel", args=[session.pk])
    english = {"accept-language": "en"}
    assert f'action="{act}"' in client.get(address, headers=english).content.decode()
    assert client.post(act, {"version": session.version}, headers=english).status_code == 422
    answer = client.post(act, {"version": session.version, "reason": REASON}, headers=english, follow=True)
    page = answer.content.decode()
    assert "The session was called off before it met." in page
    assert "Settings" not in page.split('id="session-acts"')[1].split("</div>")[0]
    assert client.get(reverse("calibration:session_table", args=[session.pk]), headers=english).status_code == 200
    assert client.get(reverse("calibration:session_list", args=[session.cycle_id])).status_code == 200
