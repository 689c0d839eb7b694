"""Who asks, about which session or person. For everybody but HR these pages do not exist."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from appraisal.calibration.models import CalibrationSession
from appraisal.calibration.queries import Card, cards_of, sessions_visible_to
from appraisal.calibration.rules import appraisals_of, may_run_sessions
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.queries import cycles_visible_to, visible_to
from appraisal.cycles.rules import is_employee
from appraisal.people.models import User
from appraisal.people.views.access import only

for_hr = only(may_run_sessions)


def reader(request: HttpRequest) -> User:
    return cast("User", request.user)


def cycle_for(request: HttpRequest, pk: int) -> AppraisalCycle:
    return get_object_or_404(cycles_visible_to(reader(request)), pk=pk)


def session_for(request: HttpRequest, pk: int) -> CalibrationSession:
    return get_object_or_404(sessions_visible_to(reader(request)), pk=pk)


def card_for(request: HttpRequest, session: CalibrationSession, pk: int) -> Card:
    """Of a person in the session; never of the reader."""
    inside = visible_to(reader(request)).filter(pk__in=appraisals_of(session).values("pk"))
    return _card(request, get_object_or_404(inside, pk=pk))


def any_card_for(request: HttpRequest, pk: int) -> Card:
    return _card(request, get_object_or_404(visible_to(reader(request)), pk=pk))


def _card(request: HttpRequest, appraisal: Appraisal) -> Card:
    if is_employee(appraisal, reader(request)):
        raise Http404
    return cards_of([appraisal], reader(request))[0]


def posted(request: HttpRequest, verb: str) -> dict[str, Any]:
    """The version that the page was drawn from and the key that makes a retry harmless."""
    version, key = request.POST.get("version", ""), request.POST.get("key", "")
    return {"version": int(version) if version.isdigit() else None, "key": f"{verb}:{key[:40]}" if key else None}


def number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
