"""The procedure's acts on one appraisal."""

from django.urls import path

from appraisal.procedure.views import acts

app_name = "procedure"

ADDRESSES = {
    "targets_agree": "targets/agree",
    "review_start": "review/start",
    "self_review_pass_over": "self-review/pass-over",
    "appraisal_send_back": "send-back",
    "appraisal_countersign": "countersign",
    "result_release": "release",
    "result_recall": "recall",
    "appraisal_withdraw": "withdraw",
    "appraisal_reinstate": "reinstate",
}
urlpatterns = [
    *(
        path(f"appraisals/<int:pk>/{address}/", acts.appraisal_act, {"page": name}, name=name)
        for name, address in ADDRESSES.items()
    ),
    path("appraisals/<int:pk>/correct/", acts.result_correct, name="result_correct"),
]
