"""Each grade is confirmed or changed, in a session or outside one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.calibration import rules
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.calibration.results import take_over
from appraisal.cycles.models import Appraisal
from appraisal.cycles.rules import is_hr
from appraisal.cycles.states import Step, Verb
from workflow import engine
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.verdicts import Verdict

if TYPE_CHECKING:
    from appraisal.people.models import User


@transaction.atomic
def decide(
    *,
    acting_user: User,
    appraisal: Appraisal,
    grade: str,
    at: datetime,
    reason: str = "",
    reason_for_employee: str = "",
    session: CalibrationSession | None = None,
    seen: int | None = None,
) -> CalibrationDecision:
    """Confirms the manager's grade, or changes it with both reasons. An earlier decision stays, as one that was.

    `seen` is the decision that the page showed (0: none); another one by now is a Conflict.
    Inside an open session the decision belongs to it, whether it is named or not; a locked one takes none.
    """
    over = _lock_session_over(appraisal)
    rows = Appraisal.objects.select_related("track", "cycle", "employee", "org_unit")
    locked = rows.select_for_update(of=("self",)).get(pk=appraisal.pk)
    _demand_calibrator(locked, acting_user)
    _demand_open(locked, session, over)
    if grade not in rules.grades_for(locked):
        raise GuardRefused(_("The person's scheme has no grade “%(grade)s”.") % {"grade": grade})
    changes = grade != locked.review_grade
    reason, for_employee = reason.strip(), reason_for_employee.strip() if changes else ""
    if changes and not (reason and for_employee):
        raise GuardRefused(_("A changed grade needs a reason for the record and one for the employee."))
    decision = CalibrationDecision(
        appraisal=locked, session=over, from_grade=locked.review_grade, to_grade=grade, reason=reason,
        reason_for_employee=for_employee, by=acting_user, at=at,
    )  # fmt: skip
    return _replace(decision, seen)


def _demand_calibrator(appraisal: Appraisal, user: User) -> None:
    verdict = rules.may_calibrate(appraisal, user)
    if not verdict and not is_hr(appraisal, user):
        raise NotAllowed(str(verdict.reason))
    _hold(verdict)


def _demand_open(appraisal: Appraisal, session: CalibrationSession | None, over: CalibrationSession | None) -> None:
    if appraisal.state != Step.CALIBRATING:
        raise NotInThisState(_("This appraisal is not in calibration."))
    if over is not None:
        _hold(rules.takes_decisions(over))
    if session is not None and over != session:
        _hold(rules.takes_decisions(session))
        raise GuardRefused(_("This session does not look at this person."))


def _replace(decision: CalibrationDecision, seen: int | None) -> CalibrationDecision:
    current = CalibrationDecision.objects.filter(appraisal=decision.appraisal, is_current=True).first()
    if current is not None and _same(current, decision):
        return current
    if seen is not None and seen != (current.pk if current else 0):
        raise Conflict(reason=_("Somebody else has decided on this grade since the page was opened."))
    if current is not None:
        current.is_current = False
        current.save(update_fields=["is_current"])
        decision.session_id = decision.session_id or current.session_id
    decision.save()
    engine.record(
        decision.appraisal, "calibration.decided", acting_user=decision.by, at=decision.at,
        data={"decision": decision.pk},
        personal={"from_grade": decision.from_grade, "to_grade": decision.to_grade, "why": decision.reason},
    )  # fmt: skip
    return decision


def _same(one: CalibrationDecision, other: CalibrationDecision) -> bool:
    """A second click says what the first one said."""
    said = ("from_grade", "to_grade", "reason", "reason_for_employee", "by_id")
    return all(getattr(one, name) == getattr(other, name) for name in said)


@transaction.atomic
def confirm(
    *, acting_user: User, appraisal: Appraisal, at: datetime, version: int | None = None, key: str | None = None
) -> Appraisal:
    """Takes one person outside a session on to the release, with the grade that was decided."""
    over = _lock_session_over(appraisal)
    if over is not None:
        raise GuardRefused(
            _("The session “%(session)s” looks at this person.") % {"session": over},
            _("The grade is confirmed when the session is finalised."),
        )
    return engine.perform(
        appraisal, Verb.CONFIRM_CALIBRATION, acting_user=acting_user, at=at, version=version, key=key,
        change=lambda locked: take_over([locked], at=at),
    ).subject  # fmt: skip


@transaction.atomic
def decide_and_confirm(
    *,
    acting_user: User,
    appraisal: Appraisal,
    grade: str,
    at: datetime,
    reason: str = "",
    reason_for_employee: str = "",
    seen: int | None = None,
    version: int | None = None,
    key: str | None = None,
) -> Appraisal:
    """Both in one go, where no session looks at the person."""
    decide(
        acting_user=acting_user, appraisal=appraisal, grade=grade, at=at, reason=reason,
        reason_for_employee=reason_for_employee, seen=seen,
    )  # fmt: skip
    return confirm(acting_user=acting_user, appraisal=appraisal, at=at, version=version, key=key)


def _lock_session_over(appraisal: Appraisal) -> CalibrationSession | None:
    """The session first, then the people in it: the order of `finalise`."""
    over = rules.session_over(appraisal)
    if over is None:
        return None
    CalibrationSession.objects.select_for_update().get(pk=over.pk)
    return rules.session_over(appraisal)


def _hold(verdict: Verdict) -> None:
    if not verdict:
        raise GuardRefused(str(verdict.reason), str(verdict.remedy))
