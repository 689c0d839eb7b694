"""The self-review: written, saved as a draft, handed in, read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.assessments import actions
from appraisal.assessments.forms import ReviewForm
from appraisal.assessments.gaps import self_review_gaps
from appraisal.assessments.models import Evidence
from appraisal.assessments.roll_ups import part_lines
from appraisal.assessments.rules import load_papers, may_read_self_review, papers_of, supports_review
from appraisal.assessments.sheet import Papers, sheet_of
from appraisal.assessments.states import Writer
from appraisal.assessments.views.asking import appraisal_for, draft_of, posted, reader
from appraisal.assessments.views.writing import gap_lines, links, saved, writing, written_by
from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.process import rule_of
from appraisal.cycles.states import Step, Verb
from appraisal.records.files import ACCEPT
from workflow.errors import GuardRefused


@require_http_methods(["GET", "POST"])
@login_required
def self_review_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which the employee writes; a POST saves, and with act=submit hands in."""
    appraisal, at = written_by(request, pk, Writer.EMPLOYEE), timezone.now()
    if request.method == "GET":
        if appraisal.state != Step.SELF_REVIEW:
            return redirect("assessments:self_review_detail", pk)
        return _self_review_page(request, appraisal, None, at)
    form = ReviewForm(appraisal, Writer.EMPLOYEE, None, request.POST)
    if not form.is_valid():
        return _self_review_page(request, appraisal, form, at)
    if appraisal.state == Step.SELF_REVIEW:
        actions.save_self_review_draft(
            acting_user=reader(request), appraisal=appraisal, patch=form.patch, draft=draft_of(request), at=at
        )
        _attach_posted(request, appraisal, at)
        load_papers([appraisal])
        if request.POST.get("act") != "submit":
            messages.success(request, _("Your self-review is saved. It has not been handed in yet."))
            return redirect("assessments:self_review_edit", pk)
        if self_review_gaps(appraisal):
            messages.error(request, _("It was saved but not handed in: something is still missing."))
            return redirect(f"{reverse('assessments:self_review_edit', args=[pk])}#gaps")
    actions.submit_self_review(
        acting_user=reader(request), appraisal=appraisal, at=at, **posted(request, Verb.SUBMIT_SELF_REVIEW)
    )
    messages.success(request, _("Your self-review has been handed in."))
    return redirect("assessments:self_review_detail", pk)


@require_POST
@login_required
def self_review_save(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, at = written_by(request, pk, Writer.EMPLOYEE), timezone.now()
    form = ReviewForm(appraisal, Writer.EMPLOYEE, None, request.POST)
    if not form.is_valid():
        return JsonResponse({"error": form.first_error()}, status=422)
    review = actions.save_self_review_draft(
        acting_user=reader(request), appraisal=appraisal, patch=form.patch, draft=draft_of(request), at=at
    )
    return saved(review)


@require_GET
@login_required
def self_review_gap_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing, for the page that saves itself."""
    appraisal = written_by(request, pk, Writer.EMPLOYEE)
    form = ReviewForm(appraisal, Writer.EMPLOYEE, None)
    gaps = gap_lines(form, self_review_gaps(appraisal))
    return render(request, "appraisal/assessments/_gaps.html", {"gaps": gaps})


@require_GET
@login_required
def self_review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, at = appraisal_for(request, pk), timezone.now()
    frame = appraisal_frame(appraisal, reader(request), at=at)
    verdict = may_read_self_review(appraisal, reader(request))
    review = papers_of(appraisal).reviews.get(Writer.EMPLOYEE)
    content = (review.handed_in if review else None) or {}
    shown = Papers(own=content, evidence=links(appraisal, content.get("evidence", []))) if verdict else Papers()
    return render(
        request,
        "appraisal/assessments/self_review_detail.html",
        {
            **frame,
            "verdict": verdict,
            "handed_in_at": review.submitted_at if review and content else None,
            "content": content if verdict else {},
            "parts": part_lines(appraisal) if verdict and content else [],
            "sections": sheet_of(appraisal, shown) if verdict and content else [],
            "evidence": [card for card in shown.evidence if not card["indicator"]],
        },
    )


def _self_review_page(
    request: HttpRequest, appraisal: Appraisal, refused: ReviewForm | None, at: datetime
) -> HttpResponse:
    frame = appraisal_frame(appraisal, reader(request), at=at)
    review = papers_of(appraisal).reviews.get(Writer.EMPLOYEE)
    form = refused or ReviewForm(appraisal, Writer.EMPLOYEE, review)
    cards = [_card(evidence) for evidence in papers_of(appraisal).evidence if supports_review(evidence)]
    rule = rule_of(appraisal.track, Step.SELF_REVIEW)
    context = {
        **frame,
        **writing(form, review),
        "evidence": [card for card in cards if not card["indicator"]],
        "sections": sheet_of(appraisal, Papers(evidence=cards), form),
        "parts": part_lines(appraisal),
        "gaps": gap_lines(form, self_review_gaps(appraisal)),
        "wants_evidence": rule is not None and rule.evidence == "required",
        "autosave_key": f"self-review:{appraisal.pk}",
        "accept": ACCEPT,
        "max_bytes": settings.EVIDENCE_MAX_BYTES,
    }
    status = 422 if refused else 200
    return render(request, "appraisal/assessments/self_review_edit.html", context, status=status)


def _attach_posted(request: HttpRequest, appraisal: Appraisal, at: datetime) -> None:
    """Files that came with the form, where there is no script to send them one by one."""
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            try:
                actions.attach_evidence(
                    acting_user=reader(request), appraisal=appraisal, file=file, at=at,
                    indicator=name.removeprefix("evidence").removeprefix("-"),
                )  # fmt: skip
            except GuardRefused as refusal:
                messages.error(request, refusal.reason)


def _card(evidence: Evidence) -> dict[str, Any]:
    where = [evidence.appraisal_id, evidence.pk]
    return {
        "id": evidence.pk,
        "name": evidence.name,
        "size": evidence.size,
        "indicator": evidence.indicator,
        "url": reverse("assessments:evidence_download", args=where),
        "remove_url": reverse("assessments:evidence_remove", args=where),
    }
