"""A cycle before its launch: its period and its tracks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appraisal.cycles.models import AppraisalCycle, Track
from appraisal.cycles.states import CycleState, PeriodKind
from appraisal.people.models import User
from appraisal.procedure.entrants import kind_of
from appraisal.procedure.rules import demand_hr
from appraisal.schemes.models import SchemeVersion
from appraisal.scoring.decimals import plain
from workflow import engine
from workflow.errors import GuardRefused, NotInThisState
from workflow.models import WorkCalendar

EDITABLE = ("name", "name_en", "period_kind", "starts_on", "ends_on", "calendar")


def draft_cycle(
    *,
    acting_user: User,
    at: datetime,
    name: str,
    period_kind: PeriodKind | str,
    starts_on: date,
    ends_on: date,
    calendar: WorkCalendar,
    name_en: str = "",
) -> AppraisalCycle:
    _refuse_backwards(starts_on, ends_on)
    cycle = AppraisalCycle(
        name=name, name_en=name_en, period_kind=period_kind, starts_on=starts_on, ends_on=ends_on, calendar=calendar,
        owner=acting_user, created_at=at,
    )  # fmt: skip
    return engine.begin([cycle], "draft_cycle", acting_user=acting_user, at=at)[0]


@transaction.atomic
def edit_cycle(*, acting_user: User, at: datetime, cycle: AppraisalCycle, changes: Mapping[str, Any]) -> AppraisalCycle:
    locked = _draft(acting_user, cycle)
    fields = [field for field in EDITABLE if field in changes and getattr(locked, field) != changes[field]]
    if not fields:
        return locked
    for field in fields:
        setattr(locked, field, changes[field])
    _refuse_backwards(locked.starts_on, locked.ends_on)
    locked.save(update_fields=fields)
    _revised(
        locked,
        acting_user,
        at,
        ", ".join(str(getattr(locked._meta.get_field(field), "verbose_name", field)) for field in fields),
    )
    return locked


def cancel_cycle(
    *,
    acting_user: User,
    at: datetime,
    cycle: AppraisalCycle,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> None:
    """Only a draft can be cancelled; people in a running cycle are withdrawn one by one, with reasons."""
    engine.perform(cycle, "cancel_cycle", acting_user=acting_user, at=at, reason=reason, version=version, key=key)


@transaction.atomic
def add_track(
    *,
    acting_user: User,
    at: datetime,
    cycle: AppraisalCycle,
    name: str,
    scheme_version: SchemeVersion,
    population: Mapping[str, Any] | None = None,
    steps: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Track:
    """`parameters` are set for this cycle instead of the scheme's own: words of choices, and numbers."""
    locked = _draft(acting_user, cycle)
    _refuse_settings(scheme_version, parameters or {})
    track = Track.objects.create(
        cycle=locked, name=name, scheme_version=scheme_version, scheme_digest=scheme_version.digest,
        population=dict(population or {}), steps=dict(steps or {}), parameters=spelled(parameters or {}),
    )  # fmt: skip
    _revised(locked, acting_user, at, _("track %(name)s added") % {"name": name})
    return track


@transaction.atomic
def edit_track(*, acting_user: User, at: datetime, track: Track, changes: Mapping[str, Any]) -> Track:
    """`changes` may hold name, scheme_version, population, steps and parameters."""
    locked = _draft(acting_user, track.cycle)
    stored = Track.objects.select_for_update().get(pk=track.pk)
    fields = [field for field in ("name", "population", "steps") if field in changes]
    for field in fields:
        setattr(stored, field, changes[field])
    version: SchemeVersion | None = changes.get("scheme_version")
    if "parameters" in changes:
        _refuse_settings(version or stored.scheme_version, changes["parameters"])
        stored.parameters = spelled(changes["parameters"])
        fields.append("parameters")
    if version is not None and version.pk != stored.scheme_version_id:
        if kind_of(stored) != kind_of(Track(scheme_digest=version.digest)) and "population" not in changes:
            # Whom it was for has no meaning for a scheme about something else.
            stored.population = {}
            fields.append("population")
        stored.scheme_version, stored.scheme_digest = version, version.digest
        fields += ["scheme_version", "scheme_digest"]
    stored.save(update_fields=fields)
    _revised(locked, acting_user, at, _("track %(name)s changed") % {"name": stored.name})
    return stored


@transaction.atomic
def remove_track(*, acting_user: User, at: datetime, track: Track) -> None:
    locked = _draft(acting_user, track.cycle)
    Track.objects.filter(pk=track.pk).delete()
    _revised(locked, acting_user, at, _("track %(name)s removed") % {"name": track.name})


def _draft(user: User, cycle: AppraisalCycle) -> AppraisalCycle:
    """The cycle's row, locked, while it is still a draft."""
    demand_hr(user)
    locked = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
    if locked.state != CycleState.DRAFT:
        raise NotInThisState(_("The cycle has been launched; its period and tracks can no longer be changed."))
    return locked


def spelled(parameters: Mapping[str, Any]) -> dict[str, str]:
    """As they are stored: numbers in their one spelling."""
    return {key: plain(value) if isinstance(value, Decimal) else str(value) for key, value in parameters.items()}


def _refuse_settings(version: SchemeVersion, parameters: Mapping[str, Any]) -> None:
    """Only what the scheme lets be set, to a word that it offers or to a number."""
    known = version.scheme.parameters
    for key, value in parameters.items():
        if key not in known:
            raise GuardRefused(_("The scheme has no parameter “%(key)s”.") % {"key": key})
        fits = value in known[key].choices if known[key].choices else _is_number(value)
        if not fits:
            raise GuardRefused(_("“%(value)s” does not fit the parameter “%(name)s”.") % {
                "value": value, "name": known[key].label.en if get_language() == "en" else known[key].label.zh,
            })  # fmt: skip


def _is_number(value: Any) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _refuse_backwards(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise GuardRefused(_("The period ends before it begins."))


def _revised(cycle: AppraisalCycle, user: User, at: datetime, what: str) -> None:
    engine.record(cycle, "cycle.revised", acting_user=user, at=at, data={"what": what})
