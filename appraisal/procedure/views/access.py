"""Who gets to the pages of the procedure; to others they do not exist."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from appraisal.cycles.models import Appraisal, AppraisalCycle, Track
from appraisal.cycles.queries import cycles_visible_to, visible_to
from appraisal.people.models import User
from appraisal.people.views.access import only
from appraisal.procedure import rules

for_hr = only(rules.may_keep_cycles)
for_readers = only(rules.may_read_cycles)


def reader(request: HttpRequest) -> User:
    return cast("User", request.user)


def cycle_for(request: HttpRequest, pk: int) -> AppraisalCycle:
    return get_object_or_404(cycles_visible_to(reader(request)).select_related("calendar", "owner"), pk=pk)


def draft_for(request: HttpRequest, pk: int) -> AppraisalCycle:
    """A cycle that is still being prepared: what the wizard works on."""
    return get_object_or_404(
        AppraisalCycle.objects.select_related("calendar", "owner").filter(state=AppraisalCycle.State.DRAFT), pk=pk
    )


def track_for(request: HttpRequest, pk: int) -> Track:
    rows = Track.objects.select_related("cycle__calendar", "scheme_version")
    return get_object_or_404(rows.filter(cycle__state=AppraisalCycle.State.DRAFT), pk=pk)


def appraisal_for(request: HttpRequest, pk: int) -> Appraisal:
    return get_object_or_404(visible_to(reader(request)), pk=pk)


def posted(request: HttpRequest, verb: str) -> dict[str, Any]:
    """The version that the page was drawn from and the key that makes a retry harmless."""
    version, key = request.POST.get("version", ""), request.POST.get("key", "")
    return {"version": int(version) if version.isdigit() else None, "key": f"{verb}:{key[:40]}" if key else None}
