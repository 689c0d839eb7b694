"""Which pages each role looks at: addresses found in the demo's data."""

from __future__ import annotations

from django.urls import reverse

from appraisal.calibration.models import CalibrationSession
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.states import Step
from appraisal.improvement.models import ImprovementPlan
from appraisal.outcomes.models import OutcomeProposal
from appraisal.people.models import Person
from appraisal.records.models import Incident
from appraisal.schemes.models import SchemeVersion

Places = dict[str, dict[str, str]]


def to(name: str, *args: object) -> str:
    return reverse(name, args=args)


def in_step(cycle: AppraisalCycle, step: Step, **of: object) -> Appraisal:
    rows = Appraisal.objects.filter(cycle=cycle, state=step.value).order_by("pk")
    return rows.filter(**of).first() or rows[0]


def places() -> Places:
    """Keys are `number role`; a key without a number is somebody who has not signed in."""
    cycles = list(AppraisalCycle.objects.filter(appraisals__isnull=False).distinct().order_by("ends_on"))
    running = next(c for c in reversed(cycles) if Appraisal.objects.filter(cycle=c, state=Step.SCORING.value).exists())
    finished = cycles[0]
    everybody = {"home": "/", "mine": to("home:appraisal_mine"), "notices": "/notices/"}
    found: Places = {"visitor": {"login": "/accounts/login/"}}
    found |= _employees(running, finished, everybody)
    found |= _managers(running, everybody)
    found |= _hr(running, finished, everybody)
    found |= _others(running, everybody)
    return found


def _employees(running: AppraisalCycle, finished: AppraisalCycle, everybody: dict[str, str]) -> Places:
    own = Appraisal.objects.get(cycle=running, employee__number="1102")
    old = Appraisal.objects.filter(cycle=finished, employee__number="1102").first() or own
    told = in_step(running, Step.INTERVIEWING)
    window = in_step(running, Step.APPEAL_WINDOW)
    appealed = in_step(running, Step.APPEALED)
    improving = in_step(running, Step.IMPROVING)
    return {
        "1102 employee": {
            **everybody,
            "appraisal": to("home:appraisal", own.pk),
            "self-review": to("assessments:self_review_edit", own.pk),
            "who-can-see": to("home:visibility", own.pk),
            "old-result": to("home:appraisal", old.pk),
            "old-explanation": to("assessments:explanation", old.pk),
            "old-self-review": to("assessments:self_review_detail", old.pk),
            "ratings": to("assessments:rating_list"),
            "profile": to("people:profile_edit"),
        },
        f"{told.employee.number} told": {
            "result": to("home:appraisal", told.pk),
            "answer": to("interviews:result_acknowledge", told.pk),
            "interview": to("interviews:interview_detail", told.pk),
        },
        f"{window.employee.number} window": {
            "result": to("home:appraisal", window.pk),
            "appeal-lodge": to("appeals:appeal_lodge", window.pk),
            "explanation": to("assessments:explanation", window.pk),
        },
        f"{appealed.employee.number} appellant": {
            "appraisal": to("home:appraisal", appealed.pk),
            "appeal": to("appeals:appeal_current", appealed.pk),
        },
        f"{improving.employee.number} improving": {
            "appraisal": to("home:appraisal", improving.pk),
            "plan": to("improvement:plan_current", improving.pk),
        },
    }


def _managers(running: AppraisalCycle, everybody: dict[str, str]) -> Places:
    scoring = in_step(running, Step.SCORING, manager__number="1101")
    manager = scoring.manager.number if scoring.manager else "1101"
    talking = in_step(running, Step.INTERVIEWING)
    leader = talking.manager.number if talking.manager else "1101"
    return {
        f"{manager} manager": {
            **everybody,
            "team": to("home:team_overview"),
            "appraisal": to("home:appraisal", scoring.pk),
            "scoring": to("assessments:score_edit", scoring.pk),
            "raters": to("assessments:raters_invite", scoring.pk),
            "ratings": to("assessments:rating_list"),
        },
        f"{leader} leader": {
            "team": to("home:team_overview"),
            "interview": to("interviews:interview_detail", talking.pk),
        },
        "1002 second-level": {"home": "/", "team": to("home:team_overview")},
    }


def _hr(running: AppraisalCycle, finished: AppraisalCycle, everybody: dict[str, str]) -> Places:
    session = CalibrationSession.objects.order_by("-pk")[0]
    calibrated = in_step(running, Step.CALIBRATING)
    decided = in_step(running, Step.DECIDED)
    planned = AppraisalCycle.objects.exclude(appraisals__isnull=False).order_by("pk").first() or running
    track = planned.tracks.first()
    person = Person.objects.get(number="1102")
    plan = ImprovementPlan.objects.order_by("pk")[0]
    proposal = OutcomeProposal.objects.order_by("pk")[0]
    scheme = SchemeVersion.objects.order_by("pk")[0]
    past = finished.tracks.order_by("pk")[0]
    simulate = to("schemes:scheme_simulate", past.scheme_version_id)
    return {
        "4001 hr": {
            **everybody,
            "cycles": to("cycles:cycle_list"),
            "cycle": to("cycles:cycle_detail", running.pk),
            "cycle-finished": to("cycles:cycle_detail", finished.pk),
            "cycle-setup": to("cycles:cycle_setup", planned.pk),
            "cycle-people": to("cycles:cycle_people", planned.pk),
            "cycle-timeline": to("cycles:cycle_timeline", planned.pk),
            "cycle-check": to("cycles:cycle_check", planned.pk),
            "cycle-messages": to("cycles:cycle_messages", running.pk),
            "cycle-new": to("cycles:cycle_new"),
            "track": to("cycles:track_edit", track.pk) if track else "/",
            "calibrations": to("calibration:session_list", running.pk),
            "calibration": to("calibration:session_detail", session.pk),
            "calibration-table": to("calibration:session_table", session.pk),
            "calibration-person": to("calibration:person_detail", session.pk, calibrated.pk),
            "appraisal": to("home:appraisal", calibrated.pk),
            "release": to("procedure:result_release", decided.pk),
            "people": to("people:person_list"),
            "person": to("people:person_detail", person.pk),
            "import": to("people:import_upload"),
            "units": to("people:unit_list"),
            "roles": to("people:role_list"),
            "calendars": to("people:calendar_list"),
            "appeals": to("appeals:appeal_list"),
            "plans": to("improvement:plan_list"),
            "plan": to("improvement:plan_detail", plan.pk),
            "outcomes": to("outcomes:outcome_list"),
            "schemes": to("schemes:scheme_list"),
            "scheme": to("schemes:scheme_detail", scheme.pk),
            "scheme-catalogue": to("schemes:catalogue_detail", "key-account-manager", "2020-01-01"),
            "scheme-copy": to("schemes:scheme_copy", scheme.pk),
            "scheme-calculate": to("schemes:scheme_calculate", scheme.pk),
            "simulate": simulate,
            "simulate-cycle": f"{simulate}?people={past.pk}&try_grade_a=90&try_attainment_cap=100",
            "simulate-made-up": to("schemes:catalogue_simulate", "presales-general", "2020-01-01")
            + "?people=made-up&size=200&seed=1",
            "outcome": to("outcomes:outcome_detail", proposal.pk),
            "who-can-see": to("home:visibility", calibrated.pk),
        }
    }


def _others(running: AppraisalCycle, everybody: dict[str, str]) -> Places:
    appealed = in_step(running, Step.APPEALED)
    incident = Incident.objects.order_by("pk")[0]
    figures = {
        "home": "/",
        "figures": to("records:figure_list"),
        "figure-import": to("records:figure_import"),
        "incidents": to("records:incident_list"),
    }
    return {
        "1001 director": {
            "home": "/",
            "team": to("home:team_overview"),
            "appeals": to("appeals:appeal_list"),
            "appeal": to("appeals:appeal_current", appealed.pk),
        },
        "4003 partner": {"home": "/", "team": to("home:team_overview"), "cycle": to("cycles:cycle_detail", running.pk)},
        "4004 legal": {"home": "/", "incidents": to("records:incident_list")},
        "4005 finance": figures | {"outcomes": to("outcomes:outcome_list")},
        "4006 operations": {
            "home": "/",
            "figures": to("records:figure_list"),
            "incidents": to("records:incident_list"),
            "incident-new": to("records:incident_report"),
            "incident": to("records:incident_detail", incident.pk),
        },
        "4007 data-owner": figures,
        "4008 auditor": {
            "home": "/",
            "cycles": to("cycles:cycle_list"),
            "cycle": to("cycles:cycle_detail", running.pk),
        },
        "4009 sysadmin": {"home": "/", "people": to("people:person_list"), "gallery": to("home:gallery")},
    }
