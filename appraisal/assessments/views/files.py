"""Evidence over HTTP: sent one by one, fetched as an attachment, removed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from appraisal.assessments import actions
from appraisal.assessments.models import Evidence
from appraisal.assessments.queries import may_read_evidence
from appraisal.assessments.views.asking import appraisal_for, reader
from workflow.errors import GuardRefused


@require_POST
@login_required
def evidence_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """One file; ?indicator= says what it supports. Answers as static/js/dropzone.js expects."""
    appraisal = appraisal_for(request, pk)
    file = next((file for __, file in request.FILES.items()), None)
    if not isinstance(file, UploadedFile):
        return JsonResponse({"error": _("There is no file in it.")}, status=422)
    try:
        evidence = actions.attach_evidence(
            acting_user=reader(request), appraisal=appraisal, file=file, at=timezone.now(),
            indicator=request.GET.get("indicator", ""),
        )  # fmt: skip
    except GuardRefused as refusal:
        return JsonResponse({"error": f"{refusal.reason} {refusal.remedy}".strip()}, status=422)
    where = [pk, evidence.pk]
    return JsonResponse(
        {
            "name": evidence.name,
            "size": evidence.size,
            "url": reverse("assessments:evidence_download", args=where),
            "remove_url": reverse("assessments:evidence_remove", args=where),
        },
        status=201,
    )


@require_GET
@never_cache
@login_required
def evidence_download(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse | FileResponse:
    """Always an attachment, never shown in place: whatever is in it does not run here."""
    appraisal = appraisal_for(request, pk)
    evidence = get_object_or_404(Evidence, pk=evidence_pk, appraisal=appraisal)
    if not may_read_evidence(appraisal, reader(request), evidence):
        raise Http404
    try:
        stored = evidence.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stored, as_attachment=True, filename=evidence.name, content_type=evidence.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@login_required
def evidence_remove(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
    appraisal = appraisal_for(request, pk)
    evidence = get_object_or_404(Evidence, pk=evidence_pk, appraisal=appraisal)
    if not may_read_evidence(appraisal, reader(request), evidence):
        raise Http404
    actions.remove_evidence(acting_user=reader(request), evidence=evidence, at=timezone.now())
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({})
    messages.success(request, _("“%(name)s” has been removed.") % {"name": evidence.name})
    return redirect("assessments:self_review_edit", pk)
