from django.urls import path

from appraisal.outcomes import views

app_name = "outcomes"

urlpatterns = [
    path("outcomes/", views.outcome_list, name="outcome_list"),
    path("outcomes/bulk/", views.outcome_bulk, name="outcome_bulk"),
    path("outcomes/<int:pk>/", views.outcome_detail, name="outcome_detail"),
    path("outcomes/<int:pk>/base/", views.base_set, name="base_set"),
    path("outcomes/<int:pk>/approve/", views.outcome_approve, name="outcome_approve"),
    path("outcomes/<int:pk>/reject/", views.outcome_reject, name="outcome_reject"),
    path("appraisals/<int:pk>/outcomes/", views.appraisal_outcomes, name="appraisal_outcomes"),
]
