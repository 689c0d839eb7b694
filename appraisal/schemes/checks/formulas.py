"""Formulas name only what the scheme has, each in the role that it can play."""

from collections.abc import Iterable, Iterator

from appraisal.schemes.checks.naming import (
    GRADED,
    ROLES,
    Written,
    branches_of,
    choices_of,
    columns_in,
    formulas_of,
    has_value,
    is_table,
)
from appraisal.schemes.expressions import OF_LOOKUP, OVER_ROWS, Mention, mentions_in
from appraisal.schemes.problems import Problem, proposal
from appraisal.schemes.spec import Measure, Scheme


def names_are_known(scheme: Scheme) -> Iterator[Problem]:
    for written in formulas_of(scheme):
        for mention in mentions_in(written.text):
            yield from _mention(scheme, written, mention)


def tables_of_results(scheme: Scheme) -> Iterator[Problem]:
    """A result that goes through rows names a table."""
    for key, result in scheme.results.items():
        if result.rows_of is not None:
            yield from _rows(scheme, Written(f"results.{key}", ""), Mention(result.rows_of, "sum"))


def _mention(scheme: Scheme, written: Written, mention: Mention) -> Iterator[Problem]:
    if mention.function == "":
        yield from _value(scheme, written, mention)
    elif mention.function == "==":
        yield from _word(scheme, written, mention)
    elif mention.function in OVER_ROWS:
        yield from _rows(scheme, written, mention)
    elif mention.function in OF_LOOKUP:
        if mention.name not in scheme.tables:
            yield unknown("unknown_table", mention.name, scheme.tables, written.place)
    elif mention.function == "given":
        known = {*scheme.inputs, *scheme.results, *scheme.parameters, *_columns(scheme, written, mention)}
        if mention.name not in known | written.score:
            yield unknown("unknown_name", mention.name, sorted(known), written.place)
    else:
        yield from _of_input(scheme, written, mention)


def _columns(scheme: Scheme, written: Written, mention: Mention) -> set[str]:
    tables = (*written.rows, *mention.rows)
    return {*written.earlier, *(name for table in tables for name in columns_in(scheme, table))}


def _value(scheme: Scheme, written: Written, mention: Mention) -> Iterator[Problem]:
    name, columns = mention.name, _columns(scheme, written, mention)
    if name in columns or name == "as_of" or name in written.score:
        return
    if name in {*scheme.inputs, *scheme.parameters, *scheme.results}:
        if not has_value(scheme, name):
            yield Problem("table_as_value", {"written": name}, written.place)
    elif name in branches_of(scheme) or name in GRADED:
        yield Problem("score_not_known_yet", {"written": name}, written.place)
    elif name in scheme.tables:
        yield Problem("lookup_as_value", {"written": name}, written.place)
    else:
        known = [*columns, *scheme.inputs, *scheme.parameters, *scheme.results, *written.score, "as_of"]
        yield unknown("unknown_name", name, known, written.place)


def _rows(scheme: Scheme, written: Written, mention: Mention) -> Iterator[Problem]:
    name = mention.name
    if is_table(scheme, name):
        return
    if name in {*scheme.inputs, *scheme.parameters, *scheme.results, *scheme.tables}:
        yield Problem("value_as_table", {"written": name}, written.place)
    else:
        tables = [one for one in (*scheme.inputs, *scheme.results) if is_table(scheme, one)]
        yield unknown("unknown_rows", name, tables, written.place)


def _of_input(scheme: Scheme, written: Written, mention: Mention) -> Iterator[Problem]:
    kinds, spec = ROLES[mention.function], scheme.inputs.get(mention.name)
    if spec is None:
        yield unknown("unknown_input", mention.name, scheme.inputs, written.place)
    elif spec.kind not in kinds:
        params = {"written": mention.name, "kind": spec.kind, "known": ", ".join(kinds)}
        yield Problem("wrong_input", params, written.place)
    elif isinstance(spec, Measure) and mention.function == "target" and spec.target == "none":
        yield Problem("target_not_asked", {"name": mention.name}, written.place)
    elif isinstance(spec, Measure) and mention.function == "part":
        parts = [part.key for part in spec.split]
        if mention.beside not in parts:
            yield unknown("unknown_part", mention.beside or "", parts, written.place)


def _word(scheme: Scheme, written: Written, mention: Mention) -> Iterator[Problem]:
    known = choices_of(scheme, mention.name, (*written.rows, *mention.rows))
    if known is not None and mention.beside not in known:
        params = {"written": mention.beside or "", "name": mention.name}
        yield Problem("unknown_word", {**params, "proposal": proposal(mention.beside or "", known)}, written.place)


def unknown(code: str, name: str, known: Iterable[str], place: str) -> Problem:
    near = proposal(name, known)
    return Problem(code, {"written": name, "proposal": near}, place)
