"""HR's page of what the figures' owners still owe a cycle, and more time for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from appraisal.cycles.actions import extend_figures
from appraisal.cycles.models import FigureRequest
from appraisal.cycles.notices import page
from appraisal.cycles.states import WantedState
from appraisal.people.states import Role
from appraisal.procedure.forms import ExtendForm
from appraisal.procedure.views.access import cycle_for, for_hr, reader
from workflow.calendars import daybook_of
from workflow.queries import open_items


@dataclass(frozen=True, slots=True)
class Line:
    """One role; without `due_at` nothing is missing."""

    request: FigureRequest
    role: str
    page: str
    due_at: datetime | None = None
    days_left: int | None = None


@for_hr
@require_GET
def figure_requests(request: HttpRequest, pk: int) -> HttpResponse:
    cycle, now = cycle_for(request, pk), timezone.now()
    rows = list(FigureRequest.objects.filter(cycle=cycle).select_related("cycle").order_by("-missing", "role"))
    due = {item.object_id: item.due_at for item in open_items(*rows)} if rows else {}
    days = daybook_of(cycle.calendar)

    def left(moment: datetime | None) -> int | None:
        if moment is None:
            return None
        return days.working_days_left(timezone.localdate(now), timezone.localdate(moment))

    lines = [
        Line(row, str(Role(row.role).label), page(row), due.get(row.pk), left(due.get(row.pk))) for row in rows
    ]  # fmt: skip
    return render(request, "appraisal/cycles/figure_requests.html", {"cycle": cycle, "lines": lines, "now": now})


@for_hr
@require_http_methods(["GET", "POST"])
def figures_extend(request: HttpRequest, pk: int, role: str) -> HttpResponse:
    cycle = cycle_for(request, pk)
    asked = get_object_or_404(FigureRequest, cycle=cycle, role=role, state=WantedState.WANTED)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        extend_figures(acting_user=reader(request), at=timezone.now(), request=asked, **form.cleaned_data)
        messages.success(request, _("The deadline was moved."))
        return redirect("cycles:figure_requests", pk)
    context = {"cycle": cycle, "asked": asked, "role": Role(asked.role).label, "form": form}
    return render(request, "appraisal/cycles/figures_extend.html", context)
