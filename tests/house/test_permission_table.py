"""Every verb × state × person: allowed, or refused with its reason. What is expected stands here, by hand.

The table is written from the design of the machines, not from their code; a verb that a machine gains fails until
it has its row here.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from tests.cast import Cast
from tests.factories.cycles import at, launch_one, loaded
from workflow.door import Call, decide
from workflow.errors import GuardRefused, NotAllowed, NotInThisState
from workflow.machine import machine_of, machines

EVERYBODY = frozenset({
    "employee", "colleague_one", "colleague_two", "colleague_three", "manager", "second_level", "sales_director",
    "outsider", "hr", "hr_two", "hr_partner", "legal", "finance", "operations", "data_owner", "auditor", "sysadmin",
})  # fmt: skip
HR = frozenset({"hr", "hr_two"})
KEEPERS = HR | {"hr_partner"}
PANEL = HR | {"sales_director"}

# verb: (from these states, by these people of the cast); the system's own verbs have nobody.
APPRAISAL: dict[str, tuple[set[str], frozenset[str]]] = {
    "agree_targets": ({"planning"}, frozenset({"employee"})),
    "start_review": ({"tracking"}, HR),
    "submit_self_review": ({"self_review"}, frozenset({"employee"})),
    "pass_over_self_review": ({"self_review"}, KEEPERS),
    "submit_score": ({"scoring"}, frozenset({"manager"})),
    "send_back": ({"scoring", "countersigning", "calibrating"}, HR | {"manager", "second_level"}),
    "countersign": ({"countersigning"}, frozenset({"second_level"})),
    "confirm_calibration": ({"calibrating"}, HR),
    "release": ({"decided"}, HR),
    "recall": ({"interviewing"}, HR),
    "record_interview": ({"interviewing"}, HR | {"employee"}),
    "acknowledge": ({"interviewing", "appeal_window", "improving", "closed"}, KEEPERS | {"employee"}),
    "lodge_appeal": ({"appeal_window"}, frozenset({"employee"})),
    "decide_appeal": ({"appealed"}, PANEL),
    "withdraw_appeal": ({"appealed"}, frozenset({"employee"})),
    "close_window": ({"appeal_window"}, frozenset()),
    "conclude_improvement": ({"improving"}, HR),
    "correct": ({"closed"}, HR),
    "withdraw": (
        {
            "planning", "tracking", "self_review", "scoring", "countersigning", "calibrating", "decided",
            "interviewing", "appeal_window",
        },
        HR,
    ),
    "reinstate": ({"withdrawn"}, HR),
}  # fmt: skip
# Who of those that a verb names holds the step that it is sent back from.
SENDS_BACK = {"scoring": {"manager"}, "countersigning": {"second_level"}, "calibrating": HR}

ALL_STEPS = {step: {"on": True, "days": 5} for step in ("planning", "countersigning", "calibrating")}


def _decision(appraisal: Appraisal, verb: str, user, reason: str = "测试") -> str:
    """allowed, guard, state or role: what the door decides, without moving anything."""
    machine = machine_of(Appraisal)
    transition = machine.transition(verb)
    moment = at(5, 20) + timedelta(days=1)
    call = Call(verb, user, moment, reason, {"to": "scoring", "answer": "agreed"}, {}, "")
    if transition.prefetch is not None:
        transition.prefetch([appraisal])
    try:
        decide(machine, transition, call, appraisal, None)
    except NotAllowed as refusal:
        assert refusal.reason
        return "role"
    except NotInThisState as refusal:
        assert refusal.reason
        return "state"
    except GuardRefused as refusal:
        assert refusal.reason
        return "guard"
    return "allowed"


@pytest.mark.django_db
@pytest.mark.parametrize("state", [step.value for step in Step])
def test_every_verb_of_every_person_in_every_step(state: str, cast: Cast):
    steps = ALL_STEPS if state in {"planning", "countersigning", "calibrating"} else None
    appraisal = launch_one(cast, Step(state), steps=steps)
    appraisal = loaded().select_related("cycle__calendar").get(pk=appraisal.pk)
    wrong = []
    for verb, (states, people) in APPRAISAL.items():
        for name in sorted(EVERYBODY):
            decision = _decision(appraisal, verb, getattr(cast, name).user)
            if name not in people:
                expected = {"role"}
            elif state not in states:
                expected = {"state"}
            elif verb == "send_back":
                expected = {"allowed"} if name in SENDS_BACK[state] else {"guard"}
            else:
                expected = {"allowed", "guard"}
            if decision not in expected:
                wrong.append((verb, name, decision, expected))
    assert wrong == []


@pytest.mark.django_db
def test_the_manager_and_the_calibrator_have_no_seat_on_the_panel(cast: Cast):
    appraisal = launch_one(cast, Step.APPEALED, steps={"calibrating": {"on": True, "days": 5}})
    assert appraisal.calibrated_by_id == cast.hr.user.pk
    appraisal = loaded().select_related("cycle__calendar").get(pk=appraisal.pk)

    seats = {name for name in EVERYBODY if _decision(appraisal, "decide_appeal", getattr(cast, name).user) != "role"}
    assert seats == {"hr_two", "sales_director"}


def test_the_table_knows_every_verb_of_the_appraisal():
    verbs = {row.verb for row in machine_of(Appraisal).transitions} - {Verb.LAUNCH.value}
    assert verbs == set(APPRAISAL)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_verb_role_and_state_has_its_word_in_both_languages(language: str):
    with translation.override(language):
        words = [
            str(word)
            for machine in machines()
            for word in [
                machine.label, *(row.label for row in machine.transitions), *(role.label for role in machine.roles),
                *machine.states.labels,
            ]
        ]  # fmt: skip
    assert all(words)
    if language == "zh-hans":
        assert [word for word in words if word.isascii() and word != "HR"] == []
