"""One person's appraisal, as everybody who may know of it sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from appraisal.assessments.queries import results_visible_to, with_next
from appraisal.assessments.rules import load_papers, may_read_manager_review, may_read_self_review, papers_of
from appraisal.assessments.statement import Line, statement_of
from appraisal.assessments.states import Writer
from appraisal.assessments.views.asking import appraisal_for, reader
from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import STEP_PAGES, appraisal_frame, step_page
from appraisal.cycles.process import scheme_of
from appraisal.cycles.queries import visible_to
from appraisal.cycles.rules import is_employee, is_hr, is_manager, may_sit_on_panel
from appraisal.cycles.states import Step
from appraisal.home import queries
from appraisal.home.visibility import who_can_see
from appraisal.interviews.queries import answers_of

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from appraisal.people.models import User


@require_GET
@login_required
def appraisal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, at = reader(request), timezone.now()
    appraisal = get_object_or_404(queries.with_documents(with_next(visible_to(user), user)), pk=pk)
    context = appraisal_frame(appraisal, user, at=at)
    context |= {
        "work": _work(appraisal, user),
        "documents": _documents(appraisal, user),
        "may_ask_who_sees": is_employee(appraisal, user) or is_hr(appraisal, user),
    }
    context["has_result"] = context["sees_result"] and bool(appraisal.final_grade or appraisal.final_origin)
    if context["has_result"]:
        context |= _result(appraisal, user)
    return render(request, "appraisal/home/appraisal_detail.html", context)


def _work(appraisal: Appraisal, user: User) -> str:
    """The page of the step's work, for who has a part in it."""
    parts: dict[Step, Callable[[Appraisal, User], bool]] = {
        Step.SELF_REVIEW: is_employee,
        Step.SCORING: is_manager,
        Step.CALIBRATING: is_hr,
        Step.DECIDED: is_hr,
        Step.INTERVIEWING: lambda row, who: is_employee(row, who) or is_manager(row, who) or is_hr(row, who),
        Step.APPEALED: lambda row, who: is_employee(row, who) or may_sit_on_panel(row, who),
        Step.IMPROVING: lambda row, who: is_employee(row, who) or is_manager(row, who) or is_hr(row, who),
    }
    has_part = parts.get(Step(appraisal.state))
    if has_part is None or appraisal.state not in STEP_PAGES or not has_part(appraisal, user):
        return ""
    return step_page(appraisal.pk, appraisal.state)


def _result(appraisal: Appraisal, user: User) -> dict[str, Any]:
    scheme = scheme_of(appraisal.track)
    labels = {band.grade: band.label for band in scheme.grades.bands} if scheme.grades else {}
    label = labels.get(appraisal.final_grade)
    review = papers_of(appraisal).reviews.get(Writer.MANAGER)
    decision, approved = queries.decided_about(appraisal)
    return {
        # "S grade" beside a large S says nothing more.
        "statement": _statement(appraisal, user),
        "grade_label": label if label and appraisal.final_grade not in label.zh else None,
        "calibration": decision,
        "manager_review": review.handed_in if review and may_read_manager_review(appraisal, user) else None,
        "answers": answers_of(appraisal) if appraisal.released_at else [],
        "outcomes": [
            (scheme.outcomes[rule].label if rule in scheme.outcomes else rule, amount) for rule, amount in approved
        ],
    }


def _statement(appraisal: Appraisal, user: User) -> list[Line]:
    """The figures beside the score, of the latest result that the reader may see."""
    scheme = scheme_of(appraisal.track)
    if not scheme.results:
        return []
    results = results_visible_to(appraisal, user)
    return statement_of(results[0].explanation, scheme) if results else []


def _documents(appraisal: WithAnnotations[Appraisal, queries.Documents], user: User) -> list[tuple[str, str]]:
    """What the reader may open, as (label, address)."""
    load_papers([appraisal])
    found: list[tuple[str, str]] = []

    def add(label: str, name: str) -> None:
        found.append((label, reverse(name, args=[appraisal.pk])))

    if may_read_self_review(appraisal, user):
        add(_("Self-review and evidence"), "assessments:self_review_detail")
    if may_read_manager_review(appraisal, user):
        add(_("Manager's review"), "assessments:score_detail")
    if appraisal.released_at and appraisal.has_interview:
        add(_("Interview record"), "interviews:interview_detail")
    if appraisal.has_appeal and not is_manager(appraisal, user):
        add(_("Appeal"), "appeals:appeal_current")
    if appraisal.has_plan:
        add(_("Improvement plan"), "improvement:plan_current")
    return found


@require_GET
@login_required
def visibility(request: HttpRequest, pk: int) -> HttpResponse:
    """Who can see this, for the person appraised and for HR."""
    user, at = reader(request), timezone.now()
    appraisal = appraisal_for(request, pk)
    if not (is_employee(appraisal, user) or is_hr(appraisal, user)):
        raise Http404
    context = {**appraisal_frame(appraisal, user, at=at), "people": who_can_see(appraisal)}
    return render(request, "appraisal/home/visibility.html", context)
