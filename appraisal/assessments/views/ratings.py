"""Raters: asked by the manager or HR, answering on a page of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import date as date_words
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.assessments import actions
from appraisal.assessments.actions.ratings import spec_of, too_few_asked
from appraisal.assessments.forms import InviteForm, RatingForm
from appraisal.assessments.models import RatingRequest
from appraisal.assessments.queries import candidates, panels, requests_for
from appraisal.assessments.rules import load_papers, minimum_of, rated_by_others
from appraisal.assessments.sheet import text
from appraisal.assessments.states import STILL_OUT, RequestVerb
from appraisal.assessments.views.asking import appraisal_for, draft_of, posted, reader
from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.rules import is_employee, is_hr, is_manager
from appraisal.cycles.states import Step
from workflow.calendars import daybook_of, one_reading
from workflow.errors import GuardRefused

INVITING = frozenset({Step.TRACKING, Step.SELF_REVIEW, Step.SCORING})


@require_http_methods(["GET", "POST"])
@login_required
def raters_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to ask, input by input; who has answered is shown as counts."""
    appraisal, at = _asked_about(request, pk), timezone.now()
    wanted = request.POST.get("input", "")
    bound: InviteForm | None = None
    if request.method == "POST":
        if wanted not in rated_by_others(appraisal):
            raise Http404
        bound = InviteForm(candidates(appraisal), request.POST)
        if bound.is_valid() and _invite(request, appraisal, wanted, bound, at):
            return redirect("assessments:raters_invite", pk)
    load_papers([appraisal])
    frame = appraisal_frame(appraisal, reader(request), at=at)
    shown = [
        (panel, bound if bound is not None and panel.key == wanted else InviteForm(candidates(appraisal)))
        for panel in panels(appraisal, reader(request))
    ]
    context = {
        **frame,
        "panels": shown,
        "open": appraisal.state in INVITING,
        "may_expire": is_hr(appraisal, reader(request)),
        "scores": is_manager(appraisal, reader(request)) and appraisal.state == Step.SCORING,
    }
    return render(request, "appraisal/assessments/raters_invite.html", context, status=422 if bound else 200)


def _invite(request: HttpRequest, appraisal: Appraisal, key: str, form: InviteForm, at: datetime) -> bool:
    try:
        asked = actions.invite_raters(
            acting_user=reader(request), appraisal=appraisal, input_key=key, raters=form.chosen, at=at
        )
    except GuardRefused as refusal:
        form.add_error(None, f"{refusal.reason} {refusal.remedy}")
        return False
    count = len(asked)
    words = ngettext("%(count)d person has been asked.", "%(count)d people have been asked.", count)
    messages.success(request, words % {"count": count})
    total = RatingRequest.objects.filter(appraisal=appraisal, input_key=key).count()
    if warning := too_few_asked(appraisal, rated_by_others(appraisal)[key], total):
        messages.warning(request, warning)
    return True


@require_POST
@login_required
def ratings_expire(request: HttpRequest, pk: int) -> HttpResponse:
    """HR stops waiting for those of one input who have not answered; whoever they are."""
    appraisal = appraisal_for(request, pk)
    if not is_hr(appraisal, reader(request)):
        raise Http404
    waiting = RatingRequest.objects.filter(
        appraisal=appraisal, input_key=request.POST.get("input", ""), state__in=STILL_OUT
    )
    for one in waiting:
        actions.expire_rating(
            acting_user=reader(request), request=one, at=timezone.now(), reason=request.POST.get("reason", "")
        )
    messages.success(request, _("The open requests have ended; what has been given so far counts."))
    return redirect("assessments:raters_invite", pk)


@require_GET
@login_required
def rating_list(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    with one_reading():
        rows: list[dict[str, Any]] = [
            {"request": one, "question": text(spec_of(one).label), "days_left": _days_left(one, at)}
            for one in requests_for(reader(request))
        ]
    context = {
        "now": at,
        "open_rows": [row for row in rows if row["request"].state in STILL_OUT],
        "done_rows": [row for row in rows if row["request"].state not in STILL_OUT],
    }
    return render(request, "appraisal/assessments/rating_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def rating_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The rater's page: the person and the question, nothing of the appraisal itself."""
    asked, at = _asked(request, pk), timezone.now()
    form = RatingForm(asked, spec_of(asked), request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _rating_page(request, asked, form, at)
    if asked.state in STILL_OUT:
        actions.save_rating(
            acting_user=reader(request), request=asked, points=form.points, comment=form.cleaned_data["comment"],
            draft=draft_of(request), at=at,
        )  # fmt: skip
    if request.POST.get("act") != "submit":
        messages.success(request, _("Your rating is saved. It has not been handed in yet."))
        return redirect("assessments:rating_edit", pk)
    actions.submit_rating(acting_user=reader(request), request=asked, at=at, **posted(request, RequestVerb.SUBMIT))
    messages.success(request, _("Thank you. Your rating has been handed in."))
    return redirect("assessments:rating_list")


@require_POST
@login_required
def rating_save(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _asked(request, pk)
    form = RatingForm(asked, spec_of(asked), request.POST)
    if not form.is_valid():
        return JsonResponse({"error": form.first_error()}, status=422)
    saved = actions.save_rating(
        acting_user=reader(request), request=asked, points=form.points, comment=form.cleaned_data["comment"],
        draft=draft_of(request), at=timezone.now(),
    )  # fmt: skip
    saved_at = timezone.localtime(saved.saved_at) if saved.saved_at else None
    return JsonResponse({"version": saved.draft, "saved_at": date_words(saved_at, "H:i")})


@require_POST
@login_required
def rating_accept(request: HttpRequest, pk: int) -> HttpResponse:
    actions.accept_rating(
        acting_user=reader(request), request=_asked(request, pk), at=timezone.now(),
        **posted(request, RequestVerb.ACCEPT),
    )  # fmt: skip
    return redirect("assessments:rating_edit", pk)


@require_POST
@login_required
def rating_decline(request: HttpRequest, pk: int) -> HttpResponse:
    actions.decline_rating(
        acting_user=reader(request), request=_asked(request, pk), reason=request.POST.get("reason", ""),
        at=timezone.now(), **posted(request, RequestVerb.DECLINE),
    )  # fmt: skip
    messages.success(request, _("You have declined. Nobody counts on your rating any more."))
    return redirect("assessments:rating_list")


def _asked_about(request: HttpRequest, pk: int) -> Appraisal:
    appraisal, user = appraisal_for(request, pk), reader(request)
    asks = is_manager(appraisal, user) or is_hr(appraisal, user)
    if is_employee(appraisal, user) or not asks or not rated_by_others(appraisal):
        raise Http404
    return appraisal


def _asked(request: HttpRequest, pk: int) -> RatingRequest:
    return get_object_or_404(requests_for(reader(request)), pk=pk)


def _rating_page(request: HttpRequest, asked: RatingRequest, form: RatingForm, at: datetime) -> HttpResponse:
    spec = spec_of(asked)
    context: dict[str, Any] = {
        "now": at,
        "asked": asked,
        "form": form,
        "question": text(spec.label),
        "definition": text(spec.definition),
        "looks_at": [text(what) for what in spec.looks_at],
        "minimum": minimum_of(asked.appraisal, spec),
        "open": asked.state in STILL_OUT,
        "autosave_key": f"rating:{asked.pk}",
        "days_left": _days_left(asked, at),
        "saved_at": date_words(timezone.localtime(asked.saved_at), "H:i") if asked.saved_at else "",
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisal/assessments/rating_edit.html", context, status=status)


def _days_left(asked: RatingRequest, at: datetime) -> int | None:
    if asked.due_at is None or asked.state not in STILL_OUT:
        return None
    days = daybook_of(asked.appraisal.cycle.calendar)
    return days.working_days_left(timezone.localtime(at).date(), timezone.localtime(asked.due_at).date())
