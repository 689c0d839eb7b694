"""The manager's score: written beside the self-review, previewed, handed in, read."""

from __future__ import annotations

from datetime import datetime

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
from appraisal.assessments.gaps import may_reveal, score_gaps
from appraisal.assessments.queries import evidence_handed_in, panels
from appraisal.assessments.results import compute, missing_words
from appraisal.assessments.roll_ups import part_lines
from appraisal.assessments.rules import (
    load_papers,
    may_read_manager_review,
    may_read_self_review,
    papers_of,
    scores_blind,
    waiting_words,
)
from appraisal.assessments.sheet import Papers, other_points, sheet_of
from appraisal.assessments.statement import statement_of
from appraisal.assessments.states import Writer
from appraisal.assessments.views.asking import appraisal_for, draft_of, posted, reader
from appraisal.assessments.views.writing import gap_lines, links, saved, writing, written_by
from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.process import scheme_of
from appraisal.cycles.rules import is_employee, is_manager
from appraisal.cycles.states import Step, Verb
from appraisal.scoring.decimals import shown


@require_http_methods(["GET", "POST"])
@login_required
def score_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which the manager scores; a POST saves, and with act=submit hands in."""
    appraisal, at = written_by(request, pk, Writer.MANAGER), timezone.now()
    if request.method == "GET":
        if appraisal.state != Step.SCORING:
            return redirect("assessments:score_detail", pk)
        return _score_page(request, appraisal, None, at)
    form = ReviewForm(appraisal, Writer.MANAGER, None, request.POST)
    if not form.is_valid():
        return _score_page(request, appraisal, form, at)
    if appraisal.state == Step.SCORING:
        actions.save_score_draft(
            acting_user=reader(request), appraisal=appraisal, patch=form.patch, draft=draft_of(request), at=at
        )
        load_papers([appraisal])
        if request.POST.get("act") != "submit":
            messages.success(request, _("Your score is saved. It has not been handed in yet."))
            return redirect("assessments:score_edit", pk)
        if score_gaps(appraisal):
            messages.error(request, _("It was saved but not handed in: something is still missing."))
            return redirect(f"{reverse('assessments:score_edit', args=[pk])}#gaps")
    actions.submit_score(acting_user=reader(request), appraisal=appraisal, at=at, **posted(request, Verb.SUBMIT_SCORE))
    messages.success(request, _("The score of %(person)s has been handed in.") % {"person": appraisal.employee})
    return redirect("assessments:score_detail", pk)


@require_POST
@login_required
def score_save(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, at = written_by(request, pk, Writer.MANAGER), timezone.now()
    form = ReviewForm(appraisal, Writer.MANAGER, None, request.POST)
    if not form.is_valid():
        return JsonResponse({"error": form.first_error()}, status=422)
    review = actions.save_score_draft(
        acting_user=reader(request), appraisal=appraisal, patch=form.patch, draft=draft_of(request), at=at
    )
    return saved(review)


@require_GET
@login_required
def score_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The total as it would be now, with its explanation, and what is still missing."""
    appraisal = written_by(request, pk, Writer.MANAGER)
    form = ReviewForm(appraisal, Writer.MANAGER, None)
    scored = compute(appraisal)
    return render(
        request,
        "appraisal/assessments/_preview.html",
        {
            "scored": scored,
            "total": None if scored.total is None else shown(scored.total),
            "tree": scored.tree.to_json(),
            "missing": missing_words(scheme_of(appraisal.track), scored.missing),
            "statement": statement_of(scored.to_json(), scheme_of(appraisal.track)),
            "has_indicators": bool(scheme_of(appraisal.track).indicators),
            "gaps": gap_lines(form, score_gaps(appraisal)),
        },
    )


@require_POST
@login_required
def self_review_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = written_by(request, pk, Writer.MANAGER)
    actions.reveal_self_review(acting_user=reader(request), appraisal=appraisal, at=timezone.now())
    return redirect("assessments:score_edit", pk)


@require_GET
@login_required
def score_detail(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, at = appraisal_for(request, pk), timezone.now()
    user = reader(request)
    frame = appraisal_frame(appraisal, user, at=at)
    verdict = may_read_manager_review(appraisal, user)
    review = papers_of(appraisal).reviews.get(Writer.MANAGER)
    content = (review.handed_in if review else None) or {}
    papers = Papers(manager=content) if verdict else Papers()
    return render(
        request,
        "appraisal/assessments/score_detail.html",
        {
            **frame,
            "verdict": verdict,
            "handed_in_at": review.submitted_at if review and content else None,
            "content": content if verdict else {},
            "parts": part_lines(appraisal) if verdict and content else [],
            "sections": sheet_of(appraisal, papers) if verdict and content else [],
            "may_score_others": is_manager(appraisal, user) and not is_employee(appraisal, user),
        },
    )


def _score_page(request: HttpRequest, appraisal: Appraisal, refused: ReviewForm | None, at: datetime) -> HttpResponse:
    user = reader(request)
    frame = appraisal_frame(appraisal, user, at=at)
    review = papers_of(appraisal).reviews.get(Writer.MANAGER)
    form = refused or ReviewForm(appraisal, Writer.MANAGER, review)
    verdict = may_read_self_review(appraisal, user)
    own = papers_of(appraisal).reviews.get(Writer.EMPLOYEE)
    content = (own.handed_in if own and verdict else None) or {}
    papers = Papers(own=content, evidence=links(appraisal, evidence_handed_in(appraisal)) if verdict else ())
    sections = sheet_of(appraisal, papers, form)
    context = {
        **frame,
        **writing(form, review),
        "verdict": verdict,
        "other_points": other_points(form, sections),
        "blind": scores_blind(appraisal),
        "reveal": may_reveal(appraisal),
        "waiting": waiting_words(appraisal),
        "autosave_key": f"score:{appraisal.pk}",
        "own": content,
        "sections": sections,
        "parts": part_lines(appraisal),
        "evidence": [card for card in papers.evidence if not card["indicator"]],
        "panels": panels(appraisal, user),
    }
    status = 422 if refused else 200
    return render(request, "appraisal/assessments/score_edit.html", context, status=status)
