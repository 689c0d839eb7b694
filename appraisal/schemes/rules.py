"""Who may keep schemes, and which may be published."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal.people.models import User
from appraisal.people.roles import roles_of
from appraisal.people.states import Role
from appraisal.schemes.describe import describe_with_place
from appraisal.schemes.validator import stands_in_the_way
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused


def keeps_schemes(_subject: Any, user: User) -> bool:
    return Role.HR in roles_of(user).names


def is_complete(attempt: Attempt) -> Verdict:
    problems = stands_in_the_way(attempt.subject.scheme)
    if not problems:
        return ALLOWED
    return refused(describe_with_place(problems[0]), _("Mend what the checks of the scheme report."))
