"""The appeal's machine: lodged, under review, decided by a panel of which everybody signs."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appraisal.appeals.models import Appeal
from appraisal.appeals.rules import (
    all_signed,
    decision_written,
    load_case,
    ruling_of,
    signs_for_an_open_seat,
    window_open,
)
from appraisal.appeals.states import AppealState, AppealVerb
from appraisal.cycles.process import rule_of
from appraisal.cycles.rules import is_employee, may_sit_on_panel
from appraisal.cycles.states import Step
from appraisal.cycles.timing import clock_for
from workflow import facts
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Duty, Machine, Role, Transition, register

facts.register(
    FactType("appeal.lodged", _("Appeal lodged"), _("%(actor)s lodged an appeal")),
    FactType("appeal.taken_up", _("Case taken up"), _("%(actor)s took up the case")),
    FactType("appeal.decision_written", _("Decision written"), _("%(actor)s wrote the decision")),
    FactType("appeal.signed", _("Decision signed"), _("%(actor)s signed the decision")),
    FactType("appeal.concluded", _("Appeal decided"), _("The panel decided the appeal")),
    FactType("appeal.withdrawn", _("Appeal withdrawn"), _("%(actor)s withdrew the appeal")),
)

OPEN = (AppealState.LODGED, AppealState.UNDER_REVIEW)


def duties(appeal: Appeal, at: datetime) -> Sequence[Duty]:
    """Every seat of the panel owes its signature; the time runs from the appeal's arrival, not from the reading."""
    if appeal.state not in OPEN:
        return ()
    rule = rule_of(appeal.appraisal.track, Step.APPEALED)
    if rule is None:
        return (Duty("panel", pool="hr"),)
    clock = clock_for(appeal.appraisal, rule, at=appeal.lodged_at)
    return tuple(Duty("panel", pool=role, clock=clock) for role in rule.holder)


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
                (AppealState.LODGED,), guards=(window_open,),
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
                AppealVerb.SIGN, AppealVerb.SIGN.label, (AppealState.UNDER_REVIEW,), ("panel",), "appeal.signed",
                guards=(decision_written, signs_for_an_open_seat), prefetch=load_case,
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
        related=("appraisal__track", "appraisal__cycle", "appraisal__employee"),
        parent="appraisal",
        title=lambda appeal: f"{appeal.appraisal.employee} · {appeal.appraisal.cycle}",
    )
)  # fmt: skip
