"""How a table of permissions is written, and how the door is asked about every cell of it.

A row is written from the design, never from a machine: from which states a verb leads, who may do it, and where a
condition stands in the way although state and person are right (`unless`, with words of the English reason).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import translation

from tests.cast import PARTS, Cast
from workflow.door import Call, decide
from workflow.errors import GuardRefused, NotAllowed, NotInThisState, Refusal
from workflow.machine import START, Machine, machine_of

SYSTEM = "system"
EVERYBODY = (*PARTS, SYSTEM)
HR = "hr hr_two"
KEEPERS = f"{HR} hr_partner"
NOBODY = ""
KINDS: dict[type[Refusal], str] = {NotAllowed: "role", NotInThisState: "state", GuardRefused: "guard"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Row:
    """`unless`: "state" or "state person" → words of the reason. `reasoned`: refused when no reason is given."""

    states: str
    people: str
    unless: Mapping[str, str] = field(default_factory=dict)
    reasoned: bool = False

    def expected(self, state: str, person: str) -> tuple[str, str]:
        """What the door decides, and words of its reason."""
        if person not in self.people.split():
            return "role", ""
        if (state or "start") not in self.states.split():
            return "state", ""
        words = self.unless.get(f"{state} {person}", self.unless.get(state or "start"))
        return ("guard", words) if words else ("allowed", "")


Table = Mapping[str, Row]


@dataclass(frozen=True)
class Case:
    """A subject in a state; `data` is what a form would send with each verb."""

    subject: Any
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def ask(case: Case, verb: str, user: Any, reason: str = "测试") -> tuple[str, str]:
    """What the door decides without moving anything, and the reason in the reader's language."""
    machine = machine_of(case.subject)
    transition = machine.transition(verb)
    call = Call(verb, user, case.at, reason, case.data, {}, "")
    if transition.prefetch is not None:
        transition.prefetch([case.subject])
    try:
        decide(machine, transition, call, case.subject, None)
    except Refusal as refusal:
        return KINDS[type(refusal)], refusal.reason
    return "allowed", ""


def reasons(case: Case, verb: str, user: Any, reason: str = "测试") -> tuple[str, str, str]:
    """The decision and its reason in English and in Chinese."""
    with translation.override("en"):
        kind, english = ask(case, verb, user, reason)
    with translation.override("zh-hans"):
        again, chinese = ask(case, verb, user, reason)
    assert kind == again
    return kind, english, chinese


def deviations(case: Case, table: Table, cast: Cast, people: Mapping[str, str] | None = None) -> list[str]:
    """Every cell of the state in which the door decides otherwise than the table, or does not say why.

    `people` puts another person of the cast in a part: {"manager": "second_level"} after a hand-over.
    """
    return list(_deviations(case, table, cast, people or {}))


def _deviations(case: Case, table: Table, cast: Cast, people: Mapping[str, str]) -> Iterator[str]:
    state = case.subject.state
    for verb, row in table.items():
        for part in EVERYBODY:
            user = None if part == SYSTEM else getattr(cast, people.get(part, part)).user
            kind, words = row.expected(state, part)
            found, english, chinese = reasons(case, verb, user)
            cell = f"{state or 'start'} {verb} {part}"
            if (found, words in english) != (kind, True):
                yield f"{cell}: {found} ({english}), not {kind} ({words})"
            if found != "allowed" and not (english.strip() and CHINESE.search(chinese) and english != chinese):
                yield f"{cell}: refused without a reason in both languages ({english}, {chinese})"
            if row.reasoned and kind == "allowed" and reasons(case, verb, user, "")[0] != "guard":
                yield f"{cell}: allowed without a reason"


def start_only(table: Table) -> Table:
    return {verb: row for verb, row in table.items() if "start" in row.states.split()}


def states_of(machine: Machine) -> list[str]:
    return [START, *machine.states.values]
