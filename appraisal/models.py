"""The models of every room in one place, so that Django finds them under the one app label `appraisal`."""
from appraisal.people.models import LegalEntity, OrgUnit, Person, Position, ReportingLine, User

__all__ = ["LegalEntity", "OrgUnit", "Person", "Position", "ReportingLine", "User"]
