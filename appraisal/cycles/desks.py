"""Whom the roles mean on an appraisal, for many at once, and what letters about it and what hangs on it may tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of
from appraisal.cycles.rules import panel_roles
from appraisal.people.post import ByRole, Desk, address
from appraisal.people.roles import HR_PARTNER, partner_or_hr_pools, users_in_pools
from appraisal.people.states import Role
from appraisal.people.wording import Names
from workflow.models import Subject, WorkItem

if TYPE_CHECKING:
    from workflow.verdicts import Text

    More = Callable[[Sequence[Any], Collection[str]], Mapping[int, ByRole]]


def people_of(appraisals: Sequence[Appraisal], roles: Collection[str]) -> dict[int, ByRole]:
    """By appraisal and role, the accounts of those who are meant. Nobody acts for a pool on their own appraisal."""
    partners = partner_or_hr_pools({row.org_unit_id for row in appraisals}) if HR_PARTNER in roles else {}
    pools = {*(role for role in roles if role in Role.values), *partners.values()}
    if "panel" in roles:
        pools |= {role for row in appraisals for role in panel_roles(row)}
    members = users_in_pools(pools) if pools else {}
    return {row.pk: {role: _meant(row, role, partners, members) for role in roles} for row in appraisals}


def _meant(
    row: Appraisal, role: str, partners: Mapping[int, str], members: Mapping[str, Sequence[int]]
) -> Sequence[int]:
    if role in {"employee", "department"}:
        return _known(row.employee_account_id)
    if role in {"manager", "executives"}:
        return _known(row.manager_account_id)
    if role == "second_level":
        return _known(row.second_level_account_id)
    if role == "panel":
        judges = {row.manager_account_id, row.scored_by_id, row.calibrated_by_id}
        seated = {user for pool in panel_roles(row) for user in members[pool]}
        return sorted(seated - judges - {row.employee_account_id})
    pool = partners[row.org_unit_id] if role == HR_PARTNER else role
    return [user for user in members.get(pool, ()) if user != row.employee_account_id]


def _known(account: int | None) -> Sequence[int]:
    return () if account is None else (account,)


def name_of(appraisal: Appraisal) -> Names:
    return appraisal.title_names


def cycle_names(appraisal: Appraisal) -> Names:
    return appraisal.cycle.name, appraisal.cycle.name_en or appraisal.cycle.name


def about(appraisal: Appraisal) -> dict[str, str]:
    chinese, english = cycle_names(appraisal)
    # Letters to the employee call such an appraisal by its name.
    named = {} if appraisal.is_of_person else {"named": "yes"}
    return {"cycle_zh": chinese, "cycle_en": english, **named}


def is_right(appraisal: Appraisal, item: WorkItem) -> bool:
    rule = rule_of(appraisal.track, item.state)
    return rule is not None and rule.rights


APPRAISAL = Desk(
    model=Appraisal,
    people=people_of,
    name=name_of,
    page=lambda appraisal: address("home:appraisal", appraisal.pk),
    bundle=lambda appraisal: ("cycle", appraisal.cycle_id),
    bundle_name=cycle_names,
    employee=lambda appraisal: appraisal.employee_account_id,
    of_person=lambda appraisal: appraisal.is_of_person,
    about=about,
    is_right=is_right,
)


def desk_below(
    model: type[Subject],
    *,
    page: Callable[[Any], str],
    duties: Mapping[str, Text] | None = None,
    more: More | None = None,
    names_the_late: Callable[[Any], bool] = lambda subject: True,
) -> Desk:
    """For what hangs on an appraisal by its field of that name; `more` adds people that only the subject knows."""

    def people(subjects: Sequence[Any], roles: Collection[str]) -> dict[int, ByRole]:
        rows = {subject.appraisal_id: subject.appraisal for subject in subjects}
        found = people_of(list(rows.values()), roles)
        added = more(subjects, roles) if more else {}
        return {each.pk: {**found[each.appraisal_id], **added.get(each.pk, {})} for each in subjects}

    return Desk(
        model=model,
        people=people,
        name=lambda subject: name_of(subject.appraisal),
        page=page,
        bundle=lambda subject: ("cycle", subject.appraisal.cycle_id),
        bundle_name=lambda subject: cycle_names(subject.appraisal),
        employee=lambda subject: subject.appraisal.employee_account_id,
        of_person=lambda subject: subject.appraisal.is_of_person,
        about=lambda subject: about(subject.appraisal),
        duties=duties or {},
        names_the_late=names_the_late,
    )
