"""Rows written by COPY are the rows that were given, and break the same rules."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications.models import OutboxMessage
from tests.cast import Cast
from workflow import copying, writes
from workflow.models import Visit, WorkItem

AWKWARD = ["", "plain", "tab\there", "line\nbreak", "back\\slash", "\\N", "quote ' and \"", "中文，全角", "\r\n", "😀"]
NOW = datetime(2026, 3, 31, 15, 59, 59, 999999, tzinfo=UTC)


@pytest.fixture
def kind(db: None) -> ContentType:
    return ContentType.objects.get_for_model(Visit)


def visits(kind: ContentType, count: int) -> list[Visit]:
    return [
        Visit(
            content_type=kind, object_id=number, state="scoring", number=number, opened_at=NOW,
            due_at=NOW if number % 2 else None, reason=AWKWARD[number % len(AWKWARD)],
            due_rule={"words": AWKWARD[number % len(AWKWARD)], "rungs": [["remind:-1", None]], "n": number % 3},
            passed_over=bool(number % 2),
        )
        for number in range(count)
    ]  # fmt: skip


def values(rows: list[Visit]) -> list[dict[str, Any]]:
    names = [field.attname for field in Visit._meta.concrete_fields if not field.primary_key]
    return [{name: getattr(row, name) for name in names} for row in rows]


def test_what_is_read_back_is_what_was_given(kind: ContentType) -> None:
    rows = visits(kind, 2 * copying.LEAST)
    copying.insert(rows)
    stored = list(Visit.objects.order_by("number"))
    assert values(stored) == values(rows)
    assert [row.pk for row in stored] == [row.pk for row in rows]
    assert not any(row._state.adding for row in rows)


def test_many_rows_are_two_statements_and_one_without_their_keys(kind: ContentType) -> None:
    if connection.vendor != "postgresql":
        pytest.fail("COPY is PostgreSQL's: this test needs it.")
    with CaptureQueriesContext(connection) as asked:
        copying.insert(visits(kind, copying.LEAST))
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as not_asked:
        copying.insert([row for row in visits(kind, 2 * copying.LEAST) if row.number >= copying.LEAST], keys=False)
    assert len(not_asked) == 1
    assert Visit.objects.count() == 2 * copying.LEAST


def test_the_next_single_row_gets_a_key_of_its_own(kind: ContentType) -> None:
    copying.insert(visits(kind, copying.LEAST))
    last = visits(kind, copying.LEAST + 1)[-1]
    last.save()
    assert last.pk > max(Visit.objects.exclude(pk=last.pk).values_list("pk", flat=True))


def test_a_broken_rule_is_the_same_error(kind: ContentType) -> None:
    twice = visits(kind, copying.LEAST)
    twice[-1].object_id = twice[0].object_id
    with pytest.raises(IntegrityError), transaction.atomic():
        copying.insert(twice)
    assert not Visit.objects.exists()


def test_items_keep_their_holders(cast: Cast, kind: ContentType) -> None:
    items = [
        WorkItem(
            content_type=kind, object_id=number, subject_label="李娜 · 第一季度", state="scoring", opened_at=NOW,
            holder=cast.manager.user if number % 2 else None, pool="" if number % 2 else "hr", role="manager",
        )
        for number in range(copying.LEAST)
    ]  # fmt: skip
    copying.insert(items)
    assert WorkItem.objects.filter(holder=cast.manager.user).count() == copying.LEAST / 2
    assert WorkItem.objects.filter(holder=None, pool="hr").count() == copying.LEAST / 2


def test_what_is_there_already_is_left_as_it_is(cast: Cast) -> None:
    def letters(first: int, count: int, link: str) -> list[OutboxMessage]:
        return [
            OutboxMessage(
                recipient=cast.employee.user, kind="k", subject_type="t", subject_id=str(number), slot="s", link=link,
                context={"due": NOW, "whom_zh": "李娜\t\\"}, created_at=NOW, visible_at=NOW, not_before=NOW,
            )
            for number in range(first, first + count)
        ]  # fmt: skip

    copying.insert(letters(0, copying.LEAST, "/old"), ignore_conflicts=True)
    copying.insert(letters(copying.LEAST - 1, copying.LEAST + 1, "/new"), ignore_conflicts=True)
    assert OutboxMessage.objects.filter(link="/old").count() == copying.LEAST
    assert OutboxMessage.objects.filter(link="/new").count() == copying.LEAST
    assert OutboxMessage.objects.latest("pk").context == {"due": "2026-03-31T15:59:59.999Z", "whom_zh": "李娜\t\\"}


def test_a_fresh_row_is_what_the_constructor_makes(kind: ContentType) -> None:
    made = Visit(content_type=kind, object_id=7, state="scoring", number=1, opened_at=NOW)
    fresh = copying.fresh(
        Visit, {"content_type": kind}, content_type_id=kind.pk, object_id=7, state="scoring", number=1, opened_at=NOW
    )
    assert values([fresh]) == values([made])
    assert (fresh.pk, fresh._state.adding, fresh.content_type) == (None, True, kind)
    assert fresh.due_rule is not copying.fresh(Visit).due_rule
    fresh.save()
    assert Visit.objects.get().number == 1


def test_keys_are_given_to_several_tables_in_one_query(
    cast: Cast, kind: ContentType, django_assert_num_queries
) -> None:
    rows, others = visits(kind, copying.LEAST), visits(kind, 3)
    with django_assert_num_queries(1):
        copying.reserve(rows, others)
    copying.insert(rows)
    assert set(Visit.objects.values_list("pk", flat=True)) == {row.pk for row in rows}
    # Few rows get theirs when they are inserted.
    assert {row.pk for row in others} == {None}


def test_many_rows_are_changed_in_one_query(kind: ContentType, django_assert_num_queries) -> None:
    rows = visits(kind, 20)
    copying.insert(rows)
    stored = list(Visit.objects.order_by("number"))
    for row in stored:
        row.due_at = None if row.number % 3 == 0 else NOW
        row.due_rule = {"words": AWKWARD[row.number % len(AWKWARD)], "n": row.number}
        row.reason = AWKWARD[-1 - row.number % len(AWKWARD)]
        row.outcome = "passed"
    with django_assert_num_queries(1):
        writes.update_many(stored, ["due_at", "due_rule", "reason", "outcome"])
    assert values(list(Visit.objects.order_by("number"))) == values(stored)


def test_nothing_is_nothing(db: None) -> None:
    copying.insert([])
