"""The list of cycles and the page of one that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.queries import cycles_visible_to
from appraisal.cycles.rules import unfinished
from appraisal.cycles.states import OPEN, Step
from appraisal.procedure import actions, queries, rules
from appraisal.procedure.forms import ReasonForm
from appraisal.procedure.models import BulkRun
from appraisal.procedure.queries import Filters, Funnel
from appraisal.procedure.views.access import cycle_for, for_hr, for_readers, posted, reader
from notifications import kinds
from notifications.queries import messages_about
from workflow.calendars import daybook_of

if TYPE_CHECKING:
    AppraisalPaginator = Paginator[Appraisal]
else:
    AppraisalPaginator = Paginator

PER_PAGE = 50
SUBJECT = "appraisal"


@for_readers
@require_GET
def cycle_list(request: HttpRequest) -> HttpResponse:
    cycles = cycles_visible_to(reader(request)).annotate(
        people=Count("appraisals"), finished=Count("appraisals", filter=~Q(appraisals__state__in=OPEN))
    )
    page = Paginator(cycles, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "appraisal/cycles/cycle_list.html",
        {"page": page, "may_keep": rules.may_keep_cycles(reader(request)), "now": timezone.now()},
    )


def filters_of(data: Any) -> Filters:
    """From an address or a form; what makes no sense is left out."""
    step, unit = data.get("step", ""), data.get("unit", "")
    return Filters(
        step=step if step in Step.values else "",
        unit=int(unit) if unit.isdigit() else None,
        late=bool(data.get("late")),
        text=data.get("q", "").strip()[:80],
    )


@for_readers
@require_GET
def cycle_detail(request: HttpRequest, pk: int) -> HttpResponse:
    cycle, user, at = cycle_for(request, pk), reader(request), timezone.now()
    if cycle.state == AppraisalCycle.State.DRAFT and rules.may_keep_cycles(user):
        return redirect("cycles:cycle_setup", pk)
    filters = filters_of(request.GET)
    numbers = queries.funnel(cycle, user, filters, at=at)
    rows = queries.of_cycle(cycle, user, at).filter(filters.q()).order_by(F("is_late").desc(), "employee__number")
    page = CountedPaginator(rows, PER_PAGE, numbers.shown).get_page(request.GET.get("page"))
    return render(
        request,
        "appraisal/cycles/cycle_detail.html",
        {
            "cycle": cycle, "funnel": numbers, "filters": filters, "page": page, "now": at,
            "lines": queries.lines(list(page.object_list), daybook_of(cycle.calendar), at=at),
            "shares": shares(numbers), "narrowed": filters != Filters(), "steps": Step.choices,
            "may_keep": rules.may_keep_cycles(user), "run": last_run(cycle),
            "may_act": cycle.state == AppraisalCycle.State.OPEN and rules.may_act_on_people(user),
            "query": request.GET.urlencode(),
        },
    )  # fmt: skip


class CountedPaginator(AppraisalPaginator):
    """The funnel has already counted the rows."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


def shares(numbers: Funnel) -> list[tuple[str, int, str]]:
    """The cycle in four words."""
    waiting = numbers.count(Step.CALIBRATING, Step.DECIDED)
    done, out = numbers.count(Step.CLOSED), numbers.count(Step.WITHDRAWN)
    late = sum(row.late for row in numbers.steps)
    under_way = numbers.total - waiting - done - out
    waiting_late = sum(row.late for row in numbers.steps if row.key in {Step.CALIBRATING, Step.DECIDED})
    parts = [
        (_("Archived"), done, "done"),
        (_("Waiting for HR"), waiting - waiting_late, "wait"),
        (_("Under way"), under_way - (late - waiting_late), "here"),
        (_("Overdue"), late, "late"),
        (_("Withdrawn"), out, "off"),
    ]
    return [part for part in parts if part[1]]


def last_run(cycle: AppraisalCycle) -> BulkRun | None:
    """The act that is on its way, or that was cut off."""
    return BulkRun.objects.filter(cycle=cycle, finished_at__isnull=True).order_by("-pk").first()


@for_readers
@require_GET
def cycle_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was sent about the appraisals of a cycle, or is still to be sent."""
    cycle, at = cycle_for(request, pk), timezone.now()
    ids = list(queries.of_cycle(cycle, reader(request), at).values_list("pk", flat=True))
    rows = messages_about(SUBJECT, ids)
    if rules.keeps_cycles(reader(request)):
        # Letters about several people at once stand with the cycle.
        rows |= messages_about("cycle", [cycle.pk])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    about = {row.pk: int(row.subject_id) for row in page.object_list if row.subject_type == SUBJECT}
    found = Appraisal.objects.filter(pk__in=set(about.values())).select_related("employee")
    employees = {row.pk: row.employee for row in found}
    shown = [(row, employees.get(about.get(row.pk, 0), cycle), kind_words(row.kind)) for row in page.object_list]
    return render(
        request, "appraisal/cycles/cycle_messages.html", {"cycle": cycle, "page": page, "rows": shown, "now": at}
    )


def kind_words(name: str) -> str:
    try:
        return str(kinds.get(name).label)
    except kinds.UnknownKindError:
        return name


@for_hr
@require_http_methods(["GET", "POST"])
def cycle_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Lists what is unfinished; closing withdraws exactly what was listed."""
    cycle, at = cycle_for(request, pk), timezone.now()
    if request.method == "POST":
        actions.close_cycle(
            acting_user=reader(request), at=at, cycle=cycle, withdraw=named(request.POST.get("seen", "")),
            reason=request.POST.get("reason", ""), **posted(request, "close_cycle"),
        )  # fmt: skip
        messages.success(request, _("The cycle is closed."))
        return redirect("cycles:cycle_detail", pk)
    over = {row.pk for row in queries.windows_over(cycle, at)}
    rows = unfinished(cycle).select_related("employee", "org_unit").order_by("state", "employee__number")
    still_open = [row for row in rows if row.pk not in over]
    context = {
        "cycle": cycle, "rows": still_open[:PER_PAGE], "count": len(still_open), "over": len(over), "now": at,
        "appeals": sum(row.state == Step.APPEALED for row in still_open),
        "seen": ",".join(f"{row.pk}.{row.version}" for row in still_open),
    }  # fmt: skip
    return render(request, "appraisal/cycles/cycle_close.html", context)


def named(text: str) -> list[tuple[int, int]]:
    """`7.3,9.1`: the appraisals that the page listed, each with the version it showed."""
    pairs = (part.split(".") for part in text.split(",") if part)
    return [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and all(x.isdigit() for x in pair)]


@for_hr
@require_http_methods(["GET", "POST"])
def cycle_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_for(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel_cycle(
            acting_user=reader(request), at=timezone.now(), cycle=cycle, reason=form.cleaned_data["reason"],
            **posted(request, "cancel_cycle"),
        )  # fmt: skip
        messages.success(request, _("The draft is cancelled."))
        return redirect("cycles:cycle_list")
    return render(request, "appraisal/cycles/cycle_cancel.html", {"cycle": cycle, "form": form})
