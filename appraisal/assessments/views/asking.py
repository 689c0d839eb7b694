"""Who asks, about whom, and from which page: what the views of this room begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from appraisal.assessments.queries import with_next
from appraisal.cycles.models import Appraisal
from appraisal.cycles.queries import visible_to

if TYPE_CHECKING:
    from appraisal.people.models import User


def reader(request: HttpRequest) -> User:
    return cast("User", request.user)


def appraisal_for(request: HttpRequest, pk: int) -> Appraisal:
    """With the next person who waits for a score, for the manager's pages."""
    return get_object_or_404(with_next(visible_to(reader(request)), reader(request)), pk=pk)


def posted(request: HttpRequest, verb: str) -> dict[str, Any]:
    """The version that the page was drawn from and the key that makes a retry harmless.

    A form that saves itself counts its drafts in `version`; the subject's own is then `subject_version`.
    """
    version, key = request.POST.get("subject_version") or request.POST.get("version", ""), request.POST.get("key", "")
    return {"version": int(version) if version.isdigit() else None, "key": f"{verb}:{key[:40]}" if key else None}


def draft_of(request: HttpRequest) -> int:
    written = request.POST.get("version", "")
    return int(written) if written.isdigit() else 0
