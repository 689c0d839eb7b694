"""What follows from results: the list for those who decide, one proposal, and what follows from one appraisal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.queries import named, visible_to
from appraisal.outcomes import actions, rules
from appraisal.outcomes.forms import BaseForm, base_form
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.queries import counted, line_of, outcomes_of, visible_outcomes
from appraisal.outcomes.states import OutcomeKind, OutcomeState
from appraisal.people.views.access import user_of

PER_PAGE = 50


@login_required
@require_GET
def outcome_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    narrowed = narrow(visible_outcomes(user), request.GET)
    counts = counted(narrowed)
    state = request.GET.get("state") or OutcomeState.PROPOSED
    rows = narrowed if state == "all" else narrowed.filter(state=state)
    page = Paginator(rows.order_by("-adverse", "appraisal__employee__number", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    lines = [line_of(row) for row in page]
    context = {
        "page": page,
        "lines": lines,
        "decidable": {line.proposal.pk for line in lines if rules.may_decide(line.proposal, user)},
        "tab_items": tab_items(request.GET, state, counts.by_state, counts.total),
        "kinds": OutcomeKind.choices,
        "kind": request.GET.get("kind", ""),
        "text": request.GET.get("q", "").strip(),
        "state": state,
        "base_form": BaseForm(),
        "now": timezone.now(),
    }
    return render(request, "appraisal/outcomes/outcome_list.html", context)


def narrow(rows: QuerySet[OutcomeProposal], asked: QueryDict) -> QuerySet[OutcomeProposal]:
    text, kind, cycle = asked.get("q", "").strip(), asked.get("kind", ""), asked.get("cycle", "")
    if text:
        rows = rows.filter(named(text, "appraisal__"))
    if kind in OutcomeKind.values:
        rows = rows.filter(kind=kind)
    return rows.filter(appraisal__cycle=int(cycle)) if cycle.isdigit() else rows


def tab_items(asked: QueryDict, state: str, counts: dict[str, int], total: int) -> list[dict[str, Any]]:
    def address(value: str) -> str:
        query = asked.copy()
        query.pop("page", None)
        query["state"] = value
        return f"{reverse('outcomes:outcome_list')}?{query.urlencode()}"

    found = [
        {"label": each.label, "url": address(each.value), "active": state == each, "count": counts.get(each, 0)}
        for each in OutcomeState
    ]
    return [*found, {"label": _("All"), "url": address("all"), "active": state == "all", "count": total}]


@login_required
@require_POST
def outcome_bulk(request: HttpRequest) -> HttpResponse:
    """Sets the base of the chosen ones, or approves them. What cannot be is told with its reason."""
    user, now = user_of(request), timezone.now()
    chosen = [int(pk) for pk in request.POST.getlist("chosen") if pk.isdigit()]
    visible = visible_outcomes(user)
    rows = list(visible.filter(pk__in=chosen))
    if not rows and not visible.exists():
        raise Http404
    if request.POST.get("act") == "base":
        form = BaseForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Enter the base as an amount of money, such as 3000."))
            return back_to_list(request)
        done = actions.set_bases(acting_user=user, at=now, proposals=rows, **form.cleaned_data)
    else:
        done = actions.approve_many(acting_user=user, at=now, proposals=rows)
    say(request, done)
    return back_to_list(request)


def say(request: HttpRequest, done: actions.Done) -> None:
    if done.done or not done.refused:
        words = ngettext(
            "%(count)d proposal has been dealt with.", "%(count)d proposals have been dealt with.", len(done.done)
        )
        messages.success(request, words % {"count": len(done.done)})
    by_reason: dict[str, list[str]] = {}
    for row, reason in done.refused:
        by_reason.setdefault(reason, []).append(row.appraisal.title)
    for reason, names in by_reason.items():
        messages.warning(request, _("%(names)s: %(reason)s") % {"names": shown(names), "reason": reason})


def shown(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + ("…" if len(names) > 5 else "")


def back_to_list(request: HttpRequest) -> HttpResponse:
    """With the filters that the page had."""
    query = request.POST.get("filters", "")
    url = f"{reverse('outcomes:outcome_list')}?{query}" if query else reverse("outcomes:outcome_list")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return redirect(url if safe else reverse("outcomes:outcome_list"))


@login_required
@require_GET
def outcome_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    proposal = get_object_or_404(visible_outcomes(user), pk=pk)
    return render(request, "appraisal/outcomes/outcome_detail.html", detail_context(request, proposal))


def detail_context(request: HttpRequest, proposal: OutcomeProposal) -> dict[str, Any]:
    user = user_of(request)
    decides = rules.is_decider(proposal, user) and proposal.state == OutcomeState.PROPOSED
    return {
        "proposal": proposal,
        "line": line_of(proposal),
        "appraisal": proposal.appraisal,
        "decides": decides,
        "sees_appraisal": visible_to(user).filter(pk=proposal.appraisal_id).exists(),
        "may_approve": rules.may_approve(proposal, user),
        "form": base_form(proposal) if decides and proposal.kind == OutcomeKind.PAY and proposal.has_base else None,
        "now": timezone.now(),
    }


@login_required
@require_POST
def base_set(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    proposal = get_object_or_404(visible_outcomes(user), pk=pk)
    form = base_form(proposal, request.POST)
    if not form.is_valid():
        context = {**detail_context(request, proposal), "form": form}
        return render(request, "appraisal/outcomes/outcome_detail.html", context)
    actions.set_base(acting_user=user, at=timezone.now(), proposal=proposal, **form.cleaned_data)
    messages.success(request, _("The base has been entered and the amount computed."))
    return redirect("outcomes:outcome_detail", pk)


@login_required
@require_POST
def outcome_approve(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    proposal = get_object_or_404(visible_outcomes(user), pk=pk)
    actions.approve(
        acting_user=user, at=timezone.now(), proposal=proposal, level=request.POST.get("level", ""),
        note=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("It has been approved; the employee can see it."))
    return redirect("outcomes:outcome_detail", pk)


@login_required
@require_POST
def outcome_reject(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    proposal = get_object_or_404(visible_outcomes(user), pk=pk)
    actions.reject(acting_user=user, at=timezone.now(), proposal=proposal, note=request.POST.get("reason", ""))
    messages.success(request, _("It has been rejected."))
    return redirect("outcomes:outcome_detail", pk)


@login_required
@require_GET
def appraisal_outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """What follows from one result, within the frame of the appraisal."""
    user, now = user_of(request), timezone.now()
    appraisal: Appraisal = get_object_or_404(visible_to(user), pk=pk)
    context = appraisal_frame(appraisal, user, at=now)
    context["lines"] = outcomes_of(appraisal, user)
    context["opens"] = set(visible_outcomes(user).filter(appraisal=appraisal).values_list("pk", flat=True))
    return render(request, "appraisal/outcomes/appraisal_outcomes.html", context)
