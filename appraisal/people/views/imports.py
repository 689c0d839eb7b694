"""The import: upload, look at the difference, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.people import exports, rules
from appraisal.people.forms import UploadForm
from appraisal.people.imports import actions
from appraisal.people.imports.plan import Plan
from appraisal.people.imports.tables import Unreadable
from appraisal.people.models import PeopleImport
from appraisal.people.views.access import only, user_of
from appraisal.people.views.people import download
from workflow.errors import Conflict, GuardRefused

SHOWN = 200


@only(rules.may_keep_people)
@require_http_methods(["GET", "POST"])
def import_upload(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = UploadForm(request.POST or None, request.FILES or None, initial={"effective_on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        stored = actions.store_upload(
            acting_user=user_of(request),
            at=now,
            content=file.read(),
            file_name=file.name,
            effective_on=form.cleaned_data["effective_on"],
        )
        return redirect("people:import_check", stored.pk)
    recent = PeopleImport.objects.exclude(applied_at=None).defer("content").select_related("uploaded_by")
    context = {"form": form, "recent": recent.order_by("-applied_at")[:10], "now": now}
    return render(request, "appraisal/people/import_upload.html", context, status=422 if form.errors else 200)


def _open_upload(pk: int) -> PeopleImport:
    return get_object_or_404(PeopleImport, pk=pk, applied_at=None)


@only(rules.may_keep_people)
@require_GET
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run. Looking changes nothing; the button carries what was looked at."""
    upload = _open_upload(pk)
    try:
        plan = actions.check_upload(acting_user=user_of(request), upload=upload)
    except Unreadable as refusal:
        context: dict[str, Any] = {"upload": upload, "unreadable": refusal.reason}
    else:
        context = {"upload": upload, "plan": plan, **_shown(plan), "token": actions.token_of(upload, plan)}
    return render(request, "appraisal/people/import_check.html", {**context, "now": timezone.now()})


def _shown(plan: Plan) -> dict[str, Any]:
    """The first of each kind, and how many more there are."""
    groups: dict[str, Sequence[Any]] = {
        "problems": plan.problems,
        "new": plan.new,
        "changed": plan.staying,
        "leaving": plan.leaving,
    }
    return {
        **{name: rows[:SHOWN] for name, rows in groups.items()},
        "more": {name: max(0, len(rows) - SHOWN) for name, rows in groups.items()},
        "counts": plan.counts,
    }


@only(rules.may_keep_people)
@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        counts = actions.confirm_upload(
            acting_user=user_of(request),
            at=timezone.now(),
            upload=_open_upload(pk),
            token=request.POST.get("token", ""),
        )
    except (Conflict, GuardRefused) as refusal:
        messages.warning(request, refusal.reason)
        return redirect("people:import_check", pk)
    written = counts["new"] + counts["changed"] + counts["leaving"]
    text = ngettext("%(count)s person has been written.", "%(count)s people have been written.", written)
    messages.success(request, text % {"count": written})
    return redirect("people:person_list")


@only(rules.may_keep_people)
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    actions.discard_upload(acting_user=user_of(request), upload=_open_upload(pk))
    messages.info(request, _("The file has been discarded. Nothing has been changed."))
    return redirect("people:import_upload")


@only(rules.may_keep_people)
@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    content = exports.template_csv() if kind == "csv" else exports.template_xlsx()
    return download(content, f"people-template.{kind}")
