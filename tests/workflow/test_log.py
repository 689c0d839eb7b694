"""The log proves itself."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.workflow.test_door import _new_cycle
from workflow import engine
from workflow.facts import UnknownFact
from workflow.models import Fact
from workflow.verification import verify_all

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 4, 1, 4, tzinfo=UTC)


@pytest.fixture
def cycle(cast):
    cycle = engine.begin([_new_cycle(cast)], "draft_cycle", acting_user=cast.hr.user, at=NOON)[0]
    engine.perform(cycle, "cancel_cycle", acting_user=cast.hr.user, at=NOON, reason="试运行")
    return cycle


def _tamper(sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE workflow_fact DISABLE TRIGGER USER")
        cursor.execute(sql)


def _faults():
    return [(fault.seq, fault.fault) for fault in verify_all()[1]]


def test_an_untouched_log_holds(cycle, capsys):
    call_command("verify_log")
    assert _faults() == []


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE workflow_fact SET to_state = 'open' WHERE name = 'cycle.cancelled'", 2),
        ("UPDATE workflow_fact SET reason = 'x' WHERE name = 'cycle.cancelled'", 2),
        ("UPDATE workflow_fact SET actor_label = 'x' WHERE name = 'cycle.drafted'", 1),
        ("UPDATE workflow_fact SET at = at + interval '1 day' WHERE name = 'cycle.drafted'", 1),
    ],
)
def test_a_changed_line_is_found_at_its_place(cycle, sql, seq):
    _tamper(sql)
    assert seq in {place for place, _fault in _faults()}
    with pytest.raises(CommandError):
        call_command("verify_log")


def test_a_removed_last_line_is_found(cycle):
    _tamper("DELETE FROM workflow_fact WHERE name = 'cycle.cancelled'")
    assert any("end of the chain" in fault for _seq, fault in _faults())


def test_a_removed_log_is_found(cycle):
    _tamper(f"DELETE FROM workflow_fact WHERE object_id = {cycle.pk} AND name LIKE 'cycle.%'")
    assert any("gone" in fault for _seq, fault in _faults())


def test_facts_can_neither_be_saved_nor_deleted(cycle):
    fact = Fact.objects.first()
    with pytest.raises(TypeError):
        fact.save()
    with pytest.raises(TypeError):
        fact.delete()


def test_an_unregistered_fact_fails_the_act(cycle, cast):
    with pytest.raises(UnknownFact):
        engine.record(cycle, "cycle.invented", acting_user=cast.hr.user, at=NOON)
