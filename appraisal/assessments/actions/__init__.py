"""The verbs of self-review, score, evidence and ratings."""

from appraisal.assessments.actions.evidence import attach_evidence, remove_evidence
from appraisal.assessments.actions.ratings import (
    accept_rating,
    decline_rating,
    expire_rating,
    invite_raters,
    save_rating,
    submit_rating,
)
from appraisal.assessments.actions.reviews import (
    Patch,
    reveal_self_review,
    save_score_draft,
    save_self_review_draft,
    submit_score,
    submit_self_review,
)

__all__ = [
    "Patch",
    "accept_rating",
    "attach_evidence",
    "decline_rating",
    "expire_rating",
    "invite_raters",
    "remove_evidence",
    "reveal_self_review",
    "save_rating",
    "save_score_draft",
    "save_self_review_draft",
    "submit_rating",
    "submit_score",
    "submit_self_review",
]
