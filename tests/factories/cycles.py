"""A launched cycle of scheme S003-01 and appraisals in any step, for the tests of every room.

The first quarter of 2026 in Shanghai: launched on 2 March, self-review from 1 April, and so on as `TIMES` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from appraisal.appeals.actions import Contested, ItemRuling, lodge_appeal, sign_decision, take_up, write_decision
from appraisal.appeals.models import Appeal
from appraisal.appeals.states import AppealState, Ground, Ruling
from appraisal.assessments.actions import submit_self_review
from appraisal.assessments.models import Evidence, Review, Submission
from appraisal.assessments.states import Writer
from appraisal.calibration.models import CalibrationDecision
from appraisal.cycles.models import Appraisal, AppraisalCycle, Result
from appraisal.cycles.process import scheme_of
from appraisal.cycles.states import Origin, Step, Verb
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import PlanVerb
from appraisal.interviews.actions import (
    AgreedAction,
    Appointment,
    Record,
    confirm_record,
    record_interview,
    schedule_interview,
)
from appraisal.procedure.actions import add_track, draft_cycle, launch_cycle
from appraisal.schemes.actions import load_catalogue
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.queries import published_versions
from tests.cast import Cast, Member
from workflow.engine import begin, perform

ZONE = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


LAUNCHED = at(3, 2)
# When `walk_to` lets each step end.
TIMES: Mapping[Step, datetime] = {
    Step.PLANNING: at(3, 4),
    Step.TRACKING: at(4, 1, 0, 5),
    Step.SELF_REVIEW: at(4, 3),
    Step.SCORING: at(4, 10),
    Step.COUNTERSIGNING: at(4, 11),
    Step.CALIBRATING: at(4, 13),
    Step.DECIDED: at(4, 14),
    Step.INTERVIEWING: at(4, 15),
    Step.APPEAL_WINDOW: at(4, 21, 0, 5),
}


def scheme_version(key: str = "sales-specialist") -> SchemeVersion:
    """The catalogue's scheme, published."""
    load_catalogue(acting_user=None, at=at(1, 1))
    return published_versions().get(key=key)


def make_cycle(
    cast: Cast,
    *people: Member,
    steps: Mapping[str, Any] | None = None,
    population: Mapping[str, Any] | None = None,
    **changes: Any,
) -> AppraisalCycle:
    """A draft for the quarter; its one track holds the people, or the employee, or whom `population` catches.

    `steps` switches steps: {"calibrating": {"on": True, "days": 5}}.
    """
    about: dict[str, Any] = {
        "name": "2026年第一季度", "name_en": "Q1 2026", "period_kind": "quarter", "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 3, 31), "calendar": cast.entity.calendar, **changes,
    }  # fmt: skip
    cycle = draft_cycle(acting_user=cast.hr.user, at=LAUNCHED, **about)
    chosen = population or {"include": [member.person.pk for member in people or (cast.employee,)]}
    add_track(
        acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, name="销售专员", scheme_version=scheme_version(),
        population=chosen, steps=steps,
    )  # fmt: skip
    return cycle


def launch(
    cast: Cast, *people: Member, when: datetime = LAUNCHED, steps: Mapping[str, Any] | None = None, **changes: Any
) -> list[Appraisal]:
    """Launches a cycle for the people (by default the employee) and gives their appraisals in the same order."""
    people = people or (cast.employee,)
    cycle = make_cycle(cast, *people, steps=steps, **changes)
    launch_cycle(acting_user=cast.hr.user, at=when, cycle=cycle)
    rows = {row.employee_id: row for row in loaded().filter(cycle=cycle)}
    return [rows[member.person.pk] for member in people]


def launch_one(cast: Cast, to: Step | None = None, **changes: Any) -> Appraisal:
    """The employee's appraisal, walked to a step."""
    appraisal = launch(cast, **changes)[0]
    return walk_to(appraisal, to, cast) if to else appraisal


def loaded() -> Any:
    return Appraisal.objects.select_related(
        "cycle", "track", "employee", "manager", "second_level", "org_unit", "position"
    )


def walk_to(appraisal: Appraisal, step: Step, cast: Cast, *, score: str = "82", grade: str = "B") -> Appraisal:
    """Takes an appraisal of the manager's team along its route until it stands in the step.

    `score` and `grade` are what the manager gives. To IMPROVING the end of the window leads with a drafted plan.
    """
    for _turn in range(20):
        if appraisal.state == step:
            return loaded().get(pk=appraisal.pk)
        if step == Step.WITHDRAWN:
            perform(appraisal, Verb.WITHDRAW, acting_user=cast.hr.user, at=_now(appraisal), reason="长期病假")
        elif appraisal.state == Step.APPEAL_WINDOW:
            _leave_window(appraisal, step, cast)
        else:
            WAYS[Step(appraisal.state)](appraisal, cast, _now(appraisal), score, grade)
    raise AssertionError(f"{appraisal.state} does not lead to {step}")


def _now(appraisal: Appraisal) -> datetime:
    """The step's usual time, or a little later than its beginning where the tests were later."""
    usual = TIMES.get(Step(appraisal.state), at(5, 6))
    begun = appraisal.state_since or usual
    return max(usual, begun + timedelta(minutes=1))


def _agree(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    perform(appraisal, Verb.AGREE_TARGETS, acting_user=appraisal.employee_account, at=now)


def _start_review(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    perform(appraisal, Verb.START_REVIEW, acting_user=None, at=now)


def write_self_review(appraisal: Appraisal, now: datetime) -> Review:
    """Complete words on every indicator and one piece of evidence."""
    leaves = scheme_of(appraisal.track).all_indicators
    entries = {leaf.key: {"comment": f"本季度{leaf.label.zh}按计划完成。"} for leaf in leaves}
    review, _created = Review.objects.update_or_create(
        appraisal=appraisal, writer=Writer.EMPLOYEE,
        defaults={"entries": entries, "summary": "完成了季度目标。", "draft": 1, "saved_at": now},
    )  # fmt: skip
    Evidence.objects.get_or_create(
        appraisal=appraisal, name="CRM截图.png",
        defaults={
            "indicator": "", "file": "evidence/2026/04/crm.png", "size": 1024, "content_type": "image/png",
            "sha256": "0" * 64, "uploaded_by": appraisal.employee_account, "uploaded_at": now,
        },
    )  # fmt: skip
    return review


def _review_oneself(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    write_self_review(appraisal, now)
    submit_self_review(acting_user=appraisal.employee_account, appraisal=appraisal, at=now)


def write_manager_review(appraisal: Appraisal, now: datetime, points: str = "85") -> Review:
    inputs = scheme_of(appraisal.track).inputs
    rated = [key for key, given in inputs.items() if given.kind == "rating" and given.by == "manager"]
    review, _created = Review.objects.update_or_create(
        appraisal=appraisal, writer=Writer.MANAGER,
        defaults={
            "entries": {key: {"points": points, "comment": "学习主动。"} for key in rated},
            "strengths": "客户跟进及时。", "improvements": "线索转化需要提高。", "draft": 1, "saved_at": now,
        },
    )  # fmt: skip
    return review


def _score(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    review = write_manager_review(appraisal, now)
    manager = appraisal.manager_account

    def give(locked: Appraisal) -> None:
        locked.review_score = locked.final_score = Decimal(score)
        locked.review_grade = locked.final_grade = grade
        locked.final_origin = Origin.REVIEW
        locked.scored_by = manager
        Result.objects.create(
            appraisal=locked, origin=Origin.REVIEW, score=Decimal(score), grade=grade, by=manager, at=now
        )
        words = {"entries": review.entries, "strengths": review.strengths, "improvements": review.improvements}
        Submission.objects.create(appraisal=locked, writer=Writer.MANAGER, content=words, by=manager, at=now)

    perform(appraisal, Verb.SUBMIT_SCORE, acting_user=manager, at=now, change=give)
    Review.objects.filter(appraisal=appraisal, writer=Writer.MANAGER).update(submitted_at=now)


def _countersign(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    perform(appraisal, Verb.COUNTERSIGN, acting_user=appraisal.second_level_account, at=now)


def _calibrate(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    user = cast.hr.user
    CalibrationDecision.objects.create(
        appraisal=appraisal, from_grade=appraisal.review_grade, to_grade=appraisal.review_grade, by=user, at=now
    )

    def sign(locked: Appraisal) -> None:
        locked.calibrated_by = user

    perform(appraisal, Verb.CONFIRM_CALIBRATION, acting_user=user, at=now, change=sign)


def _release(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    def stamp(locked: Appraisal) -> None:
        locked.released_at = now

    perform(appraisal, Verb.RELEASE, acting_user=cast.hr.user, at=now, change=stamp)


def _interview(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    start = now - timedelta(hours=1)
    manager, employee = appraisal.manager_account, appraisal.employee_account
    schedule_interview(acting_user=manager, appraisal=appraisal, appointment=Appointment(start, 30), at=start)
    record = Record(start, start + timedelta(minutes=40), [AgreedAction("每月两次深度回访")])
    interview = record_interview(acting_user=manager, appraisal=appraisal, record=record, at=now)
    confirm_record(acting_user=employee, interview=interview, at=now)
    appraisal.refresh_from_db()


def _leave_window(appraisal: Appraisal, step: Step, cast: Cast) -> None:
    if step == Step.APPEALED:
        employee, now = appraisal.employee_account, (appraisal.state_since or at(4, 15)) + timedelta(days=1)
        contested = [Contested(Ground.FACTS, "线索数据有误。", "lead_conversion")]
        lodge_appeal(acting_user=employee, appraisal=appraisal, items=contested, statement="请复核线索数据。", at=now)
        return
    now = _now(appraisal)
    if step == Step.IMPROVING and not appraisal.improvement_plans.exists():
        begin([ImprovementPlan(appraisal=appraisal)], PlanVerb.DRAFT, acting_user=None, at=now)
    perform(appraisal, Verb.CLOSE_WINDOW, acting_user=None, at=now)


def _conclude(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    for plan in appraisal.improvement_plans.all():
        perform(plan, PlanVerb.CANCEL, acting_user=cast.hr.user, at=now, reason="不再需要")
    appraisal.refresh_from_db()
    if appraisal.state == Step.IMPROVING:
        perform(appraisal, Verb.CONCLUDE_IMPROVEMENT, acting_user=cast.hr.user, at=now)


def _decide(appraisal: Appraisal, cast: Cast, now: datetime, score: str, grade: str) -> None:
    """The panel finds the figures right; both of its members sign."""
    appeal = Appeal.objects.get(appraisal=appraisal, state=AppealState.LODGED)
    take_up(acting_user=cast.hr.user, appeal=appeal, at=now)
    rulings = {item.pk: ItemRuling(Ruling.DISMISSED, "数据与CRM一致。") for item in appeal.items.all()}
    write_decision(acting_user=cast.hr.user, appeal=appeal, rulings=rulings, answer="经复核，数据无误。", at=now)
    for member in (cast.hr, cast.sales_director):
        sign_decision(acting_user=member.user, appeal=appeal, decision=appeal.decision_number, at=now)
    appraisal.refresh_from_db()


Way = Callable[[Appraisal, Cast, datetime, str, str], None]
WAYS: Mapping[Step, Way] = {
    Step.PLANNING: _agree,
    Step.TRACKING: _start_review,
    Step.SELF_REVIEW: _review_oneself,
    Step.SCORING: _score,
    Step.COUNTERSIGNING: _countersign,
    Step.CALIBRATING: _calibrate,
    Step.DECIDED: _release,
    Step.INTERVIEWING: _interview,
    Step.APPEALED: _decide,
    Step.IMPROVING: _conclude,
}
