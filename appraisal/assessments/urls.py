from django.urls import path

from appraisal.assessments.views import explanations, files, ratings, scores, self_reviews

app_name = "assessments"
urlpatterns = [
    path("appraisals/<int:pk>/self-review/", self_reviews.self_review_detail, name="self_review_detail"),
    path("appraisals/<int:pk>/self-review/edit/", self_reviews.self_review_edit, name="self_review_edit"),
    path("appraisals/<int:pk>/self-review/draft/", self_reviews.self_review_save, name="self_review_save"),
    path("appraisals/<int:pk>/self-review/gaps/", self_reviews.self_review_gap_list, name="self_review_gap_list"),
    path("appraisals/<int:pk>/self-review/reveal/", scores.self_review_reveal, name="self_review_reveal"),
    path("appraisals/<int:pk>/score/", scores.score_detail, name="score_detail"),
    path("appraisals/<int:pk>/score/edit/", scores.score_edit, name="score_edit"),
    path("appraisals/<int:pk>/score/draft/", scores.score_save, name="score_save"),
    path("appraisals/<int:pk>/score/preview/", scores.score_preview, name="score_preview"),
    path("appraisals/<int:pk>/evidence/", files.evidence_attach, name="evidence_attach"),
    path("appraisals/<int:pk>/evidence/<int:evidence_pk>/", files.evidence_download, name="evidence_download"),
    path("appraisals/<int:pk>/evidence/<int:evidence_pk>/remove/", files.evidence_remove, name="evidence_remove"),
    path("appraisals/<int:pk>/explanation/", explanations.explanation, name="explanation"),
    path("appraisals/<int:pk>/results/<int:result_pk>/", explanations.result_explanation, name="result_explanation"),
    path("appraisals/<int:pk>/raters/", ratings.raters_invite, name="raters_invite"),
    path("appraisals/<int:pk>/raters/expire/", ratings.ratings_expire, name="ratings_expire"),
    path("ratings/", ratings.rating_list, name="rating_list"),
    path("ratings/<int:pk>/", ratings.rating_edit, name="rating_edit"),
    path("ratings/<int:pk>/draft/", ratings.rating_save, name="rating_save"),
    path("ratings/<int:pk>/accept/", ratings.rating_accept, name="rating_accept"),
    path("ratings/<int:pk>/decline/", ratings.rating_decline, name="rating_decline"),
]
