"""The compare-and-swap that moves subjects: one UPDATE for as many rows as are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections, models, router

from workflow.models import Subject

MOVED = ("state", "version", "state_since", "chain_head", "chain_length")


def swap(subjects: Sequence[Subject], before: Mapping[int, tuple[str, int]], columns: Sequence[str] = ()) -> int:
    """Writes the moved columns and `columns` where state and version are still as in `before`.

    Returns how many rows were still so; the caller refuses when that is less than it asked for.
    """
    model = type(subjects[0])
    names = list(dict.fromkeys([*MOVED, *columns]))
    if len(subjects) == 1:
        subject = subjects[0]
        state, version = before[subject.pk]
        unchanged = model._base_manager.filter(pk=subject.pk, state=state, version=version)
        return unchanged.update(**{name: getattr(subject, name) for name in names})
    return _swap_many(model, subjects, before, names)


def _swap_many(
    model: type[Subject], subjects: Sequence[Subject], before: Mapping[int, tuple[str, int]], names: Sequence[str]
) -> int:
    """UPDATE … FROM (VALUES …): a CASE per row and column, as `bulk_update` writes it, is many times slower."""
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    meta = model._meta
    fields = [_field(model, name) for name in names]
    values: list[Any] = []
    for subject in subjects:
        state, version = before[subject.pk]
        values += [subject.pk, state, version]
        values += [f.get_db_prep_save(getattr(subject, f.attname), connection) for f in fields]
    row = "(" + ", ".join(["%s"] * (3 + len(fields))) + ")"
    assert meta.pk is not None
    old = [f"column{i + 1}" for i in range(3)]
    cast = _caster(connection.vendor, connection)
    sets = ", ".join(f"{_column(f)} = {cast(f, f'v.column{i + 4}')}" for i, f in enumerate(fields))
    pk, state_f, version_f = meta.pk, _field(model, "state"), _field(model, "version")
    sql = (
        f"UPDATE {quote(meta.db_table)} AS t SET {sets} "  # noqa: S608 - only quoted names of our own columns
        f"FROM (VALUES {', '.join([row] * len(subjects))}) AS v "
        f"WHERE t.{_column(pk)} = {cast(pk, 'v.' + old[0])} "
        f"AND t.{_column(state_f)} = {cast(state_f, 'v.' + old[1])} "
        f"AND t.{_column(version_f)} = {cast(version_f, 'v.' + old[2])}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _column(field: models.Field[Any, Any]) -> str:
    """All our columns are plain lower-case names, which both databases quote alike."""
    return f'"{field.column}"'


def _field(model: type[Subject], name: str) -> models.Field[Any, Any]:
    found = model._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


def _caster(vendor: str, connection: Any) -> Any:
    """PostgreSQL types a VALUES list from its literals, SQLite takes them as they are."""

    def cast(field: models.Field[Any, Any], column: str) -> str:
        if vendor != "postgresql":
            return column
        return f"CAST({column} AS {field.rel_db_type(connection) if field.primary_key else field.db_type(connection)})"

    return cast


def changed_columns(subject: Subject, loaded: Mapping[str, Any]) -> list[str]:
    """The concrete columns whose value is no longer the one that was loaded."""
    return [
        field.attname
        for field in subject._meta.concrete_fields
        if not field.primary_key and getattr(subject, field.attname) != loaded[field.attname]
    ]


def snapshot(subject: Subject) -> dict[str, Any]:
    return {field.attname: getattr(subject, field.attname) for field in subject._meta.concrete_fields}
