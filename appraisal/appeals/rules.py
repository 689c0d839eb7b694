"""What must be true of an appeal, its panel and its decision."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from appraisal.appeals.models import Appeal, AppealItem, PanelSeat
from appraisal.appeals.states import AppealState, Part, Ruling
from appraisal.assessments.overrides import TOP, what_it_replaces
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.cycles.rules import is_employee, is_manager, is_second_level, may_sit_on_panel
from appraisal.cycles.states import Step
from appraisal.people.roles import roles_of
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Text, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User

EXTENSION_DAYS = 5


def load_case(appeals: Sequence[Appeal]) -> None:
    """Hangs items and seats on each appeal (`case_items`, `case_seats`), in two queries."""
    items = list(AppealItem.objects.filter(appeal__in=appeals).order_by("position", "pk"))
    for appeal in appeals:
        appeal.case_items = [row for row in items if row.appeal_id == appeal.pk]
    load_seats(appeals)


def load_seats(appeals: Sequence[Appeal]) -> None:
    seats = list(PanelSeat.objects.filter(appeal__in=appeals).select_related("signed_by").order_by("pk"))
    for appeal in appeals:
        appeal.case_seats = [row for row in seats if row.appeal_id == appeal.pk]


def items_loaded(appeal: Appeal) -> list[AppealItem]:
    if not hasattr(appeal, "case_items"):
        load_case([appeal])
    return appeal.case_items


def seats_loaded(appeal: Appeal) -> list[PanelSeat]:
    if not hasattr(appeal, "case_seats"):
        load_seats([appeal])
    return appeal.case_seats


def part_in(appraisal: Appraisal, user: User) -> Part:
    """The raters learn the outcome, not the words; a reader of HR or audit all but the unfinished decision."""
    if is_employee(appraisal, user):
        return Part.EMPLOYEE
    if may_sit_on_panel(appraisal, user):
        return Part.PANEL
    if is_manager(appraisal, user) or is_second_level(appraisal, user) or not _reads(appraisal, user):
        return Part.RATER
    return Part.READER


def _reads(appraisal: Appraisal, user: User) -> bool:
    roles = roles_of(user)
    return bool(roles.names & {"hr", "auditor"}) or appraisal.org_unit_id in roles.partner_unit_ids


def conflict_of(appraisal: Appraisal, user_id: int) -> Text:
    """Why this person cannot sit on the panel; empty if nothing stands in the way."""
    reasons = (
        (appraisal.employee_account_id, _("it is their own appraisal")),
        (appraisal.manager_account_id, _("is the direct manager")),
        (appraisal.scored_by_id, _("gave the score")),
        (appraisal.calibrated_by_id, _("calibrated the result")),
    )
    return next((reason for concerned, reason in reasons if concerned == user_id), "")


def window_open(attempt: Attempt) -> Verdict:
    if attempt.subject.appraisal.state == Step.APPEAL_WINDOW:
        return ALLOWED
    return refused(
        _("An appeal can be lodged while the appeal window is open."),
        _("For a late appeal turn to HR, who can extend the window with a reason before it ends."),
    )


def something_contested(attempt: Attempt) -> Verdict:
    if attempt.data.get("items"):
        return ALLOWED
    return refused(_("Choose at least one thing that you contest."))


def decision_written(attempt: Attempt) -> Verdict:
    items: list[AppealItem] = attempt.subject.case_items
    if not items or not attempt.subject.answer.strip() or any(not item.ruling for item in items):
        return refused(_("Every contested item needs its ruling, and the employee an answer in words."))
    if any(not item.ruling_reason.strip() for item in items):
        return refused(_("Every ruling needs its reason."))
    return ALLOWED


def value_fits(appraisal: Appraisal, item: AppealItem, value: Decimal | None, grade: str) -> Verdict:
    """A new figure for an indicator, a new grade for the result as a whole; neither in the other's place."""
    scheme = scheme_of(appraisal.track)
    if value is not None:
        if not item.indicator:
            return refused(_("A new value belongs to an indicator."))
        if value < 0:
            return refused(_("The new value cannot be negative."))
        if what_it_replaces(scheme, item.indicator).is_points and value > TOP:
            return refused(_("Points lie between 0 and %(top)s.") % {"top": TOP})
    if grade:
        names = scheme.grades.names if scheme.grades else ()
        if item.indicator or grade not in names:
            return refused(_("A new grade belongs to the result as a whole and is one of the scheme's."))
        before = item.appeal.grade_before
        if before in names and names.index(grade) > names.index(before):
            return refused(_("An appeal never worsens a grade."))
    return ALLOWED


def open_seats_of(appeal: Appeal, user: User) -> list[PanelSeat]:
    """The seats of which the user can give one signature for the present text of the decision."""
    seats = appeal.case_seats
    if any(seat.signed_by_id == user.pk and seat.signed_number == appeal.decision_number for seat in seats):
        return []
    mine = roles_of(user).names
    return [seat for seat in seats if seat.role in mine and seat.signed_number != appeal.decision_number]


def seat_to_sign(appeal: Appeal, user: User, role: str = "") -> PanelSeat | None:
    return next((seat for seat in open_seats_of(appeal, user) if role in {"", seat.role}), None)


def signs_for_an_open_seat(attempt: Attempt) -> Verdict:
    """One person never signs for two seats, even when holding both roles."""
    role = str(attempt.data.get("role", ""))
    if attempt.user is not None and seat_to_sign(attempt.subject, attempt.user, role) is not None:
        return ALLOWED
    return refused(
        _("Your signature is already given, or no seat of the panel is yours."),
        _("One person signs for one seat; another holder of the other role signs for the other."),
    )


def signs_the_present_text(attempt: Attempt) -> Verdict:
    """A signature is for the words that were read."""
    if attempt.data.get("decision", attempt.subject.decision_number) == attempt.subject.decision_number:
        return ALLOWED
    return refused(
        _("The decision has been written anew since you opened the page."), _("Read the new text before you sign it.")
    )


def all_signed(attempt: Attempt) -> Verdict:
    seats: list[PanelSeat] = attempt.subject.case_seats
    if seats and all(seat.signed_number == attempt.subject.decision_number for seat in seats):
        return ALLOWED
    return refused(_("Not everybody on the panel has signed this text of the decision."))


def extended_once(attempt: Attempt) -> Verdict:
    """One extension, of at most five working days."""
    if attempt.subject.extended_to is not None:
        return refused(_("The time for this decision has already been extended once."))
    if 1 <= int(attempt.data.get("days", EXTENSION_DAYS)) <= EXTENSION_DAYS:
        return ALLOWED
    return refused(_("A decision is put off by one to %(most)d working days.") % {"most": EXTENSION_DAYS})


def ruling_of(attempt: Attempt) -> str:
    """Upheld when every item is, dismissed when none is, partly upheld between."""
    rulings = [item.ruling for item in attempt.subject.case_items]
    if all(ruling == Ruling.UPHELD for ruling in rulings):
        return AppealState.UPHELD
    return AppealState.PARTLY_UPHELD if Ruling.UPHELD in rulings else AppealState.DISMISSED
