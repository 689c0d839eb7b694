"""Asking those who own figures for them when the period has ended, and noticing when nothing is missing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from appraisal.cycles.models import AppraisalCycle, FigureRequest
from appraisal.cycles.rules import LONGEST_EXTENSION
from appraisal.cycles.states import CycleState, WantedState, WantedVerb
from appraisal.cycles.wanted import Missing, missing_by_role
from appraisal.people.roles import roles_of
from appraisal.people.states import Role
from appraisal.records.periods import Period
from workflow import deadlines
from workflow.calendars import day_book, end_of_day
from workflow.engine import begin, perform_many
from workflow.errors import GuardRefused, NotAllowed

if TYPE_CHECKING:
    from appraisal.people.models import User
    from workflow.models import WorkItem


def ask_for_figures(*, at: datetime) -> None:
    """The sweep: running cycles whose period has ended ask, and what was asked for is counted again."""
    ended = Q(state=CycleState.OPEN, ends_on__lt=localdate(at))
    waiting = Q(pk__in=FigureRequest.objects.filter(state=WantedState.WANTED).values("cycle"))
    for pk in AppraisalCycle.objects.filter(ended | waiting).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # Two sweepers wait for each other, and the second finds what the first has asked.
            cycle = AppraisalCycle.objects.select_for_update(of=("self",)).select_related("calendar").get(pk=pk)
            _bring_up_to_date(cycle, at, asks=True)


def recount_figures(*, periods: Collection[Period], at: datetime) -> None:
    """Figures of these periods have come, or a ledger was locked or opened: who was asked may be done."""
    of_periods = Q(pk__in=[])
    for period in periods:
        of_periods |= Q(starts_on=period.starts_on, ends_on=period.ends_on)
    cycles = AppraisalCycle.objects.filter(of_periods, pk__in=FigureRequest.objects.values("cycle"))
    for cycle in cycles.order_by("pk").select_related("calendar"):
        _bring_up_to_date(cycle, at, asks=False)


def _bring_up_to_date(cycle: AppraisalCycle, at: datetime, *, asks: bool) -> None:
    wanted = missing_by_role(cycle)
    requests = list(FigureRequest.objects.filter(cycle=cycle).order_by("pk"))
    for request in requests:
        total, ledgers = wanted.get(request.role, Missing())
        if (request.missing, request.ledgers) != (total, ledgers):
            FigureRequest.objects.filter(pk=request.pk).update(missing=total, ledgers=ledgers)
    settled = [one for one in requests if one.state == WantedState.WANTED and one.role not in wanted]
    again = [one for one in requests if one.state == WantedState.SETTLED and one.role in wanted]
    perform_many(settled, WantedVerb.SETTLE, acting_user=None, at=at)
    perform_many(again, WantedVerb.ASK_AGAIN, acting_user=None, at=at)
    new = sorted(wanted.keys() - {request.role for request in requests}) if asks else []
    begin(
        [FigureRequest(cycle=cycle, role=role, missing=wanted[role].total, ledgers=wanted[role].ledgers)
         for role in new],
        WantedVerb.ASK, acting_user=None, at=at,
    )  # fmt: skip


@transaction.atomic
def extend_figures(*, acting_user: User, at: datetime, request: FigureRequest, days: int, reason: str) -> None:
    """HR gives so many working days more, counted from the due day or, when that is past, from today."""
    if Role.HR not in roles_of(acting_user).names:
        raise NotAllowed(_("Deadlines of figures are extended by HR."))
    if not 1 <= days <= LONGEST_EXTENSION:
        raise GuardRefused(_("A deadline is moved by 1 to %(most)d working days.") % {"most": LONGEST_EXTENSION})

    def later(item: WorkItem) -> datetime:
        book, zone = day_book(item.due_rule["calendar"]), ZoneInfo(item.due_rule["zone"])
        assert item.due_at is not None
        return end_of_day(book.add_working_days(max(item.due_at, at).astimezone(zone).date(), days), zone)

    if not deadlines.extend([request], later, acting_user=acting_user, at=at, reason=reason):
        raise GuardRefused(_("None of the chosen has a deadline that can be moved."))
