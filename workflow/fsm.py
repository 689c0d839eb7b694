"""The one place that knows viewflow: compiles a machine's table into a `viewflow.fsm` flow and fires it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from django.utils.translation import gettext as _
from viewflow.fsm import State, TransitionNotAllowed
from viewflow.fsm.base import NoTransition, TransitionConditionsUnmet

from workflow.errors import GuardRefused, NotInThisState
from workflow.machine import Attempt, Guard, Machine, Transition
from workflow.verdicts import ALLOWED, Verdict


class Flow:
    """Carries one attempt through viewflow; `moved_to` is where it ended."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.moved_to: str = attempt.subject.state
        self.verdict: Verdict = ALLOWED

    def check(self, guard: Guard) -> bool:
        self.verdict = guard(self.attempt)
        return bool(self.verdict)


def _compile_transition(state: State, transition: Transition) -> Callable[..., Any]:
    def fire(flow: Flow) -> None:
        """The work itself is done by the door; viewflow decides whether and where to."""

    fire.__name__ = transition.verb
    options: dict[str, Any] = {
        "label": transition.verb,
        "conditions": [lambda flow, guard=guard: flow.check(guard) for guard in transition.guards],
        # The door has asked the machine's roles before it comes here.
        "permission": None,
    }
    if len(transition.targets) == 1 and transition.target is None:
        options["target"] = transition.targets[0]
    elif transition.targets:
        choose = transition.target
        assert choose is not None
        options["target"] = State.GET_STATE(lambda flow: choose(flow.attempt), states=list(transition.targets))
    decorated: Callable[..., Any] = fire
    for source in transition.sources:
        decorated = state.transition(source=source, **options)(decorated)
    return decorated


@cache
def _compile(machine: Machine) -> type[Flow]:
    state = State([*machine.states.values, ""], default="")
    body: dict[str, Any] = {"state": state}
    for transition in machine.transitions:
        body[transition.verb] = _compile_transition(state, transition)
    flow = type(f"{machine.name.title()}Flow", (Flow,), body)
    state.setter()(lambda instance, value: setattr(instance, "moved_to", value))
    state.getter()(lambda instance: instance.moved_to)
    return flow


def target_of(machine: Machine, attempt: Attempt) -> str:
    """The state to which the attempt leads. Raises NotInThisState or GuardRefused."""
    flow = _compile(machine)(attempt)
    try:
        getattr(flow, attempt.verb)()
    except NoTransition as error:
        raise NotInThisState(
            _("This can no longer be done, or not yet: the step is now “%(state)s”.")
            % {"state": machine.states(attempt.subject.state).label if attempt.subject.state else "–"}
        ) from error
    except TransitionConditionsUnmet as error:
        raise GuardRefused(str(flow.verdict.reason), str(flow.verdict.remedy)) from error
    except TransitionNotAllowed as error:
        raise NotInThisState(str(error)) from error
    return flow.moved_to


def verbs_from(machine: Machine, state: str) -> list[str]:
    """The verbs that lead on from a state, in the order of the table."""
    flow = _compile(machine)
    found = {t.slug for t in cast("Any", flow).state.get_outgoing_transitions(state)}
    return [transition.verb for transition in machine.transitions if transition.verb in found]
