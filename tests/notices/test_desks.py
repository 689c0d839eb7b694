"""Every row of every room's table reaches whom it names, with a page that opens and words that can be read."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from appraisal.appeals.models import Appeal
from appraisal.assessments.models import RatingRequest
from appraisal.assessments.states import RequestVerb
from appraisal.calibration.models import CalibrationSession
from appraisal.calibration.states import SessionVerb
from appraisal.cycles.models import Appraisal, FigureRequest
from appraisal.cycles.states import Step, WantedVerb
from appraisal.improvement.models import ImprovementPlan
from appraisal.interviews.models import Interview
from appraisal.people import post
from appraisal.records.models import Incident
from appraisal.records.states import IncidentState, IncidentVerb
from appraisal.schemes.models import SchemeVersion
from notifications.models import OutboxMessage
from notifications.rendering import render_mail
from tests.cast import Cast
from tests.factories.cycles import ZONE, at, launch_one, walk_to
from workflow.engine import begin, record

pytestmark = pytest.mark.django_db

DATA = {"starts_at": at(5, 12).isoformat(), "minutes": 30, "until": "2026-05-12", "answer": "disagreed"}
EXPECTED = {
    "appeal.concluded": {"employee", "manager", "hr_partner"},
    "appeal.decision_written": {"hr", "hr_two", "sales_director"},
    "appeal.extended": {"employee"},
    "appeal.lodged": {"hr", "hr_two", "sales_director", "manager", "hr_partner"},
    "appeal.taken_up": {"employee"},
    "appeal.withdrawn": {"hr", "hr_two", "sales_director", "manager"},
    "calibration.cancelled": {"hr"},
    "calibration.prepared": {"hr"},
    "calibration.unlocked": {"hr"},
    "figures.wanted": {"finance"},
    "figures.wanted_again": {"finance"},
    "incident.confirmed": {"employee", "manager", "finance"},
    "incident.rejected": {"finance"},
    "incident.reported": {"legal"},
    "interview.closed_unconfirmed": {"employee", "manager"},
    "interview.confirmed": {"manager"},
    "interview.moved": {"employee", "manager"},
    "interview.returned": {"manager"},
    "interview.scheduled": {"employee", "manager"},
    "plan.accepted": {"manager", "colleague_one", "hr_partner"},
    "plan.amended": {"employee", "manager", "colleague_one"},
    "plan.approved": {"manager"},
    "plan.cancelled": {"employee", "manager", "colleague_one"},
    "plan.checked_in": {"employee", "colleague_one"},
    "plan.concluded": {"employee", "manager", "colleague_one"},
    "plan.conclusion_proposed": {"hr", "hr_two"},
    "plan.delivered": {"employee", "manager", "colleague_one"},
    "plan.drafted": {"manager"},
    "plan.refused": {"employee", "manager"},
    "plan.review_started": {"employee", "manager", "colleague_one"},
    "rating.declined": {"manager"},
    "rating.invited": {"outsider"},
    "scheme.submitted": {"hr", "hr_two"},
    "outcome.approved": {"employee"},
    "correction.proposed": {"hr", "hr_two"},
    "result.acknowledged": {"manager"},
    "result.corrected": {"employee", "manager"},
}


@pytest.fixture
def subjects(cast: Cast) -> dict:
    appraisal = launch_one(cast, Step.APPEALED)
    request = RatingRequest(
        appraisal=launch_one(cast, Step.SELF_REVIEW, name="Q2"), input_key="teamwork", rater=cast.outsider.user
    )
    begin([request], RequestVerb.INVITE, acting_user=cast.manager.user, at=at(4, 1))
    improving = walk_to(launch_one(cast, name="Q3"), Step.IMPROVING, cast)
    plan = ImprovementPlan.objects.get(appraisal=improving)
    ImprovementPlan.objects.filter(pk=plan.pk).update(mentor=cast.colleague_one.person, delivered_at=at(5, 1))
    session = CalibrationSession(cycle=appraisal.cycle, name="华东", facilitator=cast.hr.user)
    begin([session], SessionVerb.PREPARE, acting_user=cast.hr_two.user, at=at(4, 10))
    incident = Incident(
        person=cast.employee.person, input_key="compliance", happened_on=date(2026, 3, 2), kind="报价违规",
        severity="minor", description="未经批准的折扣", deciders=["legal"], reported_by=cast.finance.user,
        reported_at=at(3, 3),
    )  # fmt: skip
    begin([incident], IncidentVerb.REPORT, acting_user=cast.finance.user, at=at(3, 3))
    assert incident.state == IncidentState.REPORTED
    wanted = FigureRequest(cycle=appraisal.cycle, role="finance", missing=2, ledgers=0)
    begin([wanted], WantedVerb.ASK, acting_user=None, at=at(4, 1))
    Incident.objects.update(ever_confirmed=True)
    return {
        Appraisal: appraisal,
        Appeal: Appeal.objects.get(),
        Interview: Interview.objects.filter(appraisal=appraisal).get(),
        ImprovementPlan: ImprovementPlan.objects.get(pk=plan.pk),
        RatingRequest: request,
        CalibrationSession: session,
        Incident: incident,
        FigureRequest: wanted,
        SchemeVersion: SchemeVersion.objects.get(key="sales-specialist"),
    }


def test_every_row_reaches_whom_it_names_with_words_and_a_page(cast: Cast, subjects: dict):
    assert {desk.model for desk in post.desks()} == set(subjects)
    reached: dict[str, set[str]] = {}
    for model, subject in subjects.items():
        for fact in sorted(post._notices[model]):
            before = OutboxMessage.objects.order_by("pk").last().pk
            record(subject, fact, acting_user=cast.sysadmin.user, at=at(5, 11), reason="原因", data=DATA)
            for message in OutboxMessage.objects.filter(pk__gt=before).select_related("recipient"):
                reached.setdefault(fact, set()).add(message.recipient.username)
                for language in ("zh-hans", "en"):
                    message.recipient.language = language
                    mail = render_mail(message, zone=ZONE)
                    assert "None" not in mail.text, (message.kind, mail.text)
                    assert ": ," not in mail.text, (message.kind, mail.text)
                assert resolve(urlsplit(message.link).path)

    assert {fact: names for fact, names in reached.items() if fact in EXPECTED} == EXPECTED


def test_no_letter_leads_to_the_inbox_for_want_of_a_page(subjects: dict):
    pages = {model: post.desk_of(model).page(subject) for model, subject in subjects.items()}
    # The pages of schemes belong to the workshop, which is not built yet.
    assert {model for model, page in pages.items() if page == "/"} <= {SchemeVersion}


def test_every_reader_may_open_the_page_that_the_letter_leads_to(cast: Cast, subjects: dict, client):
    for model, subject in subjects.items():
        for fact in sorted(post._notices[model]):
            record(subject, fact, acting_user=cast.sysadmin.user, at=at(5, 11), reason="原因", data=DATA)
    readers = set(OutboxMessage.objects.exclude(link="/").values_list("link", "recipient__username"))
    assert len(readers) > 20

    shut = set()
    for link, name in sorted(readers):
        client.force_login(getattr(cast, name).user)
        if client.get(link, follow=True).status_code != 200:
            shut.add((link, name))
    assert shut == set()
