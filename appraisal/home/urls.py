from django.urls import path

from appraisal.home import views

app_name = "home"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("language/", views.language_switch, name="language_switch"),
    path("gallery/", views.gallery, name="gallery"),
    path("healthz", views.healthz, name="healthz"),
]
