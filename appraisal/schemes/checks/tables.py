"""Lookup tables leave no gap, do not overlap, and know every word that is looked up."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from appraisal.schemes.checks.formulas import unknown
from appraisal.schemes.checks.naming import choices_of, formulas_of
from appraisal.schemes.checks.spans import Span, meeting, span_of
from appraisal.schemes.expressions import OF_LOOKUP, mentions_in
from appraisal.schemes.problems import Problem
from appraisal.schemes.spec import Lookup, Scheme


def tables_close(scheme: Scheme) -> Iterator[Problem]:
    for key, table in scheme.tables.items():
        if table.of_words:
            for word, count in Counter(row.equals for row in table.rows).items():
                if count > 1:
                    yield Problem("word_twice", {"name": str(word)}, f"tables.{key}")
        else:
            yield from _spans(scheme, key, table)


def _spans(scheme: Scheme, key: str, table: Lookup) -> Iterator[Problem]:
    found = [span_of(scheme, row, str(place)) for place, row in enumerate(table.rows, start=1)]
    spans = [span for span in found if span is not None]
    if len(spans) != len(found):
        return
    for span in spans:
        if span.empty:
            yield Problem("row_empty", {}, f"tables.{key}.rows[{span.name}]")
    for lower, upper in pairwise(sorted(spans, key=_order)):
        fault = meeting(upper, lower)
        if fault is not None:
            code = "row_gap" if fault.kind == "gap" else "row_overlap"
            rows = {"first": lower.name, "second": upper.name}
            yield Problem(code, {"at": f"{fault.at:f}", **rows}, f"tables.{key}.rows[{upper.name}]")


def _order(span: Span) -> tuple[bool, Decimal, bool, Decimal]:
    low = span.lower is not None
    return (low, span.lower or Decimal(0), low and not span.lower_belongs, span.upper or Decimal("Infinity"))


def words_are_known(scheme: Scheme) -> Iterator[Problem]:
    """A table of words has a row for each word that can be looked up, and no others."""
    for written in formulas_of(scheme):
        for mention in mentions_in(written.text):
            table = scheme.tables.get(mention.name) if mention.function in OF_LOOKUP else None
            if table is None or not table.of_words or mention.beside is None:
                continue
            choices = choices_of(scheme, mention.beside, (*written.rows, *mention.rows))
            words = [str(row.equals) for row in table.rows]
            for word in choices or ():
                if word not in words:
                    params = {"name": word, "table": mention.name}
                    yield Problem("word_without_row", params, written.place, level="warning")
            for place, word in enumerate(words, start=1):
                if choices is not None and word not in choices:
                    yield unknown("unknown_level_word", word, choices, f"tables.{mention.name}.rows[{place}]")
