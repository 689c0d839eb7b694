"""The employee's side: writing, keeping, lodging and withdrawing an appeal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appraisal.appeals import actions
from appraisal.appeals.forms import LodgeForms
from appraisal.appeals.models import AppealDraft
from appraisal.appeals.queries import appeal_of, evidence_of, labels_of
from appraisal.appeals.states import AppealVerb
from appraisal.appeals.views.cases import file_cards
from appraisal.assessments.views.asking import appraisal_for, draft_of, posted, reader
from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.rules import is_employee
from appraisal.cycles.states import Step, Verb
from appraisal.records.files import ACCEPT

# As much as all fields of the form can hold together.
MOST_KEPT = 60_000


def own_appraisal(request: HttpRequest, pk: int) -> Appraisal:
    """For everybody but the employee these pages do not exist."""
    appraisal = appraisal_for(request, pk)
    if not is_employee(appraisal, reader(request)):
        raise Http404
    return appraisal


@require_http_methods(["GET", "POST"])
@login_required
def appeal_lodge(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = own_appraisal(request, pk)
    if request.method == "GET" and appraisal.state == Step.APPEALED:
        return redirect("appeals:appeal_current", pk)
    draft = AppealDraft.objects.filter(appraisal=appraisal).first()
    forms = LodgeForms(labels_of(appraisal), request.POST if request.method == "POST" else None, _kept(draft))
    if request.method == "POST" and forms.is_valid():
        said = forms.statement.cleaned_data
        actions.lodge_appeal(
            acting_user=reader(request), appraisal=appraisal, items=forms.contested, statement=said["statement"],
            wanted=said["wanted"], at=timezone.now(), key=posted(request, Verb.LODGE_APPEAL)["key"],
        )  # fmt: skip
        messages.success(
            request, _("Your appeal has been lodged. The panel has been told; you see here how it goes on.")
        )
        return redirect("appeals:appeal_current", pk)
    return render(
        request,
        "appraisal/appeals/appeal_lodge.html",
        {**_lodge_context(request, appraisal, draft), "forms": forms},
        status=422 if request.method == "POST" else 200,
    )


def _kept(draft: AppealDraft | None) -> dict[str, str]:
    return draft.content if draft is not None else {}


def _lodge_context(request: HttpRequest, appraisal: Appraisal, draft: AppealDraft | None) -> dict[str, Any]:
    at = timezone.now()
    frame = appraisal_frame(appraisal, reader(request), at=at)
    here: dict[str, Any] = next((step for step in frame["steps"] if step["status"] == "here"), {})
    return {
        **frame,
        "window_due": here.get("due_at"),
        "window_days_left": here.get("days_left"),
        "save_url": reverse("appeals:appeal_save", args=[appraisal.pk]),
        "draft_key": f"appeal:{appraisal.pk}",
        "accept": ACCEPT,
        "max_bytes": settings.EVIDENCE_MAX_BYTES,
        "draft": draft.number if draft else 0,
        "saved_at": timezone.localtime(draft.saved_at).strftime("%H:%M") if draft else "",
        "files": file_cards(appraisal, list(evidence_of(appraisal)), removable=True),
        "is_open": appraisal.state == Step.APPEAL_WINDOW,
    }


@require_POST
@login_required
def appeal_save(request: HttpRequest, pk: int) -> HttpResponse:
    """What the form sends while it is typed; answers as static/js/autosave.js expects."""
    appraisal = own_appraisal(request, pk)
    names = {"statement", "wanted"}
    content = {
        name: value for name, value in request.POST.items() if name in names or name.startswith("contest-")
    }  # fmt: skip
    if sum(len(value) for value in content.values()) > MOST_KEPT:
        return JsonResponse({"error": _("This is more text than an appeal can hold.")}, status=422)
    draft = actions.save_appeal_draft(
        acting_user=reader(request), appraisal=appraisal, content=content, number=draft_of(request), at=timezone.now()
    )
    return JsonResponse({"version": draft.number, "saved_at": timezone.localtime(draft.saved_at).strftime("%H:%M")})


@require_POST
@login_required
def appeal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    appeal = appeal_of(own_appraisal(request, pk))
    if appeal is None:
        raise Http404
    actions.withdraw_appeal(
        acting_user=reader(request), appeal=appeal, at=timezone.now(), **posted(request, AppealVerb.WITHDRAW)
    )
    messages.success(request, _("The appeal is withdrawn. The window goes on with the days that were left of it."))
    return redirect("appeals:appeal_current", pk)
