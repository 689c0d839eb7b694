from django.urls import path

from appraisal.calibration.states import SessionVerb
from appraisal.calibration.views import decisions, sessions

app_name = "calibration"
MOVES = {
    "session_open": ("open", SessionVerb.OPEN),
    "session_lock": ("lock", SessionVerb.LOCK),
    "session_unlock": ("unlock", SessionVerb.UNLOCK),
    "session_finalise": ("finalise", SessionVerb.FINALISE),
    "session_cancel": ("cancel", SessionVerb.CANCEL),
}
urlpatterns = [
    path("calibration/cycles/<int:pk>/", sessions.session_list, name="session_list"),
    path("calibration/cycles/<int:pk>/new/", sessions.session_new, name="session_new"),
    path("calibration/<int:pk>/", sessions.session_detail, name="session_detail"),
    path("calibration/<int:pk>/table/", sessions.session_table, name="session_table"),
    path("calibration/<int:pk>/edit/", sessions.session_edit, name="session_edit"),
    *(
        path(f"calibration/<int:pk>/{address}/", sessions.session_move, {"verb": verb}, name=name)
        for name, (address, verb) in MOVES.items()
    ),
    path("calibration/<int:pk>/people/<int:appraisal_pk>/", decisions.person_detail, name="person_detail"),
    path("calibration/<int:pk>/people/<int:appraisal_pk>/decide/", decisions.person_decide, name="person_decide"),
    path("appraisals/<int:pk>/calibration/", decisions.decision_edit, name="decision_edit"),
]
