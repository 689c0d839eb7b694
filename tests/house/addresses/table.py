"""Which object stands behind each address, and which addresses are everybody's. A new address needs its row here.

`KNOWN` says per namespace and beginning of the route what the parts of the address are; the longest beginning counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal.assessments.actions import invite_raters
from appraisal.assessments.models import Evidence, RatingRequest
from appraisal.calibration.actions import prepare_session
from appraisal.calibration.models import CalibrationSession
from appraisal.cycles.actions import ask_for_figures
from appraisal.cycles.models import Appraisal, Result, Track
from appraisal.cycles.states import Step
from appraisal.improvement.actions import approve, deliver, revise
from appraisal.improvement.models import ImprovementPlan
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.states import OutcomeKind
from appraisal.people.models import Organisation, PeopleImport
from appraisal.procedure.models import BulkRun
from appraisal.procedure.states import BulkKind
from appraisal.records.actions import report_incident
from appraisal.records.documents import document_named, hand_in
from appraisal.records.imports.ledger import store_rows
from appraisal.records.ledgers import Entered, ledger_of, save_rows
from appraisal.records.models import DocumentVersion, FigureImport, Incident
from appraisal.records.periods import Period
from appraisal.records.sheets import spec_in
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.spec import Deliverable, Ledger
from appraisal.workshop.actions import Head, copy_scheme
from notifications.models import OutboxMessage
from tests.cast import Cast
from tests.factories.cycles import at, launch, make_cycle, walk_to
from tests.factories.kinds import EVERY_KIND, launch_on
from tests.improvement.conftest import content
from tests.schemes.documents import SMALL

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
    "records:sheet_list": "ledgers and documents of the reader and of who reports to them",
    "records:incident_list": "incidents of the reader and of who reports to them",
    "improvement:plan_list": "plans in which the reader has a part",
    "outcomes:outcome_list": "proposals that the reader decides, and what was approved for the reader",
}

UNKNOWN = 987_654_321
ROUTE_OF_APPRAISAL = "appraisals/<int:pk>/"


@dataclass(frozen=True)
class Papers:
    """A ledger's table that waits to be confirmed, a document of the employee, and a scheme in its draft."""

    ledger_import: FigureImport
    document: DocumentVersion
    scheme: SchemeVersion


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
    organisation: Organisation
    figure_import: FigureImport
    outcome: OutcomeProposal
    rating: RatingRequest
    papers: Papers
    cast: Cast


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
    ask_for_figures(at=at(4, 22))
    return World(
        appraisals=appraisals, plan=plan, incident=incident, rating=rating, cast=cast, papers=papers(cast),
        draft=make_cycle(cast, name="第二季度", starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30)).tracks.get(),
        session=prepare_session(acting_user=hr, cycle=appraisals[-1].cycle, name="三月校准会", at=at(4, 12)),
        run=BulkRun.objects.create(
            kind=BulkKind.values[0], cycle=cycle, started_by=hr, started_at=at(4, 12), moved_at=at(4, 12)
        ),
        organisation=Organisation.objects.create(code="D-01", name="华东经销商", kind="dealer"),
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


def papers(cast: Cast) -> Papers:
    """Of the month of March; the ledger was begun by HR and is open."""
    hr, march = cast.hr.user, Period(date(2026, 3, 1), date(2026, 3, 31))
    launch_on(cast, EVERY_KIND)
    contracts, reports = (spec_in(march, cast.employee.person, key) for key in ("contracts", "reports"))
    assert isinstance(contracts, Ledger)
    assert isinstance(reports, Deliverable)
    ledger = save_rows(
        acting_user=hr, at=at(4, 1), edition=0, rows=[Entered({"customer": "甲公司", "amount": "1000"})],
        ledger=ledger_of(cast.employee.person, march, "contracts", contracts),
    )  # fmt: skip
    table = "客户,金额\n乙公司,2000\n".encode()
    document = hand_in(
        acting_user=cast.employee.user, at=at(4, 1),
        document=document_named(cast.employee.person, march, "reports", reports, "swot"),
        file=SimpleUploadedFile("SWOT.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n", content_type="application/pdf"),
    )  # fmt: skip
    return Papers(
        ledger_import=store_rows(acting_user=hr, at=at(4, 1), ledger=ledger, content=table, file_name="contracts.csv"),
        document=document.versions.get(),
        scheme=copy_scheme(
            acting_user=hr, at=at(4, 1), document=SMALL, cases="", head=Head("ours", "我们的", "Ours", date(2026, 7, 1))
        ),
    )


def variants(world: World, route: str) -> range:
    """How many rows of the kind are tried: every appraisal, a drafted and a launched cycle, a drafted and a published
    scheme, one of the others."""
    if "appraisal" in route:
        return range(len(world.appraisals))
    return range(2 if route.startswith(("cycles/", "schemes/")) else 1)


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
            "people/organisations/": {"pk": world.organisation.pk},
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
            "records/ledgers/": {"person_pk": person.pk, "code": "2026-03", "key": "contracts"},
            "records/ledgers/import/": {"pk": world.papers.ledger_import.pk},
            "records/documents/": {"person_pk": person.pk, "code": "2026-03", "key": "reports"},
            "records/documents/file/": {"pk": world.papers.document.pk},
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
            "cycles/": {"pk": track.cycle_id, "role": "finance"},
            "cycles/tracks/": {"pk": track.pk},
            "cycles/runs/": {"pk": world.run.pk},
        },
        "procedure": {ROUTE_OF_APPRAISAL: own},
        "schemes": {
            "schemes/": {
                "pk": (track.scheme_version if number else world.papers.scheme).pk,
                "part": "weights",
                "key": "sales_attainment" if number else "attainment",
            },
            "schemes/catalogue/": {"key": "sales-specialist", "day": "2026-01-01"},
        },
    }


# The parts of an address that name a row; the others (a year, a kind of file) stay as they are for the unknown.
NAMES_A_ROW = frozenset({
    "pk", "person_pk", "unit_pk", "appraisal_pk", "milestone_pk", "evidence_pk", "result_pk", "message_id", "key",
})  # fmt: skip
