"""The models of every room in one place, so that Django finds them under the one app label `appraisal`."""
from appraisal.people.models import (
    LegalEntity,
    OrgUnit,
    PeopleImport,
    PeopleRegister,
    Person,
    Position,
    ReportingLine,
    User,
)

__all__ = ["LegalEntity", "OrgUnit", "PeopleImport", "PeopleRegister", "Person", "Position", "ReportingLine", "User"]
