"""Which object stands behind each address, and which addresses are everybody's. A new address needs its row here.

`KNOWN` says per namespace and beginning of the route what the parts of the address are; the longest beginning counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from appraisal.assessments.actions import invite_raters
from appraisal.assessments.models import Evidence, RatingRequest
from appraisal.calibration.actions import prepare_session
from appraisal.calibration.models import CalibrationSession
from appraisal.cycles.models import Appraisal, Result, Track
from appraisal.cycles.states import Step
from appraisal.improvement.actions import approve, deliver, revise
from appraisal.improvement.models import ImprovementPlan
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.states import OutcomeKind
from appraisal.people.models import PeopleImport
from appraisal.procedure.models import BulkRun
from appraisal.procedure.states import BulkKind
from appraisal.records.actions import report_incident
from appraisal.records.models import FigureImport, Incident
from appraisal.schemes.models import SchemeVersion
from appraisal.workshop.actions import Head, copy_scheme
from notifications.models import OutboxMessage
from tests.cast import Cast
from tests.factories.cycles import at, launch, make_cycle, scheme_version, walk_to
from tests.improvement.conftest import content

# Reachable without signing in, as namespace:name.
PUBLIC = {
    "home:language_switch": "the entrance has the switch of languages",
    "home:healthz": "for the load balancer; says only ok",
}
# The sign-in's own pages, of django-allauth.
SIGN_IN = ("accounts/",)
# Open to every signed-in person: pages about the reader alone, or whose rows are filtered to what is theirs.
EVERYBODY = {
    "home:inbox": "one's own work",
    "home:appraisal_mine": "one's own appraisals",
    "home:team_overview": "those who report to the reader; nobody here",
    "home:team_nudge": "those who report to the reader; nobody here",
    "notifications:notice_list": "one's own notices",
    "notifications:notice_read_all": "one's own notices",
    "notifications:preference_edit": "one's own settings",
    "people:profile_edit": "one's own profile",
    "assessments:rating_list": "the ratings asked of the reader",
    "records:figure_list": "figures of the reader and of who reports to them",
    "records:incident_list": "incidents of the reader and of who reports to them",
    "improvement:plan_list": "plans in which the reader has a part",
    "outcomes:outcome_list": "proposals that the reader decides, and what was approved for the reader",
}

UNKNOWN = 987_654_321
ROUTE_OF_APPRAISAL = "appraisals/<int:pk>/"


@dataclass(frozen=True)
class World:
    """Appraisals at many steps, a cycle in its draft, and one row of everything that has a page."""

    appraisals: tuple[Appraisal, ...]
    draft: Track
    plan: ImprovementPlan
    session: CalibrationSession
    incident: Incident
    run: BulkRun
    people_import: PeopleImport
    figure_import: FigureImport
    outcome: OutcomeProposal
    rating: RatingRequest
    cast: Cast
    scheme_draft: SchemeVersion


def _scheme_draft(cast: Cast) -> SchemeVersion:
    version = scheme_version()
    head = Head("own-plan", "自订方案", "Own plan", date(2026, 1, 1))
    return copy_scheme(acting_user=cast.hr.user, at=at(1, 5), document=version.document, cases="", head=head)


QUARTER = (Step.IMPROVING, Step.APPEALED, Step.INTERVIEWING, Step.SCORING)
MONTH = (Step.CLOSED, Step.CALIBRATING, Step.COUNTERSIGNING)


def _appraisals(cast: Cast) -> tuple[Appraisal, ...]:
    quarter = launch(cast, cast.employee, *cast.colleagues)
    month = launch(
        cast, *cast.colleagues, name="2026年3月", name_en="March 2026", period_kind="month",
        starts_on=date(2026, 3, 1), steps={step: {"on": True, "days": 5} for step in ("countersigning", "calibrating")},
    )  # fmt: skip
    return tuple(walk_to(row, step, cast) for row, step in zip((*quarter, *month), (*QUARTER, *MONTH), strict=True))


def world(cast: Cast) -> World:
    appraisals = _appraisals(cast)
    cycle, hr = appraisals[0].cycle, cast.hr.user
    plan = ImprovementPlan.objects.select_related("appraisal__cycle", "appraisal__track").get()
    revise(acting_user=cast.manager.user, at=at(4, 22), plan=plan, content=content(cast))
    approve(acting_user=hr, at=at(4, 22), plan=plan)
    deliver(acting_user=hr, at=at(4, 22), plan=plan)
    rating = invite_raters(
        acting_user=cast.manager.user, appraisal=appraisals[3], input_key="teamwork", raters=[cast.legal.user],
        at=at(4, 9),
    )[0]  # fmt: skip
    incident = report_incident(
        acting_user=hr, at=at(4, 1), person=cast.employee.person, input_key="audit", severity="minor",
        kind="虚报客户", happened_on=date(2026, 3, 12), description="合同日期有误。",
    )  # fmt: skip
    return World(
        appraisals=appraisals, plan=plan, incident=incident, rating=rating, cast=cast,
        scheme_draft=_scheme_draft(cast),
        draft=make_cycle(cast, name="第二季度", starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30)).tracks.get(),
        session=prepare_session(acting_user=hr, cycle=appraisals[-1].cycle, name="三月校准会", at=at(4, 12)),
        run=BulkRun.objects.create(
            kind=BulkKind.values[0], cycle=cycle, started_by=hr, started_at=at(4, 12), moved_at=at(4, 12)
        ),
        people_import=PeopleImport.objects.create(
            uploaded_by=hr, uploaded_at=at(4, 1), file_name="people.csv", digest="0" * 64, content=b"",
            effective_on=date(2026, 4, 1),
        ),
        figure_import=FigureImport.objects.create(
            uploaded_by=hr, uploaded_at=at(4, 1), file_name="sales.csv", content=b""
        ),
        outcome=OutcomeProposal.objects.create(
            appraisal=appraisals[0], rule="monthly_bonus", kind=OutcomeKind.PAY, proposed_at=at(4, 21)
        ),
    )  # fmt: skip


def variants(world: World, route: str) -> range:
    """How many rows of the kind are tried: every appraisal, a drafted and a launched cycle, one of the others."""
    if "appraisal" in route:
        return range(len(world.appraisals))
    return range(2 if route.startswith("cycles/") else 1)


def known(world: World, number: int) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """namespace → beginning of the route → the parts of the address."""
    cast, appraisal = world.cast, world.appraisals[number]
    track = appraisal.track if number else world.draft
    person, user = cast.employee.person, cast.employee.user
    # Never another's child: of an appraisal without evidence the parent is what is asked for.
    evidence = Evidence.objects.filter(appraisal=appraisal).values_list("pk", flat=True).first() or UNKNOWN
    result = Result.objects.filter(appraisal=appraisal).values_list("pk", flat=True).first() or UNKNOWN
    own = {"pk": appraisal.pk}
    message = OutboxMessage.objects.filter(recipient=user).values_list("pk", flat=True)[0]
    return {
        "home": {ROUTE_OF_APPRAISAL: own},
        "notifications": {"notices/": {"message_id": message}},
        "people": {
            "people/": {"pk": person.pk, "kind": "csv"},
            "people/import/": {"pk": world.people_import.pk, "kind": "csv"},
            "people/roles/": {"pk": user.pk, "unit_pk": cast.sales.pk},
            "people/calendars/": {"pk": cast.entity.calendar_id, "year": 2026, "day": date(2026, 5, 1)},
        },
        "assessments": {
            ROUTE_OF_APPRAISAL: {**own, "evidence_pk": evidence, "result_pk": result},
            "ratings/": {"pk": world.rating.pk},
        },
        "calibration": {
            ROUTE_OF_APPRAISAL: own,
            "calibration/": {"pk": world.session.pk, "appraisal_pk": appraisal.pk},
            "calibration/cycles/": {"pk": appraisal.cycle_id},
        },
        "interviews": {ROUTE_OF_APPRAISAL: own, "appraisals/<int:pk>/interview.ics": own},
        "appeals": {ROUTE_OF_APPRAISAL: own},
        "records": {
            "records/figures/": {"person_pk": person.pk, "code": "2026Q1", "key": "sales"},
            "records/import/": {"pk": world.figure_import.pk},
            "records/incidents/": {"pk": world.incident.pk, "verb": "confirm"},
        },
        "improvement": {
            ROUTE_OF_APPRAISAL: own,
            "improvement/": {"pk": world.plan.pk, "milestone_pk": world.plan.milestones.all()[0].pk},
        },
        "outcomes": {
            ROUTE_OF_APPRAISAL: own,
            "outcomes/": {"pk": world.outcome.pk},
        },
        "cycles": {
            "cycles/": {"pk": track.cycle_id},
            "cycles/tracks/": {"pk": track.pk},
            "cycles/runs/": {"pk": world.run.pk},
        },
        "procedure": {ROUTE_OF_APPRAISAL: own},
        "schemes": {
            "schemes/": {"pk": world.scheme_draft.pk, "part": "weights", "key": "sales_attainment"},
            "schemes/catalogue/": {"key": "sales-specialist", "day": "2026-01-01"},
        },
    }


# The parts of an address that name a row; the others (a year, a kind of file) stay as they are for the unknown.
NAMES_A_ROW = frozenset({
    "pk", "person_pk", "unit_pk", "appraisal_pk", "milestone_pk", "evidence_pk", "result_pk", "message_id",
})  # fmt: skip
