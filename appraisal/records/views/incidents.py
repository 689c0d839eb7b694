"""Incidents: the list, reporting one, and deciding on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.people.models import Person
from appraisal.people.views.access import user_of
from appraisal.records import rules
from appraisal.records.actions import confirm_incident, reject_incident, report_incident
from appraisal.records.forms import IncidentForm
from appraisal.records.incidents import incident_counts, may_report_anybody, visible_incidents
from appraisal.records.known import Known, known_inputs
from appraisal.records.models import Incident
from appraisal.records.states import IncidentState, IncidentVerb
from workflow import facts
from workflow.queries import choices, history

PER_PAGE = 50
DECISIONS = {IncidentVerb.CONFIRM: confirm_incident, IncidentVerb.REJECT: reject_incident}


@login_required
@require_GET
def incident_list(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    today = timezone.localdate(now)
    incidents = visible_incidents(user, today)
    counts = incident_counts(incidents)
    state = request.GET.get("state", "")
    shown = incidents.filter(state=state) if state in IncidentState.values else incidents
    page = Paginator(shown.order_by("-happened_on", "-pk"), PER_PAGE, allow_empty_first_page=True).get_page(
        request.GET.get("page")
    )
    known = known_inputs(today)
    context = {
        "page": page,
        "rows": [(incident, severity_words(known, incident)) for incident in page],
        "tab_items": tab_items(state, counts),
        "may_report": may_report_anybody(user, today),
        "now": now,
    }
    return render(request, "appraisal/records/incident_list.html", context)


def tab_items(state: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    address = reverse("records:incident_list")
    found: list[dict[str, Any]] = [
        {"label": _("All"), "url": address, "active": state not in IncidentState.values, "count": sum(counts.values())}
    ]
    for each in IncidentState:
        url = f"{address}?state={each}"
        found.append({"label": each.label, "url": url, "active": state == each, "count": counts.get(each, 0)})
    return found


def severity_words(known: Known, incident: Incident) -> dict[str, str]:
    kind = known.incidents.get(incident.input_key)
    severity = kind.severities.get(incident.severity) if kind else None
    words = severity.label if severity else None
    return {"zh": words.zh, "en": words.en} if words else {"zh": incident.severity, "en": incident.severity}


@login_required
@require_http_methods(["GET", "POST"])
def incident_report(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    today = timezone.localdate(now)
    if not may_report_anybody(user, today):
        raise Http404
    form = IncidentForm(known_inputs(today), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        input_key, _colon, severity = given.pop("what").partition(":")
        if not rules.may_report(user, given["person"], today):
            form.add_error("person", _("You can report about people who report to you, not about others or yourself."))
        else:
            incident = report_incident(acting_user=user, at=now, input_key=input_key, severity=severity, **given)
            messages.success(request, _("The incident has been reported. It counts once it is confirmed."))
            return redirect("records:incident_detail", incident.pk)
    people = Person.objects.filter(rules.reportable_people(user, today), left_on=None).order_by("number")
    context = {"form": form, "people": people[:300]}
    return render(request, "appraisal/records/incident_report.html", context)


@login_required
@require_GET
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    today = timezone.localdate(now)
    incident = get_object_or_404(visible_incidents(user, today), pk=pk)
    known = known_inputs(today)
    kind = known.incidents.get(incident.input_key)
    context = {
        "incident": incident,
        "severity": severity_words(known, incident),
        "input_label": kind.label if kind else incident.input_key,
        "choices": choices(incident, user, at=now),
        "history": [(fact, facts.sentence(fact)) for fact in history(incident)],
        "now": now,
    }
    return render(request, "appraisal/records/incident_detail.html", context)


@login_required
@require_POST
def incident_decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    incident = get_object_or_404(visible_incidents(user, timezone.localdate(now)), pk=pk)
    DECISIONS[IncidentVerb(verb)](
        acting_user=user, at=now, incident=incident, note=request.POST.get("reason", ""),
        version=int(request.POST.get("version") or incident.version), key=request.POST.get("key"),
    )  # fmt: skip
    messages.success(request, _("Your decision has been recorded."))
    return redirect("records:incident_detail", incident.pk)
