"""Finding the version that a page is about. For whom schemes are none of their business there is none."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from appraisal.people.views.access import user_of
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.states import VersionState
from appraisal.workshop.parts import PARTS
from appraisal.workshop.queries import catalogue_version, is_stored, visible_versions
from appraisal.workshop.rules import may_keep_schemes, may_simulate


def version_for(request: HttpRequest, pk: int) -> SchemeVersion:
    return get_object_or_404(visible_versions(user_of(request)), pk=pk)


def of_catalogue(key: str, day: str) -> SchemeVersion:
    version = catalogue_version(key, day)
    if version is None:
        raise Http404
    return version


def address(version: SchemeVersion, name: str) -> str:
    """The page of a stored version, or of one that is only in the catalogue."""
    if is_stored(version):
        return reverse(f"schemes:scheme_{name}", args=[version.pk])
    return reverse(f"schemes:catalogue_{name}", args=[version.key, version.valid_from.isoformat()])


def frame_of(request: HttpRequest, version: SchemeVersion) -> dict[str, Any]:
    """What every page of one version needs."""
    keeps = bool(may_keep_schemes(user_of(request)))
    return {
        "version": version,
        "scheme": version.scheme,
        "keeps": keeps,
        "is_stored": is_stored(version),
        "is_draft": keeps and is_stored(version) and version.state == VersionState.DRAFT,
        "parts": [(name, label) for name, (_form, label) in PARTS.items()],
        "detail_url": address(version, "detail"),
        "copy_url": address(version, "copy") if keeps else "",
        "calculate_url": address(version, "calculate"),
        "simulate_url": address(version, "simulate") if may_simulate(user_of(request)) else "",
    }


def with_row(posted: QueryDict, act: str) -> QueryDict:
    """With one row more where that was asked for: `add:name` of a part, `row:key` of a table that is tried."""
    word, _colon, name = act.partition(":")
    field = {"add": f"{name}.rows", "row": f"in_{name}__rows"}.get(word)
    if field is None:
        return posted
    typed = posted.copy()
    count = typed.get(field, "")
    typed[field] = str(int(count) + 1) if count.isascii() and count.isdigit() and len(count) < 4 else "1"
    return typed
