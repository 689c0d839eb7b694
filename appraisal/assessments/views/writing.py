"""What both reviews share while they are written: who writes, what is missing, what has been saved."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.template.defaultfilters import date as date_words
from django.urls import reverse
from django.utils import timezone

from appraisal.assessments.forms import ReviewForm
from appraisal.assessments.models import Review
from appraisal.assessments.states import Writer
from appraisal.assessments.views.asking import appraisal_for, reader
from appraisal.cycles.models import Appraisal
from appraisal.cycles.rules import is_employee, is_manager


def written_by(request: HttpRequest, pk: int, writer: Writer) -> Appraisal:
    """For everybody but the writer the page does not exist."""
    appraisal, user = appraisal_for(request, pk), reader(request)
    own = is_employee(appraisal, user)
    if writer == Writer.EMPLOYEE and not own:
        raise Http404
    if writer == Writer.MANAGER and (own or not is_manager(appraisal, user)):
        raise Http404
    return appraisal


def writing(form: ReviewForm, review: Review | None) -> dict[str, Any]:
    saved_at = review.saved_at if review else None
    return {
        "form": form,
        "draft": review.draft if review else 0,
        "saved_at": date_words(timezone.localtime(saved_at), "H:i") if saved_at else "",
    }


def gap_lines(form: ReviewForm, gaps: list[tuple[str, str]]) -> list[dict[str, str]]:
    lines = []
    for gap, words in gaps:
        label, anchor = form.place(gap)
        lines.append({"label": label, "anchor": anchor, "words": words})
    return lines


def saved(review: Review) -> JsonResponse:
    saved_at = timezone.localtime(review.saved_at) if review.saved_at else None
    return JsonResponse({"version": review.draft, "saved_at": date_words(saved_at, "H:i")})


def links(appraisal: Appraisal, cards: Any) -> list[dict[str, Any]]:
    """The files of a submission, each with the address at which it can be fetched."""
    return [
        {**card, "url": reverse("assessments:evidence_download", args=[appraisal.pk, card["id"]])} for card in cards
    ]
