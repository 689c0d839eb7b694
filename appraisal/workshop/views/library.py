"""The library, one version read like a document, and what two versions differ in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from appraisal.people.models import User
from appraisal.people.views.access import only, user_of
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.states import VersionState, VersionVerb
from appraisal.workshop.crowds import comparable, usual, with_company
from appraisal.workshop.difference import changes
from appraisal.workshop.examples import examples_of
from appraisal.workshop.findings import findings_of
from appraisal.workshop.parts import PARTS
from appraisal.workshop.queries import (
    IN_CATALOGUE,
    IN_CATALOGUE_LABEL,
    Asked,
    cards,
    is_stored,
    siblings,
    tracks_with,
    visible_versions,
)
from appraisal.workshop.reading_page import document_of
from appraisal.workshop.rules import may_keep_schemes, may_read_schemes
from appraisal.workshop.views.access import address, frame_of, of_catalogue, version_for
from appraisal.workshop.words import PERIODS, SUBJECTS, missing_of
from workflow import facts
from workflow.machine import Attempt, machine_of
from workflow.queries import history
from workflow.verdicts import Verdict

PER_PAGE = 30


@only(may_read_schemes)
@require_GET
def scheme_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    words = {name: request.GET.get(name, "").strip() for name in ("subject", "period", "state", "numbers")}
    asked = Asked(text=request.GET.get("q", "").strip(), **words)
    found = cards(user, asked)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "count": len(found),
        "keeps": bool(may_keep_schemes(user)),
        "subjects": SUBJECTS.items(),
        "periods": PERIODS.items(),
        "states": [*VersionState.choices, (IN_CATALOGUE, IN_CATALOGUE_LABEL)],
        "numbers": [("complete", _("complete")), ("missing", _("numbers missing"))],
    }
    return render(request, "appraisal/workshop/scheme_list.html", context)


@only(may_read_schemes)
@require_GET
def scheme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, version_for(request, pk))


@only(may_read_schemes)
@require_GET
def catalogue_detail(request: HttpRequest, key: str, day: str) -> HttpResponse:
    return _detail(request, of_catalogue(key, day))


def _detail(request: HttpRequest, version: SchemeVersion) -> HttpResponse:
    user, scheme = user_of(request), version.scheme
    context: dict[str, Any] = {
        **frame_of(request, version),
        **document_of(scheme),
        "missing": list(missing_of(scheme)),
        "findings": findings_of(version.document),
        "examples": examples_of(version),
        "versions": siblings(version),
        "parts": [(name, label) for name, (_form, label) in PARTS.items() if _has(scheme, name)],
        "now": timezone.now(),
    }
    if not is_stored(version):
        context["take_url"] = address(version, "take") if context["keeps"] and not context["missing"] else ""
    else:
        told = [(fact, facts.sentence(fact)) for fact in history(version).order_by("-seq")[:20]]
        context |= {"history": told, "tracks": tracks_with(version), **_acts(version, user)}
    return render(request, "appraisal/workshop/scheme_detail.html", context)


def _has(scheme: Any, part: str) -> bool:
    fields = {"parameters": scheme.parameters, "weights": scheme.indicators, "grades": scheme.grades}
    return bool(fields.get(part, True))


def _acts(version: SchemeVersion, user: User) -> dict[str, Verdict | None]:
    """What the reader may do with the version: nothing (None), or the verdict of its guards."""
    machine = machine_of(version)
    found: dict[str, Verdict | None] = {}
    for verb in (VersionVerb.SUBMIT, VersionVerb.SEND_BACK, VersionVerb.PUBLISH, VersionVerb.RETIRE):
        transition = machine.transition(verb)
        attempt = Attempt(version, user, timezone.now(), verb)
        offered = version.state in transition.sources and machine.permits(attempt, transition)
        found[f"may_{verb}"] = machine.verdict(attempt, transition) if offered else None
    return found


@only(may_read_schemes)
@require_GET
def scheme_document(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_for(request, pk)
    name = f"{version.key}-{version.valid_from.isoformat()}.yaml"
    return HttpResponse(
        version.document,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@only(may_read_schemes)
@require_GET
def scheme_difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Against the version asked for; otherwise the one it was copied from, or the one before it."""
    version, stored = with_company(user_of(request), pk)
    if version is None:
        raise Http404
    others = comparable(version, stored)
    asked = request.GET.get("with", "") or usual(version, others)
    other = others.get(asked)
    if other is None and asked:
        other = visible_versions(user_of(request)).filter(pk=int(asked)).first() if asked.isdigit() else None
        if other is None:
            raise Http404
    context = {
        **frame_of(request, version),
        "other": other,
        "asked": asked,
        "others": others.items(),
        "changes": changes(other.document, version.document) if other else [],
    }
    return render(request, "appraisal/workshop/scheme_difference.html", context)
