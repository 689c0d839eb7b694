"""The documents that are wanted of one person: handed in version by version, and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from appraisal.people.models import Person
from appraisal.people.views.access import user_of
from appraisal.records import documents, rules
from appraisal.records.document_forms import DueForm, HandInForm, JudgeForm
from appraisal.records.files import ACCEPT
from appraisal.records.known import words
from appraisal.records.marks import parted
from appraisal.records.models import Deliverable, DocumentVersion
from appraisal.records.papers import hands_in, judges
from appraisal.records.periods import Period
from appraisal.records.sheets import labels_of, may_see_sheet, spec_in
from appraisal.records.states import DocumentState
from appraisal.records.views.figures import period_or_404
from appraisal.schemes.spec import Deliverable as DeliverableSpec
from workflow.errors import GuardRefused

if TYPE_CHECKING:
    from appraisal.people.models import User

OTHER = "name"


def _asked(request: HttpRequest, person_pk: int, code: str, key: str) -> tuple[User, Person, DeliverableSpec, Period]:
    user, person, period = user_of(request), get_object_or_404(Person, pk=person_pk), period_or_404(code)
    spec = spec_in(period, person, key)
    if not isinstance(spec, DeliverableSpec) or not may_see_sheet(user, person, spec, timezone.localdate()):
        raise Http404
    return user, person, spec, period


@login_required
@require_GET
def document_list(request: HttpRequest, person_pk: int, code: str, key: str) -> HttpResponse:
    return _page(request, person_pk, code, key)


def _page(
    request: HttpRequest, person_pk: int, code: str, key: str, faults: dict[str, str] | None = None
) -> HttpResponse:
    user, person, spec, period = _asked(request, person_pk, code, key)
    found = documents.documents_of(person, period, key, spec)
    names = dict(labels_of(spec))
    closed = bool(rules.locked([rules.Slot(person.pk, period.starts_on, period.ends_on, parted(key)[1])]))
    probe = found[0] if found else Deliverable(person=person, by=spec.by)
    context = {
        "person": person, "period": period, "key": key, "label": words(spec.label), "spec": spec, "closed": closed,
        "lines": [
            {
                "document": one, "label": names.get(one.name, {"zh": one.name, "en": one.name}),
                "fault": (faults or {}).get(one.name, ""), "versions": _versions(one),
                "is_in": one.number > 0, "judged": one.state in {DocumentState.ACCEPTED, DocumentState.LATE},
            }
            for one in found
        ],
        "hands_in": hands_in(probe, user) and not closed, "judges": judges(probe, user) and not closed,
        "free": not spec.expected, "fault": (faults or {}).get("", ""), "typed": request.POST, "accept": ACCEPT,
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "appraisal/records/document_list.html", context, status=422 if faults else 200)


def _versions(document: Deliverable) -> list[DocumentVersion]:
    return sorted(document.versions.all(), key=lambda one: -one.number) if document.pk else []


def _named(request: HttpRequest, person_pk: int, code: str, key: str) -> tuple[User, Deliverable]:
    user, person, spec, period = _asked(request, person_pk, code, key)
    return user, documents.document_named(person, period, key, spec, request.POST.get(OTHER, ""))


@login_required
@require_POST
def document_act(request: HttpRequest, person_pk: int, code: str, key: str) -> HttpResponse:
    """`act`: hand_in, due, accept or reject. What is refused is said at its document; what was typed stays."""
    act, name = request.POST.get("act", ""), request.POST.get(OTHER, "")
    if act not in ACTS:
        raise Http404
    try:
        user, document = _named(request, person_pk, code, key)
        ACTS[act](request, user, document)
    except GuardRefused as refusal:
        place = name if name and request.POST.get("known") else ""
        return _page(request, person_pk, code, key, {place: f"{refusal.reason} {refusal.remedy}".strip()})
    return redirect("records:document_list", person_pk, code, key)


def _hand_in(request: HttpRequest, user: User, document: Deliverable) -> None:
    form = HandInForm(request.POST, request.FILES)
    if not form.is_valid():
        raise GuardRefused(_("Choose a file first."))
    file = form.cleaned_data["file"]
    assert isinstance(file, UploadedFile)
    documents.hand_in(acting_user=user, at=timezone.now(), document=document, file=file)
    messages.success(request, _("The document has been handed in."))


def _due(request: HttpRequest, user: User, document: Deliverable) -> None:
    form = DueForm(request.POST)
    if not form.is_valid():
        raise GuardRefused(_("Write the day as 2026-03-31."))
    documents.set_due_day(acting_user=user, at=timezone.now(), document=document, due_on=form.cleaned_data["due_on"])
    messages.success(request, _("The day has been set."))


def _stored(document: Deliverable) -> Deliverable:
    if document.pk is None:
        raise GuardRefused(_("Nothing has been handed in yet."))
    return document


def _accept(request: HttpRequest, user: User, document: Deliverable) -> None:
    form = JudgeForm(request.POST)
    if not form.is_valid():
        raise GuardRefused(_("The quality is given from 0 to 100."))
    documents.accept(
        acting_user=user, at=timezone.now(), document=_stored(document), quality=form.cleaned_data["quality"],
        note=form.cleaned_data["note"],
    )  # fmt: skip
    messages.success(request, _("The document has been accepted."))


def _reject(request: HttpRequest, user: User, document: Deliverable) -> None:
    documents.reject(
        acting_user=user, at=timezone.now(), document=_stored(document), reason=request.POST.get("note", "")
    )
    messages.success(request, _("The document has been rejected."))


ACTS = {"hand_in": _hand_in, "due": _due, "accept": _accept, "reject": _reject}


@require_GET
@never_cache
@login_required
def document_download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Always an attachment: whatever is in it does not run here."""
    version = get_object_or_404(DocumentVersion.objects.select_related("deliverable__person"), pk=pk)
    document = version.deliverable
    period = Period(document.period_start, document.period_end)
    spec = spec_in(period, document.person, document.input_key)
    user, today = user_of(request), timezone.localdate()
    if not isinstance(spec, DeliverableSpec) or not may_see_sheet(user, document.person, spec, today):
        raise Http404
    try:
        stored = version.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stored, as_attachment=True, filename=version.name, content_type=version.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
