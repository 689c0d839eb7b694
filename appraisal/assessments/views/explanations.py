"""A result taken apart, as a page and as a file."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from appraisal.assessments.queries import results_visible_to
from appraisal.assessments.statement import statement_of
from appraisal.assessments.views.asking import appraisal_for, reader
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.process import scheme_of


@require_GET
@login_required
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest result that the reader may see; ?format=json downloads what was stored."""
    return _explain(request, appraisal_for(request, pk), None, timezone.now())


@require_GET
@login_required
def result_explanation(request: HttpRequest, pk: int, result_pk: int) -> HttpResponse:
    return _explain(request, appraisal_for(request, pk), result_pk, timezone.now())


def _explain(request: HttpRequest, appraisal: Appraisal, result_pk: int | None, at: datetime) -> HttpResponse:
    results = results_visible_to(appraisal, reader(request))
    result = next((one for one in results if result_pk in {None, one.pk}), None)
    if result is None:
        raise Http404
    if request.GET.get("format") == "json":
        return _download(appraisal, result)
    frame = appraisal_frame(appraisal, reader(request), at=at)
    stored = result.explanation
    scheme = scheme_of(appraisal.track)
    changed = bool(stored.get("grade")) and stored["grade"] != result.grade
    return render(
        request,
        "appraisal/assessments/explanation.html",
        {**frame, "result": result, "results": results, "tree": result.tree, "computed_grade": stored.get("grade"),
         "statement": statement_of(stored, scheme), "has_indicators": bool(scheme.indicators),
         "grade_differs": changed, "is_latest": result == results[0]},
    )  # fmt: skip


def _download(appraisal: Appraisal, result: Result) -> JsonResponse:
    response = JsonResponse(result.explanation, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="explanation-{appraisal.pk}-{result.pk}.json"'
    return response
