"""Who can see an appraisal, asked of the same rules that let them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from appraisal.assessments.rules import may_read_manager_review, may_read_self_review
from appraisal.cycles.models import Appraisal
from appraisal.cycles.queries import relation_to
from appraisal.cycles.rules import (
    is_auditor,
    is_employee,
    is_hr,
    is_hr_partner,
    is_manager,
    is_second_level,
    may_see_result,
    may_sit_on_panel,
    panel_roles,
)
from appraisal.people.models import User
from appraisal.people.roles import Roles, grants_above
from appraisal.people.states import Role

# Nearest first.
RELATIONS = {
    "employee": _("Employee"),
    "manager": _("Direct manager"),
    "second_level": _("Second-level manager"),
    "hr_partner": _("HR partner of the unit"),
    "hr": _("HR"),
    "auditor": _("Auditor"),
    "panel": _("Appeal panel"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """One person, why they see the appraisal, and what of it they see now."""

    user: User
    relation: str
    self_review: bool
    review: bool
    result: bool


def who_can_see(appraisal: Appraisal) -> list[Sight]:
    """Everybody with a relation for whom the rules find the appraisal, nearest first; three queries."""
    candidates = _candidates(appraisal)
    found = _found_by(appraisal, candidates)
    related = [(why, user) for user in candidates if user.pk in found and (why := _relation(appraisal, user))]
    return [
        Sight(
            user=user,
            relation=str(RELATIONS[why]),
            self_review=bool(may_read_self_review(appraisal, user)),
            review=bool(may_read_manager_review(appraisal, user)),
            result=may_see_result(appraisal, user),
        )
        for why, user in sorted(related, key=lambda pair: (list(RELATIONS).index(pair[0]), pair[1].pk))
    ]


def _candidates(appraisal: Appraisal) -> list[User]:
    """The accounts named on the appraisal and those whose role or unit may reach it, with what they hold of it."""
    named = {appraisal.employee_account_id, appraisal.manager_account_id, appraisal.second_level_account_id}
    groups = {Role.HR.value, Role.AUDITOR.value, *panel_roles(appraisal)}
    rows = (
        User.objects.filter(is_active=True)
        .annotate(partners=Exists(grants_above(appraisal.org_unit)), group=F("groups__name"))
        .filter(Q(pk__in=named - {None}) | Q(group__in=groups) | Q(partners=True))
    )
    users: dict[int, User] = {}
    held: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        users[row.pk] = row
        held[row.pk] |= {row.group} & set(Role.values)
    for user in users.values():
        units = {appraisal.org_unit_id} if user.partners else set()  # type: ignore[attr-defined]
        user.roles_cache = Roles(frozenset(held[user.pk]), frozenset(units), None)
    return list(users.values())


def _found_by(appraisal: Appraisal, users: Sequence[User]) -> set[int]:
    """For whom `visible_to` would find the appraisal; the rule of each is one column of the same query."""
    columns = [Case(When(relation_to(user), then=Value(value=True)), default=Value(value=False)) for user in users]
    row = Appraisal.objects.filter(pk=appraisal.pk).values_list(*columns).get()
    return {user.pk for user, is_found in zip(users, row, strict=False) if is_found}


def _relation(appraisal: Appraisal, user: User) -> str:
    relations = {
        "employee": is_employee, "manager": is_manager, "second_level": is_second_level, "hr_partner": is_hr_partner,
        "hr": is_hr, "auditor": is_auditor, "panel": may_sit_on_panel,
    }  # fmt: skip
    return next((name for name, holds in relations.items() if holds(appraisal, user)), "")
