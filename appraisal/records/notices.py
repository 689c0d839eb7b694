"""Who hears of incidents: those who decide on them, the person concerned, and who reported them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from appraisal.people.models import Person
from appraisal.people.post import HOLDER, POOL, ByRole, Desk, Notice, address, announce, kind
from appraisal.people.queries import managers_on
from appraisal.people.roles import users_in_pools
from appraisal.people.states import Role
from appraisal.people.still_wanted import WORK_HELD
from appraisal.records.models import Incident
from appraisal.records.states import IncidentState
from workflow.machine import Happened

REPORTED = kind("records", "incident.reported", _("An incident waits for a decision"), "digest")
CONFIRMED = kind("records", "incident.confirmed", _("An incident was confirmed"), "immediate")
REJECTED = kind("records", "incident.rejected", _("An incident was rejected"), "digest")


def people_of(incidents: Sequence[Incident], roles: Collection[str]) -> dict[int, ByRole]:
    """The manager is the one whom the person has on the day that the incident was reported."""
    members = users_in_pools({role for role in roles if role in Role.values})
    managers = _managers(incidents) if "manager" in roles else {}
    return {
        incident.pk: {
            **{role: [user for user in users if user != incident.person.user_id] for role, users in members.items()},
            "employee": [incident.person.user_id] if incident.person.user_id else [],
            "reporter": [incident.reported_by_id],
            "manager": managers.get(incident.person_id, []),
        }
        for incident in incidents
    }


def _managers(incidents: Sequence[Incident]) -> dict[int, list[int]]:
    day = localdate(max(_reported(incident) for incident in incidents))
    above = managers_on([incident.person_id for incident in incidents], day)
    accounts = dict(Person.objects.filter(pk__in=set(above.values())).values_list("pk", "user_id"))
    return {person: [account] for person, manager in above.items() if (account := accounts[manager])}


def _reported(incident: Incident) -> datetime:
    return incident.reported_at


def was_confirmed(happened: Happened) -> bool:
    """Of a report that was never confirmed the employee knows nothing."""
    return happened.fact.from_state == IncidentState.CONFIRMED


DESK = Desk(
    model=Incident,
    people=people_of,
    name=lambda incident: (incident.person.name, incident.person.name_en or incident.person.name),
    page=lambda incident: address("records:incident_detail", incident.pk),
    bundle=lambda incident: ("incident", incident.pk),
    bundle_name=lambda incident: (incident.kind, incident.kind),
    employee=lambda incident: incident.person.user_id,
    duties={IncidentState.REPORTED: _("Decision on an incident")},
)

announce(
    DESK,
    Notice("incident.reported", to=(HOLDER, POOL), kind=REPORTED, still_wanted=WORK_HELD),
    Notice("incident.confirmed", to=("employee", "manager", "reporter"), kind=CONFIRMED),
    Notice("incident.rejected", to=("employee",), kind=REJECTED, when=was_confirmed),
    Notice("incident.rejected", to=("reporter",), kind=REJECTED),
)

WITH_THE_FIGURES = "Figures are seen where they are used; a gap has its own list."
SILENT: Mapping[str, str] = dict.fromkeys(
    ("figures.register_opened", "figures.imported", "figure.entered", "figure.corrected"), WITH_THE_FIGURES
)

OWN_LIST = "The page of ledgers and documents says what stands open."
SILENT = {
    **SILENT,
    **dict.fromkeys(
        (
            "ledger.begun", "ledger.changed", "ledger.locked", "ledger.unlocked", "document.expected",
            "document.handed_in", "document.accepted", "document.rejected",
        ),
        OWN_LIST,
    ),
}  # fmt: skip
