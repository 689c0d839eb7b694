"""Who hears of an improvement plan. The employee hears of it from the moment that it is handed over."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.desks import desk_below
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import PlanState
from appraisal.people.models import Person
from appraisal.people.notices import DEADLINE_EXTENDED
from appraisal.people.post import HOLDER, ByRole, Notice, address, announce, kind
from workflow.machine import Happened

DRAFTED = kind("improvement", "plan.drafted", _("An improvement plan was drafted"), "digest")
APPROVED = kind("improvement", "plan.approved", _("An improvement plan was approved"), "digest")
DELIVERED = kind("improvement", "plan.delivered", _("Your improvement plan"), "immediate")
DELIVERED_NEWS = kind("improvement", "plan.delivered_news", _("An improvement plan was handed over"), "digest")
ACCEPTED = kind("improvement", "plan.accepted", _("An improvement plan was acknowledged"), "digest")
REFUSED = kind("improvement", "plan.refused", _("A refusal to acknowledge was recorded"), "immediate")
AMENDED = kind("improvement", "plan.amended", _("An improvement plan was changed"), "immediate")
CHECKED_IN = kind("improvement", "plan.checked_in", _("A check-in was recorded"), "digest")
REVIEW_STARTED = kind("improvement", "plan.review_started", _("The time of an improvement plan is over"), "digest")
TO_DECIDE = kind("improvement", "plan.conclusion_proposed", _("A conclusion waits for a second person"), "digest")
RETURNED = kind("improvement", "plan.conclusion_returned", _("A proposed conclusion was returned"), "digest")
CONCLUDED = kind("improvement", "plan.concluded", _("An improvement plan was concluded"), "immediate")
CANCELLED = kind("improvement", "plan.cancelled", _("An improvement plan was cancelled"), "immediate")


def mentors(plans: Sequence[ImprovementPlan], roles: Collection[str]) -> Mapping[int, ByRole]:
    if "mentor" not in roles:
        return {}
    ids = {plan.mentor_id for plan in plans if plan.mentor_id}
    accounts = dict(Person.objects.filter(pk__in=ids, user__isnull=False).values_list("pk", "user_id"))
    return {plan.pk: {"mentor": [accounts[plan.mentor_id]] if plan.mentor_id in accounts else []} for plan in plans}


def was_handed_over(happened: Happened) -> bool:
    """Of a draft that is dropped the employee and the mentor know nothing."""
    return happened.subject.delivered_at is not None


DESK = desk_below(
    ImprovementPlan,
    page=lambda plan: address("improvement:plan_detail", plan.pk),
    duties={
        PlanState.DRAFTED: _("Improvement plan: complete and approve"),
        PlanState.APPROVED: _("Improvement plan: hand over"),
        PlanState.DELIVERED: _("Improvement plan: acknowledge"),
        PlanState.ACTIVE: _("Improvement plan: check-in"),
        PlanState.PAUSED: _("Improvement plan: acknowledge"),
        PlanState.REVIEWING: _("Improvement plan: conclude"),
    },
    more=mentors,
)

announce(
    DESK,
    Notice("plan.drafted", to=("manager",), kind=DRAFTED),
    Notice("plan.approved", to=("manager",), kind=APPROVED),
    Notice("plan.delivered", to=("employee",), kind=DELIVERED),
    Notice("plan.delivered", to=("manager", "mentor"), kind=DELIVERED_NEWS),
    Notice("plan.accepted", to=("manager", "mentor", "hr_partner"), kind=ACCEPTED),
    Notice("plan.refused", to=("employee", "manager"), kind=REFUSED),
    Notice("plan.amended", to=("employee", "manager", "mentor"), kind=AMENDED, tells=("reason",)),
    Notice("plan.checked_in", to=("employee", "mentor"), kind=CHECKED_IN),
    Notice("plan.review_started", to=("employee", "manager", "mentor"), kind=REVIEW_STARTED),
    Notice("plan.conclusion_proposed", to=("hr",), kind=TO_DECIDE),
    Notice("plan.conclusion_returned", to=("hr",), kind=RETURNED, tells=("reason",)),
    Notice("plan.concluded", to=("employee", "manager", "mentor"), kind=CONCLUDED),
    Notice("plan.cancelled", to=("employee", "mentor"), kind=CANCELLED, when=was_handed_over, tells=("reason",)),
    Notice("plan.cancelled", to=("manager",), kind=CANCELLED, tells=("reason",)),
    Notice("deadline.extended", to=(HOLDER, "employee"), kind=DEADLINE_EXTENDED, tells=("reason",)),
)

SILENT: Mapping[str, str] = {
    "plan.revised": "Those who write the draft see it on its page.",
    "plan.milestone_judged": "The conclusion tells it.",
    "plan.triggered_again": "The plan goes on as it is; its page says why it would have begun again.",
}
