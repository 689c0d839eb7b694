"""The list of plans, and one plan as its reader may see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame, holder_words
from appraisal.cycles.process import scheme_of
from appraisal.cycles.queries import visible_to
from appraisal.cycles.rules import is_employee
from appraisal.improvement.forms import CheckInForm, ConclusionForm, JudgeForm
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.queries import counts, listed, visible_plans
from appraisal.improvement.rules import PLANNABLE, load_plan_parts
from appraisal.improvement.states import CONCLUSIONS, ENDED, PlanState, PlanVerb
from appraisal.people.roles import roles_of
from appraisal.people.views.access import user_of
from appraisal.schemes.spec import Proposal
from workflow import facts
from workflow.calendars import daybook_of
from workflow.queries import choices, history, open_items

if TYPE_CHECKING:
    from appraisal.people.models import User

PER_PAGE = 50
# What HR weighs among itself is not for the employee or the mentor.
AMONG_HR = frozenset(
    {"plan.drafted", "plan.revised", "plan.approved", "plan.conclusion_proposed", "plan.conclusion_returned"}
)


@login_required
@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    plans = visible_plans(user)
    text = request.GET.get("q", "").strip()
    if text:
        plans = plans.filter(
            Q(appraisal__employee__number__icontains=text) | Q(appraisal__employee__name__icontains=text)
            | Q(appraisal__employee__name_en__icontains=text)
        )  # fmt: skip
    running, ended = counts(plans)
    shows_ended = request.GET.get("show") == "ended"
    shown = plans.filter(state__in=ENDED) if shows_ended else plans.exclude(state__in=ENDED)
    rows = listed(shown)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    address = reverse("improvement:plan_list")
    context = {
        "page": page,
        "plans": list(page),
        "text": text,
        "now": now,
        "tab_items": [
            {"label": _("Running"), "url": address, "active": not shows_ended, "count": running},
            {"label": _("Ended"), "url": f"{address}?show=ended", "active": shows_ended, "count": ended},
        ],
    }
    return render(request, "appraisal/improvement/plan_list.html", context)


@login_required
@require_GET
def plan_current(request: HttpRequest, pk: int) -> HttpResponse:
    """The appraisal's latest plan, within the frame of the appraisal."""
    user, now = user_of(request), timezone.now()
    appraisal = get_object_or_404(visible_to(user), pk=pk)
    plan = visible_plans(user).filter(appraisal=appraisal).order_by("-pk").first()
    context = appraisal_frame(appraisal, user, at=now, case=plan)
    if plan is not None:
        context |= plan_context(plan, user, at=now, frame=context)
    context |= {"plan": plan, "may_draft": may_draft(appraisal, user)}
    return render(request, "appraisal/improvement/plan_current.html", context)


def may_draft(appraisal: Appraisal, user: User) -> bool:
    keeps = "hr" in roles_of(user).names or appraisal.org_unit_id in roles_of(user).partner_unit_ids
    return keeps and not is_employee(appraisal, user) and appraisal.state in PLANNABLE


@login_required
@require_GET
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """For the mentor, who sees the plan and nothing else of the appraisal, and for plans that others followed."""
    user, now = user_of(request), timezone.now()
    plan = get_object_or_404(visible_plans(user), pk=pk)
    sees_appraisal = visible_to(user).filter(pk=plan.appraisal_id).exists()
    is_latest = not plan.appraisal.improvement_plans.filter(pk__gt=plan.pk).exists()
    if sees_appraisal and is_latest:
        return redirect("improvement:plan_current", plan.appraisal_id)
    return render(request, "appraisal/improvement/plan_detail.html", {"plan": plan, **plan_context(plan, user, at=now)})


def plan_context(
    plan: ImprovementPlan, user: User, *, at: datetime, frame: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the body of a plan's page shows and offers; within the frame of the appraisal, with what that has read."""
    load_plan_parts([plan])
    _word_targets(plan)
    offered = {choice.verb: choice.verdict for choice in choices(plan, user, at=at, loaded=[load_plan_parts])}
    read = frame or {"case_items": open_items(plan), "case_facts": history(plan)}
    items = [item for item in read["case_items"] if item.pool != "system"]
    days = daybook_of(plan.appraisal.cycle.calendar)
    today = timezone.localdate(at)
    above = not (is_employee(plan.appraisal, user) or (plan.mentor_id and plan.mentor_id == roles_of(user).person_id))
    return {
        "plan": plan,
        "milestones": plan.plan_milestones,
        "check_ins": list(reversed(plan.plan_check_ins)),
        "may": offered,
        "edit": offered.get(PlanVerb.REVISE) or offered.get(PlanVerb.AMEND),
        "amends": PlanVerb.AMEND in offered,
        "waits_for": [holder_words(item) for item in items],
        "due_at": next((item.due_at for item in items if item.due_at), None),
        "days_left": next(
            (days.working_days_left(today, timezone.localdate(item.due_at)) for item in items if item.due_at), None
        ),
        "is_employee": is_employee(plan.appraisal, user),
        "is_above": above,
        "timeline": [(fact, facts.sentence(fact)) for fact in read["case_facts"] if above or fact.name not in AMONG_HR],
        "check_in_form": CheckInForm(initial={"held_on": today}),
        "judge_form": JudgeForm(),
        "conclusion_form": ConclusionForm(),
        "second_needed": above and plan.proposed_by_id is not None and plan.state == PlanState.REVIEWING,
        "is_concluded": plan.state in CONCLUSIONS,
        "elapsed": elapsed(plan, at),
        "now": at,
    }


def _word_targets(plan: ImprovementPlan) -> None:
    """A target taken over from the scheme reads in the reader's language; one that somebody wrote stays as written."""
    outcomes = scheme_of(plan.appraisal.track).outcomes.values()
    templates = [rule.plan for rule in outcomes if isinstance(rule, Proposal) and rule.plan is not None]
    english = {target.label.zh: target.label.en for template in templates for target in template.targets}
    for milestone in plan.plan_milestones:
        known = english.get(milestone.text) if get_language() == "en" else None
        milestone.words = known or milestone.text


def elapsed(plan: ImprovementPlan, at: datetime) -> tuple[int, int] | None:
    """Days gone and days in all, once the plan has dates."""
    if plan.starts_on is None or plan.ends_on is None:
        return None
    total = (plan.ends_on - plan.starts_on).days
    return min(max((timezone.localdate(at) - plan.starts_on).days, 0), total), total
