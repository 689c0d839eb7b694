"""The home page, one's own appraisals, and the team."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from appraisal.assessments.views.asking import reader
from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import holder_words
from appraisal.cycles.rules import may_see_result
from appraisal.cycles.states import Step
from appraisal.home import queries
from appraisal.home.checklist import first_steps
from appraisal.people.roles import roles_of
from appraisal.procedure.actions import nudge
from appraisal.procedure.actions.bulk import who_can_be_nudged
from workflow import queries as engine
from workflow.machine import SYSTEM

PER_PAGE = 30
TABS = ("todo", "waiting", "closed")


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    user, at = reader(request), timezone.now()
    chosen = request.GET.get("tab", "todo")
    if chosen not in TABS:
        raise Http404
    lists = {
        "todo": queries.to_do(user),
        "waiting": queries.waiting(user),
        "closed": engine.done_by(user).select_related("holder"),
    }
    page = Paginator(lists[chosen], PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.rows(page.object_list, user, at=at)
    context = {
        "tabs": _tabs(chosen, page.paginator.count),
        "tab": chosen,
        "page": page,
        "rows": [row for row in rows if not row.optional],
        "rights": [row for row in rows if row.optional],
        "now": at,
        "checklist": first_steps() if "hr" in roles_of(user).names and not rows else [],
    }
    return render(request, "appraisal/home/inbox.html", context)


def _tabs(chosen: str, count: int) -> list[dict[str, Any]]:
    labels = {"todo": _("To do"), "waiting": _("Waiting for others"), "closed": _("Done")}
    return [
        {
            "label": labels[tab],
            "url": f"{reverse('home:inbox')}?tab={tab}",
            "active": tab == chosen,
            "count": count if tab == chosen and tab != "closed" else None,
        }
        for tab in TABS
    ]


@require_GET
@login_required
def appraisal_mine(request: HttpRequest) -> HttpResponse:
    user, at = reader(request), timezone.now()
    page = Paginator(queries.own_appraisals(user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, may_see_result(row, user)) for row in page.object_list]
    return render(request, "appraisal/home/appraisal_mine.html", {"page": page, "rows": rows, "now": at})


@require_GET
@login_required
def team_overview(request: HttpRequest) -> HttpResponse:
    """People by steps, for who leads them; the filters stand in the address."""
    user, at = reader(request), timezone.now()
    led = queries.led_by(user)
    cycles = list(led.order_by("-cycle__ends_on").values_list("cycle", "cycle__name", "cycle__name_en").distinct()[:12])
    cycle = request.GET.get("cycle") or _cycle_at_work(led) or (str(cycles[0][0]) if cycles else "")
    step = request.GET.get("step", "")
    rows = led.filter(cycle=int(cycle)) if cycle.isdigit() else led.none()
    if step in Step.values:
        rows = rows.filter(state=step)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _team_rows(list(page.object_list), request, at),
        "cycles": cycles,
        "cycle": cycle,
        "step": step,
        "steps": Step.choices,
        "now": at,
    }
    return render(request, "appraisal/home/team_overview.html", context)


def _cycle_at_work(led: QuerySet[Appraisal]) -> str:
    """The newest cycle in which somebody is being appraised now, before the one that is only being tracked."""
    at_work = led.exclude(state__in=(Step.TRACKING, Step.CLOSED)).order_by("-cycle__ends_on")
    return str(at_work.values_list("cycle", flat=True).first() or "")


def _team_rows(appraisals: list[Appraisal], request: HttpRequest, at: datetime) -> list[dict[str, Any]]:
    user = reader(request)
    items = queries.open_items_of(appraisals)
    silent = who_can_be_nudged(appraisals, user, at) if appraisals else {}
    left = queries.days_left(items.values(), at=at)
    return [
        {
            "appraisal": row,
            "item": (item := items.get(row.pk)),
            "days_left": left.get(item.pk) if item else None,
            "holder": holder_words(item) if item and item.pool != SYSTEM else "",
            "late": bool(item and item.due_at and item.due_at < at),
            "why_no_nudge": silent.get(row.pk, ""),
            "sees_result": may_see_result(row, user),
        }
        for row in appraisals
    ]


@require_POST
@login_required
def team_nudge(request: HttpRequest) -> HttpResponse:
    user, at = reader(request), timezone.now()
    chosen = [int(pk) for pk in request.POST.getlist("appraisal") if pk.isdigit()]
    led = list(queries.led_by(user).filter(pk__in=chosen))
    if led:
        reminded = nudge(acting_user=user, at=at, appraisals=led)
        count = len(reminded.reminded)
        messages.success(
            request,
            ngettext("%(count)d person was reminded.", "%(count)d people were reminded.", count) % {"count": count},
        )
    back = request.POST.get("next", "")
    return redirect(back if back.startswith(reverse("home:team_overview")) else reverse("home:team_overview"))
