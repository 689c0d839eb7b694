"""The directory and the page of a person."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.people import actions, exports, queries, rules
from appraisal.people.forms import DirectoryFilter, HireForm, LanguageForm, LeaveForm, ManagerForm, PersonForm
from appraisal.people.imports.columns import PEOPLE
from appraisal.people.models import Person
from appraisal.people.roles import Role, roles_of
from appraisal.people.views.access import only, user_of
from appraisal.people.views.history import told
from workflow.errors import GuardRefused

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _found(request: HttpRequest, day: date) -> tuple[QuerySet[Person], DirectoryFilter]:
    form = DirectoryFilter({"status": "employed", **request.GET.dict()})
    form.is_valid()
    unit = form.cleaned_data.get("unit")
    people = queries.people_directory(
        user_of(request),
        day,
        text=form.cleaned_data.get("q") or "",
        unit_id=unit.pk if unit else None,
        status=form.cleaned_data.get("status") or "employed",
    )
    return people, form


@only(rules.may_read_people)
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    day = timezone.localdate(now)
    people, form = _found(request, day)
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.with_managers(page.object_list, day),
        "form": form,
        "filters": request.GET.urlencode(),
        "narrowed": any(request.GET.get(name) for name in ("q", "unit", "status")),
        "may_keep": rules.may_keep_people(user_of(request)),
        "now": now,
        "day": day,
    }
    return render(request, "appraisal/people/person_list.html", context)


@only(rules.may_read_people)
@require_GET
def person_export(request: HttpRequest, kind: str) -> HttpResponse:
    day = timezone.localdate(timezone.now())
    people, _form = _found(request, day)
    rows = exports.people_rows(people, day)
    content = exports.as_csv(PEOPLE, rows) if kind == "csv" else exports.as_xlsx([(_("People"), PEOPLE, rows)])
    return download(content, f"people-{day.isoformat()}.{kind}")


def download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX if name.endswith("xlsx") else "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@only(rules.may_read_people)
@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    tree = queries.org_tree(timezone.localdate(timezone.now()))
    return render(request, "appraisal/people/unit_list.html", {"tree": tree})


def _person(request: HttpRequest, pk: int) -> Person:
    people = Person.objects.select_related("org_unit", "position", "legal_entity", "user")
    return get_object_or_404(people, pk=pk)


@only(rules.may_read_people)
@require_GET
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    person, day = _person(request, pk), timezone.localdate(now)
    roles = roles_of(person.user) if person.user else None
    context = {
        "person": person,
        "lines": person.lines.select_related("manager").order_by("-starts_on"),
        "reports": queries.reports_of(person, day)[:PER_PAGE],
        "role_labels": [role.label for role in Role if roles and role.value in roles.names],
        "partnered": queries.units_of(roles.partner_unit_ids) if roles and roles.is_partner else [],
        "history": told(queries.changes_of(person)),
        "may_keep": rules.may_keep_people(user_of(request)),
        "may_give_roles": rules.may_give_roles(user_of(request)),
        "now": now,
        "day": day,
    }
    return render(request, "appraisal/people/person_detail.html", context)


def _form_page(
    request: HttpRequest, form: BaseForm, *, title: str, submit: str, person: Person | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "person": person}
    return render(request, "appraisal/people/person_form.html", context, status=422 if form.errors else 200)


@only(rules.may_keep_people)
@require_http_methods(["GET", "POST"])
def person_hire(request: HttpRequest) -> HttpResponse:
    form = HireForm(request.POST or None, initial={"hired_on": timezone.localdate(timezone.now())})
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.hire(acting_user=user_of(request), at=timezone.now(), **form.cleaned_data)
        except GuardRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("%(person)s has been added.") % {"person": person})
            return redirect("people:person_detail", person.pk)
    return _form_page(request, form, title=_("Add a person"), submit=_("Add"))


@only(rules.may_keep_people)
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = PersonForm(request.POST or None, instance=_person(request, pk))
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_person(
                acting_user=user_of(request), at=timezone.now(), person=person, changes=form.cleaned_data
            )
        except GuardRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("people:person_detail", pk)
    return _form_page(request, form, title=_("Change the data"), submit=_("Save"), person=person)


@only(rules.may_keep_people)
@require_http_methods(["GET", "POST"])
def manager_change(request: HttpRequest, pk: int) -> HttpResponse:
    person, today = _person(request, pk), timezone.localdate(timezone.now())
    form = ManagerForm(request.POST or None, initial={"manager": queries.manager_of(person, today), "on": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_manager(acting_user=user_of(request), at=timezone.now(), person=person, **form.cleaned_data)
        except GuardRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("people:person_detail", pk)
    return _form_page(request, form, title=_("Change the manager"), submit=_("Save"), person=person)


@only(rules.may_keep_people)
@require_http_methods(["GET", "POST"])
def person_leave(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = LeaveForm(request.POST or None, initial={"on": person.left_on or timezone.localdate(timezone.now())})
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave(acting_user=user_of(request), at=timezone.now(), person=person, **form.cleaned_data)
        except GuardRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("people:person_detail", pk)
    return _form_page(request, form, title=_("Record the leaving"), submit=_("Record"), person=person)


@only(rules.may_keep_people)
@require_POST
def person_stay(request: HttpRequest, pk: int) -> HttpResponse:
    actions.stay(acting_user=user_of(request), at=timezone.now(), person=_person(request, pk))
    return redirect("people:person_detail", pk)


@login_required
@require_http_methods(["GET", "POST"])
def profile_edit(request: HttpRequest) -> HttpResponse:
    """One's own data, to read, and one's language, to choose."""
    user = user_of(request)
    form = LanguageForm(request.POST or None, initial={"language": user.language})
    if request.method == "POST":
        if not form.is_valid():
            raise Http404
        actions.set_language(acting_user=user, language=form.cleaned_data["language"])
        messages.success(request, _("Saved."))
        return redirect("people:profile_edit")
    person = queries.person_of(user)
    now = timezone.now()
    manager = queries.manager_of(person, timezone.localdate(now)) if person else None
    context = {"form": form, "person": person, "manager": manager, "now": now}
    return render(request, "appraisal/people/profile_edit.html", context)
