from django.urls import path, register_converter
from django.urls.converters import StringConverter

from appraisal.records.states import IncidentVerb
from appraisal.records.views import figures, imports, incidents

app_name = "records"


class PeriodConverter(StringConverter):
    regex = r"[0-9QH.\-]{4,24}"


class DecisionConverter(StringConverter):
    regex = f"{IncidentVerb.CONFIRM}|{IncidentVerb.REJECT}"


register_converter(PeriodConverter, "period")
register_converter(DecisionConverter, "incident_decision")

urlpatterns = [
    path("records/", figures.figure_list, name="figure_list"),
    path("records/figures/<int:person_pk>/<period:code>/<slug:key>/", figures.figure_edit, name="figure_edit"),
    path("records/import/", imports.figure_import, name="figure_import"),
    path("records/import/template/", imports.import_template, name="import_template"),
    path("records/import/<int:pk>/", imports.import_check, name="import_check"),
    path("records/import/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("records/import/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("records/incidents/", incidents.incident_list, name="incident_list"),
    path("records/incidents/new/", incidents.incident_report, name="incident_report"),
    path("records/incidents/<int:pk>/", incidents.incident_detail, name="incident_detail"),
    path("records/incidents/<int:pk>/<incident_decision:verb>/", incidents.incident_decide, name="incident_decide"),
]
