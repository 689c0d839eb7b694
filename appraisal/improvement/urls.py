from django.urls import path

from appraisal.improvement.views import acting, reading

app_name = "improvement"
PLAN = "improvement/<int:pk>/"

urlpatterns = [
    path("improvement/", reading.plan_list, name="plan_list"),
    path("appraisals/<int:pk>/improvement/", reading.plan_current, name="plan_current"),
    path("appraisals/<int:pk>/improvement/draft/", acting.plan_draft, name="plan_draft"),
    path(PLAN, reading.plan_detail, name="plan_detail"),
    path(f"{PLAN}edit/", acting.plan_edit, name="plan_edit"),
    path(f"{PLAN}approve/", acting.plan_approve, name="plan_approve"),
    path(f"{PLAN}deliver/", acting.plan_deliver, name="plan_deliver"),
    path(f"{PLAN}accept/", acting.plan_accept, name="plan_accept"),
    path(f"{PLAN}refuse/", acting.plan_refuse, name="plan_refuse"),
    path(f"{PLAN}check-in/", acting.check_in_record, name="check_in_record"),
    path(f"{PLAN}milestones/<int:milestone_pk>/", acting.milestone_judge, name="milestone_judge"),
    path(f"{PLAN}review/", acting.plan_review, name="plan_review"),
    path(f"{PLAN}conclude/", acting.plan_conclude, name="plan_conclude"),
    path(f"{PLAN}conclusion/approve/", acting.conclusion_approve, name="conclusion_approve"),
    path(f"{PLAN}conclusion/return/", acting.conclusion_return, name="conclusion_return"),
    path(f"{PLAN}cancel/", acting.plan_cancel, name="plan_cancel"),
]
