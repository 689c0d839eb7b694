"""Who may read and write people, roles and calendars."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from appraisal.people.models import User
from appraisal.people.roles import roles_of
from appraisal.people.states import Role
from workflow.verdicts import ALLOWED, Verdict, refused

KEEPS_PEOPLE = frozenset({Role.HR.value, Role.SYSADMIN.value})
READS_PEOPLE = KEEPS_PEOPLE | {Role.AUDITOR.value}


def may_read_people(user: User | AnonymousUser) -> Verdict:
    return ALLOWED if roles_of(user).names & READS_PEOPLE else _not_for_you()


def may_keep_people(user: User | AnonymousUser) -> Verdict:
    return ALLOWED if roles_of(user).names & KEEPS_PEOPLE else _not_for_you()


def may_keep_calendars(user: User | AnonymousUser) -> Verdict:
    return may_keep_people(user)


def may_give_roles(user: User | AnonymousUser) -> Verdict:
    return ALLOWED if Role.SYSADMIN in roles_of(user).names else _not_for_you()


def may_give_roles_to(user: User, holder: User) -> Verdict:
    """Nobody changes their own rights: so nobody raises themselves, and one administrator always remains."""
    verdict = may_give_roles(user)
    if verdict and user.pk == holder.pk:
        return refused(_("Nobody changes their own roles."), _("Another system administrator can do it."))
    return verdict


def _not_for_you() -> Verdict:
    return refused(_("Your roles do not allow this."), _("Human resources or a system administrator can help."))
