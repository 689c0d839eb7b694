from django.urls import path, register_converter
from django.urls.converters import StringConverter

from appraisal.records.states import IncidentVerb
from appraisal.records.views import documents, figures, imports, incidents, ledgers

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
    path("records/sheets/", ledgers.sheet_list, name="sheet_list"),
    path("records/ledgers/<int:person_pk>/<period:code>/<slug:key>/", ledgers.ledger_edit, name="ledger_edit"),
    path("records/ledgers/<int:person_pk>/<period:code>/<slug:key>/lock/", ledgers.ledger_lock, name="ledger_lock"),
    path(
        "records/ledgers/<int:person_pk>/<period:code>/<slug:key>/unlock/", ledgers.ledger_unlock, name="ledger_unlock"
    ),
    path(
        "records/ledgers/<int:person_pk>/<period:code>/<slug:key>/import/", ledgers.ledger_import, name="ledger_import"
    ),
    path("records/ledgers/import/<int:pk>/", ledgers.ledger_check, name="ledger_check"),
    path("records/ledgers/import/<int:pk>/confirm/", ledgers.ledger_confirm, name="ledger_confirm"),
    path("records/documents/<int:person_pk>/<period:code>/<slug:key>/", documents.document_list, name="document_list"),
    path(
        "records/documents/<int:person_pk>/<period:code>/<slug:key>/act/", documents.document_act, name="document_act"
    ),
    path("records/documents/file/<int:pk>/", documents.document_download, name="document_download"),
    path("records/incidents/", incidents.incident_list, name="incident_list"),
    path("records/incidents/new/", incidents.incident_report, name="incident_report"),
    path("records/incidents/<int:pk>/", incidents.incident_detail, name="incident_detail"),
    path("records/incidents/<int:pk>/<incident_decision:verb>/", incidents.incident_decide, name="incident_decide"),
]
