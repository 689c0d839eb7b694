"""One person's grade: looked at, confirmed or changed, in a session or outside one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.calibration import actions, queries
from appraisal.calibration.forms import DecisionForm
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.calibration.queries import Card
from appraisal.calibration.rules import session_over
from appraisal.calibration.views.asking import any_card_for, card_for, for_hr, number, posted, reader, session_for
from appraisal.calibration.views.sessions import session_frame
from appraisal.cycles.pages import appraisal_frame
from appraisal.cycles.states import Step, Verb


def decision_form(card: Card, data: Any = None) -> DecisionForm:
    made = card.decision
    initial: dict[str, Any] = {"grade": card.grade, "seen": card.seen}
    if made is not None:
        initial |= {"reason": made.reason, "reason_for_employee": made.reason_for_employee}
    return DecisionForm(data, appraisal=card.appraisal, initial=initial)


@for_hr
@require_GET
def person_detail(request: HttpRequest, pk: int, appraisal_pk: int) -> HttpResponse:
    """The drawer of the board, and a page of its own where there is no script."""
    session = session_for(request, pk)
    card = card_for(request, session, appraisal_pk)
    return _person_page(request, session, card, decision_form(card))


def _person_page(request: HttpRequest, session: CalibrationSession, card: Card, form: DecisionForm) -> HttpResponse:
    context = {
        "session": session, "card": card, "appraisal": card.appraisal, "now": timezone.now(), "form": form,
        "verdict": queries.may_decide_in(session, card), "decisions": queries.decisions_on(card.appraisal),
        **queries.words_about(card.appraisal, reader(request)),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "appraisal/calibration/person_detail.html", context, status=status)


@for_hr
@require_POST
def person_decide(request: HttpRequest, pk: int, appraisal_pk: int) -> HttpResponse:
    """Called by the board for one card (JSON), and by the forms of the table and the person's page."""
    session = session_for(request, pk)
    card = card_for(request, session, appraisal_pk)
    form = decision_form(card, request.POST)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if not form.is_valid():
        if wants_json:
            return JsonResponse(
                {"reason": " ".join(str(text) for texts in form.errors.values() for text in texts)}, status=422
            )
        return _person_page(request, session, card, form)
    made = actions.decide(
        acting_user=reader(request), appraisal=card.appraisal, session=session, at=timezone.now(), **form.cleaned_data
    )
    if wants_json:
        return _board_after(request, session, appraisal_pk, made)
    messages.success(request, said(card, made))
    return _back(request, pk, appraisal_pk)


def _back(request: HttpRequest, pk: int, appraisal_pk: int) -> HttpResponse:
    """To the row of the table that the form stood in, with its page and its filters."""
    query = {name: request.POST.get(f"on_{name}", "") for name in ("unit", "page", "undecided")}
    kept = "&".join(f"{name}={value}" for name, value in query.items() if value.isdigit())
    return HttpResponseRedirect(f"{reverse('calibration:session_table', args=[pk])}?{kept}#person-{appraisal_pk}")


def said(card: Card, made: CalibrationDecision) -> str:
    about = {"name": card.appraisal.title, "before": made.from_grade, "after": made.to_grade}
    if made.is_change:
        return _("%(name)s: changed from %(before)s to %(after)s.") % about
    return _("%(name)s: %(after)s is confirmed.") % about


def _board_after(
    request: HttpRequest, session: CalibrationSession, appraisal_pk: int, made: CalibrationDecision
) -> JsonResponse:
    """The card anew, with the counts of all columns and what can be done with the session now."""
    found = queries.gather(session, reader(request), unit=number(request.POST.get("on_unit")))
    card = next((one for one in found.cards if one.appraisal.pk == appraisal_pk), None)
    if card is None:
        card = card_for(request, session, appraisal_pk)
    frame = session_frame(request, session, found, timezone.now())
    left = found.undecided
    return JsonResponse(
        {
            "card": render_to_string("appraisal/calibration/_card.html", {**frame, "card": card}, request),
            "acts": render_to_string("appraisal/calibration/_session_acts.html", frame, request),
            "columns": [
                {"grade": one.grade, "count": one.count, "words": one.words, "over": one.over}
                for one in found.now.columns
            ],
            "left": left_words(left),
            "said": f"{said(card, made)} {left_words(left)}",
        }
    )


def left_words(left: int) -> str:
    if not left:
        return _("Everybody is decided.")
    return ngettext("%(count)d still undecided.", "%(count)d still undecided.", left) % {"count": left}


@for_hr
@require_http_methods(["GET", "POST"])
def decision_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One appraisal's calibration. Where no session looks at it, the decision can be confirmed at once."""
    card, at, user = any_card_for(request, pk), timezone.now(), reader(request)
    appraisal = card.appraisal
    over = session_over(appraisal)
    form = decision_form(card, request.POST if "grade" in request.POST else None)
    if request.method == "POST" and form.is_bound and form.is_valid():
        about = {"acting_user": user, "appraisal": appraisal, "at": at, **form.cleaned_data}
        if "confirm" in request.POST:
            actions.decide_and_confirm(**about, **posted(request, Verb.CONFIRM_CALIBRATION))
            messages.success(request, _("The calibration is confirmed; the result waits for its release."))
        else:
            messages.success(request, said(card, actions.decide(**about)))
        return redirect("calibration:decision_edit", pk)
    context = {
        **appraisal_frame(appraisal, user, at=at), "card": card, "form": form, "over": over,
        "verdict": queries.may_decide_in(over, card) if over else card.verdict,
        "in_step": appraisal.state == Step.CALIBRATING, "decisions": queries.decisions_on(appraisal),
        **queries.words_about(appraisal, user),
    }  # fmt: skip
    return render(request, "appraisal/calibration/decision_edit.html", context, status=422 if form.is_bound else 200)
