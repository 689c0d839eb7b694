"""The appeal's machine: lodged, under review, decided by a panel of which everybody signs."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appraisal.appeals.models import Appeal
from appraisal.appeals.rules import (
    all_signed,
    decision_written,
    extended_once,
    load_case,
    ruling_of,
    signs_for_an_open_seat,
    signs_the_present_text,
    something_contested,
    window_open,
)
from appraisal.appeals.states import OPEN, AppealState, AppealVerb
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import rule_of
from appraisal.cycles.rules import is_employee, may_sit_on_panel
from appraisal.cycles.states import Step
from appraisal.cycles.timing import clock_for
from appraisal.people import ladder
from workflow import clocks, facts
from workflow.calendars import daybook_of
from workflow.clocks import Clock
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Duty, Machine, Role, Transition, register

facts.register(
    FactType("appeal.lodged", _("Appeal lodged"), _("%(actor)s lodged an appeal")),
    FactType("appeal.taken_up", _("Case taken up"), _("%(actor)s took up the case")),
    FactType("appeal.decision_written", _("Decision written"), _("%(actor)s wrote the decision")),
    FactType("appeal.extended", _("Decision put off"), _("%(actor)s extended the time for the decision to %(until)s")),
    FactType("appeal.signed", _("Decision signed"), _("%(actor)s signed the decision")),
    FactType("appeal.concluded", _("Appeal decided"), _("The panel decided the appeal")),
    FactType("appeal.withdrawn", _("Appeal withdrawn"), _("%(actor)s withdrew the appeal")),
    # On the appraisal: its figures have been replaced and its result computed anew.
    FactType("result.recomputed", _("Result computed anew"), _("The result was computed anew after the appeal")),
)


def duties(appeal: Appeal, at: datetime) -> Sequence[Duty]:
    """Every seat of the panel owes its signature; the time runs from the appeal's arrival, not from the reading."""
    if appeal.state not in OPEN:
        return ()
    rule = rule_of(appeal.appraisal.track, Step.APPEALED)
    if rule is None:
        return (Duty("panel", pool="hr"),)
    clock = clock_for(appeal.appraisal, rule, at=appeal.lodged_at)
    if clock is not None and appeal.extended_to is not None:
        clock = _extended(appeal.appraisal, clock, appeal)
    return tuple(Duty("panel", pool=role, clock=clock) for role in rule.holder)


def _extended(appraisal: Appraisal, clock: Clock, appeal: Appeal) -> Clock:
    days = daybook_of(appraisal.cycle.calendar)
    rule = clocks.rule_of(clock.rule)
    due = appeal.extended_to or clock.due_at
    return clocks.clock_due(rule, due, anchor=appeal.lodged_at, days=days, zone=appraisal.zone)


MACHINE = register(
    Machine(
        name="appeal",
        label=_("Appeal"),
        model=Appeal,
        states=AppealState,
        roles=(
            Role("employee", _("the employee"), lambda appeal, user: is_employee(appeal.appraisal, user)),
            Role("panel", _("the appeal panel"), lambda appeal, user: may_sit_on_panel(appeal.appraisal, user)),
        ),
        final=frozenset(AppealState) - frozenset(OPEN),
        transitions=(
            Transition(
                AppealVerb.LODGE, AppealVerb.LODGE.label, (START,), ("employee",), "appeal.lodged",
                (AppealState.LODGED,), guards=(window_open, something_contested),
            ),
            Transition(
                AppealVerb.TAKE_UP, AppealVerb.TAKE_UP.label, (AppealState.LODGED,), ("panel",), "appeal.taken_up",
                (AppealState.UNDER_REVIEW,),
            ),
            Transition(
                AppealVerb.DECIDE_ITEMS, AppealVerb.DECIDE_ITEMS.label, (AppealState.UNDER_REVIEW,), ("panel",),
                "appeal.decision_written",
            ),
            Transition(
                AppealVerb.EXTEND, AppealVerb.EXTEND.label, OPEN, ("panel",), "appeal.extended",
                guards=(extended_once,), needs_reason=True,
            ),
            Transition(
                AppealVerb.SIGN, AppealVerb.SIGN.label, (AppealState.UNDER_REVIEW,), ("panel",), "appeal.signed",
                guards=(decision_written, signs_the_present_text, signs_for_an_open_seat), prefetch=load_case,
            ),
            Transition(
                AppealVerb.CONCLUDE, AppealVerb.CONCLUDE.label, (AppealState.UNDER_REVIEW,), (SYSTEM,),
                "appeal.concluded", (AppealState.UPHELD, AppealState.PARTLY_UPHELD, AppealState.DISMISSED),
                target=ruling_of, guards=(decision_written, all_signed), prefetch=load_case,
            ),
            Transition(
                AppealVerb.WITHDRAW, AppealVerb.WITHDRAW.label, OPEN, ("employee",), "appeal.withdrawn",
                (AppealState.WITHDRAWN,),
            ),
        ),
        duties=duties,
        on_alarms=ladder.speak,
        related=("appraisal__track", "appraisal__cycle__calendar", "appraisal__employee"),
        shared=("appraisal__track", "appraisal__cycle__calendar"),
        parent="appraisal",
        title=lambda appeal: f"{appeal.appraisal.title} · {appeal.appraisal.cycle}",
    )
)  # fmt: skip
