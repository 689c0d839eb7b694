"""The cycle's machine: draft, open, closed."""

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.models import AppraisalCycle
from appraisal.cycles.rules import nothing_unfinished
from appraisal.cycles.states import CycleState
from appraisal.people.roles import roles_of
from workflow import facts
from workflow.facts import FactType
from workflow.machine import START, Machine, Role, Transition, register

facts.register(
    FactType("cycle.drafted", _("Cycle drafted"), _("%(actor)s drafted the cycle")),
    FactType("cycle.revised", _("Draft changed"), _("%(actor)s changed the draft: %(what)s")),
    FactType("cycle.launched", _("Cycle launched"), _("%(actor)s launched the cycle for %(people)s people")),
    FactType("cycle.people_added", _("People added"), _("%(actor)s launched the cycle for %(people)s more people")),
    FactType("cycle.closed", _("Cycle closed"), _("%(actor)s closed the cycle")),
    FactType("cycle.cancelled", _("Cycle cancelled"), _("%(actor)s cancelled the cycle")),
)

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
