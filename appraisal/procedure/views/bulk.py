"""Bulk acts on a cycle's people: choose, see who moves and who does not, confirm; and runs with their progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.queries import cycles_visible_to
from appraisal.cycles.states import Verb
from appraisal.procedure import actions, queries, rules
from appraisal.procedure.background import set_off
from appraisal.procedure.forms import ExtendForm, HandOverForm, ReasonForm
from appraisal.procedure.models import BulkRun
from appraisal.procedure.states import BulkKind
from appraisal.procedure.views.access import cycle_for, for_readers, reader
from appraisal.procedure.views.cycles import filters_of
from workflow.queries import may_many

SHOWN = 30
STANDSTILL = timedelta(minutes=2)


@dataclass(frozen=True)
class Act:
    """A bulk act's words and form. `verb` is asked of the machine, the others of the rules."""

    label: str | Promise
    effect: str | Promise
    form: type[forms.Form] | None = None
    verb: str = ""
    kind: BulkKind | None = None


ACTS: dict[str, Act] = {
    "release": Act(
        gettext_lazy("Release results"), gettext_lazy("Everybody listed as ready gets to see the result at once."),
        None, Verb.RELEASE, BulkKind.RELEASE,
    ),
    "pass_over": Act(
        gettext_lazy("Go on without self-reviews"),
        gettext_lazy("The managers go on to score; the record says that no self-review was given."),
        ReasonForm, Verb.PASS_OVER_SELF_REVIEW, BulkKind.PASS_OVER,
    ),
    "extend": Act(
        gettext_lazy("Extend deadlines"),
        gettext_lazy("Counted from the due day, or from today where that has passed. Everybody concerned is told."),
        ExtendForm,
    ),
    "nudge": Act(
        gettext_lazy("Remind"),
        gettext_lazy("Whoever holds the step gets a reminder: once a day at most, whoever asks for it."),
    ),
    "hand_over": Act(
        gettext_lazy("Hand over to another manager"),
        gettext_lazy("The open work moves to the new manager, with at least three working days left for it."),
        HandOverForm,
    ),
}  # fmt: skip


@for_readers
@require_POST
def bulk_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would move and who not, and why, before anything is done."""
    cycle, name = cycle_for(request, pk), request.POST.get("act", "")
    act = _act(name)
    rows = _chosen(request, cycle)
    if not rows:
        messages.warning(request, _("Choose at least one person first."))
        return redirect("cycles:cycle_detail", pk)
    return _preview(request, cycle, name, rows, act.form() if act.form else None)


@for_readers
@require_POST
def bulk_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    cycle, name = cycle_for(request, pk), request.POST.get("act", "")
    act = _act(name)
    rows = _chosen(request, cycle)
    form = act.form(request.POST) if act.form else None
    if form is not None and not form.is_valid():
        return _preview(request, cycle, name, rows, form)
    going = [row for row, why in verdicts(request, name, rows) if not why]
    typed = form.cleaned_data if form is not None else {}
    if act.kind is not None:
        run = actions.prepare_run(
            acting_user=reader(request), at=timezone.now(), cycle=cycle, kind=act.kind, appraisals=going, **typed
        )
        set_off(run)
        return redirect("cycles:run_detail", run.pk)
    _carry_out(request, name, going, typed)
    return redirect("cycles:cycle_detail", pk)


def _act(name: str) -> Act:
    try:
        return ACTS[name]
    except KeyError:
        raise Http404 from None


def _chosen(request: HttpRequest, cycle: AppraisalCycle) -> list[Appraisal]:
    """The ticked rows, or all that the filters leave; always among those the user may see."""
    rows = queries.of_cycle(cycle, reader(request), timezone.now()).order_by("employee__number")
    if request.POST.get("all"):
        return list(rows.filter(filters_of(request.POST).q()))
    ids = [part for value in request.POST.getlist("ids") for part in value.split(",") if part.isdigit()]
    return list(rows.filter(pk__in=ids))


def verdicts(request: HttpRequest, name: str, rows: Sequence[Appraisal]) -> list[tuple[Appraisal, str]]:
    """Each row with what stands in its way (nothing: it goes)."""
    user, at, act = reader(request), timezone.now(), ACTS[name]
    if act.verb:
        found = may_many(rows, act.verb, user, at=at, reason="-")
        return [(row, verdict.message) for row, verdict in zip(rows, found, strict=True)]
    if name == "nudge":
        told = actions.who_can_be_nudged(rows, user, at)
        return [(row, told[row.pk]) for row in rows]
    return [(row, _why_not(row, name, request)) for row in rows]


def _why_not(row: Appraisal, name: str, request: HttpRequest) -> str:
    if not rules.keeps(row, reader(request)):
        return _("Only HR or the HR partner of the unit can do this, and not for themselves.")
    if name == "extend" and not rules.may_extend(row):
        return _("This step has no deadline that can be moved.")
    if name == "hand_over" and not rules.is_running(row):
        return _("It is no longer open.")
    return ""


def _preview(
    request: HttpRequest, cycle: AppraisalCycle, name: str, rows: Sequence[Appraisal], form: forms.Form | None
) -> HttpResponse:
    pairs = verdicts(request, name, rows)
    going, staying = [row for row, why in pairs if not why], [(row, why) for row, why in pairs if why]
    context = {
        "cycle": cycle, "name": name, "act": ACTS[name], "form": form, "going": going[:SHOWN],
        "going_count": len(going), "staying": staying[:SHOWN], "staying_count": len(staying),
        "ids": ",".join(str(row.pk) for row in rows), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "appraisal/cycles/bulk_preview.html", context)


def _carry_out(request: HttpRequest, name: str, rows: Sequence[Appraisal], typed: dict[str, Any]) -> None:
    user, at = reader(request), timezone.now()
    if name == "nudge":
        count = len(actions.nudge(acting_user=user, at=at, appraisals=rows).reminded)
    elif name == "extend":
        count = len(actions.extend_deadlines(acting_user=user, at=at, appraisals=rows, **typed))
    else:
        count = len(actions.hand_over(acting_user=user, at=at, appraisals=rows, **typed))
    words = ngettext("Done for %(count)d person.", "Done for %(count)d people.", count)
    messages.success(request, words % {"count": count})


def run_for(request: HttpRequest, pk: int) -> BulkRun:
    rows = BulkRun.objects.filter(cycle__in=cycles_visible_to(reader(request)))
    return get_object_or_404(rows.select_related("cycle", "started_by"), pk=pk)


@for_readers
@require_GET
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress; asked again every second while it moves. Leaving the page changes nothing."""
    run = run_for(request, pk)
    at = timezone.now()
    context = {
        "run": run, "cycle": run.cycle, "now": at, "moved": run.done - len(run.refused),
        "stands_still": run.finished_at is None and at - run.moved_at > STANDSTILL,
    }  # fmt: skip
    part = "appraisal/cycles/_run.html" if request.headers.get("HX-Request") else "appraisal/cycles/run_detail.html"
    return render(request, part, context)


@for_readers
@require_POST
def run_continue(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes up a run that was cut off. Harmless while it is still running."""
    run = run_for(request, pk)
    rules.demand_hr(reader(request))
    set_off(run)
    return redirect("cycles:run_detail", pk)
