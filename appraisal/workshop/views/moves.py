"""A version is copied, handed in, sent back, published, retired."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appraisal.people.views.access import only, user_of
from appraisal.schemes.describe import describe
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.problems import SchemeRefusedError
from appraisal.workshop import actions
from appraisal.workshop.examples import cases_text
from appraisal.workshop.forms import HeadForm
from appraisal.workshop.queries import is_stored
from appraisal.workshop.rules import may_keep_schemes
from appraisal.workshop.views.access import frame_of, of_catalogue, version_for
from workflow.errors import GuardRefused


@only(may_keep_schemes)
@require_http_methods(["GET", "POST"])
def scheme_copy(request: HttpRequest, pk: int) -> HttpResponse:
    return _copy(request, version_for(request, pk))


@only(may_keep_schemes)
@require_http_methods(["GET", "POST"])
def catalogue_copy(request: HttpRequest, key: str, day: str) -> HttpResponse:
    return _copy(request, of_catalogue(key, day))


def _copy(request: HttpRequest, version: SchemeVersion) -> HttpResponse:
    now = timezone.now()
    initial = {
        "key": version.key, "title_zh": version.title_zh, "title_en": version.title_en,
        "valid_from": timezone.localdate(now),
    }  # fmt: skip
    form = HeadForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            copy = actions.copy_scheme(
                acting_user=user_of(request), at=now, document=version.document, cases=cases_text(version),
                head=form.head, based_on=version if is_stored(version) else None,
            )  # fmt: skip
        except SchemeRefusedError as error:
            for problem in error.problems:
                form.add_error(None, describe(problem))
        except GuardRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The draft is there. Change it, then hand it in for review."))
            return redirect("schemes:scheme_detail", copy.pk)
    context = {**frame_of(request, version), "form": form}
    return render(request, "appraisal/workshop/scheme_copy.html", context, status=422 if form.errors else 200)


@only(may_keep_schemes)
@require_POST
def catalogue_take(request: HttpRequest, key: str, day: str) -> HttpResponse:
    version = of_catalogue(key, day)
    new = actions.take_from_catalogue(acting_user=user_of(request), at=timezone.now(), key=key)
    stored = next((one for one in new if one.digest == version.digest), None)
    stored = stored or SchemeVersion.objects.filter(key=key, digest=version.digest).first()
    messages.success(request, _("The scheme is published; a cycle can begin with it."))
    return redirect("schemes:scheme_detail", stored.pk) if stored else redirect("schemes:scheme_list")


@only(may_keep_schemes)
@require_POST
def scheme_submit(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_for(request, pk)
    actions.hand_in(acting_user=user_of(request), at=timezone.now(), version=version, seen=_seen(request))
    messages.success(request, _("Handed in. Another member of human resources reviews and publishes it."))
    return redirect("schemes:scheme_detail", pk)


@only(may_keep_schemes)
@require_POST
def scheme_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_for(request, pk)
    actions.send_back(
        acting_user=user_of(request), at=timezone.now(), version=version, reason=_reason(request), seen=_seen(request)
    )
    messages.success(request, _("Sent back as a draft, with your reason."))
    return redirect("schemes:scheme_detail", pk)


@only(may_keep_schemes)
@require_POST
def scheme_publish(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_for(request, pk)
    actions.publish(acting_user=user_of(request), at=timezone.now(), version=version, seen=_seen(request))
    messages.success(request, _("Published. Cycles can begin with it; those that run keep their version."))
    return redirect("schemes:scheme_detail", pk)


@only(may_keep_schemes)
@require_POST
def scheme_retire(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_for(request, pk)
    actions.retire(
        acting_user=user_of(request), at=timezone.now(), version=version, reason=_reason(request), seen=_seen(request)
    )
    messages.success(request, _("Retired. No cycle begins with it any more; those that run keep it."))
    return redirect("schemes:scheme_detail", pk)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:2000]


def _seen(request: HttpRequest) -> int | None:
    written = request.POST.get("version", "")
    return int(written) if written.isdigit() else None
