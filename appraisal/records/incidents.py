"""Which incidents a user may know of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from appraisal.people.models import Person
from appraisal.people.roles import roles_of
from appraisal.records import rules
from appraisal.records.models import Incident

if TYPE_CHECKING:
    from appraisal.people.models import User


def visible_incidents(user: User, day: date) -> QuerySet[Incident]:
    """HR, auditors and the deciding functions see all, managers those of their people, reporters their own; the
    person concerned sees an incident once it has been confirmed."""
    incidents = Incident.objects.select_related(
        "person__org_unit", "person__legal_entity__calendar", "reported_by", "decided_by"
    )
    roles = roles_of(user)
    if roles.names & (rules.READS_ALL | rules.REPORTS_ANYBODY):
        # A person of these functions is still the last to hear of an incident of their own.
        return incidents.filter(~Q(person_id=roles.person_id or 0) | Q(ever_confirmed=True))
    mine = Q(person_id=roles.person_id, ever_confirmed=True) if roles.person_id else Q(pk__in=[])
    below = Q(person__in=Person.objects.filter(rules.team_of(user, day)))
    return incidents.filter(mine | ((below | Q(reported_by=user)) & ~Q(person_id=roles.person_id or 0)))


def incident_counts(incidents: QuerySet[Incident]) -> dict[str, int]:
    return dict(incidents.order_by().values_list("state").annotate(Count("pk")))


def may_report_anybody(user: User, day: date) -> bool:
    if roles_of(user).names & rules.REPORTS_ANYBODY:
        return True
    return Person.objects.filter(rules.reportable_people(user, day)).exists()
