"""A draft as text, its single parts as forms, and its worked examples."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appraisal.people.views.access import only, user_of
from appraisal.schemes.loader import digest_of
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.problems import SchemeRefusedError
from appraisal.schemes.states import VersionState
from appraisal.workshop.actions import save_cases, save_document
from appraisal.workshop.entries import moved
from appraisal.workshop.examples import cases_text, examples_of
from appraisal.workshop.findings import Finding, findings_of, found_in
from appraisal.workshop.forms import CasesForm, DocumentForm
from appraisal.workshop.parts import PARTS, PartForm
from appraisal.workshop.patching import NoSuchPlaceError, Patch
from appraisal.workshop.rules import may_keep_schemes
from appraisal.workshop.views.access import frame_of, version_for
from workflow.errors import GuardRefused


def draft_for(request: HttpRequest, pk: int) -> SchemeVersion:
    version = version_for(request, pk)
    if version.state != VersionState.DRAFT:
        raise Http404
    return version


@only(may_keep_schemes)
@require_http_methods(["GET", "POST"])
def scheme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A refused text stays in the form, with what is wrong at which line."""
    version = draft_for(request, pk)
    form = DocumentForm(request.POST or None, initial={"text": version.document, "seen": version.digest})
    findings = findings_of(version.document)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        try:
            saved = save_document(
                acting_user=user_of(request), at=timezone.now(), version=version, text=text,
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except SchemeRefusedError as error:
            findings = found_in(error.problems, text)
            form.add_error(
                "text", _("Not saved: the document cannot be read. Your text is kept here; nothing is lost.")
            )
        except GuardRefused as refusal:
            form.add_error("text", refusal.reason)
        else:
            say_saved(request, saved)
            return redirect("schemes:scheme_edit", pk)
    context = {**frame_of(request, version), "form": form, "findings": findings, "leads": True}
    status = 422 if form.errors else 200
    return render(request, "appraisal/workshop/scheme_edit.html", context, status=status)


def say_saved(request: HttpRequest, version: SchemeVersion) -> None:
    messages.success(request, _("Saved."))
    failing = [one for one in examples_of(version) if one.failed]
    if failing:
        words = _("Worked examples that do not come out as written: %(count)d of %(all)d.")
        messages.warning(request, words % {"count": len(failing), "all": len(examples_of(version))})


@only(may_keep_schemes)
@require_POST
def scheme_check(request: HttpRequest) -> HttpResponse:
    """The findings on a text that is being typed; nothing is kept."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return render(request, "appraisal/workshop/_findings.html", {"findings": findings_of(text), "leads": True})


@only(may_keep_schemes)
@require_http_methods(["GET", "POST"])
def part_edit(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    version = draft_for(request, pk)
    if part not in PARTS:
        raise Http404
    kind, label = PARTS[part]
    form = kind(version.scheme, request.POST or None)
    if request.method == "POST" and form.is_valid() and _written(request, version, part, form):
        return redirect("schemes:part_edit", pk, part)
    context = {
        **frame_of(request, version),
        "form": form,
        "part": part,
        "part_label": label,
        "findings": findings_of(version.document),
        "seen": request.POST.get("seen") or version.digest,
    }
    return render(request, "appraisal/workshop/part_edit.html", context, status=422 if form.errors else 200)


def _written(request: HttpRequest, version: SchemeVersion, part: str, form: PartForm) -> bool:
    patch, text = Patch(version.document), version.document
    try:
        form.write(patch)
        text = moved(patch.applied(), version.scheme, part, request.POST.get("act", ""))
        saved = save_document(
            acting_user=user_of(request), at=timezone.now(), version=version, text=text,
            seen=request.POST.get("seen", ""), part=part,
        )  # fmt: skip
    except SchemeRefusedError as error:
        for finding in found_in(error.problems, text):
            form.add_error(
                None, _("Line %(line)s: %(sentence)s") % {"line": finding.line, "sentence": finding.sentence}
            )
        return False
    except NoSuchPlaceError:
        form.add_error(None, _("This place is written in a way that only the document itself can change."))
        return False
    except GuardRefused as refusal:
        form.add_error(None, refusal.reason)
        return False
    say_saved(request, saved)
    return True


@only(may_keep_schemes)
@require_http_methods(["GET", "POST"])
def cases_edit(request: HttpRequest, pk: int) -> HttpResponse:
    version = draft_for(request, pk)
    initial = {"text": cases_text(version) or _template(version), "seen": digest_of(version.cases)}
    form = CasesForm(request.POST or None, initial=initial)
    findings: tuple[Finding, ...] = ()
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        try:
            saved = save_cases(
                acting_user=user_of(request), at=timezone.now(), version=version, text=text,
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except SchemeRefusedError as error:
            findings = found_in(error.problems, text)
            form.add_error(
                "text", _("Not saved: the document cannot be read. Your text is kept here; nothing is lost.")
            )
        else:
            say_saved(request, saved)
            return redirect("schemes:cases_edit", pk)
    context: dict[str, Any] = {
        **frame_of(request, version), "form": form, "findings": findings, "leads": True,
        "examples": examples_of(version),
    }  # fmt: skip
    return render(request, "appraisal/workshop/cases_edit.html", context, status=422 if form.errors else 200)


def _template(version: SchemeVersion) -> str:
    scheme = version.scheme
    names = "".join(f"      # {key}:\n" for key in scheme.inputs)
    return (
        f"scheme: {scheme.scheme}\nas_of: {scheme.valid_from.isoformat()}\ncases:\n"
        f"  - case: 1\n    period: {scheme.period_kinds[0]}\n    input: {{}}\n{names}    output: {{}}\n"
    )
