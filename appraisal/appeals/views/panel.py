"""What the panel does on the page of the case."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appraisal.appeals import actions
from appraisal.appeals.forms import ExtensionForm
from appraisal.appeals.models import Appeal
from appraisal.appeals.queries import appeal_of
from appraisal.appeals.rules import part_in
from appraisal.appeals.states import DECIDED, AppealVerb, Part
from appraisal.appeals.views.cases import case_page, decision_forms
from appraisal.assessments.views.asking import appraisal_for, posted, reader
from workflow.errors import GuardRefused


def heard_case(request: HttpRequest, pk: int) -> Appeal:
    """For everybody who does not sit on the panel there is nothing to act on."""
    appraisal = appraisal_for(request, pk)
    appeal = appeal_of(appraisal)
    if appeal is None or part_in(appraisal, reader(request)) != Part.PANEL:
        raise Http404
    return appeal


@require_POST
@login_required
def appeal_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    actions.take_up(
        acting_user=reader(request), appeal=heard_case(request, pk), at=timezone.now(),
        **posted(request, AppealVerb.TAKE_UP),
    )  # fmt: skip
    messages.success(request, _("The case is under review. The employee sees that you have taken it up."))
    return redirect("appeals:appeal_current", pk)


@require_POST
@login_required
def decision_write(request: HttpRequest, pk: int) -> HttpResponse:
    appeal = heard_case(request, pk)
    rulings, answer = decision_forms(appeal, request.POST)
    if not all([answer.is_valid(), *(form.is_valid() for form in rulings)]):
        return case_page(request, appeal.appraisal, decision=(rulings, answer))
    actions.write_decision(
        acting_user=reader(request), appeal=appeal, rulings={form.item.pk: form.given for form in rulings},
        answer=answer.cleaned_data["answer"], at=timezone.now(), **posted(request, AppealVerb.DECIDE_ITEMS),
    )  # fmt: skip
    messages.success(request, _("The decision is kept. It takes effect once every seat has signed this text."))
    return redirect("appeals:appeal_current", pk)


@require_POST
@login_required
def decision_sign(request: HttpRequest, pk: int) -> HttpResponse:
    number = request.POST.get("decision", "")
    appeal = actions.sign_decision(
        acting_user=reader(request), appeal=heard_case(request, pk), at=timezone.now(),
        decision=int(number) if number.isdigit() else -1, role=request.POST.get("role", ""),
        key=posted(request, AppealVerb.SIGN)["key"],
    )  # fmt: skip
    if appeal.state in DECIDED:
        messages.success(request, _("Everybody has signed. The appeal is decided and the result released again."))
    else:
        messages.success(request, _("Your signature is kept. The others of the panel still have to sign."))
    return redirect("appeals:appeal_current", pk)


@require_POST
@login_required
def decision_extend(request: HttpRequest, pk: int) -> HttpResponse:
    appeal, form = heard_case(request, pk), ExtensionForm(request.POST)
    if not form.is_valid():
        raise GuardRefused(_("A decision is put off by one to five working days."))
    actions.extend_decision(
        acting_user=reader(request), appeal=appeal, days=form.cleaned_data["days"],
        reason=form.cleaned_data["reason"], at=timezone.now(), **posted(request, AppealVerb.EXTEND),
    )  # fmt: skip
    messages.success(request, _("The new day is set. The employee is told, with your reason."))
    return redirect("appeals:appeal_current", pk)
