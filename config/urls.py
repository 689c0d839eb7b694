"""Every address of the site, by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("appraisal.home.urls")),
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
