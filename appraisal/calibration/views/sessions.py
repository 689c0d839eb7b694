"""The sessions of a cycle, and one of them as a board or as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.calibration import actions, queries
from appraisal.calibration.forms import SessionForm
from appraisal.calibration.models import CalibrationSession
from appraisal.calibration.queries import Gathering
from appraisal.calibration.states import SessionState, SessionVerb
from appraisal.calibration.views.asking import cycle_for, for_hr, number, posted, reader, session_for
from appraisal.calibration.views.charts import distribution_chart
from workflow.queries import choices

PER_PAGE = 50


@for_hr
@require_GET
def session_list(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_for(request, pk)
    found = queries.sessions_of(cycle, reader(request))
    return render(request, "appraisal/calibration/session_list.html", {"cycle": cycle, "found": found})


@for_hr
@require_http_methods(["GET", "POST"])
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_for(request, pk)
    form = SessionForm(request.POST or None, cycle=cycle)
    if request.method == "POST" and form.is_valid():
        session = actions.prepare_session(
            acting_user=reader(request), cycle=cycle, name=form.cleaned_data["name"], at=timezone.now(),
            org_unit=form.cleaned_data["org_unit"], guideline=form.guideline,
        )  # fmt: skip
        messages.success(request, _("The session is prepared. Open it when you meet."))
        return redirect("calibration:session_detail", session.pk)
    return _form_page(request, form, {"cycle": cycle})


@for_hr
@require_http_methods(["GET", "POST"])
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_for(request, pk)
    form = SessionForm(request.POST or None, cycle=session.cycle, session=session)
    if request.method == "POST" and form.is_valid():
        actions.edit_session(
            acting_user=reader(request), session=session, name=form.cleaned_data["name"], at=timezone.now(),
            version=number(request.POST.get("version")) or 0, org_unit=form.cleaned_data["org_unit"],
            guideline=form.guideline,
        )  # fmt: skip
        messages.success(request, _("The session is changed."))
        return redirect("calibration:session_detail", pk)
    return _form_page(request, form, {"cycle": session.cycle, "session": session})


def _form_page(request: HttpRequest, form: SessionForm, context: Mapping[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "appraisal/calibration/session_edit.html", {**context, "form": form}, status=status)


def session_frame(request: HttpRequest, session: CalibrationSession, found: Gathering, at: datetime) -> dict[str, Any]:
    """What the board and the table share."""
    return {
        "session": session,
        "cycle": session.cycle,
        "found": found,
        "is_open": session.state == SessionState.OPEN,
        "verbs": {choice.verb: choice for choice in choices(session, reader(request), at=at)},
        "now": at,
    }


@for_hr
@require_GET
def session_detail(request: HttpRequest, pk: int) -> HttpResponse:
    session, at = session_for(request, pk), timezone.now()
    found = queries.gather(session, reader(request), unit=number(request.GET.get("unit")))
    context = session_frame(request, session, found, at)
    context["columns"] = [(found.now.column(grade), cards) for grade, cards in found.columns]
    return render(request, "appraisal/calibration/session_detail.html", context)


@for_hr
@require_GET
def session_table(request: HttpRequest, pk: int) -> HttpResponse:
    session, at = session_for(request, pk), timezone.now()
    found = queries.gather(session, reader(request), unit=number(request.GET.get("unit")))
    only_open = bool(request.GET.get("undecided"))
    rows = [card for card in found.cards if not only_open or card.decision is None]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = session_frame(request, session, found, at) | {
        "page": page,
        "only_open": only_open,
        "chart": distribution_chart(found),
        "severities": found.severities(),
        "shares": list(zip(found.before.columns, found.now.columns, strict=True)),
    }
    return render(request, "appraisal/calibration/session_table.html", context)


DONE = {
    SessionVerb.OPEN: gettext_lazy("The session is open."),
    SessionVerb.LOCK: gettext_lazy("The session is locked. Nothing changes until it is finalised or unlocked."),
    SessionVerb.UNLOCK: gettext_lazy("The session is open again."),
    SessionVerb.CANCEL: gettext_lazy("The session is called off."),
}


@for_hr
@require_POST
def session_move(request: HttpRequest, pk: int, verb: SessionVerb) -> HttpResponse:
    session, at = session_for(request, pk), timezone.now()
    about: dict[str, Any] = {"acting_user": reader(request), "session": session, "at": at, **posted(request, verb)}
    if verb == SessionVerb.FINALISE:
        _tell(request, actions.finalise(**about))
        return redirect("calibration:session_detail", pk)
    if verb in {SessionVerb.UNLOCK, SessionVerb.CANCEL}:
        reasoned = {SessionVerb.UNLOCK: actions.unlock, SessionVerb.CANCEL: actions.cancel_session}
        reasoned[verb](**about, reason=request.POST.get("reason", ""))
    else:
        {SessionVerb.OPEN: actions.open_session, SessionVerb.LOCK: actions.lock}[verb](**about)
    messages.success(request, DONE[verb])
    return redirect("calibration:session_detail", pk)


def _tell(request: HttpRequest, done: actions.Finalised) -> None:
    count = len(done.confirmed)
    messages.success(
        request,
        ngettext(
            "The session is finalised: %(count)d result waits for its release.",
            "The session is finalised: %(count)d results wait for their release.",
            count,
        )
        % {"count": count},
    )
    if done.left:
        others = ngettext(
            "%(count)d result is left for a colleague of HR to confirm: your own, or one that you scored.",
            "%(count)d results are left for a colleague of HR to confirm: your own, or those that you scored.",
            len(done.left),
        )
        messages.warning(request, others % {"count": len(done.left)})
