"""Who holds which role, and which departments have which HR partner."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appraisal.people import actions, queries, rules
from appraisal.people.forms import PartnerForm, RolesForm
from appraisal.people.models import OrgUnit, User
from appraisal.people.roles import Role
from appraisal.people.views.access import only, user_of
from appraisal.people.views.history import told

PER_PAGE = 50


@only(rules.may_read_people)
@require_GET
def role_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    page = Paginator(queries.role_holders(text), PER_PAGE).get_page(request.GET.get("page"))
    users = list(page.object_list)
    units = queries.partnered_units(users)
    context = {
        "page": page,
        "rows": [(user, _roles_held(user), units.get(user.pk, [])) for user in users],
        "text": text,
        "may_give_roles": rules.may_give_roles(user_of(request)),
        "history": told(queries.role_changes()),
        "now": timezone.now(),
    }
    return render(request, "appraisal/people/role_list.html", context)


def _roles_held(user: User) -> list[str]:
    names = {group.name for group in user.groups.all()} | ({Role.SYSADMIN.value} if user.is_superuser else set())
    return [str(role.label) for role in Role if role.value in names]


def _holder(pk: int) -> User:
    return get_object_or_404(User.objects.select_related("person__org_unit").prefetch_related("groups"), pk=pk)


@only(rules.may_give_roles)
@require_GET
def role_edit(request: HttpRequest, pk: int) -> HttpResponse:
    holder = _holder(pk)
    context = {
        "holder": holder,
        "form": RolesForm(initial={"roles": [group.name for group in holder.groups.all()]}),
        "partner_form": PartnerForm(),
        "units": queries.partnered_units([holder]).get(holder.pk, []),
        "verdict": rules.may_give_roles_to(user_of(request), holder),
    }
    return render(request, "appraisal/people/role_edit.html", context)


@only(rules.may_give_roles)
@require_POST
def role_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Grants what was ticked and revokes what was not, each with its own line in the log."""
    holder, form = _holder(pk), RolesForm(request.POST)
    if form.is_valid():
        wanted, held = set(form.cleaned_data["roles"]), {group.name for group in holder.groups.all()}
        for role in Role:
            change = actions.grant_role if role.value in wanted else actions.revoke_role
            if (role.value in wanted) != (role.value in held):
                change(acting_user=user_of(request), at=timezone.now(), user=holder, role=role)
        messages.success(request, _("Saved."))
    return redirect("people:role_edit", pk)


@only(rules.may_give_roles)
@require_POST
def partner_grant(request: HttpRequest, pk: int) -> HttpResponse:
    holder, form = _holder(pk), PartnerForm(request.POST)
    if form.is_valid():
        unit = form.cleaned_data["org_unit"]
        actions.grant_partner(acting_user=user_of(request), at=timezone.now(), user=holder, org_unit=unit)
        messages.success(request, _("%(user)s is now HR partner of %(unit)s.") % {"user": holder, "unit": unit})
    return redirect("people:role_edit", pk)


@only(rules.may_give_roles)
@require_POST
def partner_revoke(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    holder, unit = _holder(pk), get_object_or_404(OrgUnit, pk=unit_pk)
    actions.revoke_partner(acting_user=user_of(request), at=timezone.now(), user=holder, org_unit=unit)
    messages.success(request, _("%(user)s is no longer HR partner of %(unit)s.") % {"user": holder, "unit": unit})
    return redirect("people:role_edit", pk)
