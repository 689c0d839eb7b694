from django.urls import path

from appraisal.appeals.views import cases, lodging, panel

app_name = "appeals"
urlpatterns = [
    path("appeals/", cases.appeal_list, name="appeal_list"),
    path("appraisals/<int:pk>/appeal/", cases.appeal_current, name="appeal_current"),
    path("appraisals/<int:pk>/appeal/papers/", cases.appeal_papers, name="appeal_papers"),
    path("appraisals/<int:pk>/appeal/new/", lodging.appeal_lodge, name="appeal_lodge"),
    path("appraisals/<int:pk>/appeal/draft/", lodging.appeal_save, name="appeal_save"),
    path("appraisals/<int:pk>/appeal/withdrawal/", lodging.appeal_withdraw, name="appeal_withdraw"),
    path("appraisals/<int:pk>/appeal/take-up/", panel.appeal_take_up, name="appeal_take_up"),
    path("appraisals/<int:pk>/appeal/decision/", panel.decision_write, name="decision_write"),
    path("appraisals/<int:pk>/appeal/signature/", panel.decision_sign, name="decision_sign"),
    path("appraisals/<int:pk>/appeal/extension/", panel.decision_extend, name="decision_extend"),
]
