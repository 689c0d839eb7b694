from django.urls import path

from appraisal.home.views import appraisals, frame, inbox

app_name = "home"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("my/", inbox.appraisal_mine, name="appraisal_mine"),
    path("team/", inbox.team_overview, name="team_overview"),
    path("team/remind/", inbox.team_nudge, name="team_nudge"),
    path("appraisals/<int:pk>/", appraisals.appraisal_detail, name="appraisal"),
    path("appraisals/<int:pk>/who-can-see/", appraisals.visibility, name="visibility"),
    path("language/", frame.language_switch, name="language_switch"),
    path("gallery/", frame.gallery, name="gallery"),
    path("healthz", frame.healthz, name="healthz"),
]
