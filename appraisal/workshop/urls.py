from django.urls import path

from appraisal.workshop.views import calculating, editing, entries, library, moves, simulating

app_name = "schemes"
OF_CATALOGUE = "catalogue/<slug:key>/<str:day>"

urlpatterns = [
    path("", library.scheme_list, name="scheme_list"),
    path("check/", editing.scheme_check, name="scheme_check"),
    path(f"{OF_CATALOGUE}/", library.catalogue_detail, name="catalogue_detail"),
    path(f"{OF_CATALOGUE}/copy/", moves.catalogue_copy, name="catalogue_copy"),
    path(f"{OF_CATALOGUE}/take/", moves.catalogue_take, name="catalogue_take"),
    path(f"{OF_CATALOGUE}/calculate/", calculating.catalogue_calculate, name="catalogue_calculate"),
    path("<int:pk>/", library.scheme_detail, name="scheme_detail"),
    path("<int:pk>/document/", library.scheme_document, name="scheme_document"),
    path("<int:pk>/difference/", library.scheme_difference, name="scheme_difference"),
    path("<int:pk>/edit/", editing.scheme_edit, name="scheme_edit"),
    path("<int:pk>/edit/<slug:part>/", editing.part_edit, name="part_edit"),
    path("<int:pk>/edit/<slug:part>/<str:key>/", entries.entry_edit, name="entry_edit"),
    path("<int:pk>/add/<slug:part>/", entries.entry_add, name="entry_add"),
    path("<int:pk>/remove/<slug:part>/<str:key>/", entries.entry_remove, name="entry_remove"),
    path("<int:pk>/examples/", editing.cases_edit, name="cases_edit"),
    path("<int:pk>/calculate/", calculating.scheme_calculate, name="scheme_calculate"),
    path("<int:pk>/simulate/", simulating.scheme_simulate, name="scheme_simulate"),
    path(f"{OF_CATALOGUE}/simulate/", simulating.catalogue_simulate, name="catalogue_simulate"),
    path("<int:pk>/copy/", moves.scheme_copy, name="scheme_copy"),
    path("<int:pk>/submit/", moves.scheme_submit, name="scheme_submit"),
    path("<int:pk>/send-back/", moves.scheme_send_back, name="scheme_send_back"),
    path("<int:pk>/publish/", moves.scheme_publish, name="scheme_publish"),
    path("<int:pk>/retire/", moves.scheme_retire, name="scheme_retire"),
]
