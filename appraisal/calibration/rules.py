"""What must be true of calibration decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.cycles.models import Appraisal
from appraisal.cycles.rules import is_employee, is_manager
from appraisal.cycles.states import Step
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


def may_calibrate(appraisal: Appraisal, user: User) -> Verdict:
    """Nobody calibrates their own result, nor one that they scored."""
    if is_employee(appraisal, user):
        return refused(_("Nobody calibrates their own result."))
    if is_manager(appraisal, user) or appraisal.scored_by_id == user.pk:
        return refused(_("You gave this score; somebody else of HR has to calibrate it."))
    return ALLOWED


def session_calibrates_others(attempt: Attempt) -> Verdict:
    return may_calibrate(attempt.subject, attempt.user) if attempt.user is not None else ALLOWED


def appraisals_of(session: CalibrationSession) -> QuerySet[Appraisal]:
    """The appraisals that a session looks at: its unit's and those of the units below, or the whole cycle's."""
    rows = Appraisal.objects.filter(cycle=session.cycle_id, state=Step.CALIBRATING)
    if session.org_unit is not None:
        rows = rows.filter(org_unit__path__startswith=session.org_unit.path)
    return rows


def everybody_decided(attempt: Attempt) -> Verdict:
    rows = appraisals_of(attempt.subject)
    missing = rows.exclude(calibration_decisions__is_current=True).count()
    if not missing:
        return ALLOWED
    return refused(
        ngettext(
            "%(count)d grade is neither confirmed nor changed.",
            "%(count)d grades are neither confirmed nor changed.",
            missing,
        )
        % {"count": missing}
    )
