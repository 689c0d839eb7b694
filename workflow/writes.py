"""The compare-and-swap that moves subjects: one statement for as many rows as are given."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router
from django.db.models.expressions import RawSQL

from workflow.models import Subject

# From here on a list of keys goes as one parameter.
FEW = 100
MOVED = ("state", "version", "state_since", "chain_head", "chain_length")


@dataclass(frozen=True)
class Closing:
    """Rows of another table that are closed by the same statement: the open ones on the moved subjects."""

    model: type[models.Model]
    values: Mapping[str, Any]


def swap(
    subjects: Sequence[Subject],
    before: Mapping[int, tuple[str, int]],
    columns: Sequence[str] = (),
    closings: Sequence[Closing] = (),
) -> int:
    """Writes the moved columns and `columns` where state and version are still as in `before`.

    Returns how many rows were still so; the caller refuses when that is less than it asked for.
    """
    model = type(subjects[0])
    names = list(dict.fromkeys([*MOVED, *columns]))
    connection = connections[router.db_for_write(model)]
    if len(subjects) == 1 or connection.vendor != "postgresql":
        swapped = _swap_plainly(model, subjects, before, names)
        for closing in closings:
            _still_open(closing, model).filter(object_id__in=among([row.pk for row in subjects])).update(
                **closing.values
            )
        return swapped
    old = {subject.pk: {"_state": before[subject.pk][0], "_version": before[subject.pk][1]} for subject in subjects}
    given = ', "_state" text, "_version" integer'
    unchanged = 'AND t."state" = v."_state" AND t."version" = v."_version"'
    return _update_many(model, subjects, names, old=old, given=given, unchanged=unchanged, closings=closings)


def update_many(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Writes these columns of many rows: `bulk_update`, whose CASE per row and column is many times slower."""
    if not rows:
        return
    model = type(rows[0])
    if connections[router.db_for_write(model)].vendor == "postgresql":
        _update_many(model, rows, names)
    else:
        model._base_manager.bulk_update(rows, names)


def among(keys: Collection[int]) -> Any:
    """For `__in`: the keys as one parameter instead of thousands."""
    if len(keys) < FEW or connections[router.db_for_write(Subject)].vendor != "postgresql":
        return list(keys)
    return RawSQL("SELECT unnest(%s::bigint[])", ["{" + ",".join(map(str, keys)) + "}"])


def _swap_plainly(
    model: type[Subject], subjects: Sequence[Subject], before: Mapping[int, tuple[str, int]], names: Sequence[str]
) -> int:
    if len(subjects) == 1:
        (subject,) = subjects
        state, version = before[subject.pk]
        unchanged = model._base_manager.filter(pk=subject.pk, state=state, version=version)
        return unchanged.update(**{name: getattr(subject, name) for name in names})
    # Only SQLite comes here with many, and there nobody else writes while we do.
    rows = model._base_manager.filter(pk__in=list(before)).values_list("pk", "state", "version")
    same = sum(before[pk] == (state, version) for pk, state, version in rows)
    if same == len(subjects):
        model._base_manager.bulk_update(subjects, names)
    return same


def _still_open(closing: Closing, model: type[Subject]) -> models.QuerySet[Any]:
    content_type = ContentType.objects.get_for_model(model)
    return closing.model._base_manager.filter(content_type=content_type, closed_at__isnull=True)


def _update_many(
    model: type[models.Model],
    rows: Sequence[models.Model],
    names: Sequence[str],
    *,
    old: Mapping[int, Mapping[str, Any]] | None = None,
    given: str = "",
    unchanged: str = "",
    closings: Sequence[Closing] = (),
) -> int:
    """UPDATE … FROM one JSON document with a line for each row; what all rows get alike stands in it once."""
    connection = connections[router.db_for_write(model)]
    fields = [_field(model, name) for name in names]
    values = {f: [getattr(row, f.attname) for row in rows] for f in fields}
    alike = {f for f in fields if not isinstance(f, models.JSONField) and all(v == values[f][0] for v in values[f])}
    varying = [f for f in fields if f not in alike]
    lines = [{"_pk": row.pk, **(old[row.pk] if old else {})} for row in rows]
    for f in varying:
        for line, value in zip(lines, values[f], strict=True):
            line[str(f.column)] = value
    types = "".join(f', "{f.column}" {f.db_type(connection)}' for f in varying)
    sets = [f'"{f.column}" = ' + ("%s" if f in alike else f'v."{f.column}"') for f in fields]
    parameters: list[Any] = [json.dumps(lines, default=str, ensure_ascii=False)]
    others = ""
    for place, closing in enumerate(closings):
        sql, more = _closing(closing, model, connection)
        others += f", closed{place} AS ({sql})"
        parameters += more
    parameters += [f.get_db_prep_save(values[f][0], connection) for f in fields if f in alike]
    assert model._meta.pk is not None
    # The names in the text are our own tables' and columns'.
    lines_as_rows = f'SELECT * FROM json_to_recordset(%s::json) AS v("_pk" bigint{given}{types})'  # noqa: S608
    sql = (
        f"WITH v AS MATERIALIZED ({lines_as_rows}){others} "  # noqa: S608
        f"UPDATE {connection.ops.quote_name(model._meta.db_table)} AS t SET {', '.join(sets)} FROM v "
        f'WHERE t."{model._meta.pk.column}" = v."_pk" {unchanged}'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def _closing(closing: Closing, model: type[Subject] | type[models.Model], connection: Any) -> tuple[str, list[Any]]:
    fields = {_field(closing.model, name): value for name, value in closing.values.items()}
    sets = ", ".join(f'"{f.column}" = %s' for f in fields)
    sql = (
        f"UPDATE {connection.ops.quote_name(closing.model._meta.db_table)} AS c SET {sets} FROM v "  # noqa: S608
        'WHERE c."content_type_id" = %s AND c."object_id" = v."_pk" AND c."closed_at" IS NULL'
    )
    values = [f.get_db_prep_save(value, connection) for f, value in fields.items()]
    return sql, [*values, ContentType.objects.get_for_model(model).pk]


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    found = model._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


def changed_columns(subject: Subject, loaded: Mapping[str, Any]) -> list[str]:
    """The concrete columns whose value is no longer the one that was loaded."""
    return [
        field.attname
        for field in subject._meta.concrete_fields
        if not field.primary_key and getattr(subject, field.attname) != loaded[field.attname]
    ]


def snapshot(subject: Subject) -> dict[str, Any]:
    return {field.attname: getattr(subject, field.attname) for field in subject._meta.concrete_fields}
