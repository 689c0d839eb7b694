"""The procedure's own acts on one appraisal. Machine and door check who may and when."""

from __future__ import annotations

from datetime import datetime

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Verb
from appraisal.people.models import User
from workflow.engine import Outcome, perform
from workflow.errors import GuardRefused
from workflow.refusals import reason_missing


def agree_targets(
    *, acting_user: User, at: datetime, appraisal: Appraisal, version: int | None = None, key: str | None = None
) -> Outcome[Appraisal]:
    return perform(appraisal, Verb.AGREE_TARGETS, acting_user=acting_user, at=at, version=version, key=key)


def start_review(
    *, acting_user: User, at: datetime, appraisal: Appraisal, version: int | None = None, key: str | None = None
) -> Outcome[Appraisal]:
    """HR begins the review on the period's last day without waiting for its end."""
    return perform(appraisal, Verb.START_REVIEW, acting_user=acting_user, at=at, version=version, key=key)


def pass_over_self_review(
    *,
    acting_user: User,
    at: datetime,
    appraisal: Appraisal,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> Outcome[Appraisal]:
    """The same as the end of the time does by itself where the scheme says so; a person gives a reason."""
    if not reason.strip():
        raise GuardRefused(reason_missing())
    return perform(
        appraisal, Verb.PASS_OVER_SELF_REVIEW, acting_user=acting_user, at=at, reason=reason, version=version, key=key
    )


def send_back(
    *,
    acting_user: User,
    at: datetime,
    appraisal: Appraisal,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> Outcome[Appraisal]:
    return perform(appraisal, Verb.SEND_BACK, acting_user=acting_user, at=at, reason=reason, version=version, key=key)


def countersign(
    *, acting_user: User, at: datetime, appraisal: Appraisal, version: int | None = None, key: str | None = None
) -> Outcome[Appraisal]:
    return perform(appraisal, Verb.COUNTERSIGN, acting_user=acting_user, at=at, version=version, key=key)


def release(
    *, acting_user: User, at: datetime, appraisal: Appraisal, version: int | None = None, key: str | None = None
) -> Outcome[Appraisal]:
    def stamp(locked: Appraisal) -> None:
        locked.released_at = at

    return perform(appraisal, Verb.RELEASE, acting_user=acting_user, at=at, version=version, key=key, change=stamp)


def recall(
    *,
    acting_user: User,
    at: datetime,
    appraisal: Appraisal,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> Outcome[Appraisal]:
    return perform(appraisal, Verb.RECALL, acting_user=acting_user, at=at, reason=reason, version=version, key=key)


def withdraw(
    *,
    acting_user: User,
    at: datetime,
    appraisal: Appraisal,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> Outcome[Appraisal]:
    return perform(appraisal, Verb.WITHDRAW, acting_user=acting_user, at=at, reason=reason, version=version, key=key)


def reinstate(
    *,
    acting_user: User,
    at: datetime,
    appraisal: Appraisal,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> Outcome[Appraisal]:
    """Back to the step that it was taken out of, with that step's full time."""
    return perform(appraisal, Verb.REINSTATE, acting_user=acting_user, at=at, reason=reason, version=version, key=key)
