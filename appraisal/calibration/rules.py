"""What must be true of calibration decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.calibration.states import ENDED, RUNNING, SessionState
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.process import scheme_of
from appraisal.cycles.rules import is_employee, is_hr, is_manager
from appraisal.cycles.states import Step
from appraisal.people.models import OrgUnit
from appraisal.people.roles import roles_of
from appraisal.people.states import Role
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User


def load_decisions(appraisals: Sequence[Appraisal]) -> None:
    """Hangs the current decision on each appraisal (`calibration_decision`, or None), in one query."""
    rows = CalibrationDecision.objects.filter(appraisal__in=appraisals, is_current=True)
    found = {row.appraisal_id: row for row in rows}
    for appraisal in appraisals:
        appraisal.calibration_decision = found.get(appraisal.pk)  # type: ignore[attr-defined]


def decision_made(attempt: Attempt) -> Verdict:
    """An untouched grade is not a confirmed one: everybody is decided one by one, changed or not."""
    if getattr(attempt.subject, "calibration_decision", None) is not None:
        return ALLOWED
    return refused(
        _("Nobody has confirmed or changed this grade yet."), _("Confirm it, or change it with a reason, first.")
    )


def may_run_sessions(user: User | AnonymousUser) -> Verdict:
    return ALLOWED if Role.HR in roles_of(user).names else refused(_("Only HR calibrates."))


def may_calibrate(appraisal: Appraisal, user: User) -> Verdict:
    """HR, but nobody their own result, nor one that they scored."""
    if is_employee(appraisal, user):
        return refused(_("Nobody calibrates their own result."))
    if is_manager(appraisal, user) or appraisal.scored_by_id == user.pk:
        return refused(_("You gave this score; somebody else of HR has to calibrate it."))
    return ALLOWED if is_hr(appraisal, user) else may_run_sessions(user)


def session_calibrates_others(attempt: Attempt) -> Verdict:
    return may_calibrate(attempt.subject, attempt.user) if attempt.user is not None else ALLOWED


def appraisals_of(session: CalibrationSession) -> QuerySet[Appraisal]:
    """The appraisals that a session looks at: its unit's and those of the units below, or the whole cycle's.

    A finalised session keeps those that it decided, a cancelled one has none.
    """
    if session.state in ENDED:
        return Appraisal.objects.filter(calibration_decisions__session=session, calibration_decisions__is_current=True)
    rows = Appraisal.objects.filter(cycle=session.cycle_id, state=Step.CALIBRATING)
    if session.org_unit is not None:
        rows = rows.filter(org_unit__path__startswith=session.org_unit.path)
    return rows


def covers(unit: OrgUnit | None, other: OrgUnit | None) -> bool:
    """Whether `other` is the unit or lies below it; no unit is the whole cycle."""
    return unit is None or (other is not None and other.path.startswith(unit.path))


def running_sessions(cycle: AppraisalCycle) -> QuerySet[CalibrationSession]:
    return CalibrationSession.objects.filter(cycle=cycle, state__in=RUNNING).select_related("org_unit").order_by("pk")


def session_over(appraisal: Appraisal) -> CalibrationSession | None:
    """The session, open or locked, that looks at this appraisal. Sessions do not overlap."""
    if appraisal.state != Step.CALIBRATING:
        return None
    running = running_sessions(appraisal.cycle).exclude(state=SessionState.PREPARING)
    return next((row for row in running if covers(row.org_unit, appraisal.org_unit)), None)


def takes_decisions(session: CalibrationSession) -> Verdict:
    if session.state == SessionState.OPEN:
        return ALLOWED
    if session.state == SessionState.LOCKED:
        return refused(
            gettext("The session “%(session)s” is locked; it takes no decisions.") % {"session": session},
            _("HR can unlock it, with a reason."),
        )
    return refused(gettext("The session “%(session)s” is not open.") % {"session": session})


def grades_for(appraisal: Appraisal) -> tuple[str, ...]:
    """The grades of the person's own scheme, best first; where it has none, only what the manager gave."""
    grades = scheme_of(appraisal.track).grades
    return grades.names if grades else (appraisal.review_grade,)


def undecided(session: CalibrationSession) -> QuerySet[Appraisal]:
    decided = CalibrationDecision.objects.filter(is_current=True, appraisal__cycle=session.cycle_id)
    return appraisals_of(session).exclude(pk__in=decided.values("appraisal"))


def everybody_decided(attempt: Attempt) -> Verdict:
    missing = undecided(attempt.subject).count()
    if not missing:
        return ALLOWED
    return refused(
        ngettext(
            "%(count)d grade is neither confirmed nor changed.",
            "%(count)d grades are neither confirmed nor changed.",
            missing,
        )
        % {"count": missing},
        _("Nobody's grade is settled by being passed over: look at each."),
    )
