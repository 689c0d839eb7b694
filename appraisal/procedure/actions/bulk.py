"""Acts on many appraisals at once: release, pass over, extend, remind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.cycles.models import Appraisal
from appraisal.cycles.rules import LONGEST_EXTENSION
from appraisal.cycles.states import Verb
from appraisal.people.models import User
from appraisal.procedure import rules
from workflow import deadlines, engine
from workflow.calendars import day_book, end_of_day, one_reading
from workflow.engine import BulkOutcome
from workflow.errors import GuardRefused, NotAllowed
from workflow.models import Fact, WorkItem
from workflow.refusals import reason_missing
from workflow.visits import open_items

ONCE_IN = timedelta(hours=24)
Progress = Callable[[int], None]


def release_many(
    *,
    acting_user: User,
    at: datetime,
    appraisals: Sequence[Appraisal],
    key_prefix: str = "",
    progress: Progress | None = None,
) -> BulkOutcome[Appraisal]:
    """Releases what can be released; the others come back with their reasons."""

    def stamp(rows: Sequence[Appraisal]) -> None:
        for row in rows:
            row.released_at = at

    return engine.perform_many(
        appraisals, Verb.RELEASE, acting_user=acting_user, at=at, key_prefix=key_prefix, change_many=stamp,
        progress=progress,
    )  # fmt: skip


def pass_over_many(
    *,
    acting_user: User,
    at: datetime,
    appraisals: Sequence[Appraisal],
    reason: str,
    key_prefix: str = "",
    progress: Progress | None = None,
) -> BulkOutcome[Appraisal]:
    if not reason.strip():
        raise GuardRefused(reason_missing())
    return engine.perform_many(
        appraisals, Verb.PASS_OVER_SELF_REVIEW, acting_user=acting_user, at=at, reason=reason, key_prefix=key_prefix,
        progress=progress,
    )  # fmt: skip


@transaction.atomic
@one_reading()
def extend_deadlines(
    *, acting_user: User, at: datetime, appraisals: Sequence[Appraisal], days: int, reason: str
) -> list[Appraisal]:
    """Gives the open step so many working days more, counted from its due day or, when that is past, from today.

    Returns those whose deadline moved. Raises NotAllowed if one of them is not the user's to extend.
    """
    if not 1 <= days <= LONGEST_EXTENSION:
        raise GuardRefused(_("A deadline is moved by 1 to %(most)d working days.") % {"most": LONGEST_EXTENSION})
    if not all(rules.keeps(appraisal, acting_user) for appraisal in appraisals):
        raise NotAllowed(_("Deadlines are extended by HR, or by the HR partner of the unit."))
    chosen = [appraisal for appraisal in appraisals if rules.may_extend(appraisal)]
    if not chosen:
        raise GuardRefused(_("None of the chosen has a deadline that can be moved."))

    def later(item: WorkItem) -> datetime:
        book, zone = day_book(item.due_rule["calendar"]), ZoneInfo(item.due_rule["zone"])
        assert item.due_at is not None
        start = max(item.due_at, at).astimezone(zone).date()
        return end_of_day(book.add_working_days(start, days), zone)

    return deadlines.extend(chosen, later, acting_user=acting_user, at=at, reason=reason)


@dataclass
class Reminded:
    """Whose holder was reminded, and who was left alone, with the reason."""

    reminded: list[Appraisal] = field(default_factory=list)
    skipped: list[tuple[Appraisal, str]] = field(default_factory=list)


@transaction.atomic
def nudge(*, acting_user: User, at: datetime, appraisals: Sequence[Appraisal]) -> Reminded:
    """Reminds whoever holds the open step: at most once for a person and step in 24 hours, whoever asks for it."""
    if not all(rules.may_nudge(appraisal, acting_user) for appraisal in appraisals):
        raise NotAllowed(_("People are reminded by their manager, HR, or the HR partner of the unit."))
    result = Reminded()
    if not appraisals:
        return result
    # Two who remind at once wait for each other here, and the second finds the first one's reminder.
    rows = Appraisal.objects.filter(pk__in=[a.pk for a in appraisals]).order_by("pk").select_for_update(of=("self",))
    locked = list(rows.select_related("cycle", "employee"))
    refused = who_can_be_nudged(locked, acting_user, at)
    result.skipped = [(row, refused[row.pk]) for row in locked if refused[row.pk]]
    result.reminded = [row for row in locked if not refused[row.pk]]
    if result.reminded:
        holders = _holders(result.reminded)
        engine.record_many(
            result.reminded, "work.nudged", acting_user=acting_user, at=at,
            data=lambda subject: {"step": subject.state, "holders": sorted(holders[subject.pk])},
        )  # fmt: skip
    return result


def who_can_be_nudged(appraisals: Sequence[Appraisal], user: User, at: datetime) -> dict[int, str]:
    """What stands in the way of a reminder, by appraisal; nothing: it would go out. Two queries."""
    holders, last = _holders(appraisals), last_nudges(appraisals, at)
    return {row.pk: _why_not(row, user, holders[row.pk], last.get(row.pk)) for row in appraisals}


def last_nudges(appraisals: Sequence[Appraisal], at: datetime) -> dict[int, Fact]:
    """The reminder of the present step within the last 24 hours, by appraisal."""
    states = {appraisal.pk: appraisal.state for appraisal in appraisals}
    found = Fact.objects.filter(
        content_type=rules.appraisal_type(), object_id__in=list(states), name="work.nudged", at__gt=at - ONCE_IN
    ).order_by("seq")
    return {fact.object_id: fact for fact in found if fact.to_state == states[fact.object_id]}


def _holders(appraisals: Sequence[Appraisal]) -> dict[int, set[int]]:
    holders: dict[int, set[int]] = defaultdict(set)
    if not appraisals:
        return holders
    for object_id, holder in (
        open_items(appraisals).filter(holder__isnull=False, optional=False).values_list("object_id", "holder")
    ):
        holders[object_id].add(holder)
    return holders


def _why_not(appraisal: Appraisal, user: User, holders: set[int], last: Fact | None) -> str:
    if not rules.may_nudge(appraisal, user):
        return _("People are reminded by their manager, HR, or the HR partner of the unit.")
    if not holders:
        return _("No single person holds this step.")
    if holders == {user.pk}:
        return _("You hold this step yourself.")
    if last is not None:
        return rules.reminded_already(last)
    return ""
