"""What a version would come to, on a finished cycle or on people who are made up. Nothing is kept."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from appraisal.people.models import User
from appraisal.people.views.access import only, user_of
from appraisal.schemes.models import SchemeVersion
from appraisal.workshop.crowds import comparable, finished_tracks, invented, of_track, usual, with_company
from appraisal.workshop.rules import may_simulate
from appraisal.workshop.simulation_form import SimulationForm, shortened
from appraisal.workshop.simulation_page import Simulation, simulated
from appraisal.workshop.views.access import frame_of, of_catalogue
from appraisal.workshop.views.charts import bars
from appraisal.workshop.words import PERIODS, missing_of
from workflow.calendars import one_reading


@only(may_simulate)
@require_GET
def scheme_simulate(request: HttpRequest, pk: int) -> HttpResponse:
    version, others = with_company(user_of(request), pk)
    if version is None:
        raise Http404
    return _simulate(request, version, others)


@only(may_simulate)
@require_GET
def catalogue_simulate(request: HttpRequest, key: str, day: str) -> HttpResponse:
    return _simulate(request, of_catalogue(key, day), [])


def _simulate(request: HttpRequest, version: SchemeVersion, stored: list[SchemeVersion]) -> HttpResponse:
    asked = request.GET if "people" in request.GET else None
    if asked is not None and shortened(asked) != asked.urlencode():
        return redirect(f"{request.path}?{shortened(asked)}")
    user, others = user_of(request), comparable(version, stored)
    tracks = list(finished_tracks(user, version.key))
    form = SimulationForm(version, others, tracks, asked, beside=usual(version, others))
    context: dict[str, Any] = {
        **frame_of(request, version), "form": form, "tracks": tracks, "missing": list(missing_of(version.scheme)),
    }  # fmt: skip
    if asked is not None and form.is_valid() and version.scheme.indicators:
        context |= _found(user, form)
    status = 422 if form.errors else 200
    return render(request, "appraisal/workshop/scheme_simulate.html", context, status=status)


def _found(user: User, form: SimulationForm) -> dict[str, Any]:
    scheme, track, other, tried = form.version.scheme, form.track, form.other, form.tried
    with one_reading():
        if track is not None:
            crowd = of_track(user, track, track.people)  # type: ignore[attr-defined]
        else:
            crowd = invented(scheme, form.period_kind, size=form.how_many, seed=form.seed_taken)
        columns = {_("This version, with what is tried") if tried else _("This version"): crowd.version(scheme, tried)}
        if other is not None:
            words = {"title": other.title, "day": other.valid_from.isoformat()}
            columns = {_("%(title)s, %(day)s") % words: crowd.version(other.scheme), **columns}
        elif tried:
            columns = {_("This version as it stands"): crowd.version(scheme), **columns}
        found = simulated(user, crowd, columns)
    return {
        "found": found,
        "grade_chart": bars(found.names, found.grades),
        "total_chart": bars(found.names, found.bins),
        "notes": _notes(found, form),
    }


def _notes(found: Simulation, form: SimulationForm) -> list[str]:
    crowd = found.crowd
    if crowd.track is None:
        words = _("%(count)d people made up from the seed %(seed)d: the same seed makes the same people again.")
        notes = [words % {"count": crowd.everybody, "seed": crowd.seed}]
    else:
        words = _("All %(all)d people of %(cycle)s · %(track)s, with the figures that they are scored from.")
        if len(crowd.inputs) < crowd.everybody:
            words = _("%(scored)d of %(all)d people of %(cycle)s · %(track)s, taken evenly, with their figures.")
        count = {"scored": len(crowd.inputs), "all": crowd.everybody}
        notes = [words % {**count, "cycle": crowd.track.cycle, "track": crowd.track}]
        notes.append(_("By the rules alone, without what calibration, an appeal or a correction changed afterwards."))
        if crowd.settings:
            notes.append(_("What the cycle had set for parameters holds here too, where nothing else is tried."))
    if crowd.period_kind not in form.scheme.period_kinds:
        words = _("This version is not made for this kind of period: %(kind)s.")
        notes.append(words % {"kind": PERIODS[crowd.period_kind]})
    return notes
