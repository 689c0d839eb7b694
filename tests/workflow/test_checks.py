"""A faulty table does not start."""

from dataclasses import replace

import pytest

from appraisal.cycles.models import AppraisalCycle
from workflow.checks import check_machine
from workflow.machine import machine_of


def _rows(change):
    machine = machine_of(AppraisalCycle)
    return replace(machine, transitions=tuple(change(list(machine.transitions))))


def _ids(machine):
    return {message.id for message in check_machine(machine)}


def test_the_real_machine_is_sound():
    assert _ids(machine_of(AppraisalCycle)) == set()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda rows: [row for row in rows if row.verb != "open_cycle"], "workflow.E001"),
        (lambda rows: [row for row in rows if row.verb not in {"open_cycle", "cancel_cycle"}], "workflow.E002"),
        (lambda rows: [replace(row, who=()) for row in rows], "workflow.E003"),
        (lambda rows: [replace(row, who=("gardener",)) for row in rows], "workflow.E004"),
        (lambda rows: [replace(row, sources=("nowhere",)) for row in rows], "workflow.E004"),
        (lambda rows: [replace(row, fact="cycle.invented") for row in rows], "workflow.E005"),
        (lambda rows: [*rows, rows[0]], "workflow.E006"),
    ],
)
def test_each_fault_of_a_table_is_found(change, fault):
    assert fault in _ids(_rows(change))
