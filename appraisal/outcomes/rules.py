"""Who decides on what follows from a result. Nobody for themselves, no manager about the pay of their own people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.rules import is_employee, is_manager
from appraisal.outcomes.states import OutcomeKind, OutcomeState
from appraisal.people.roles import roles_of
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.outcomes.models import OutcomeProposal
    from appraisal.people.models import User

MANAGER = "manager"
OWN = _("Nobody decides on what follows from their own result.")
FOR_OTHERS = _("This is decided by HR, or by whom the scheme names.")
NOT_THEIRS = (OWN, FOR_OTHERS)


def is_decider(proposal: OutcomeProposal, user: User) -> bool:
    """One of the roles that the scheme names. A manager decides only where it names managers."""
    if is_employee(proposal.appraisal, user):
        return False
    named = {name for name in proposal.deciders.split(",") if name}
    if is_manager(proposal.appraisal, user):
        return MANAGER in named
    return bool(roles_of(user).names & named)


def may_decide(proposal: OutcomeProposal, user: User) -> Verdict:
    if is_employee(proposal.appraisal, user):
        return refused(OWN)
    if not is_decider(proposal, user):
        return refused(FOR_OTHERS)
    if proposal.state != OutcomeState.PROPOSED:
        return refused(_("This has been decided already, or the result has changed since."))
    return ALLOWED


def may_approve(proposal: OutcomeProposal, user: User) -> Verdict:
    verdict = may_decide(proposal, user)
    if verdict and proposal.kind == OutcomeKind.PAY and proposal.amount is None:
        return refused(_("Enter the base first; the amount follows from it."))
    return verdict
