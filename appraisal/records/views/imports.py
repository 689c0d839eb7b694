"""Importing a table of figures: upload, look at the difference, confirm."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.people.imports.tables import Unreadable
from appraisal.people.views.access import user_of
from appraisal.records.forms import UploadForm
from appraisal.records.imports.actions import (
    check_figures,
    confirm_figures,
    demand_owner,
    discard_figures,
    store_figures,
)
from appraisal.records.imports.template import template_xlsx
from appraisal.records.known import known_inputs
from appraisal.records.models import FigureImport
from appraisal.records.periods import before, period_from, quarter_of
from appraisal.records.rules import owned_inputs

SHOWN_PROBLEMS = 200
SHOWN_LINES = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "POST"])
def figure_import(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    if not owned_inputs(user, known_inputs(timezone.localdate(now))):
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = store_figures(acting_user=user, at=now, content=file.read(), file_name=file.name)
        return redirect("records:import_check", upload.pk)
    context = {"form": form, "period": request.GET.get("period", "")}
    return render(request, "appraisal/records/figure_import.html", context)


@login_required
@require_GET
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run: what would be new and changed, or what stands against it."""
    user, now = user_of(request), timezone.now()
    upload = get_object_or_404(FigureImport, pk=pk, uploaded_by=user, ledger=None)
    context = {"upload": upload, "now": now, "plan": None, "unreadable": ""}
    if upload.applied_at is None:
        try:
            plan = check_figures(acting_user=user, at=now, upload=upload)
        except Unreadable as error:
            context["unreadable"] = error.reason
        else:
            context |= {
                "plan": plan,
                "problems": plan.problems[:SHOWN_PROBLEMS],
                "more_problems": max(0, len(plan.problems) - SHOWN_PROBLEMS),
                "changed": plan.changed[:SHOWN_LINES],
                "new": plan.new[: max(0, SHOWN_LINES - len(plan.changed))],
                "more_lines": max(0, len(plan.lines) - SHOWN_LINES),
            }
    return render(request, "appraisal/records/import_check.html", context)


@login_required
@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    upload = get_object_or_404(FigureImport, pk=pk, uploaded_by=user, ledger=None)
    counts = confirm_figures(acting_user=user, at=timezone.now(), upload=upload, digest=request.POST.get("digest", ""))
    written = counts["new"] + counts["changed"]
    words = ngettext("%(count)d figure has been imported.", "%(count)d figures have been imported.", written)
    messages.success(request, words % {"count": written})
    period = request.POST.get("period", "")
    return redirect(reverse("records:figure_list") + (f"?period={period}" if period else ""))


@login_required
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    discard_figures(acting_user=user, upload=get_object_or_404(FigureImport, pk=pk, uploaded_by=user, ledger=None))
    messages.success(request, _("The file has been discarded; nothing was imported."))
    return redirect("records:figure_import")


@login_required
@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """The table to fill in: a row for every figure that the user owns and the period waits for."""
    user, now = user_of(request), timezone.now()
    demand_owner(user, now)
    today = timezone.localdate(now)
    try:
        period = period_from(request.GET.get("period", ""))
    except ValueError:
        period = before(quarter_of(today))
    response = HttpResponse(template_xlsx(user, period, on=today), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="figures-{period.code}.xlsx"'
    return response
