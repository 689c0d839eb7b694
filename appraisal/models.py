"""The models of every room in one place, so that Django finds them under the one app label `appraisal`."""

from appraisal.appeals.models import Appeal, AppealDraft, AppealItem, PanelSeat
from appraisal.assessments.models import Evidence, RatingRequest, Review, Submission
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.cycles.models import Appraisal, AppraisalCycle, FigureRequest, Result, Track
from appraisal.improvement.models import CheckIn, ImprovementPlan, Milestone
from appraisal.interviews.models import Acknowledgement, Interview, NextAction
from appraisal.outcomes.models import OutcomeProposal
from appraisal.people.models import (
    LegalEntity,
    Organisation,
    OrgUnit,
    PeopleImport,
    PeopleRegister,
    Person,
    Position,
    ReportingLine,
    User,
)
from appraisal.procedure.models import BulkRun, Correction
from appraisal.records.models import (
    Actual,
    Deliverable,
    DocumentVersion,
    FigureImport,
    FigureRegister,
    Incident,
    Ledger,
    LedgerRow,
)
from appraisal.schemes.models import SchemeVersion

__all__ = [
    "Acknowledgement", "Actual", "Appeal", "AppealDraft", "AppealItem", "Appraisal", "AppraisalCycle", "BulkRun",
    "CalibrationDecision", "CalibrationSession", "CheckIn", "Correction", "Deliverable", "DocumentVersion", "Evidence",
    "FigureImport", "FigureRegister", "FigureRequest", "ImprovementPlan", "Incident", "Interview", "Ledger",
    "LedgerRow", "LegalEntity", "Milestone", "NextAction", "OrgUnit", "Organisation",
    "OutcomeProposal", "PanelSeat", "PeopleImport", "PeopleRegister", "Person", "Position", "RatingRequest",
    "ReportingLine", "Result", "Review", "SchemeVersion", "Submission", "Track", "User",
]  # fmt: skip
