"""What HR keeps: cycles, calibration sessions, scheme versions; incidents, and the registers that only record."""

from __future__ import annotations

from datetime import date
from typing import Any

from appraisal.calibration.actions import cancel_session, decide, finalise, lock, open_session, prepare_session
from appraisal.calibration.models import CalibrationSession
from appraisal.calibration.states import SessionState
from appraisal.cycles.actions import ask_for_figures
from appraisal.cycles.models import AppraisalCycle, FigureRequest
from appraisal.cycles.states import CycleState, Step, WantedState
from appraisal.people.models import PeopleRegister
from appraisal.procedure.actions import cancel_cycle, close_cycle, withdraw
from appraisal.records.actions import confirm_incident, reject_incident, report_incident
from appraisal.records.models import FigureRegister, Incident
from appraisal.records.states import IncidentState
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.states import VersionState
from appraisal.workshop.actions import hand_in
from tests.cast import Cast
from tests.factories.cycles import at, launch, make_cycle, scheme_version, walk_to
from tests.house.permissions.tables import HR, SYSTEM, Case, Row
from workflow.engine import begin, perform

CYCLE = {
    "draft_cycle": Row("start", HR),
    "open_cycle": Row("draft", HR),
    "close_cycle": Row("open", HR, {"open": "still open"}),
    "cancel_cycle": Row("draft", HR, reasoned=True),
}
UNDECIDED = "neither confirmed nor changed"
SESSION = {
    "prepare": Row("start", HR),
    "open_session": Row("preparing", HR),
    "lock": Row("open", HR, {"open": UNDECIDED}),
    "unlock": Row("locked", HR, reasoned=True),
    "finalise": Row("locked", HR),
    "cancel": Row("preparing", HR, reasoned=True),
}
SCHEME = {
    "catalogue": Row("start", f"{HR} {SYSTEM}"),
    "write": Row("start", HR),
    "submit": Row("draft", HR),
    "send_back": Row("in_review", HR, reasoned=True),
    "publish": Row("in_review", HR),
    "retire": Row("published", HR, reasoned=True),
}
# Four eyes: another member of HR publishes.
BY_HR = SCHEME | {"publish": Row("in_review", HR, {"in_review hr": "You handed this version in yourself"})}
# S003-01: confirmed by legal, finance or operations. The manager of the case has reported it.
DECIDERS = "legal finance operations"
INCIDENT = {
    "report": Row("start", f"{HR} {DECIDERS} manager second_level hr_partner"),
    "confirm": Row("reported rejected", DECIDERS, reasoned=True),
    "reject": Row("reported confirmed", DECIDERS, reasoned=True),
}
BY_LEGAL = INCIDENT | {
    "confirm": Row("reported", DECIDERS, {"reported legal": "Whoever reported"}, reasoned=True),
    "reject": Row("reported", DECIDERS, {"reported legal": "Whoever reported"}, reasoned=True),
}
# Nobody asks or settles by hand: the end of the period and the figures themselves do.
WANTED = {
    "ask_for_figures": Row("start", SYSTEM),
    "settle": Row("wanted", SYSTEM),
    "ask_again": Row("settled", SYSTEM),
}
PEOPLE = {"open_register": Row("start", SYSTEM)}
FIGURES = {"open_figures": Row("start", SYSTEM)}

NOW = at(4, 12)


def cycle(cast: Cast, state: str) -> Case:
    hr = cast.hr.user
    if state in {CycleState.OPEN, CycleState.CLOSED}:
        row = launch(cast)[0]
        if state == CycleState.CLOSED:
            walk_to(row, Step.CLOSED, cast)
            close_cycle(acting_user=hr, at=at(5, 20), cycle=row.cycle)
    else:
        drafted = make_cycle(cast)
        if state == CycleState.CANCELLED:
            cancel_cycle(acting_user=hr, at=at(3, 3), cycle=drafted, reason="方案未定")
    found = AppraisalCycle.objects.get()
    return Case(found if state else AppraisalCycle(state=""), at(5, 20))


def session(cast: Cast, state: str) -> Case:
    """Two people; nobody is decided while it is open, everybody where it is locked."""
    hr = cast.hr.user
    steps = {"calibrating": {"on": True, "days": 5}}
    rows = [
        walk_to(row, Step.CALIBRATING, cast) for row in launch(cast, cast.employee, cast.colleague_one, steps=steps)
    ]
    if not state:
        return Case(CalibrationSession(cycle=rows[0].cycle, facilitator=hr, state=""), NOW)
    found = prepare_session(acting_user=hr, cycle=rows[0].cycle, name="一季度校准会", at=NOW)
    if state == SessionState.CANCELLED:
        found = cancel_session(acting_user=hr, session=found, reason="改为逐一确认", at=NOW)
    elif state != SessionState.PREPARING:
        found = open_session(acting_user=hr, session=found, at=NOW)
        if state != SessionState.OPEN:
            for row in rows:
                decide(acting_user=hr, appraisal=row, grade="B", at=NOW)
            found = lock(acting_user=hr, session=found, at=NOW)
        if state == SessionState.FINALISED:
            finalise(acting_user=hr, session=found, at=NOW)
    return Case(CalibrationSession.objects.get(), NOW)


def scheme(cast: Cast, state: str) -> Case:
    hr, published = cast.hr.user, scheme_version()
    if state in {VersionState.PUBLISHED, VersionState.RETIRED}:
        found = published
        if state == VersionState.RETIRED:
            perform(found, "retire", acting_user=hr, at=NOW, reason="已有新版")
    else:
        found = SchemeVersion(
            key=published.key, valid_from=date(2027, 1, 1), title_zh=published.title_zh, title_en=published.title_en,
            document=published.document, digest="1" * 64, created_at=NOW, state="",
        )  # fmt: skip
        if state:
            begin([found], "write", acting_user=hr, at=NOW)
        if state == VersionState.IN_REVIEW:
            perform(found, "submit", acting_user=hr, at=NOW)
    return Case(SchemeVersion.objects.get(pk=found.pk) if found.pk else found, NOW)


def handed_in(cast: Cast) -> Case:
    draft = scheme(cast, "draft")
    hand_in(acting_user=cast.hr.user, at=NOW, version=draft.subject)
    return Case(SchemeVersion.objects.get(pk=draft.subject.pk), NOW)


def incident(cast: Cast, state: str, reporter: str = "manager") -> Case:
    scheme_version()
    about: dict[str, Any] = {
        "person": cast.employee.person, "input_key": "audit", "severity": "minor", "kind": "虚报客户",
        "happened_on": date(2026, 3, 12), "description": "合同日期有误。",
    }  # fmt: skip
    by = cast.members[reporter].user
    if not state:
        return Case(Incident(**about, reported_by=by, reported_at=NOW, deciders=DECIDERS.split(), state=""), NOW)
    found = report_incident(acting_user=by, at=NOW, **about)
    if state == IncidentState.CONFIRMED:
        confirm_incident(acting_user=cast.finance.user, at=NOW, incident=found, note="属实")
    if state == IncidentState.REJECTED:
        reject_incident(acting_user=cast.finance.user, at=NOW, incident=found, note="不属实")
    return Case(Incident.objects.select_related("person__legal_entity__calendar").get(), NOW)


def people(cast: Cast, state: str) -> Case:
    return Case(PeopleRegister(state=state), NOW)


def wanted(cast: Cast, state: str) -> Case:
    cycle = launch(cast)[0].cycle
    if not state:
        return Case(FigureRequest(cycle=cycle, role="finance", missing=2, ledgers=0, state=""), NOW)
    ask_for_figures(at=at(4, 1))
    found = FigureRequest.objects.get(role="finance")
    if state == WantedState.SETTLED:
        withdraw(acting_user=cast.hr.user, at=at(4, 2), appraisal=cycle.appraisals.get(), reason="长期病假")
        ask_for_figures(at=at(4, 2))
    return Case(FigureRequest.objects.select_related("cycle__calendar").get(pk=found.pk), NOW)


def figures(cast: Cast, state: str) -> Case:
    return Case(FigureRegister(state=state), NOW)
