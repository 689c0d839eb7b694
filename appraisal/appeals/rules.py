"""What must be true of an appeal, its panel and its decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from appraisal.appeals.models import Appeal, AppealItem, PanelSeat
from appraisal.appeals.states import AppealState, Ruling
from appraisal.cycles.states import Step
from appraisal.people.roles import roles_of
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User


def load_case(appeals: Sequence[Appeal]) -> None:
    """Hangs items and seats on each appeal (`case_items`, `case_seats`), in two queries."""
    items = list(AppealItem.objects.filter(appeal__in=appeals).order_by("position", "pk"))
    seats = list(PanelSeat.objects.filter(appeal__in=appeals).order_by("pk"))
    for appeal in appeals:
        appeal.case_items = [row for row in items if row.appeal_id == appeal.pk]  # type: ignore[attr-defined]
        appeal.case_seats = [row for row in seats if row.appeal_id == appeal.pk]  # type: ignore[attr-defined]


def window_open(attempt: Attempt) -> Verdict:
    if attempt.subject.appraisal.state == Step.APPEAL_WINDOW:
        return ALLOWED
    return refused(
        _("An appeal can be lodged while the appeal window is open."),
        _("For a late appeal turn to HR, who can extend the window with a reason before it ends."),
    )


def decision_written(attempt: Attempt) -> Verdict:
    items: list[AppealItem] = attempt.subject.case_items
    if not attempt.subject.answer.strip() or any(not item.ruling for item in items):
        return refused(_("Every contested item needs its ruling, and the employee an answer in words."))
    if any(not item.ruling_reason.strip() for item in items):
        return refused(_("Every ruling needs its reason."))
    return ALLOWED


def open_seat_of(appeal: Appeal, user: User) -> PanelSeat | None:
    """The seat whose signature the user can give for the present text of the decision."""
    seats: list[PanelSeat] = appeal.case_seats  # type: ignore[attr-defined]
    if any(seat.signed_by_id == user.pk and seat.signed_number == appeal.decision_number for seat in seats):
        return None
    mine = roles_of(user).names
    return next(
        (seat for seat in seats if seat.role in mine and seat.signed_number != appeal.decision_number), None
    )


def signs_for_an_open_seat(attempt: Attempt) -> Verdict:
    """One person never signs for two seats, even when holding both roles."""
    if attempt.user is not None and open_seat_of(attempt.subject, attempt.user) is not None:
        return ALLOWED
    return refused(_("Your signature is already given, or no seat of the panel is yours."))


def all_signed(attempt: Attempt) -> Verdict:
    seats: list[PanelSeat] = attempt.subject.case_seats
    if seats and all(seat.signed_number == attempt.subject.decision_number for seat in seats):
        return ALLOWED
    return refused(_("Not everybody on the panel has signed this text of the decision."))


def ruling_of(attempt: Attempt) -> str:
    """Upheld when every item is, dismissed when none is, partly upheld between."""
    rulings = [item.ruling for item in attempt.subject.case_items]
    if all(ruling == Ruling.UPHELD for ruling in rulings):
        return AppealState.UPHELD
    return AppealState.PARTLY_UPHELD if Ruling.UPHELD in rulings else AppealState.DISMISSED
