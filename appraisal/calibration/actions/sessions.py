"""A session is prepared, opened, locked and finalised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.calibration import rules
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.calibration.results import take_over
from appraisal.calibration.states import ENDED, SessionState, SessionVerb, Ties
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.states import Verb
from appraisal.people.models import OrgUnit
from workflow import engine
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState

if TYPE_CHECKING:
    from appraisal.people.models import User


@dataclass(frozen=True, slots=True)
class Guideline:
    """Shares of 100 by grade; none: the session has no guideline."""

    shares: Mapping[str, Decimal] = field(default_factory=dict)
    smallest_group: int = 10
    ties: str = Ties.HIGHER

    def write(self, session: CalibrationSession) -> None:
        if self.shares and (sum(self.shares.values()) != 100 or min(self.shares.values()) < 0):
            raise GuardRefused(_("The shares of the guideline add up to 100."))
        session.guideline = {grade: str(share) for grade, share in self.shares.items()}
        session.smallest_group, session.ties = self.smallest_group, self.ties


@transaction.atomic
def prepare_session(
    *,
    acting_user: User,
    cycle: AppraisalCycle,
    name: str,
    at: datetime,
    org_unit: OrgUnit | None = None,
    guideline: Guideline | None = None,
) -> CalibrationSession:
    """Raises GuardRefused where another session that is not finalised looks at some of the same people."""
    _demand_hr(acting_user)
    _refuse_overlap(cycle, org_unit)
    session = CalibrationSession(cycle=cycle, name=name, org_unit=org_unit, facilitator=acting_user)
    (guideline or Guideline()).write(session)
    return engine.begin([session], SessionVerb.PREPARE, acting_user=acting_user, at=at)[0]


@transaction.atomic
def edit_session(
    *,
    acting_user: User,
    session: CalibrationSession,
    name: str,
    at: datetime,
    version: int,
    org_unit: OrgUnit | None = None,
    guideline: Guideline | None = None,
) -> CalibrationSession:
    """The name and the guideline until it has ended, whom it looks at until it opens."""
    _demand_hr(acting_user)
    _refuse_overlap(session.cycle, org_unit, besides=session)
    locked = CalibrationSession.objects.select_for_update().get(pk=session.pk)
    if locked.state in ENDED:
        raise NotInThisState(_("The session has ended."))
    if locked.version != version:
        raise Conflict
    if locked.org_unit_id != (org_unit.pk if org_unit else None) and locked.state != SessionState.PREPARING:
        raise GuardRefused(_("Whom an open session looks at no longer changes."))
    locked.name, locked.org_unit = name, org_unit
    (guideline or Guideline()).write(locked)
    locked.save(update_fields=["name", "org_unit", "guideline", "smallest_group", "ties"])
    data = {"shares": locked.guideline, "smallest_group": locked.smallest_group}
    engine.record(locked, "calibration.edited", acting_user=acting_user, at=at, data=data)
    session.refresh_from_db()
    return session


def open_session(
    *, acting_user: User, session: CalibrationSession, at: datetime, version: int | None = None, key: str | None = None
) -> CalibrationSession:
    return engine.perform(session, SessionVerb.OPEN, acting_user=acting_user, at=at, version=version, key=key).subject


def lock(
    *, acting_user: User, session: CalibrationSession, at: datetime, version: int | None = None, key: str | None = None
) -> CalibrationSession:
    return engine.perform(session, SessionVerb.LOCK, acting_user=acting_user, at=at, version=version, key=key).subject


def unlock(
    *,
    acting_user: User,
    session: CalibrationSession,
    reason: str,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> CalibrationSession:
    return engine.perform(
        session, SessionVerb.UNLOCK, acting_user=acting_user, at=at, version=version, key=key, reason=reason
    ).subject


def cancel_session(
    *,
    acting_user: User,
    session: CalibrationSession,
    reason: str,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> CalibrationSession:
    """Only before it meets. Its people are without a session again."""
    return engine.perform(
        session, SessionVerb.CANCEL, acting_user=acting_user, at=at, version=version, key=key, reason=reason
    ).subject


@dataclass
class Finalised:
    """`left` are those whom the acting user may not confirm: the own result, and results that they scored."""

    session: CalibrationSession
    confirmed: list[Appraisal] = field(default_factory=list)
    left: list[Appraisal] = field(default_factory=list)


def finalise(
    *, acting_user: User, session: CalibrationSession, at: datetime, version: int | None = None, key: str | None = None
) -> Finalised:
    """Confirms everybody in the session. Who is left keeps the decided grade and is confirmed by a colleague."""
    result = Finalised(session)

    def confirm_all(locked: CalibrationSession) -> None:
        people = list(rules.appraisals_of(locked).order_by("pk"))
        outcome = engine.perform_many(
            people, Verb.CONFIRM_CALIBRATION, acting_user=acting_user, at=at,
            change_many=lambda rows: take_over(rows, at=at),
        )  # fmt: skip
        result.confirmed = outcome.moved
        result.left = [row for row, _refusal in outcome.refused]
        for row, refusal in outcome.refused:
            if rules.may_calibrate(row, acting_user):
                raise refusal
        ids = [row.pk for row in people]
        CalibrationDecision.objects.filter(appraisal__in=ids, is_current=True).update(session=locked)

    engine.perform(
        session, SessionVerb.FINALISE, acting_user=acting_user, at=at, version=version, key=key, change=confirm_all
    )
    return result


def _refuse_overlap(cycle: AppraisalCycle, org_unit: OrgUnit | None, besides: CalibrationSession | None = None) -> None:
    AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
    others = [row for row in rules.running_sessions(cycle) if row != besides]
    other = next(
        (row for row in others if rules.covers(row.org_unit, org_unit) or rules.covers(org_unit, row.org_unit)), None
    )
    if other is not None:
        raise GuardRefused(
            _("The session “%(session)s” already looks at some of these people.") % {"session": other},
            _("Finalise it first, or choose another unit."),
        )


def _demand_hr(user: User) -> None:
    verdict = rules.may_run_sessions(user)
    if not verdict:
        raise NotAllowed(str(verdict.reason))
