"""The cycle's machine: draft, open, closed; and that of what its figures' owners owe it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import AppraisalCycle, FigureRequest
from appraisal.cycles.rules import nothing_unfinished
from appraisal.cycles.states import CycleState, WantedState, WantedVerb
from appraisal.cycles.timing import period_anchor
from appraisal.people import ladder
from appraisal.people.roles import roles_of
from workflow import facts
from workflow.calendars import daybook_of
from workflow.clocks import ClockRule, set_clock
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Duty, Machine, Role, Transition, register

facts.register(
    FactType("cycle.drafted", _("Cycle drafted"), _("%(actor)s drafted the cycle")),
    FactType("cycle.revised", _("Draft changed"), _("%(actor)s changed the draft: %(what)s")),
    FactType("cycle.launched", _("Cycle launched"), _("%(actor)s launched the cycle for %(people)s people")),
    FactType("cycle.people_added", _("People added"), _("%(actor)s launched the cycle for %(people)s more people")),
    FactType("cycle.closed", _("Cycle closed"), _("%(actor)s closed the cycle")),
    FactType("cycle.cancelled", _("Cycle cancelled"), _("%(actor)s cancelled the cycle")),
    FactType("figures.wanted", _("Figures asked for"), _("The period ended, and its figures were asked for")),
    FactType("figures.wanted_again", _("Figures asked for again"), _("Something is missing again, and was asked for")),
    FactType("figures.settled", _("Nothing missing any more"), _("Nothing is missing any more")),
)

# Assumed: no scheme says when those who own its figures give them. Nobody can be passed over, so nothing expires.
GIVE = ClockRule(count=5, remind=(-1, 0), escalate={3: "hr"})


def duties(request: FigureRequest, at: datetime) -> Sequence[Duty]:
    """Counted from the end of the period, or from the day on which it is asked for later than that."""
    if request.state != WantedState.WANTED:
        return ()
    days, zone = daybook_of(request.cycle.calendar), timezone.get_default_timezone_name()
    clock = set_clock(GIVE, anchor=period_anchor(request.cycle, zone, at, days), days=days, zone=zone)
    return (Duty("owner", pool=request.role, clock=clock),)


MACHINE = register(
    Machine(
        name="cycle",
        label=_("Cycle"),
        model=AppraisalCycle,
        states=CycleState,
        roles=(Role("hr", _("HR"), lambda cycle, user: "hr" in roles_of(user).names),),
        final=frozenset({CycleState.CLOSED, CycleState.CANCELLED}),
        transitions=(
            Transition("draft_cycle", _("Draft a cycle"), (START,), ("hr",), "cycle.drafted", (CycleState.DRAFT,)),
            Transition("open_cycle", _("Launch"), (CycleState.DRAFT,), ("hr",), "cycle.launched", (CycleState.OPEN,)),
            Transition(
                "close_cycle",
                _("Close the cycle"),
                (CycleState.OPEN,),
                ("hr",),
                "cycle.closed",
                (CycleState.CLOSED,),
                guards=(nothing_unfinished,),
            ),
            Transition(
                "cancel_cycle",
                _("Cancel the cycle"),
                (CycleState.DRAFT,),
                ("hr",),
                "cycle.cancelled",
                (CycleState.CANCELLED,),
                needs_reason=True,
            ),
        ),
    )
)

FIGURES = register(
    Machine(
        name="figure_request",
        label=_("Figures of a cycle"),
        model=FigureRequest,
        states=WantedState,
        roles=(),
        transitions=(
            Transition(WantedVerb.ASK, WantedVerb.ASK.label, (START,), (SYSTEM,), "figures.wanted",
                       (WantedState.WANTED,)),
            Transition(WantedVerb.SETTLE, WantedVerb.SETTLE.label, (WantedState.WANTED,), (SYSTEM,),
                       "figures.settled", (WantedState.SETTLED,)),
            Transition(WantedVerb.ASK_AGAIN, WantedVerb.ASK_AGAIN.label, (WantedState.SETTLED,), (SYSTEM,),
                       "figures.wanted_again", (WantedState.WANTED,)),
        ),
        duties=duties,
        on_alarms=ladder.speak,
        related=("cycle__calendar",),
    )
)  # fmt: skip
