"""From an empty page to a launch: period and tracks, people, data, timeline, launch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.cycles.models import AppraisalCycle
from appraisal.procedure import actions, population
from appraisal.procedure.background import set_off
from appraisal.procedure.findings import Finding, check_data, read_roster, stops_launch
from appraisal.procedure.forms import CycleForm, StepsForm
from appraisal.procedure.settings_forms import SettingsForm
from appraisal.procedure.timeline import preview_timeline
from appraisal.procedure.track_forms import TrackForm
from appraisal.procedure.views.access import draft_for, for_hr, posted, reader, track_for
from workflow.calendars import ensure_mainland
from workflow.errors import GuardRefused

STEPS = (
    ("cycles:cycle_setup", gettext_lazy("Period and tracks")),
    ("cycles:cycle_people", gettext_lazy("People")),
    ("cycles:cycle_check", gettext_lazy("Data check")),
    ("cycles:cycle_timeline", gettext_lazy("Timeline and messages")),
    ("cycles:cycle_launch", gettext_lazy("Launch")),
)


def wizard(cycle: AppraisalCycle, here: str, **more: Any) -> dict[str, Any]:
    """The steps above every page of the wizard, and what comes next."""
    names = [name for name, _label in STEPS]
    at = names.index(here)
    stages = [
        {
            "label": label, "url": reverse(name, args=[cycle.pk]), "here": name == here,
            "done": index < at, "number": index + 1,
        }
        for index, (name, label) in enumerate(STEPS)
    ]  # fmt: skip
    following = reverse(names[at + 1], args=[cycle.pk]) if at + 1 < len(names) else ""
    previous = reverse(names[at - 1], args=[cycle.pk]) if at else ""
    return {"cycle": cycle, "stages": stages, "next_url": following, "back_url": previous, **more}


@for_hr
@require_http_methods(["GET", "POST"])
def cycle_new(request: HttpRequest) -> HttpResponse:
    form = CycleForm(request.POST or None, initial={"calendar": ensure_mainland(), "period_kind": "quarter"})
    if request.method == "POST" and form.is_valid():
        cycle = actions.draft_cycle(acting_user=reader(request), at=timezone.now(), **form.cleaned_data)
        return redirect("cycles:cycle_setup", cycle.pk)
    return render(request, "appraisal/cycles/cycle_new.html", {"form": form})


@for_hr
@require_http_methods(["GET", "POST"])
def cycle_setup(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = draft_for(request, pk)
    form = CycleForm(request.POST or None, instance=cycle)
    if request.method == "POST" and form.is_valid():
        actions.edit_cycle(acting_user=reader(request), at=timezone.now(), cycle=cycle, changes=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("cycles:cycle_setup", pk)
    tracks = list(cycle.tracks.select_related("scheme_version").order_by("pk"))
    context = wizard(cycle, "cycles:cycle_setup", form=form, tracks=tracks)
    return render(request, "appraisal/cycles/cycle_setup.html", context)


@for_hr
@require_http_methods(["GET", "POST"])
def track_add(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = draft_for(request, pk)
    form = TrackForm(request.POST or None, cycle=cycle)
    if request.method == "POST" and form.is_valid():
        track = actions.add_track(acting_user=reader(request), at=timezone.now(), cycle=cycle, **form.cleaned_data)
        return redirect("cycles:track_edit", track.pk)
    return render(request, "appraisal/cycles/track_add.html", wizard(cycle, "cycles:cycle_setup", form=form))


@for_hr
@require_http_methods(["GET", "POST"])
def track_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, scheme, and which steps are on for how long."""
    track = track_for(request, pk)
    about = {"name": track.name, "scheme_version": track.scheme_version_id}
    form = TrackForm(request.POST or None, initial=about, cycle=track.cycle, track=track)
    steps = StepsForm(request.POST or None, track=track)
    settings = SettingsForm(request.POST or None, track=track)
    if request.method == "POST" and form.is_valid() and steps.is_valid() and settings.is_valid():
        same = form.cleaned_data["scheme_version"].pk == track.scheme_version_id
        actions.edit_track(
            acting_user=reader(request), at=timezone.now(), track=track,
            changes={
                **form.cleaned_data, "steps": steps.steps() if same else {},
                "parameters": settings.changed_settings() if same else {},
            },
        )  # fmt: skip
        if same and settings.chosen_variant is None:
            messages.success(request, _("Saved."))
            return redirect("cycles:cycle_setup", track.cycle_id)
        messages.success(
            request,
            _("The variant has been set: look at the settings below.")
            if same
            else _("The scheme has changed: look at its steps below."),
        )
        return redirect("cycles:track_edit", pk)
    context = wizard(track.cycle, "cycles:cycle_setup", form=form, steps=steps, settings=settings, track=track)
    return render(request, "appraisal/cycles/track_edit.html", context)


@for_hr
@require_POST
def track_remove(request: HttpRequest, pk: int) -> HttpResponse:
    track = track_for(request, pk)
    actions.remove_track(acting_user=reader(request), at=timezone.now(), track=track)
    return redirect("cycles:cycle_setup", track.cycle_id)


# Where each kind of finding is put right.
MENDS = {
    "tracks": "cycles:cycle_setup",
    "track": "cycles:track_edit",
    "population": "cycles:cycle_people",
    "people": "people:person_list",
    "organisations": "people:organisation_list",
    "roles": "people:role_list",
    "calendar": "people:calendar_list",
    "records": "records:figure_list",
    "scheme": "schemes:scheme_detail",
}
ABOUT_CYCLE = frozenset({"tracks", "population"})
ABOUT_SOMETHING = frozenset({"track", "scheme"})


def mend_url(cycle: AppraisalCycle, finding: Finding) -> str:
    args = [cycle.pk] if finding.mend in ABOUT_CYCLE else [finding.about] if finding.mend in ABOUT_SOMETHING else []
    try:
        return reverse(MENDS[finding.mend], args=args)
    except (KeyError, NoReverseMatch):
        return ""


@for_hr
@require_GET
def cycle_check(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = draft_for(request, pk)
    findings = check_data(cycle, at=timezone.now())
    rows = [(finding, mend_url(cycle, finding)) for finding in findings]
    context = wizard(cycle, "cycles:cycle_check", findings=rows, stopped=stops_launch(findings))
    return render(request, "appraisal/cycles/cycle_check.html", context)


@for_hr
@require_GET
def cycle_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    cycle, at = draft_for(request, pk), timezone.now()
    tracks = list(cycle.tracks.order_by("pk"))
    for track in tracks:
        track.cycle = cycle
    planned = [(track, preview_timeline(track, at=at)) for track in tracks]
    context = wizard(cycle, "cycles:cycle_timeline", planned=planned, now=at)
    return render(request, "appraisal/cycles/cycle_timeline.html", context)


@for_hr
@require_http_methods(["GET", "POST"])
def cycle_launch(request: HttpRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    if request.method == "POST":
        return _launch(request, pk, at)
    cycle = draft_for(request, pk)
    day = population.snapshot_day(cycle, at)
    roster = read_roster(cycle, day)
    findings = check_data(cycle, at=at, roster=roster)
    tracks = [{"track": track, "count": roster.count(track)} for track in roster.tracks]
    context = wizard(
        cycle, "cycles:cycle_launch", tracks=tracks, day=day, total=sum(row["count"] for row in tracks),
        errors=sum(row.level == "error" for row in findings), stopped=stops_launch(findings),
        warnings=sum(row.level == "warning" for row in findings),
    )  # fmt: skip
    return render(request, "appraisal/cycles/cycle_launch.html", context)


def _launch(request: HttpRequest, pk: int, at: Any) -> HttpResponse:
    cycle = AppraisalCycle.objects.filter(pk=pk).select_related("calendar").first() or draft_for(request, pk)
    if cycle.state == AppraisalCycle.State.DRAFT and stops_launch(check_data(cycle, at=at)):
        raise GuardRefused(
            _("The data check has found errors that stop the launch."), _("Mend them, then launch again.")
        )
    run = actions.prepare_launch(acting_user=reader(request), at=at, cycle=cycle, **posted(request, "open_cycle"))
    set_off(run)
    return redirect("cycles:run_detail", run.pk)
