"""What the people of the demo do, act by act, through the actions that the pages call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal.appeals.actions import Contested, ItemRuling, lodge_appeal, sign_decision, take_up, write_decision
from appraisal.appeals.models import Appeal
from appraisal.appeals.states import Ground, Ruling
from appraisal.assessments.actions import (
    accept_rating,
    attach_evidence,
    invite_raters,
    save_rating,
    save_score_draft,
    save_self_review_draft,
    submit_rating,
    submit_score,
    submit_self_review,
)
from appraisal.assessments.actions.reviews import Patch
from appraisal.assessments.models import RatingRequest, Review
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.demo.staffing import Staff
from appraisal.demo.words import IMPROVEMENTS, STRENGTHS, about
from appraisal.improvement.actions import Content, Target, accept, approve, check_in, deliver, revise
from appraisal.improvement.conclusions import Conclusion, conclude, judge_milestone, start_review
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import Operator, PlanState
from appraisal.interviews.actions import (
    AgreedAction,
    Appointment,
    Record,
    acknowledge,
    confirm_record,
    record_interview,
    schedule_interview,
)
from appraisal.interviews.models import Interview
from appraisal.people.models import User

# The smallest picture that is one: what a screenshot of the CRM stands for.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6260f8cf500f0003860180347d6bda0000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class Talent:
    """How well somebody does: targets reached in per cent, points of raters, and the words' place in the lists."""

    reached: Decimal
    points: int
    words: int


# One who does not manage.
WEAK = Talent(Decimal(52), 62, 1)


def own(account: User | None) -> User:
    assert account is not None
    return account


def draft_of(appraisal: Appraisal, writer: str) -> int:
    review = Review.objects.filter(appraisal=appraisal, writer=writer).first()
    return review.draft if review else 0


def write_self_review(appraisal: Appraisal, talent: Talent, *, at: datetime, part: bool = False) -> None:
    user = own(appraisal.employee_account)
    leaves = scheme_of(appraisal.track).all_indicators
    entries: Mapping[str, Mapping[str, str]] = {
        leaf.key: {"comment": about(leaf.key, talent.words)} for leaf in (leaves[:3] if part else leaves)
    }
    save_self_review_draft(
        acting_user=user, appraisal=appraisal, draft=draft_of(appraisal, "employee"), at=at,
        patch=Patch(entries=entries, summary="" if part else "本季度整体按计划推进，下季度重点提升线索转化。"),
    )  # fmt: skip
    if not part:
        file = SimpleUploadedFile("CRM系统截图.png", PICTURE, content_type="image/png")
        attach_evidence(acting_user=user, appraisal=appraisal, file=file, at=at)


def hand_in_self_review(appraisal: Appraisal, talent: Talent, *, at: datetime) -> None:
    write_self_review(appraisal, talent, at=at - timedelta(hours=1))
    submit_self_review(acting_user=own(appraisal.employee_account), appraisal=appraisal, at=at)


def rate(appraisal: Appraisal, peers: list[User], talent: Talent, *, at: datetime, answering: int = 3) -> None:
    """Three colleagues are asked; `answering` of them answer."""
    requests = invite_raters(
        acting_user=own(appraisal.manager_account), appraisal=appraisal, input_key="teamwork", raters=peers, at=at
    )
    for place, request in enumerate(requests[:answering]):
        later = at + timedelta(hours=2 + place)
        fresh = RatingRequest.objects.get(pk=request.pk)
        accept_rating(acting_user=request.rater, request=fresh, at=later)
        save_rating(
            acting_user=request.rater, request=fresh, points=str(talent.points - 3 + 3 * place),
            comment="配合及时，乐于分享。", draft=fresh.draft, at=later,
        )  # fmt: skip
        submit_rating(acting_user=request.rater, request=RatingRequest.objects.get(pk=request.pk), at=later)


def write_score(appraisal: Appraisal, talent: Talent, *, at: datetime) -> None:
    save_score_draft(
        acting_user=own(appraisal.manager_account), appraisal=appraisal, draft=draft_of(appraisal, "manager"), at=at,
        patch=Patch(
            entries={"learning": {"points": str(talent.points), "comment": "按计划完成培训。"}},
            strengths=STRENGTHS[talent.words % len(STRENGTHS)],
            improvements=IMPROVEMENTS[talent.words % len(IMPROVEMENTS)],
        ),
    )  # fmt: skip


def hand_in_score(appraisal: Appraisal, talent: Talent, *, at: datetime) -> None:
    write_score(appraisal, talent, at=at - timedelta(hours=1))
    submit_score(acting_user=own(appraisal.manager_account), appraisal=appraisal, at=at)


def appoint_interview(appraisal: Appraisal, *, at: datetime, start: datetime) -> None:
    schedule_interview(
        acting_user=own(appraisal.manager_account), appraisal=appraisal, at=at,
        appointment=Appointment(start=start, minutes=45, place="三楼洽谈室"),
    )  # fmt: skip


def hold_interview(appraisal: Appraisal, *, at: datetime) -> None:
    record_interview(
        acting_user=own(appraisal.manager_account), appraisal=appraisal, at=at,
        record=Record(
            started_at=at - timedelta(minutes=50), ended_at=at - timedelta(minutes=10),
            actions=[AgreedAction("每月对重点客户做两次深度回访", due_on=(at + timedelta(days=60)).date())],
            strengths="客户跟进及时，团队配合好。", improvements="线索转化率需要提高。",
        ),
    )  # fmt: skip


def confirm_interview(appraisal: Appraisal, *, at: datetime) -> None:
    interview = Interview.objects.filter(appraisal=appraisal).order_by("-pk")[0]
    confirm_record(acting_user=own(appraisal.employee_account), interview=interview, at=at)


def answer(appraisal: Appraisal, kind: str, *, at: datetime, comment: str = "") -> None:
    acknowledge(acting_user=own(appraisal.employee_account), appraisal=appraisal, answer=kind, at=at, comment=comment)


def appeal(appraisal: Appraisal, *, at: datetime) -> None:
    lodge_appeal(
        acting_user=own(appraisal.employee_account), appraisal=appraisal, at=at,
        items=[Contested(Ground.FACTS, "系统少计了两家已签约的新客户，合同编号附后。", "customer_development")],
        statement="新客户开发量的统计与合同台账不一致，请复核。", wanted="按实际签约数重新计算得分。",
    )  # fmt: skip


def hear_appeal(appraisal: Appraisal, staff: Staff, *, at: datetime, new_value: Decimal | None) -> None:
    """HR takes the case up and writes the decision; both sign. Without a new value the appeal is dismissed."""
    case = Appeal.objects.get(appraisal=appraisal)
    hr, director = staff.user("4002"), staff.user("1001")
    take_up(acting_user=hr, appeal=case, at=at)
    item = case.items.get()
    upheld = new_value is not None
    ruling = ItemRuling(
        ruling=Ruling.UPHELD if upheld else Ruling.DISMISSED,
        reason="核对合同台账，两家客户签约日期在考核期内。" if upheld else "两家客户的签约日期在考核期之后。",
        new_value=new_value,
    )
    case = write_decision(
        acting_user=hr, appeal=Appeal.objects.get(pk=case.pk), rulings={item.pk: ruling}, at=at + timedelta(hours=1),
        answer="经复核，按实际签约数重新计算。" if upheld else "经复核，原统计无误，维持原结果。",
    )  # fmt: skip
    for signer, hours in ((hr, 2), (director, 3)):
        fresh = Appeal.objects.get(pk=case.pk)
        sign_decision(acting_user=signer, appeal=fresh, decision=fresh.decision_number, at=at + timedelta(hours=hours))


def take_up_appeal(appraisal: Appraisal, staff: Staff, *, at: datetime) -> None:
    take_up(acting_user=staff.user("4002"), appeal=Appeal.objects.get(appraisal=appraisal), at=at)


def run_plan(appraisal: Appraisal, staff: Staff, *, approved: datetime, accepted: datetime) -> None:
    """HR completes and approves the drafted plan, the manager hands it over, the employee acknowledges it."""
    hr = staff.user("4001")
    plan = ImprovementPlan.objects.get(appraisal=appraisal)
    manager = own(appraisal.manager_account)
    content = Content(
        concerns="线索转化率连续两月低于目标，例如十月的 42 条线索只签约 3 家。客户满意度低于基准分。",
        support="每周一次一对一辅导；参加谈判技巧培训；老客户回访由导师陪同。",
        mentor=staff.people["1002"], starts_on=accepted.date(), months=3,
        # As the scheme words them.
        targets=(
            Target("客戶滿意度提升至85分", Decimal(85)),
            Target("線索轉化率提升10%", Decimal(10), operator=Operator.RELATIVE, start_value=Decimal(12), unit="%"),
        ),
    )  # fmt: skip
    revise(acting_user=hr, at=approved - timedelta(hours=2), plan=plan, content=content)
    approve(acting_user=hr, at=approved, plan=_fresh(plan))
    deliver(acting_user=manager, at=approved + timedelta(hours=1), plan=_fresh(plan))
    accept(acting_user=own(appraisal.employee_account), at=accepted, plan=_fresh(plan))


def note_check_in(appraisal: Appraisal, *, at: datetime) -> None:
    plan = ImprovementPlan.objects.get(appraisal=appraisal)
    check_in(
        acting_user=own(appraisal.manager_account), at=at, plan=plan, held_on=at.date(),
        progress="本周完成 6 次回访，新签 1 家客户。", help_given="陪访两次，调整了报价话术。",
    )  # fmt: skip


def conclude_plan(appraisal: Appraisal, staff: Staff, *, at: datetime) -> None:
    """Both targets were reached before the time was over."""
    hr = staff.user("4001")
    plan = ImprovementPlan.objects.get(appraisal=appraisal)
    start_review(acting_user=hr, at=at, plan=plan, reason="两项目标均已提前达成。")
    for milestone, reached in zip(
        plan.milestones.order_by("position", "pk"), (Decimal(88), Decimal("14.1")), strict=True
    ):
        judge_milestone(acting_user=hr, at=at, milestone=milestone, reached=reached)
    conclude(
        acting_user=hr, at=at + timedelta(minutes=30), plan=_fresh(plan),
        conclusion=Conclusion(outcome=PlanState.MET, text="目标全部达成，改进计划结束。"),
    )  # fmt: skip


def _fresh(plan: ImprovementPlan) -> ImprovementPlan:
    return ImprovementPlan.objects.get(pk=plan.pk)


def day(value: date, hour: int, minute: int, like: datetime) -> datetime:
    return like.replace(
        year=value.year, month=value.month, day=value.day, hour=hour, minute=minute, second=0, microsecond=0
    )
