from django.urls import path

from appraisal.interviews import views

app_name = "interviews"
urlpatterns = [
    path("appraisals/<int:pk>/interview/", views.interview_detail, name="interview_detail"),
    path("appraisals/<int:pk>/interview/appointment/", views.interview_schedule, name="interview_schedule"),
    path("appraisals/<int:pk>/interview/record/", views.interview_record, name="interview_record"),
    path("appraisals/<int:pk>/interview/confirm/", views.interview_confirm, name="interview_confirm"),
    path("appraisals/<int:pk>/interview/return/", views.interview_return, name="interview_return"),
    path("appraisals/<int:pk>/interview/close/", views.interview_close, name="interview_close"),
    path("appraisals/<int:pk>/interview.ics", views.interview_calendar, name="interview_calendar"),
    path("appraisals/<int:pk>/acknowledgement/", views.result_acknowledge, name="result_acknowledge"),
]
