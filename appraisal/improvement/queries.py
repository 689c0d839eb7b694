"""Improvement plans that a user may know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import ENDED
from appraisal.people.roles import roles_of
from workflow.models import WorkItem

if TYPE_CHECKING:
    from appraisal.people.models import User

SEES_ALL = frozenset({"hr", "auditor"})
RELATED = (
    "appraisal__employee", "appraisal__manager", "appraisal__org_unit", "appraisal__cycle__calendar",
    "appraisal__track", "mentor", "proposed_by", "concluded_by", "approved_by",
)  # fmt: skip


def visible_plans(user: User) -> QuerySet[ImprovementPlan]:
    """HR, auditors, HR partners and those above see a plan from its draft on; the employee and the mentor from the
    moment that it was handed over."""
    roles = roles_of(user)
    own = Q(appraisal__employee_account=user)
    handed_over = Q(delivered_at__isnull=False)
    above = Q(appraisal__manager_account=user) | Q(appraisal__second_level_account=user)
    if roles.partner_unit_ids:
        above |= Q(appraisal__org_unit__in=roles.partner_unit_ids)
    if roles.names & SEES_ALL:
        above = Q(pk__isnull=False)
    mentored = Q(mentor=roles.person_id) & handed_over if roles.person_id else Q(pk__in=[])
    return ImprovementPlan.objects.filter((above & ~own) | (own & handed_over) | mentored).select_related(*RELATED)


def listed(plans: QuerySet[ImprovementPlan]) -> QuerySet[ImprovementPlan]:
    """The most urgent first, with what the list shows: how many targets there are and are met, and what is due."""
    content_type = ContentType.objects.get_for_model(ImprovementPlan)
    items = WorkItem.objects.filter(
        content_type=content_type, object_id=OuterRef("pk"), closed_at__isnull=True, optional=False
    ).exclude(pool="system")
    due = items.order_by().values("object_id").annotate(first=Min("due_at")).values("first")
    return plans.annotate(
        targets=Count("milestones"),
        targets_met=Count("milestones", filter=Q(milestones__met=True)),
        next_due=Subquery(due),
    ).order_by("next_due", "-pk")


def counts(plans: QuerySet[ImprovementPlan]) -> tuple[int, int]:
    """Running and ended."""
    found = plans.order_by().aggregate(
        running=Count("pk", filter=~Q(state__in=ENDED)), ended=Count("pk", filter=Q(state__in=ENDED))
    )
    return found["running"], found["ended"]
