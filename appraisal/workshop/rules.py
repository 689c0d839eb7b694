"""Who may read and keep schemes, and what a version needs before others rely on it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from appraisal.people.models import User
from appraisal.people.roles import roles_of
from appraisal.people.states import Role
from appraisal.workshop.examples import examples_of
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused

SIMULATES = frozenset({Role.HR.value, Role.AUDITOR.value})
READS_SCHEMES = frozenset({Role.HR.value, Role.SYSADMIN.value, Role.AUDITOR.value})


def may_read_schemes(user: User | AnonymousUser) -> Verdict:
    return ALLOWED if roles_of(user).names & READS_SCHEMES else _not_for_you()


def may_keep_schemes(user: User | AnonymousUser) -> Verdict:
    return ALLOWED if Role.HR in roles_of(user).names else _not_for_you()


def may_simulate(user: User | AnonymousUser) -> Verdict:
    """Those who read what people came to: a simulation shows it."""
    return ALLOWED if roles_of(user).names & SIMULATES else _not_for_you()


def is_another(attempt: Attempt) -> Verdict:
    """Four eyes: who handed the version in does not publish it."""
    if attempt.user is None or attempt.user.pk != attempt.subject.handed_in_by_id:
        return ALLOWED
    return refused(
        _("You handed this version in yourself; a second person looks at it before it is published."),
        _("Ask another member of human resources."),
    )


def examples_hold(attempt: Attempt) -> Verdict:
    failing = next((one for one in examples_of(attempt.subject) if one.failed), None)
    if failing is None:
        return ALLOWED
    return refused(
        _("The worked example “%(name)s” does not come out as written.") % {"name": failing.name},
        _("Correct the scheme or the example; both are on the page of the version."),
    )


def _not_for_you() -> Verdict:
    return refused(_("Your roles do not allow this."), _("Human resources or a system administrator can help."))
