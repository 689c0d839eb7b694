"""Reading a case, its papers, and the desk on which all cases lie."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from appraisal.appeals import queries
from appraisal.appeals.forms import AnswerForm, RulingForm
from appraisal.appeals.models import Appeal
from appraisal.appeals.papers import papers_for
from appraisal.appeals.rules import load_case, open_seats_of, part_in
from appraisal.appeals.states import DECIDED, OPEN, AppealState, Part
from appraisal.assessments.models import Evidence
from appraisal.assessments.views.asking import appraisal_for, reader
from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame, line
from appraisal.cycles.rules import may_see_result
from appraisal.records.files import ACCEPT
from workflow import queries as engine

PER_PAGE = 30
Forms = tuple[list[RulingForm], AnswerForm]


@require_GET
@login_required
def appeal_current(request: HttpRequest, pk: int) -> HttpResponse:
    return case_page(request, appraisal_for(request, pk))


def case_page(request: HttpRequest, appraisal: Appraisal, *, decision: Forms | None = None) -> HttpResponse:
    user, at = reader(request), timezone.now()
    appeal = queries.appeal_of(appraisal)
    context: dict[str, Any] = {**appraisal_frame(appraisal, user, at=at, case=appeal), "appeal": appeal}
    if appeal is not None:
        context["case_history"] = [line(fact) for fact in context["case_facts"]]
        context |= _case(appeal, request, at)
        here: dict[str, Any] = next((step for step in context["steps"] if step["status"] == "here"), {})
        if appeal.state in OPEN:
            # The step of the appraisal ends when the case does.
            context |= {"case_due": here.get("due_at"), "case_days_left": here.get("days_left")}
        if context["part"] == Part.PANEL and appeal.state == AppealState.UNDER_REVIEW:
            context["rulings"], context["answer_form"] = decision or decision_forms(appeal)
            # A written decision is there to be read and signed first; to write it anew is folded away.
            context["may_sign_text"] = appeal.decision_number > 0 and not decision
    return render(request, "appraisal/appeals/appeal_current.html", context, status=422 if decision else 200)


def decision_forms(appeal: Appeal, data: Any = None) -> Forms:
    rulings = [
        RulingForm(data, item=item, appraisal=appeal.appraisal, label=label) for item, label in queries.items_of(appeal)
    ]
    return rulings, AnswerForm(data, initial={"answer": appeal.answer})


def _case(appeal: Appeal, request: HttpRequest, at: datetime) -> dict[str, Any]:
    """What this reader sees: the raters no words, nobody but the panel a decision that is not finished."""
    user, appraisal = reader(request), appeal.appraisal
    part = part_in(appraisal, user)
    seats = queries.seats_of(appeal)
    verbs = {choice.verb: choice for choice in engine.choices(appeal, user, at=at, loaded=[load_case])}
    return {
        "accept": ACCEPT,
        "max_bytes": settings.EVIDENCE_MAX_BYTES,
        "turn_words": _(", ").join(seat.label for seat in seats if not seat.signed),
        "part": part.value,
        "reads_words": part != Part.RATER,
        "sees_ruling": appeal.state in DECIDED,
        "items": queries.items_of(appeal),
        "seats": seats,
        "verbs": verbs,
        "my_seats": [(seat.role, queries.role_label(seat.role)) for seat in open_seats_of(appeal, user)],
        "files": file_cards(
            appraisal, list(queries.evidence_of(appraisal)), removable=part == Part.EMPLOYEE and appeal.state in OPEN
        )
        if part != Part.RATER
        else [],
    }


def file_cards(appraisal: Appraisal, rows: Sequence[Evidence], *, removable: bool) -> list[dict[str, Any]]:
    """Files as the component shows them."""
    return [
        {
            "name": row.name,
            "size": row.size,
            "url": reverse("assessments:evidence_download", args=[appraisal.pk, row.pk]),
            "remove_url": reverse("assessments:evidence_remove", args=[appraisal.pk, row.pk]) if removable else "",
        }
        for row in rows
    ]


@require_GET
@login_required
def appeal_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """What the panel reads beside the case, and what its rulings would lead to."""
    appraisal = appraisal_for(request, pk)
    appeal = queries.appeal_of(appraisal)
    if appeal is None or part_in(appraisal, reader(request)) not in {Part.PANEL, Part.READER}:
        raise Http404
    is_panel = part_in(appraisal, reader(request)) == Part.PANEL
    context = {
        "appraisal": appraisal,
        "now": timezone.now(),
        "sees_result": may_see_result(appraisal, reader(request)),
        **papers_for(appeal, at=timezone.now(), with_preview=is_panel and appeal.state in OPEN),
    }
    template = "_papers.html" if request.headers.get("HX-Request") else "appeal_papers.html"
    return render(request, f"appraisal/appeals/{template}", context)


@require_GET
@login_required
def appeal_list(request: HttpRequest) -> HttpResponse:
    user, at = reader(request), timezone.now()
    if not queries.has_desk(user):
        raise Http404
    cycle = request.GET.get("cycle", "")
    chosen = queries.DeskFilter(
        request.GET.get("show", "open"), int(cycle) if cycle.isdigit() else None, request.GET.get("q", "")
    )
    page = Paginator(queries.cases(user, chosen), PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.with_days_left(page, at)
    overview = queries.overview_of(user)
    context = {
        "page": page, "rows": rows, "chosen": chosen, "cycles": overview.cycles, "now": at,
        "tabs": _tabs(request, chosen.show, overview.counts), "is_narrowed": bool(chosen.text or chosen.cycle),
    }  # fmt: skip
    return render(request, "appraisal/appeals/appeal_list.html", context)


def _tabs(request: HttpRequest, show: str, counts: Any) -> list[dict[str, Any]]:
    labels = {"open": _("Under way"), "decided": _("Decided"), "withdrawn": _("Withdrawn")}
    kept = request.GET.copy()
    kept.pop("page", None)
    tabs = []
    for name, label in labels.items():
        kept["show"] = name
        tabs.append({"label": label, "url": f"?{kept.urlencode()}", "active": show == name, "count": counts[name]})
    return tabs
