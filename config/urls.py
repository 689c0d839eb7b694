"""Every address of the site, by room."""

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import include, path


def closed(request: HttpRequest, **parts: str) -> NoReturn:
    raise Http404


# Accounts and mail addresses come from the register of people; allauth's own pages about them are not for this site.
CLOSED = ("email/", "confirm-email/", "confirm-email/<str:key>/", "login/code/confirm/")

urlpatterns = [
    path("", include("appraisal.home.urls")),
    *(path(f"accounts/{address}", closed) for address in CLOSED),
    path("accounts/", include("allauth.urls")),
    path("notices/", include("notifications.urls")),
    path("people/", include("appraisal.people.urls")),
    path("", include("appraisal.assessments.urls")),
    path("", include("appraisal.calibration.urls")),
    path("", include("appraisal.interviews.urls")),
    path("", include("appraisal.appeals.urls")),
    path("", include("appraisal.records.urls")),
    path("", include("appraisal.improvement.urls")),
    path("", include("appraisal.outcomes.urls")),
    path("schemes/", include("appraisal.workshop.urls")),
    path("cycles/", include("appraisal.procedure.cycle_urls")),
    path("", include("appraisal.procedure.urls")),
]
