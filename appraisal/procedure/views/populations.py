"""Whom, or what, the tracks of a draft are for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from appraisal.cycles.models import Track
from appraisal.people.models import OrgUnit
from appraisal.procedure import actions, population
from appraisal.procedure.entrants import entrants_by_track, is_of_people, kind_of
from appraisal.procedure.forms import PopulationForm
from appraisal.procedure.track_forms import EntrantsForm
from appraisal.procedure.views.access import draft_for, for_hr, reader, track_for
from appraisal.procedure.views.wizard import wizard

NAMED = 30


@for_hr
@require_GET
def cycle_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Each track with how many it catches."""
    cycle = draft_for(request, pk)
    day = population.snapshot_day(cycle, timezone.now())
    found = list(cycle.tracks.order_by("pk"))
    if len(found) == 1:
        return redirect("cycles:track_people", found[0].pk)
    entrants = entrants_by_track(found)
    of_people = [track for track in found if track.pk not in entrants]
    counts = population.counts_by_track(of_people, day) if of_people else {}
    counts |= {pk: len(rows) for pk, rows in entrants.items()}
    tracks = [{"track": track, "count": counts[track.pk], "kind": kind_of(track)} for track in found]
    context = wizard(cycle, "cycles:cycle_people", tracks=tracks, day=day)
    return render(request, "appraisal/cycles/cycle_people.html", context)


@for_hr
@require_http_methods(["GET", "POST"])
def track_people(request: HttpRequest, pk: int) -> HttpResponse:
    """The rule, and at once whom it catches and whom it leaves out."""
    track = track_for(request, pk)
    if not is_of_people(track):
        return _entrants(request, track)
    day = population.snapshot_day(track.cycle, timezone.now())
    form = PopulationForm(request.POST or None, initial=PopulationForm.typed(track.population))
    rule = track.population
    if request.method == "POST" and form.is_valid():
        rule = form.rule()
        if "save" in request.POST:
            actions.edit_track(
                acting_user=reader(request), at=timezone.now(), track=track, changes={"population": rule}
            )
            messages.success(request, _("Saved."))
            return redirect("cycles:track_people", pk)
    context = wizard(track.cycle, "cycles:cycle_people", form=form, track=track, day=day, **_preview(rule, day))
    return render(request, "appraisal/cycles/track_people.html", context)


def _preview(rule: dict[str, Any], day: Any) -> dict[str, Any]:
    people = population.members(rule, day)
    counts = population.counts_by_unit(people)
    units = OrgUnit.objects.in_bulk([unit for unit, _count in counts])
    left_out = population.exclusions(rule, day)
    return {
        "total": sum(count for _unit, count in counts),
        "counts": [(units[unit], count) for unit, count in counts],
        "named": list(people.select_related("org_unit", "position")[:NAMED]),
        "left_out": left_out[:NAMED],
        "left_out_count": len(left_out),
    }


def _entrants(request: HttpRequest, track: Track) -> HttpResponse:
    """Which units or organisations the track is for, and who answers for each."""
    form = EntrantsForm(request.POST or None, track=track)
    if request.method == "POST" and form.is_valid():
        changes = {"population": form.rule()}
        actions.edit_track(acting_user=reader(request), at=timezone.now(), track=track, changes=changes)
        messages.success(request, _("Saved."))
        return redirect("cycles:track_people", track.pk)
    found = entrants_by_track([track])[track.pk]
    context = wizard(
        track.cycle, "cycles:cycle_people", form=form, track=track, lines=list(form.lines()), kind=kind_of(track),
        total=len(found), nobody=[entrant.about for entrant in found if entrant.person is None],
    )  # fmt: skip
    return render(request, "appraisal/cycles/track_entrants.html", context, status=422 if form.errors else 200)
