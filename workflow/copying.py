"""Many new rows at once. On PostgreSQL by COPY, several times as fast as an INSERT that carries its values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import IntegrityError, connections, models, router, transaction
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)

# Below this an INSERT is as fast, and says more in a log.
LEAST = 100
BATCH = 4000
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
NULL = "\\N"


def insert(rows: Sequence[models.Model], *, keys: bool = True, ignore_conflicts: bool = False) -> None:
    """Like `bulk_create`; where nobody asks for the new rows' keys, that question is saved. Raises the same errors.

    Rows that have their keys already (`reserve`) keep them. With `ignore_conflicts` the rows get no keys.
    """
    if not rows:
        return
    model = type(rows[0])
    if not _is_copied(model, rows):
        model._base_manager.bulk_create(rows, batch_size=BATCH, ignore_conflicts=ignore_conflicts)
    elif ignore_conflicts:
        _insert_new(model, rows)
    else:
        if keys and rows[0].pk is None:
            reserve(rows)
        _copy(model, rows)


def reserve(*batches: Sequence[models.Model]) -> None:
    """Gives the rows of each batch keys from its table's own sequence, in one query, where they will be copied."""
    chosen = [rows for rows in batches if rows and _is_copied(type(rows[0]), rows)]
    if not chosen:
        return
    parts, parameters = [], []
    connection = connections[router.db_for_write(type(chosen[0][0]))]
    for place, rows in enumerate(chosen):
        meta = rows[0]._meta
        assert meta.pk is not None
        # The sequence is looked up once, not once for each row.
        sequence = "(SELECT pg_get_serial_sequence(%s, %s)::regclass)"
        parts.append(f"SELECT {place}, nextval({sequence}) FROM generate_series(1, %s)")  # noqa: S608 - a number
        parameters += [connection.ops.quote_name(meta.db_table), meta.pk.column, len(rows)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        found: list[list[int]] = [[] for _rows in chosen]
        for place, key in cursor.fetchall():
            found[place].append(key)
    for rows, keys in zip(chosen, found, strict=True):
        for row, key in zip(rows, keys, strict=True):
            row.pk = key


def fresh(model: type[M], known: Mapping[str, models.Model] | None = None, **values: Any) -> M:
    """An unsaved row as its constructor makes it, several times as fast.

    Takes columns (`holder_id`), not relations; `known` are relations that are loaded already.
    """
    constants, makers = _blank(model)
    row = model.__new__(model)
    row.__dict__ = {**constants, **values}
    row._state = ModelState()
    for name, make in makers:
        if name not in values:
            row.__dict__[name] = make()
    if known:
        row._state.fields_cache.update(known)
    return row


@cache
def _blank(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    made = [field for field in model._meta.concrete_fields if callable(field.default) and field.has_default()]
    constants = {field.attname: field.get_default() for field in model._meta.concrete_fields if field not in made}
    return constants, [(field.attname, field.get_default) for field in made]


def _is_copied(model: type[models.Model], rows: Sequence[models.Model]) -> bool:
    if len(rows) < LEAST or connections[router.db_for_write(model)].vendor != "postgresql":
        return False
    return all(type(f) in FORMATS or f.is_relation or f.primary_key for f in model._meta.concrete_fields)


def _insert_new(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """COPY knows no conflicts. They are rare: only when it fails are the rows that are new picked out."""
    try:
        with transaction.atomic(using=router.db_for_write(model)):
            _copy(model, rows)
    except IntegrityError:
        model._base_manager.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    using = router.db_for_write(model)
    connection = connections[using]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or rows[0].pk is not None]
    columns = [_column(field, rows) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write("\n".join(map("\t".join, zip(*columns, strict=True))) + "\n")
    for row in rows:
        row._state.adding, row._state.db = False, using


def _column(field: models.Field[Any, Any], rows: Sequence[models.Model]) -> list[str]:
    """One column as text. Most columns hold few different values, so each is written once."""
    kind = type(field.target_field) if isinstance(field, models.ForeignKey) else type(field)
    name = field.attname
    values = [row.__dict__[name] for row in rows]
    if kind is models.JSONField:
        # Equal documents are mostly the same object.
        dump = json.JSONEncoder if field.encoder is None else field.encoder  # type: ignore[attr-defined]
        write = dump(ensure_ascii=False).encode
        distinct = {id(value): value for value in values}
        written = {key: NULL if value is None else _escape(write(value)) for key, value in distinct.items()}
        return [written[id(value)] for value in values]
    write = FORMATS.get(kind, str)
    texts = {value: NULL if value is None else write(value) for value in set(values)}
    return [texts[value] for value in values]


def _escape(text: Any) -> str:
    plain = str(text)
    for character, written in ESCAPES.items():
        plain = plain.replace(character, written)
    return plain


def _moment(value: Any) -> str:
    return str(value.isoformat())


def _flag(value: bool) -> str:  # noqa: FBT001 - a value, not a switch
    return "t" if value else "f"


FORMATS: dict[type[Any], Callable[[Any], str]] = {
    models.CharField: _escape,
    models.TextField: _escape,
    models.JSONField: _escape,
    models.DateTimeField: _moment,
    models.DateField: _moment,
    models.BooleanField: _flag,
    models.UUIDField: str,
    models.DecimalField: str,
    models.IntegerField: str,
    models.BigIntegerField: str,
    models.BigAutoField: str,
    models.PositiveIntegerField: str,
    models.PositiveSmallIntegerField: str,
}
