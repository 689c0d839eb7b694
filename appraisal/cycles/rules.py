"""Relations to an appraisal, as roles of the machines, and what each may see when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.process import rule_of
from appraisal.cycles.states import BEFORE_RELEASE, OPEN, Step
from appraisal.people.roles import roles_of
from workflow.machine import Attempt, Role
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User


# By how many working days HR moves a deadline at most.
LONGEST_EXTENSION = 20


def is_employee(appraisal: Appraisal, user: User) -> bool:
    return appraisal.employee_account_id == user.pk


def is_manager(appraisal: Appraisal, user: User) -> bool:
    return appraisal.manager_account_id == user.pk


def is_second_level(appraisal: Appraisal, user: User) -> bool:
    return appraisal.second_level_account_id == user.pk


def is_hr(appraisal: Appraisal, user: User) -> bool:
    """HR for everybody but themselves."""
    return "hr" in roles_of(user).names and not is_employee(appraisal, user)


def is_hr_partner(appraisal: Appraisal, user: User) -> bool:
    return appraisal.org_unit_id in roles_of(user).partner_unit_ids and not is_employee(appraisal, user)


def is_auditor(appraisal: Appraisal, user: User) -> bool:
    return "auditor" in roles_of(user).names


def panel_roles(appraisal: Appraisal) -> tuple[str, ...]:
    """The roles that decide an appeal on this appraisal, from its scheme."""
    rule = rule_of(appraisal.track, Step.APPEALED)
    return rule.holder if rule is not None else ("hr",)


def may_sit_on_panel(appraisal: Appraisal, user: User) -> bool:
    """Nobody decides on their own appraisal, or on a result that they scored or calibrated."""
    concerned = {
        appraisal.employee_account_id, appraisal.manager_account_id, appraisal.scored_by_id, appraisal.calibrated_by_id,
    }  # fmt: skip
    return user.pk not in concerned and bool(roles_of(user).names & set(panel_roles(appraisal)))


EMPLOYEE = Role("employee", _("the employee"), is_employee)
MANAGER = Role("manager", _("the direct manager"), is_manager)
SECOND_LEVEL = Role("second_level", _("the second-level manager"), is_second_level)
HR = Role("hr", _("HR"), is_hr)
HR_PARTNER = Role("hr_partner", _("the HR partner of the unit"), is_hr_partner)
PANEL = Role("panel", _("the appeal panel"), may_sit_on_panel)


def may_see_result(appraisal: Appraisal, user: User) -> bool:
    """The employee after release; the manager and those above from the score on; HR and auditors always."""
    if is_employee(appraisal, user):
        return appraisal.released_at is not None and appraisal.state not in BEFORE_RELEASE
    return (
        is_manager(appraisal, user)
        or is_second_level(appraisal, user)
        or is_hr(appraisal, user)
        or is_hr_partner(appraisal, user)
        or is_auditor(appraisal, user)
        or (appraisal.state == Step.APPEALED and may_sit_on_panel(appraisal, user))
    )


def unfinished(cycle: AppraisalCycle) -> QuerySet[Appraisal]:
    """What keeps a cycle from being closed. Improvement plans run on after it."""
    return Appraisal.objects.filter(cycle=cycle, state__in=[step for step in OPEN if step != Step.IMPROVING])


def nothing_unfinished(attempt: Attempt) -> Verdict:
    count = unfinished(attempt.subject).count()
    if not count:
        return ALLOWED
    return refused(
        ngettext("%(count)d appraisal is still open.", "%(count)d appraisals are still open.", count)
        % {"count": count},
        _("Finish them, or name them when closing: they are then withdrawn with your reason."),
    )
