"""The ledgers of a period, and one ledger: typed, imported, locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.people.imports.tables import Unreadable
from appraisal.people.models import Person
from appraisal.people.views.access import user_of
from appraisal.records import rules
from appraisal.records.expected import wanted_period
from appraisal.records.forms import UploadForm
from appraisal.records.imports.ledger import confirm_rows, plan_rows, store_rows
from appraisal.records.known import words
from appraisal.records.ledger_forms import MOST_CELLS, LedgerForm
from appraisal.records.ledgers import current_rows, ledger_of, lock_ledger, save_rows, unlock_ledger
from appraisal.records.models import FigureImport, Ledger
from appraisal.records.papers import keeps
from appraisal.records.periods import Period, before, period_from, quarter_of, recent_periods
from appraisal.records.sheets import Sheets, may_see_sheet, spec_in
from appraisal.records.views.figures import period_or_404
from appraisal.schemes.spec import Ledger as LedgerSpec
from workflow import facts
from workflow.queries import history

if TYPE_CHECKING:
    from appraisal.people.models import User

PER_PAGE = 50
SHOWN_PROBLEMS = 200


@login_required
@require_GET
def sheet_list(request: HttpRequest) -> HttpResponse:
    """Ledgers and documents that the schemes of the period ask for."""
    user, now = user_of(request), timezone.now()
    today = timezone.localdate(now)
    try:
        period = period_from(request.GET["period"])
    except (KeyError, ValueError):
        period = wanted_period() or before(quarter_of(today))
    sheets = Sheets(user, period, today, request.GET.get("q", "").strip())
    page = Paginator(sheets.lines(), PER_PAGE).get_page(request.GET.get("page"))
    choices = recent_periods(today)
    context = {
        "sheets": sheets, "page": page, "period": period,
        "periods": choices if period in choices else [period, *choices],
    }  # fmt: skip
    return render(request, "appraisal/records/sheet_list.html", context)


def _asked(request: HttpRequest, person_pk: int, code: str, key: str) -> tuple[User, Ledger, LedgerSpec, Period]:
    """What the scheme does not ask for, and what is not for the reader, is not found."""
    user = user_of(request)
    person = get_object_or_404(Person, pk=person_pk)
    period = period_or_404(code)
    spec = spec_in(period, person, key)
    if not isinstance(spec, LedgerSpec) or not may_see_sheet(user, person, spec, timezone.localdate()):
        raise Http404
    return user, ledger_of(person, period, key, spec), spec, period


@login_required
@require_http_methods(["GET", "POST"])
def ledger_edit(request: HttpRequest, person_pk: int, code: str, key: str) -> HttpResponse:
    user, ledger, spec, _period = _asked(request, person_pk, code, key)
    rows = current_rows(ledger)
    form = LedgerForm.of_rows(spec.columns, rows)
    if request.method == "POST":
        form = LedgerForm.of_typed(spec.columns, request.POST)
        entered = form.read()
        if not form.faults:
            edition = request.POST.get("edition", "")
            save_rows(acting_user=user, at=timezone.now(), ledger=ledger, rows=entered,
                      edition=int(edition) if edition.isdigit() else 0)  # fmt: skip
            messages.success(request, _("The rows have been saved."))
            return redirect("records:ledger_edit", person_pk, code, key)
    context = _context(request, user, ledger, spec, form, len(rows))
    return render(request, "appraisal/records/ledger_edit.html", context, status=422 if form.faults else 200)


def _context(
    request: HttpRequest, user: User, ledger: Ledger, spec: LedgerSpec, form: LedgerForm, count: int
) -> dict[str, Any]:
    closed = bool(rules.locked([rules.Slot(ledger.person_id, ledger.period_start, ledger.period_end)]))
    keeper = keeps(ledger, user)
    return {
        "ledger": ledger, "spec": spec, "form": form, "count": count, "person": ledger.person, "keeper": keeper,
        "period": Period(ledger.period_start, ledger.period_end), "label": words(spec.label),
        "columns": [(words(column.label), words(column.unit) if column.unit else None)
                    for column in spec.columns.values()],
        "editable": keeper and not closed and not ledger.is_locked and count * len(spec.columns) <= MOST_CELLS,
        "too_many": count * len(spec.columns) > MOST_CELLS, "closed": closed,
        "upload": UploadForm() if keeper and not closed and not ledger.is_locked else None,
        "history": [(fact, facts.sentence(fact)) for fact in history(ledger)] if ledger.pk else [],
        "now": timezone.now(), "edition": request.POST.get("edition", ledger.edition),
    }  # fmt: skip


@login_required
@require_POST
def ledger_lock(request: HttpRequest, person_pk: int, code: str, key: str) -> HttpResponse:
    user, ledger, spec, _period = _asked(request, person_pk, code, key)
    lock_ledger(acting_user=user, at=timezone.now(), ledger=ledger, given=spec)
    messages.success(request, _("The ledger is locked and counts in the score."))
    return redirect("records:ledger_edit", person_pk, code, key)


@login_required
@require_POST
def ledger_unlock(request: HttpRequest, person_pk: int, code: str, key: str) -> HttpResponse:
    user, ledger, _spec, _period = _asked(request, person_pk, code, key)
    if ledger.pk is None:
        raise Http404
    unlock_ledger(acting_user=user, at=timezone.now(), ledger=ledger, reason=request.POST.get("reason", ""))
    messages.success(request, _("The ledger is open again. It counts nowhere until it is locked."))
    return redirect("records:ledger_edit", person_pk, code, key)


@login_required
@require_POST
def ledger_import(request: HttpRequest, person_pk: int, code: str, key: str) -> HttpResponse:
    """Keeps the file and shows what it would make of the ledger."""
    user, ledger, spec, _period = _asked(request, person_pk, code, key)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        rows = current_rows(ledger)
        shown = LedgerForm.of_rows(spec.columns, rows)
        context = {**_context(request, user, ledger, spec, shown, len(rows)), "upload": form}
        return render(request, "appraisal/records/ledger_edit.html", context, status=422)
    file = form.cleaned_data["file"]
    upload = store_rows(acting_user=user, at=timezone.now(), ledger=ledger, content=file.read(), file_name=file.name)
    return redirect("records:ledger_check", upload.pk)


def _upload(request: HttpRequest, pk: int) -> tuple[FigureImport, LedgerSpec]:
    user = user_of(request)
    upload = get_object_or_404(
        FigureImport.objects.select_related("ledger__person"), pk=pk, uploaded_by=user, ledger__isnull=False
    )
    assert upload.ledger is not None
    period = Period(upload.ledger.period_start, upload.ledger.period_end)
    spec = spec_in(period, upload.ledger.person, upload.ledger.input_key)
    # Whoever has changed posts since sees no more of the ledger than others do.
    if not isinstance(spec, LedgerSpec) or not may_see_sheet(user, upload.ledger.person, spec, timezone.localdate()):
        raise Http404
    return upload, spec


@login_required
@require_GET
def ledger_check(request: HttpRequest, pk: int) -> HttpResponse:
    upload, spec = _upload(request, pk)
    ledger = upload.ledger
    assert ledger is not None
    context: dict[str, Any] = {
        "upload": upload, "ledger": ledger, "person": ledger.person, "label": words(spec.label), "now": timezone.now(),
        "period": Period(ledger.period_start, ledger.period_end), "plan": None, "unreadable": "",
    }  # fmt: skip
    if upload.applied_at is None:
        try:
            plan = plan_rows(bytes(upload.content), given=spec, ledger=ledger, source=upload.file_name)
        except Unreadable as error:
            context["unreadable"] = error.reason
        else:
            context |= {"plan": plan, "problems": plan.problems[:SHOWN_PROBLEMS]}
    return render(request, "appraisal/records/ledger_check.html", context)


@login_required
@require_POST
def ledger_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    upload, spec = _upload(request, pk)
    ledger = confirm_rows(
        acting_user=user_of(request), at=timezone.now(), upload=upload, given=spec,
        digest=request.POST.get("digest", ""),
    )  # fmt: skip
    count = len(current_rows(ledger))
    words_ = ngettext("The ledger has %(count)d row now.", "The ledger has %(count)d rows now.", count)
    messages.success(request, words_ % {"count": count})
    period = Period(ledger.period_start, ledger.period_end)
    return redirect("records:ledger_edit", ledger.person_id, period.code, ledger.input_key)
