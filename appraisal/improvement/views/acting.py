"""What is done on the page of a plan. Each act is a POST that carries the version of the page and a key of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.queries import visible_to
from appraisal.improvement import actions, conclusions
from appraisal.improvement.drafts import Draft, draft_plan
from appraisal.improvement.forms import (
    CheckInForm,
    ConclusionForm,
    JudgeForm,
    plan_form,
    target_forms,
    targets_in,
)
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.queries import visible_plans
from appraisal.improvement.states import RUNNING
from appraisal.improvement.views.reading import plan_context
from appraisal.people.models import Person
from appraisal.people.views.access import user_of

Done = str | Promise


def posted(request: HttpRequest, plan: ImprovementPlan) -> dict[str, Any]:
    """What every act passes on: who, when, and the page it was done on."""
    version = request.POST.get("version", "")
    return {
        "acting_user": user_of(request), "at": timezone.now(), "plan": plan,
        "version": int(version) if version.isdigit() else None, "key": request.POST.get("key") or None,
    }  # fmt: skip


def plan_for(request: HttpRequest, pk: int) -> ImprovementPlan:
    return get_object_or_404(visible_plans(user_of(request)), pk=pk)


def back(plan: ImprovementPlan) -> HttpResponse:
    return redirect("improvement:plan_detail", plan.pk)


@login_required
@require_POST
def plan_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """HR begins a plan that no rule has asked for."""
    user = user_of(request)
    appraisal = get_object_or_404(visible_to(user), pk=pk)
    plan = draft_plan(acting_user=user, at=timezone.now(), draft=Draft(appraisal))
    return redirect("improvement:plan_edit", plan.pk)


@login_required
@require_http_methods(["GET", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Writes the draft, or changes the running plan."""
    user, now = user_of(request), timezone.now()
    plan = plan_for(request, pk)
    amends = plan.state in RUNNING
    data = request.POST if request.method == "POST" else None
    form, rows = plan_form(plan, data, amends=amends), target_forms(plan, data)
    if data is not None and form.is_valid() and rows.is_valid():
        content = form.content(targets_in(rows))
        if amends:
            actions.amend(**posted(request, plan), content=content, reason=form.cleaned_data["reason"])
            messages.success(request, _("The plan has been changed. It pauses until the employee acknowledges it."))
        else:
            actions.revise(**posted(request, plan), content=content)
            messages.success(request, _("The draft has been saved."))
        return back(plan)
    context = plan_context(plan, user, at=now)
    if not context["edit"]:
        return back(plan)
    people = Person.objects.filter(left_on=None).exclude(pk=plan.appraisal.employee_id).order_by("number")
    context |= {"form": form, "rows": rows, "amends": amends, "people": people[:300]}
    return render(request, "appraisal/improvement/plan_edit.html", context)


def simple(call: Callable[..., ImprovementPlan], said: Done, *wanted: str) -> Callable[..., HttpResponse]:
    """A view that performs one act; `wanted` names the texts that its dialog asks for."""

    @login_required
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        plan = plan_for(request, pk)
        call(**posted(request, plan), **{name: request.POST.get(name, "") for name in wanted})
        messages.success(request, str(said))
        return back(plan)

    return view


plan_approve = simple(actions.approve, gettext_lazy("The plan has been approved. Hand it over next."))
plan_deliver = simple(actions.deliver, gettext_lazy("The plan has been handed over; the employee can read it now."))
plan_accept = simple(actions.accept, gettext_lazy("Your acknowledgement has been recorded."))
plan_refuse = simple(actions.record_refusal, gettext_lazy("The refusal has been recorded."), "witness", "reason")
plan_review = simple(conclusions.start_review, gettext_lazy("The conclusion has begun."), "reason")
plan_cancel = simple(actions.cancel, gettext_lazy("The plan has been cancelled."), "reason")
conclusion_approve = simple(conclusions.approve_conclusion, gettext_lazy("The plan has been concluded."))
conclusion_return = simple(conclusions.return_conclusion, gettext_lazy("The proposal has been returned."), "reason")


def again(request: HttpRequest, plan: ImprovementPlan, **forms: Any) -> HttpResponse:
    """The page once more, with what was typed and what is wrong with it."""
    user, now = user_of(request), timezone.now()
    appraisal = visible_to(user).filter(pk=plan.appraisal_id).first()
    if appraisal is None:
        context = {**plan_context(plan, user, at=now), **forms}
        return render(request, "appraisal/improvement/plan_detail.html", context)
    frame = appraisal_frame(appraisal, user, at=now, case=plan)
    context = {**frame, **plan_context(plan, user, at=now, frame=frame), **forms}
    return render(request, "appraisal/improvement/plan_current.html", context)


@login_required
@require_POST
def check_in_record(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    form = CheckInForm(request.POST)
    if not form.is_valid():
        return again(request, plan, check_in_form=form)
    actions.check_in(**posted(request, plan), **form.cleaned_data)
    messages.success(request, _("The check-in has been recorded."))
    return back(plan)


@login_required
@require_POST
def milestone_judge(request: HttpRequest, pk: int, milestone_pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    milestone = get_object_or_404(plan.milestones.select_related("plan__appraisal"), pk=milestone_pk)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return again(request, plan, judge_form=form, judged=milestone.pk)
    given = posted(request, plan)
    given.pop("plan")
    conclusions.judge_milestone(**given, milestone=milestone, reached=form.cleaned_data["reached"])
    messages.success(request, _("What was reached has been recorded."))
    return back(plan)


@login_required
@require_POST
def plan_conclude(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    form = ConclusionForm(request.POST)
    if not form.is_valid():
        return again(request, plan, conclusion_form=form)
    conclusions.conclude(**posted(request, plan), conclusion=form.conclusion())
    plan.refresh_from_db(fields=["proposed_by"])
    done = _("The plan has been concluded.")
    messages.success(request, _("A second person of HR decides now.") if plan.proposed_by_id else done)
    return back(plan)
