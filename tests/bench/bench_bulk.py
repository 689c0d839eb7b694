"""Launch, expiry and release of 10,000 people on PostgreSQL, against COPY of the same rows: `make bench`.

DATABASE_URL names a server on which a database of its own is made and dropped. Prints for each act its data queries
per 2,000 people and its time as a multiple of the COPY; ends with 1 when a budget is missed.

The same rows are all that bear the mark of a transaction of the act (PostgreSQL's `xmin`), new ones and changed ones
in whatever table, each counted once. They are copied into tables with the same columns, indexes, checks and foreign
keys, each table in a transaction of its own; of three turns the middle one counts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import django
import psycopg

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "10000"))
CHUNK = 2000
TEAM = 10
MOST_QUERIES = 12
MOST_TIMES = 4.0
DATA = ("SELECT", "INSERT", "UPDATE", "DELETE")
TURNS = 3
# Every so many-th person is released with a grade that asks for an improvement plan.
WEAK = 10


@dataclass
class Measured:
    """One act: how long it took, which statements it sent, and how long COPY takes for the rows it left."""

    name: str
    seconds: float = 0.0
    # Of two processors, this one's and the database's: it hardly changes where others use the machine.
    worked: float = 0.0
    copy_worked: float = 0.0
    statements: list[str] = field(default_factory=list)
    copied: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def queries(self) -> int:
        return sum(statement.lstrip("(").startswith(DATA) for statement in self.statements)

    @property
    def per_chunk(self) -> float:
        return self.queries / max(1, PEOPLE / CHUNK)

    @property
    def times(self) -> float:
        return self.seconds / self.copied

    def is_within_budget(self) -> bool:
        return self.per_chunk <= MOST_QUERIES and self.times <= MOST_TIMES

    def __str__(self) -> str:
        rows = ", ".join(f"{count} {table.split('_', 1)[1]}" for table, count in self.rows.items())
        return (
            f"{self.name}: {PEOPLE} people in {self.seconds:.2f} s, "
            f"{self.queries} data queries ({self.per_chunk:.1f} per {CHUNK}), "
            f"COPY of {rows} in {self.copied:.2f} s, ratio {self.times:.2f}; "
            f"processors worked {self.worked:.2f} s and {self.copy_worked:.2f} s, "
            f"ratio {self.worked / (self.copy_worked or 1):.2f}"
        )


@contextmanager
def own_database() -> Iterator[None]:
    from django.db import connection

    connection.settings_dict["TEST"]["MIGRATE"] = False
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure(name: str, act: Callable[[], Any]) -> Measured:
    from django.db import connection

    found = Measured(name)

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.statements.append(sql)
        return execute(sql, params, many, context)

    plain_copy = psycopg.Cursor.copy

    def noted_copy(cursor: Any, statement: Any, *args: Any, **kwargs: Any) -> Any:
        # COPY goes past Django, and counts like any other statement.
        found.statements.append(f"INSERT {statement}")
        return plain_copy(cursor, statement, *args, **kwargs)

    first = ask("SELECT pg_current_xact_id()::text::bigint")[0][0]
    psycopg.Cursor.copy = noted_copy
    with connection.execute_wrapper(note):
        start, worked = perf_counter(), work_done()
        act()
        found.seconds, found.worked = perf_counter() - start, work_done() - worked
    psycopg.Cursor.copy = plain_copy
    last = ask("SELECT pg_current_xact_id()::text::bigint")[0][0]
    for table in sorted(connection.introspection.table_names()):
        rows = f"COPY (SELECT * FROM {table} WHERE xmin::text::bigint BETWEEN {first} AND {last}) TO STDOUT"
        count, seconds, worked = copy_of(table, rows)
        if count:
            found.rows[table] = count
            found.copied += seconds
            found.copy_worked += worked
    return found


def ask(sql: str) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def work_done() -> float:
    """Seconds of processor time of this process and, where it runs on this machine, of the server's process for it."""
    from django.db import connection

    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    ticks = stat.read_text().rpartition(")")[2].split()[11:13] if stat.exists() else []
    return process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def copy_of(table: str, rows: str) -> tuple[int, float, float]:
    """The rows once more, into a table with the same columns, constraints and indexes."""
    from django.db import connection

    turns = []
    with connection.cursor() as cursor:
        held = BytesIO()
        with cursor.copy(rows) as out:
            for block in out:
                held.write(block)
        if not held.tell():
            return 0, 0.0, 0.0
        keys = ask(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            f"WHERE contype = 'f' AND conrelid = '{table}'::regclass"
        )
        for _turn in range(TURNS):
            cursor.execute(f"DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE {table} INCLUDING ALL)")
            for name, definition in keys:
                cursor.execute(f"ALTER TABLE copied ADD CONSTRAINT {name} {definition}")
            start, worked = perf_counter(), work_done()
            with cursor.copy("COPY copied FROM STDIN") as into:
                into.write(held.getvalue())
            turns.append((perf_counter() - start, work_done() - worked))
        count = ask("SELECT count(*) FROM copied")[0][0]
        cursor.execute("DROP TABLE copied")
    seconds, worked = (median(column) for column in zip(*turns, strict=True))
    return count, seconds, worked


def hire(cast: Any) -> list[int]:
    """Employees with accounts, in teams that each report to one of them."""
    from appraisal.people.models import Person, ReportingLine, User

    hired = cast.employee.person.hired_on
    users = User.objects.bulk_create(
        User(username=f"b{n:05}", password="!", email=f"b{n:05}@example.com") for n in range(PEOPLE)
    )
    people = Person.objects.bulk_create(
        Person(
            number=f"B{n:05}", name=f"员工{n:05}", email=user.email, user=user, legal_entity=cast.entity,
            org_unit=cast.east, position=cast.specialist, hired_on=hired,
        )
        for n, user in enumerate(users)
    )  # fmt: skip
    ReportingLine.objects.bulk_create(
        ReportingLine(person=person, starts_on=hired, manager=people[n - n % TEAM] if n % TEAM else cast.manager.person)
        for n, person in enumerate(people)
    )
    return [person.pk for person in people]


def put_before_release(chosen: Any) -> None:
    """The steps between are not measured here."""
    from appraisal.cycles.states import Step
    from workflow.models import Visit, WorkItem

    chosen.update(state=Step.DECIDED, final_grade="B", final_score=82)
    weak = list(chosen.order_by("pk").values_list("pk", flat=True))[::WEAK]
    chosen.filter(pk__in=weak).update(final_grade="D", final_score=52)
    Visit.objects.filter(closed_at=None, content_type__model="appraisal").update(state=Step.DECIDED)
    WorkItem.objects.filter(closed_at=None, content_type__model="appraisal").update(state=Step.DECIDED)


def run() -> list[Measured]:
    from django.urls import reverse

    from appraisal.cycles.models import Appraisal
    from appraisal.cycles.states import Step
    from appraisal.improvement.models import ImprovementPlan
    from appraisal.procedure import actions
    from appraisal.procedure.states import BulkKind
    from tests.cast import build_cast
    from tests.factories.cycles import at, make_cycle
    from workflow import deadlines
    from workflow.models import WorkItem

    cast = build_cast()
    # A process that serves has done everything once: its pages' addresses, the scheme and the calendar are read.
    reverse("home:inbox")
    actions.launch_cycle(acting_user=cast.hr.user, at=at(4, 1, 9), cycle=make_cycle(cast))
    cycle = make_cycle(cast, name="第二批", population={"include": hire(cast)})
    launched = measure("launch", lambda: actions.launch_cycle(acting_user=cast.hr.user, at=at(4, 1, 9), cycle=cycle))

    # The reminders before the end of the time are said, and not measured.
    deadlines.sweep(at=at(4, 3, 20))
    ends = WorkItem.objects.filter(object_id=Appraisal.objects.filter(cycle=cycle).first().pk).latest("pk").due_at
    expired = measure("expiry", lambda: deadlines.sweep(at=ends + timedelta(seconds=1)))
    assert Appraisal.objects.filter(cycle=cycle, state=Step.SCORING).count() == PEOPLE

    chosen = Appraisal.objects.filter(cycle=cycle)
    put_before_release(chosen)
    rows = list(chosen.order_by("pk"))

    def release() -> None:
        kept = actions.prepare_run(
            acting_user=cast.hr.user, at=at(4, 14), cycle=cycle, kind=BulkKind.RELEASE, appraisals=rows
        )
        actions.carry_on(kept, at=at(4, 14))

    released = measure("release", release)
    assert chosen.filter(state=Step.INTERVIEWING).count() == PEOPLE
    assert ImprovementPlan.objects.count() == PEOPLE // WEAK
    return [launched, expired, released]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with own_database():
        found = run()
    for one in found:
        print(one)
        if "-v" in sys.argv:
            for statement in one.statements:
                print("   ", statement[:140])
    within = all(one.is_within_budget() for one in found)
    print(
        f"Budget: at most {MOST_QUERIES} data queries per {CHUNK} people and {MOST_TIMES:g} × COPY: "
        f"{'kept' if within else 'MISSED'}"
    )
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
