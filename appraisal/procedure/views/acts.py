"""The procedure's own acts on one appraisal: small pages that name the effect and ask for a reason where one is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.process import scheme_of
from appraisal.cycles.rules import is_hr
from appraisal.cycles.states import Step, Verb
from appraisal.procedure import actions, rules
from appraisal.procedure.forms import ReasonForm
from appraisal.procedure.views.access import appraisal_for, posted, reader
from workflow.errors import GuardRefused
from workflow.machine import Attempt, machine_of
from workflow.queries import may


@dataclass(frozen=True)
class ActPage:
    verb: str
    act: Callable[..., Any]
    effect: str | Promise
    needs_reason: bool = True
    adverse: bool = False
    template: str = "appraisal/procedure/appraisal_act.html"


PAGES = {
    "targets_agree": ActPage(
        Verb.AGREE_TARGETS, actions.agree_targets,
        gettext_lazy("You confirm the targets of this period. A later change needs both signatures again."),
        needs_reason=False,
    ),
    "review_start": ActPage(
        Verb.START_REVIEW, actions.start_review,
        gettext_lazy("The review begins now instead of after the last day of the period."),
        needs_reason=False,
    ),
    "self_review_pass_over": ActPage(
        Verb.PASS_OVER_SELF_REVIEW, actions.pass_over_self_review,
        gettext_lazy("The manager goes on to score; the record says that no self-review was given."), adverse=True,
    ),
    "appraisal_send_back": ActPage(
        Verb.SEND_BACK, actions.send_back,
        gettext_lazy("It goes one step back with a new deadline. What was handed in is kept."),
    ),
    "appraisal_countersign": ActPage(
        Verb.COUNTERSIGN, actions.countersign, gettext_lazy("You countersign the manager's score."),
        needs_reason=False,
    ),
    "result_release": ActPage(
        Verb.RELEASE, actions.release, gettext_lazy("The employee gets to see the result at once."),
        needs_reason=False,
    ),
    "result_recall": ActPage(
        Verb.RECALL, actions.recall,
        gettext_lazy("The employee no longer sees the result until it is released again. Both are told."), adverse=True,
    ),
    "appraisal_withdraw": ActPage(
        Verb.WITHDRAW, actions.withdraw,
        gettext_lazy("This person is taken out of the cycle; open work ends. Nothing is deleted."), adverse=True,
    ),
    "appraisal_reinstate": ActPage(
        Verb.REINSTATE, actions.reinstate,
        gettext_lazy("It goes on at the step it was taken out of, with that step's full time."),
    ),
}  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def appraisal_act(request: HttpRequest, pk: int, page: str) -> HttpResponse:
    appraisal, about, at = appraisal_for(request, pk), PAGES[page], timezone.now()
    machine = machine_of(appraisal)
    if not machine.permits(Attempt(appraisal, reader(request), at), machine.transition(about.verb)):
        raise Http404
    form = ReasonForm(request.POST or None) if about.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        typed = {"reason": form.cleaned_data["reason"]} if form is not None else {}
        about.act(acting_user=reader(request), at=at, appraisal=appraisal, **posted(request, about.verb), **typed)
        messages.success(request, _("Done: %(act)s.") % {"act": Verb(about.verb).label})
        return redirect(appraisal_url(appraisal))
    verdict = may(appraisal, about.verb, reader(request), at=at)
    context = appraisal_frame(appraisal, reader(request), at=at) | {
        "about": about, "form": form, "label": Verb(about.verb).label, "verdict": verdict,
        "back_url": appraisal_url(appraisal),
    }  # fmt: skip
    return render(request, about.template, context)


def appraisal_url(appraisal: Appraisal) -> str:
    try:
        return reverse("home:appraisal", args=[appraisal.pk])
    except NoReverseMatch:
        return reverse("cycles:cycle_detail", args=[appraisal.cycle_id])


@login_required
@require_http_methods(["GET", "POST"])
def result_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Proposing a correction, and for a second person of HR approving or declining it."""
    appraisal, at, user = appraisal_for(request, pk), timezone.now(), reader(request)
    if not is_hr(appraisal, user) or appraisal.state != Step.CLOSED:
        raise Http404
    form = ReasonForm(request.POST or None)
    decision = request.POST.get("decision", "")
    if decision == "approve":
        actions.approve_correction(acting_user=user, at=at, appraisal=appraisal, **posted(request, Verb.CORRECT))
        messages.success(request, _("The result is open for correction; release it again when it is right."))
        return redirect(appraisal_url(appraisal))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if decision == "decline":
            actions.decline_correction(acting_user=user, at=at, appraisal=appraisal, reason=reason)
        else:
            actions.propose_correction(
                acting_user=user, at=at, appraisal=appraisal, reason=reason, changes=_figures(request, appraisal)
            )
        return redirect("procedure:result_correct", pk)
    correction = rules.open_correction(appraisal)
    leaves = [(leaf.key, leaf.label.model_dump()) for leaf in scheme_of(appraisal.track).all_indicators]
    changes = correction.changes if correction is not None else {}
    context = appraisal_frame(appraisal, user, at=at) | {
        "form": form, "correction": correction, "leaves": leaves, "back_url": appraisal_url(appraisal),
        "own": correction is not None and correction.proposed_by_id == user.pk,
        "changed": [(label, changes[key]) for key, label in leaves if key in changes],
    }  # fmt: skip
    return render(request, "appraisal/procedure/result_correct.html", context)


def _figures(request: HttpRequest, appraisal: Appraisal) -> dict[str, Decimal]:
    """What was typed beside the indicators; a blank leaves the figure as it is."""
    found: dict[str, Decimal] = {}
    for leaf in scheme_of(appraisal.track).all_indicators:
        typed = request.POST.get(f"figure-{leaf.key}", "").strip()
        if not typed:
            continue
        try:
            found[leaf.key] = Decimal(typed)
        except InvalidOperation:
            raise GuardRefused(_("“%(typed)s” is not a number.") % {"typed": typed}) from None
    return found
