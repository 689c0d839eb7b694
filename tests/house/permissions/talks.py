"""Interviews (绩效面谈), appeals (申诉) and rating requests: what runs beside the appraisal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from appraisal.appeals.actions import ItemRuling, lodge_appeal, sign_decision, take_up, withdraw_appeal, write_decision
from appraisal.appeals.models import Appeal
from appraisal.appeals.states import AppealState, Ruling
from appraisal.assessments.actions import (
    accept_rating,
    decline_rating,
    expire_rating,
    invite_raters,
    save_rating,
    submit_rating,
)
from appraisal.assessments.models import RatingRequest
from appraisal.assessments.states import RequestState
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.interviews.actions import (
    Appointment,
    close_without_confirmation,
    confirm_record,
    record_interview,
    schedule_interview,
)
from appraisal.interviews.models import Interview
from appraisal.interviews.states import InterviewState
from tests.appeals.conftest import UNFAIR, WRONG, scored
from tests.cast import Cast
from tests.factories.cycles import at, launch_one, walk_to
from tests.house.permissions.tables import HR, SYSTEM, Case, Row
from tests.interviews.conftest import talk

INTERVIEW = {
    "schedule": Row("start", f"{HR} manager"),
    "reschedule": Row("scheduled", f"{HR} manager"),
    "record": Row("start scheduled held", f"{HR} manager"),
    "return_record": Row("held", "employee", reasoned=True),
    "confirm": Row("held", "employee"),
    "close_unconfirmed": Row("scheduled held", HR, reasoned=True),
    "lapse": Row("scheduled held", SYSTEM),
}
# HR and the sales director decide; neither may have scored or calibrated it.
PANEL = f"{HR} sales_director"
UNWRITTEN = "Every contested item needs its ruling"
APPEAL = {
    "lodge": Row("start", "employee"),
    "take_up": Row("lodged", PANEL),
    "decide_items": Row("under_review", PANEL),
    "extend": Row("lodged under_review", PANEL, reasoned=True),
    "sign": Row("under_review", PANEL, {"under_review": UNWRITTEN}),
    "conclude": Row("under_review", SYSTEM, {"under_review": UNWRITTEN}),
    "withdraw": Row("lodged under_review", "employee"),
}
# The text is written, and hr has signed it.
SIGNED = APPEAL | {
    "sign": Row("under_review", PANEL, {"under_review hr": "seat", "under_review hr_two": "seat"}),
    "conclude": Row("under_review", SYSTEM, {"under_review": "Not everybody on the panel has signed"}),
}
# Legal is the rater of the case.
RATING = {
    "invite": Row("start", f"{HR} manager {SYSTEM}"),
    "accept": Row("invited", "legal"),
    "submit": Row("invited accepted", "legal"),
    "decline": Row("invited accepted", "legal", reasoned=True),
    "expire": Row("invited accepted", f"{HR} {SYSTEM}"),
}

APPOINTED, RECORDED = at(4, 15, 14), at(4, 15, 15)


def interview(cast: Cast, state: str) -> Case:
    appraisal, manager = launch_one(cast, Step.INTERVIEWING), cast.manager.user
    record = talk(APPOINTED, at(4, 15, 14, 40))
    data: Mapping[str, Any] = {
        "minutes": 30, "started_at": APPOINTED.isoformat(), "ended_at": at(4, 15, 14, 40).isoformat(), "actions": 1,
    }  # fmt: skip
    if not state:
        found = Interview(
            appraisal=appraisal, conductor=manager, released_at=appraisal.released_at, planned_start=APPOINTED,
            planned_minutes=30, state="",
        )  # fmt: skip
        return Case(found, RECORDED, data)
    if state == InterviewState.SCHEDULED:
        appointment = Appointment(APPOINTED, 30)
        schedule_interview(acting_user=manager, appraisal=appraisal, appointment=appointment, at=at(4, 15, 9))
    else:
        held = record_interview(acting_user=manager, appraisal=appraisal, record=record, at=RECORDED)
        if state == InterviewState.CONFIRMED:
            confirm_record(acting_user=cast.employee.user, interview=held, at=RECORDED)
        if state == InterviewState.UNCONFIRMED:
            close_without_confirmation(acting_user=cast.hr.user, interview=held, reason="多次提醒未复", at=at(4, 20))
    return Case(
        Interview.objects.select_related("appraisal__track", "appraisal__cycle__calendar").get(), RECORDED, data
    )


def appeal(cast: Cast, state: str) -> Case:
    appraisal = walk_to(scored(cast, signed_customers="5"), Step.APPEAL_WINDOW, cast)
    data = {"items": [1], "days": 3}
    if not state:
        return Case(Appeal(appraisal=appraisal, state="", lodged_at=at(4, 16)), at(4, 16), data)
    lodge_appeal(
        acting_user=cast.employee.user, appraisal=appraisal, items=(WRONG, UNFAIR), statement="请复核。", at=at(4, 16)
    )
    if state == AppealState.WITHDRAWN:
        withdraw_appeal(acting_user=cast.employee.user, appeal=_appeal(), at=at(4, 17))
    elif state != AppealState.LODGED:
        take_up(acting_user=cast.hr.user, appeal=_appeal(), at=at(4, 17))
        if state != AppealState.UNDER_REVIEW:
            _decide(cast, state)
    return Case(_appeal(), at(4, 21), data)


def signed(cast: Cast) -> Case:
    found = appeal(cast, AppealState.UNDER_REVIEW)
    _write(cast, AppealState.DISMISSED)
    sign_decision(acting_user=cast.hr.user, appeal=_appeal(), decision=_appeal().decision_number, at=at(4, 20))
    return Case(_appeal(), found.at, found.data)


def _appeal() -> Appeal:
    return Appeal.objects.select_related("appraisal__track", "appraisal__cycle__calendar").get()


def _write(cast: Cast, state: str) -> None:
    upheld = ItemRuling(Ruling.UPHELD, "CRM 中有 15 家签约客户。", new_value=Decimal(15))
    dismissed = ItemRuling(Ruling.DISMISSED, "评分依据完整。")
    chosen = {
        AppealState.UPHELD.value: (upheld, ItemRuling(Ruling.UPHELD, "区域已调整。")),
        AppealState.PARTLY_UPHELD.value: (upheld, dismissed),
        AppealState.DISMISSED.value: (dismissed, dismissed),
    }[state]
    rulings = dict(zip(_appeal().items.order_by("position").values_list("pk", flat=True), chosen, strict=True))
    write_decision(acting_user=cast.hr.user, appeal=_appeal(), rulings=rulings, answer="已复核。", at=at(4, 20))


def _decide(cast: Cast, state: str) -> None:
    _write(cast, state)
    for member in (cast.hr, cast.sales_director):
        sign_decision(acting_user=member.user, appeal=_appeal(), decision=_appeal().decision_number, at=at(4, 20))


def rating(cast: Cast, state: str) -> Case:
    appraisal: Appraisal = launch_one(cast, Step.SCORING)
    rater, now = cast.legal.user, at(4, 9)
    if not state:
        return Case(RatingRequest(appraisal=appraisal, rater=rater, input_key="teamwork", state=""), now)
    found = invite_raters(
        acting_user=cast.manager.user, appraisal=appraisal, input_key="teamwork", raters=[rater], at=now
    )[0]
    save_rating(acting_user=rater, request=found, points="85", comment="配合及时。", draft=0, at=now)
    ways = {
        RequestState.ACCEPTED.value: lambda: accept_rating(acting_user=rater, request=found, at=now),
        RequestState.SUBMITTED.value: lambda: submit_rating(acting_user=rater, request=found, at=now),
        RequestState.DECLINED.value: lambda: decline_rating(acting_user=rater, request=found, reason="不熟悉", at=now),
        RequestState.EXPIRED.value: lambda: expire_rating(acting_user=None, request=found, at=now),
    }
    if state in ways:
        ways[state]()
    return Case(RatingRequest.objects.select_related("appraisal__track").get(pk=found.pk), now)
