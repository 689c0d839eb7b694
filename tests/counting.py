"""Counts the queries that read or write rows; savepoints and the like are the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET CONSTRAINTS")


class Queries(list[str]):
    """The statements, filled when the block ends."""


@contextmanager
def counted_queries() -> Iterator[Queries]:
    queries = Queries()
    with CaptureQueriesContext(connection) as captured:
        yield queries
    queries += [row["sql"] for row in captured.captured_queries if not row["sql"].startswith(FRAME)]
