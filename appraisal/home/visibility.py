"""Who can see an appraisal, asked of the same rules that let them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from appraisal.assessments.rules import may_read_manager_review, may_read_self_review
from appraisal.cycles.desks import people_of
from appraisal.cycles.models import Appraisal
from appraisal.cycles.queries import visible_to
from appraisal.cycles.rules import may_see_result
from appraisal.people.models import User

ROLES = ("employee", "manager", "second_level", "hr_partner", "hr", "auditor", "panel")


@dataclass(frozen=True, slots=True)
class Sight:
    """One person, why they see the appraisal, and what of it they see now."""

    user: User
    relation: str
    self_review: bool
    review: bool
    result: bool


def who_can_see(appraisal: Appraisal) -> list[Sight]:
    """Everybody with a relation for whom `visible_to` finds the appraisal, nearest first."""
    words = {
        "employee": _("Employee"),
        "manager": _("Direct manager"),
        "second_level": _("Second-level manager"),
        "hr_partner": _("HR partner of the unit"),
        "hr": _("HR"),
        "auditor": _("Auditor"),
        "panel": _("Appeal panel"),
    }
    by_role = people_of([appraisal], ROLES)[appraisal.pk]
    relation: dict[int, str] = {}
    for role in ROLES:
        for account in by_role.get(role, ()):
            relation.setdefault(account, words[role])
    users = User.objects.filter(Q(pk__in=relation), is_active=True).in_bulk()
    return [
        Sight(
            user=users[pk],
            relation=why,
            self_review=bool(may_read_self_review(appraisal, users[pk])),
            review=bool(may_read_manager_review(appraisal, users[pk])),
            result=may_see_result(appraisal, users[pk]),
        )
        for pk, why in relation.items()
        if pk in users and visible_to(users[pk]).filter(pk=appraisal.pk).exists()
    ]
