"""Outside organisations: the list, adding and changing, retiring."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.people import organisations, queries, rules
from appraisal.people.forms import OrganisationForm
from appraisal.people.models import Organisation
from appraisal.people.states import OrganisationKind
from appraisal.people.views.access import only, user_of
from workflow.errors import GuardRefused

PER_PAGE = 50


@only(rules.may_read_people)
@require_GET
def organisation_list(request: HttpRequest) -> HttpResponse:
    text, kind = request.GET.get("q", "").strip()[:80], request.GET.get("kind", "")
    kind = kind if kind in OrganisationKind.values else ""
    retired = request.GET.get("retired") == "1"
    found = queries.organisation_directory(text=text, kind=kind, retired=retired)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")), "text": text, "kind": kind,
        "retired": retired, "kinds": OrganisationKind.choices, "narrowed": bool(text or kind or retired),
        "may_keep": rules.may_keep_people(user_of(request)),
    }  # fmt: skip
    return render(request, "appraisal/people/organisation_list.html", context)


def _form_page(request: HttpRequest, form: OrganisationForm, organisation: Organisation | None = None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "organisation": organisation}
    return render(request, "appraisal/people/organisation_form.html", context, status=422 if form.errors else 200)


@only(rules.may_keep_people)
@require_http_methods(["GET", "POST"])
def organisation_add(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = organisations.add_organisation(acting_user=user_of(request), at=timezone.now(), **form.cleaned_data)
        except GuardRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("%(organisation)s has been added.") % {"organisation": made})
            return redirect("people:organisation_list")
    return _form_page(request, form)


@only(rules.may_keep_people)
@require_http_methods(["GET", "POST"])
def organisation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.select_related("contact"), pk=pk)
    known = {field: getattr(organisation, field) for field in organisations.EDITABLE}
    form = OrganisationForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            organisations.change_organisation(
                acting_user=user_of(request), at=timezone.now(), organisation=organisation, changes=form.cleaned_data
            )
        except GuardRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:organisation_list")
    return _form_page(request, form, organisation)


@only(rules.may_keep_people)
@require_POST
def organisation_retire(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation, pk=pk)
    organisations.retire_organisation(acting_user=user_of(request), at=timezone.now(), organisation=organisation)
    messages.success(request, _("%(organisation)s is retired.") % {"organisation": organisation})
    return redirect("people:organisation_list")


@only(rules.may_keep_people)
@require_POST
def organisation_restore(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation, pk=pk)
    organisations.restore_organisation(acting_user=user_of(request), at=timezone.now(), organisation=organisation)
    messages.success(request, _("%(organisation)s is in use again.") % {"organisation": organisation})
    return redirect("people:organisation_list")
