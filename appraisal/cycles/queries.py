"""Cycles and appraisals that a user may know of. What is not found here does not exist for that user."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.people.roles import roles_of

if TYPE_CHECKING:
    from appraisal.people.models import User

SEES_ALL = frozenset({"hr", "auditor"})
RELATED = ("cycle__calendar", "track", "employee", "manager", "second_level", "org_unit", "position")


def relation_to(user: User) -> Q:
    """The appraisals a user stands in a relation to, as one filter."""
    roles = roles_of(user)
    if roles.names & SEES_ALL:
        return Q(pk__isnull=False)
    related = Q(employee_account=user) | Q(manager_account=user) | Q(second_level_account=user)
    if roles.partner_unit_ids:
        related |= Q(org_unit__in=roles.partner_unit_ids)
    if roles.names:
        # The functions that sit on panels (the sales director) see the appraisals whose appeal they are asked about.
        asked = Appraisal.objects.filter(appeals__seats__role__in=roles.names).values("pk")
        related |= Q(pk__in=asked)
    return related


def named(text: str, prefix: str = "") -> Q:
    """By a part of a name or number of who, or what, is appraised."""
    columns = ("employee__name", "employee__name_en", "employee__number", "about_name", "about_name_en")
    return reduce(or_, (Q(**{f"{prefix}{column}__icontains": text}) for column in columns))


def visible_to(user: User) -> QuerySet[Appraisal]:
    return Appraisal.objects.filter(relation_to(user)).select_related(*RELATED)


def cycles_visible_to(user: User) -> QuerySet[AppraisalCycle]:
    """HR and auditors see every cycle, others those in which they have a part."""
    if roles_of(user).names & SEES_ALL:
        return AppraisalCycle.objects.order_by("-ends_on", "-pk")
    mine = Appraisal.objects.filter(relation_to(user)).values("cycle")
    return AppraisalCycle.objects.filter(pk__in=mine).order_by("-ends_on", "-pk")
