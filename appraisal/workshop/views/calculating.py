"""Typed figures scored by a version. Nothing is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.people.views.access import only
from appraisal.schemes.models import SchemeVersion
from appraisal.scoring.refusals import CaseError
from appraisal.workshop.calculator import CalculatorForm
from appraisal.workshop.examples import first_example
from appraisal.workshop.refusals import refusal_words
from appraisal.workshop.rules import may_read_schemes
from appraisal.workshop.scoring_page import Reckoned, reckoned
from appraisal.workshop.views.access import frame_of, of_catalogue, version_for, with_row


@only(may_read_schemes)
@require_http_methods(["GET", "POST"])
def scheme_calculate(request: HttpRequest, pk: int) -> HttpResponse:
    return _calculate(request, version_for(request, pk))


@only(may_read_schemes)
@require_http_methods(["GET", "POST"])
def catalogue_calculate(request: HttpRequest, key: str, day: str) -> HttpResponse:
    return _calculate(request, of_catalogue(key, day))


def _calculate(request: HttpRequest, version: SchemeVersion) -> HttpResponse:
    scheme = version.scheme
    typed = with_row(request.POST, request.POST.get("act", ""))
    adds = typed is not request.POST
    form = CalculatorForm(
        scheme, None if adds else request.POST or None, case=first_example(version),
        today=timezone.localdate(timezone.now()), kept=typed,
    )  # fmt: skip
    found: Reckoned | None = None
    if request.method == "POST" and not adds and form.is_valid():
        try:
            found = reckoned(scheme, form.case)
        except CaseError as error:
            words = {"reason": refusal_words(error)}
            form.add_error(None, _("These figures do not fit the scheme: %(reason)s") % words)
    context = {**frame_of(request, version), "form": form, "found": found}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "appraisal/workshop/scheme_calculate.html", context, status=status)
