"""The figures of a period, and one figure with its history."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from appraisal.people.models import Person
from appraisal.people.views.access import user_of
from appraisal.records import rules
from appraisal.records.actions import enter_figure
from appraisal.records.expected import figure_for, wanted_period
from appraisal.records.forms import FigureForm
from appraisal.records.known import KnownFigure, known_inputs
from appraisal.records.marks import parted
from appraisal.records.models import Actual
from appraisal.records.overview import Overview, may_see_figure
from appraisal.records.periods import Period, before, period_from, quarter_of, recent_periods
from appraisal.records.typed import clock_words, shown
from appraisal.schemes.spec import Measure


@login_required
@require_GET
def figure_list(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    today = timezone.localdate(now)
    period = _asked(request) or wanted_period() or before(quarter_of(today))
    overview = Overview(
        user, period, known_inputs(today), today,
        text=request.GET.get("q", "").strip(), gaps_only=request.GET.get("gaps") == "1",
    )  # fmt: skip
    page, rows = overview.page(request.GET.get("page"))
    context = {
        "overview": overview,
        "page": page,
        "rows": rows,
        "period": period,
        "periods": _choices(period, today),
        "missing": sum(len(keys) for keys in overview.gaps.values()),
        "lacking": len(overview.gaps),
        "may_enter": bool(overview.owned),
        "now": now,
    }
    return render(request, "appraisal/records/figure_list.html", context)


def _asked(request: HttpRequest) -> Period | None:
    try:
        return period_from(request.GET["period"])
    except (KeyError, ValueError):
        return None


def _choices(period: Period, today: date) -> list[Period]:
    found = recent_periods(today)
    return found if period in found else [period, *found]


@login_required
@require_http_methods(["GET", "POST"])
def figure_edit(request: HttpRequest, person_pk: int, code: str, key: str) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    today = timezone.localdate(now)
    known = known_inputs(today)
    person = get_object_or_404(Person, pk=person_pk)
    period = period_or_404(code)
    figure = figure_for(known, person.pk, period, key)
    if figure is None or not may_see_figure(user, known, person, key, today):
        raise Http404
    rows = list(_history(person, period, key))
    for row in rows:
        row.words = words_of(figure, row)
    current = rows[0] if rows else None
    verdict = rules.may_enter(user, figure, person, today)
    if verdict and rules.locked([rules.Slot(person.pk, period.starts_on, period.ends_on, parted(key)[1])]):
        verdict = rules.locked_verdict()
    form = FigureForm(figure, current, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        enter_figure(
            acting_user=user, at=now, person=person, period=period, input_key=key, values=form.values(),
            note=form.cleaned_data["note"], seen=form.cleaned_data["seen"],
        )  # fmt: skip
        messages.success(request, _("The figure has been entered."))
        return redirect("records:figure_edit", person.pk, period.code, key)
    context: dict[str, Any] = {
        "person": person, "period": period, "figure": figure, "rows": rows, "form": form, "verdict": verdict,
        "parts": list(figure.parts.items()), "now": now,
    }  # fmt: skip
    return render(request, "appraisal/records/figure_edit.html", context)


def words_of(figure: KnownFigure, row: Actual | None) -> str:
    """A fact or a time in words; "" for a number."""
    if row is None:
        return ""
    if figure.type == "time" and row.actual is not None:
        return clock_words(row.actual)
    choices = figure.given.choices if isinstance(figure.given, Measure) else {}
    return shown(figure.type, row.told, choices) if row.told else ""


def period_or_404(code: str) -> Period:
    try:
        return period_from(code)
    except ValueError as error:
        raise Http404 from error


def _history(person: Person, period: Period, key: str) -> Any:
    """The latest first; the current one is always among the latest."""
    return (
        Actual.objects.filter(person=person, period_start=period.starts_on, period_end=period.ends_on, input_key=key)
        .select_related("entered_by")
        .order_by("-is_current", "-pk")
    )
