"""System checks over the machines: what the table must never contain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import checks

from workflow import facts
from workflow.machine import START, SYSTEM, Machine, machines
from workflow.models import Subject


@checks.register("workflow")
def check_machines(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    return [message for machine in machines() for message in check_machine(machine)]


def check_machine(machine: Machine) -> list[checks.CheckMessage]:
    """The machine's faults: E001 unreachable, E002 dead end, E003 no role, E004 unknown name, E005 unregistered fact,
    E006 a verb twice, E007 no subject."""
    return [
        *_unknown_names(machine),
        *_unreachable(machine),
        *_dead_ends(machine),
        *_transitions(machine),
        *_subject(machine),
    ]


def _error(machine: Machine, text: str, number: int) -> checks.CheckMessage:
    return checks.Error(f"The machine “{machine.name}”: {text}", id=f"workflow.E{number:03d}")


def _unreachable(machine: Machine) -> Iterator[checks.CheckMessage]:
    reached, grown = {START}, True
    while grown:
        further = {
            target for row in machine.transitions if reached & set(row.sources) for target in row.targets
        } - reached
        reached |= further
        grown = bool(further)
    for state in machine.states.values:
        if state not in reached:
            yield _error(machine, f"no transition leads to the state {state!r}.", 1)


def _dead_ends(machine: Machine) -> Iterator[checks.CheckMessage]:
    leaving = {source for row in machine.transitions if not row.stays for source in row.sources}
    for state in machine.states.values:
        if state not in leaving and state not in machine.final:
            yield _error(machine, f"nothing leads out of {state!r}, and it is not declared final.", 2)


def _transitions(machine: Machine) -> Iterator[checks.CheckMessage]:
    seen: set[str] = set()
    for row in machine.transitions:
        if not row.who:
            yield _error(machine, f"{row.verb!r} names no role that may do it.", 3)
        if not facts.is_registered(row.fact):
            yield _error(machine, f"{row.verb!r} records the fact {row.fact!r}, which is not registered.", 5)
        if row.verb in seen:
            yield _error(machine, f"{row.verb!r} stands in the table twice.", 6)
        seen.add(row.verb)


def _unknown_names(machine: Machine) -> Iterator[checks.CheckMessage]:
    states = {*machine.states.values, START}
    roles = {*(role.name for role in machine.roles), SYSTEM}
    for row in machine.transitions:
        for name in {*row.sources, *row.targets} - states:
            yield _error(machine, f"{row.verb!r} names the unknown state {name!r}.", 4)
        for name in {*row.who, *row.closes} - roles:
            yield _error(machine, f"{row.verb!r} names the unknown role {name!r}.", 4)
        if len(row.targets) > 1 and row.target is None:
            yield _error(machine, f"{row.verb!r} has several targets and nothing that chooses.", 4)


def _subject(machine: Machine) -> Iterator[checks.CheckMessage]:
    model: type = machine.model
    if not issubclass(model, Subject):
        yield _error(machine, f"{machine.model!r} is not a subject.", 7)
